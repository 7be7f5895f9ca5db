"""Several effects of one study in an analysis that says how they are to be handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coppice.errors import nearest
from coppice.pool.dependence import aggregate, correlated, members
from coppice.pool.kernel import studies
from coppice.pool.multilevel import MultilevelResults, multilevel, over_rho
from coppice.pool.parts import Part, finite
from coppice.pool.profiles import Settings
from coppice.pool.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.robust import METHODS

AGGREGATE = "aggregate"
HANDLINGS = (AGGREGATE, "multilevel", "che")
COMBINED = "the effects of this study, combined"


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the effects of a study are handled.

    Attributes
    ----------
    method : {"aggregate", "multilevel", "che"}
        One effect a study; a three-level model with independent sampling errors; the same with correlated ones.
    rho : float or None
        Correlation of the sampling errors of a study's effects; needed for all but "multilevel".
    robust : {"CR1", "CR2"}
        Cluster-robust inference of the three-level models.
    """

    method: str
    rho: float | None = None
    robust: str = "CR2"

    def __post_init__(self) -> None:
        if self.method not in HANDLINGS:
            raise ValueError(f"dependence can't be handled by '{self.method}': {nearest(self.method, HANDLINGS)}")
        if self.robust not in METHODS:
            raise ValueError(f"there is no cluster-robust method '{self.robust}': {nearest(self.robust, METHODS)}")
        if self.method != "multilevel" and (self.rho is None or not 0 <= self.rho < 1):
            raise ValueError(f"{self.method} needs rho, the correlation of a study's effects, from 0 up to below 1")


def combine(effects: Sequence[Mapping[str, Any]], rho: float) -> list[dict[str, Any]]:
    """Return one effect a study: studies with several have them combined, the others are as they were."""
    names = [effect["study"] for effect in effects]
    found = aggregate([effect["yi"] for effect in effects], [effect["vi"] for effect in effects], names, rho=rho)
    combined = []
    for inside, yi, vi in zip(members(names), found.yi, found.vi, strict=True):
        first = dict(effects[int(inside[0])])
        if len(inside) > 1:
            labels = ", ".join(str(effects[int(index)]["label"]) for index in inside)
            first |= {
                "yi": float(yi), "vi": float(vi), "route": AGGREGATE, "statistic": "effect", "reported": None,
                "population": first["study"], "assumptions": [f"the effects of a study correlate by {rho:g}"],
                "notes": [f"combined: {labels}"], "why": COMBINED,
            }  # fmt: skip
        combined.append(first)
    return combined


def multilevel_parts(effects: Sequence[Mapping[str, Any]], how: Dependence, options: Settings) -> Part:
    """Return the parts of the result file that a three-level model gives.

    The random-effects line is cluster-robust; `alternatives` has the model-based one. The prediction interval is for a
    new effect of a new study, on t with the degrees of freedom of the line.
    """
    yi, vi = (np.array([effect[name] for effect in effects]) for name in ("yi", "vi"))
    names = [effect["study"] for effect in effects]
    method = "ML" if options.tau2 == "ML" else "REML"
    fit = multilevel(yi, vi, names, rho=how.rho or 0.0, method=method, robust=how.robust, level=options.level)
    line, total = _line(fit, how), float(fit.sigma2.sum())
    half = float(two_sided_quantile(options.level, line["df"]) * np.sqrt(line["se"] ** 2 + total))
    wald = float(two_sided_quantile(options.level, np.inf) * fit.bse[0])
    inverse = np.linalg.inv(fit.covariance)
    return {
        "random": line,
        "common": None,
        "alternatives": {
            "wald": {"estimate": float(fit.params[0]), "se": float(fit.bse[0]), "ci_low": float(fit.params[0]) - wald,
                     "ci_high": float(fit.params[0]) + wald, "statistic": finite(fit.params[0] / fit.bse[0]), "df": None,
                     "p": finite(two_sided_p(fit.params[0] / fit.bse[0], np.inf)), "inference": "wald"},
            "HKSJ": None,
        },
        "prediction": {"low": line["estimate"] - half, "high": line["estimate"] + half, "df": line["df"],
                       "se": float(np.sqrt(line["se"] ** 2 + total)), "method": f"t, {how.robust}"},
        "heterogeneity": _heterogeneity(fit, effects, how.rho or 0.0),
        "weights": 100.0 * inverse.sum(axis=1) / inverse.sum(),
        "over_rho": [
            {"rho": rho, **{key: value for key, value in _line(other, how).items() if key != "inference"}}
            for rho, other in over_rho(yi, vi, names, method=method, robust=how.robust, level=options.level).items()
        ],
    }  # fmt: skip


def _line(fit: MultilevelResults, how: Dependence) -> Part:
    found = fit.robust
    if found is None:
        raise ValueError("a three-level line is cluster-robust")
    keys = ("estimate", "se", "ci_low", "ci_high", "statistic", "df", "p")
    return {key: finite(getattr(found, key)[0]) for key in keys} | {"inference": how.robust}


def _heterogeneity(fit: MultilevelResults, effects: Sequence[Mapping[str, Any]], rho: float) -> Part:
    """Return the variances between and within studies; I2 of both by the typical sampling variance.

    tr(P) of the sampling covariance takes the place of the weights: metafor-project.org, I2 for multilevel models.
    """
    yi, vi = (np.array([effect[name] for effect in effects]) for name in ("yi", "vi"))
    inverse = np.linalg.inv(correlated(vi, [effect["study"] for effect in effects], rho))
    ones = np.ones(len(yi))
    projector = inverse - np.outer(inverse @ ones, ones @ inverse) / inverse.sum()
    typical, total = (len(yi) - 1) / float(np.trace(projector)), float(fit.sigma2.sum())
    plain = studies(yi, vi)
    return {
        "tau2": total, "tau2_between": float(fit.sigma2[0]), "tau2_within": float(fit.sigma2[1]), "tau2_se": None,
        "tau2_low": None, "tau2_high": None, "I2": 100.0 * total / (total + typical), "I2_low": None, "I2_high": None,
        "I2_between": 100.0 * float(fit.sigma2[0]) / (total + typical),
        "I2_within": 100.0 * float(fit.sigma2[1]) / (total + typical), "I2_q": None, "H2": 1.0 + total / typical,
        "Q": float(yi @ projector @ yi), "df": float(plain.df[0]), "p": None,
    }  # fmt: skip
