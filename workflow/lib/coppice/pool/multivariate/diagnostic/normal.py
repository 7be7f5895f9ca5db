"""The bivariate normal model of the logits of sensitivity and specificity: Reitsma et al. 2005.

The logits are normal within studies, with the variances 1/tp + 1/fn and 1/tn + 1/fp, and between them
(doi:10.1016/j.jclinepi.2005.02.022). It is the multivariate engine with an unstructured term of two outcomes a study.
"""

from __future__ import annotations

import numpy as np

from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, Designs, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy
from coppice.pool.multivariate.engine.fit import fit_multivariate
from coppice.pool.multivariate.engine.terms import Term

SIDES = ("sensitivity", "specificity")


def fit_normal(data: Accuracy, designs: Designs, *, method: str = "REML") -> Bivariate:
    """Fit the model to counts to which whatever the rule for empty cells asks for has been added.

    Raises
    ------
    NotFitted
        Where a cell is empty, so that a logit is infinite.
    """
    if data.has_zero.any():
        raise NotFitted(
            f"{int(data.has_zero.sum())} studies have an empty cell, whose logit is infinite; take the binomial model, "
            "or a rule for empty cells"
        )
    k, (p, q) = data.k, designs.sizes
    logits, variances = data.logits()
    design = np.zeros((2 * k, p + q))
    design[0::2, :p], design[1::2, p:] = designs.sensitivity, designs.specificity
    study = np.repeat(np.arange(k), 2).tolist()
    term = Term(group=study, levels=SIDES * k, structure="UN", name="study")
    try:
        fitted = fit_multivariate(logits.ravel(), variances.ravel(), [term], design=design, method=method)
    except ValueError as error:
        raise NotFitted(str(error)) from error
    component = fitted.components[0]
    return Bivariate(
        fitted.params, fitted.cov_params, component.covariance, fitted.log_likelihood,
        p + q + fitted.parameters, fitted.converged, component.at_bound, (p, q),
    )  # fmt: skip
