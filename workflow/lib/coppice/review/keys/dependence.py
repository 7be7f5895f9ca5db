"""The key `dependence`: how several effects of one study enter."""

from __future__ import annotations

from coppice.core.schema import Choice, Key, ListOf, Number, Object
from coppice.pool.dependence.options import RHOS, Dependence
from coppice.pool.options import DEPENDENCE_METHODS, ROBUST_METHODS

DEPENDENCE = Object(
    (
        Key(
            "method",
            Choice(lambda: DEPENDENCE_METHODS),
            (
                "One effect per study (aggregate), a three-level model with independent (multilevel) or correlated (che) sampling "
                "errors, or the correlated-effects model of robust variance estimation (ce)"
            ),
            required=True,
        ),
        Key(
            "rho",
            Number(low=0, high=1),
            "Correlation of the sampling errors of a study's effects, below 1; for aggregate, che and ce",
        ),
        Key(
            "rhos",
            ListOf(Number(low=0, high=1)),
            "Other correlations for which results are shown, as it is seldom known",
            default=list(RHOS),
        ),
        Key(
            "robust",
            Choice(lambda: ROBUST_METHODS),
            "Cluster-robust inference of the three-level models",
            default=Dependence("multilevel").robust,
        ),
    )
)
