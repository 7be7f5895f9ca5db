"""The model of one diagnostic analysis by its settings: fitted to all studies, to some, or with covariates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from coppice.core.contracts.diagnostic import Between, CovariateTests, DiagnosticSettings, ModelFit, RatioTest
from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, Designs, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy, corrected
from coppice.pool.multivariate.diagnostic.options import BINOMIAL, LEAST_STUDIES, NOTHING


@dataclass(frozen=True, slots=True)
class Model:
    """What is fitted: a code of `MODELS`, one of `METHODS` and one of `ZERO_RULES`."""

    code: str
    method: str = "ML"
    zero_cells: str = NOTHING

    def fit(self, data: Accuracy, designs: Designs, *, start: Bivariate | None = None) -> Bivariate:
        """Fit it to studies; NotFitted says why it can't be."""
        if data.k < LEAST_STUDIES:
            raise NotFitted(
                f"the model needs {LEAST_STUDIES} studies for the variation between them, and there are {data.k}"
            )
        if self.code == BINOMIAL:
            from coppice.pool.multivariate.diagnostic.binomial import fit_binomial  # optimisers are slow to import

            return fit_binomial(data, designs, start=start)
        from coppice.pool.multivariate.diagnostic.normal import fit_normal

        return fit_normal(corrected(data, self.zero_cells)[0], designs, method=self.method)

    def mean(self, data: Accuracy, *, start: Bivariate | None = None) -> Bivariate:
        """Fit it without covariates."""
        return self.fit(data, Designs.of(np.ones((data.k, 1))), start=start)


def model_of(settings: DiagnosticSettings) -> Model:
    """Return the model that settings name."""
    return Model(settings["model"], settings["method"], settings["zero_cells"])


def covariate_tests(model: Model, data: Accuracy, x: Array, null: Array) -> CovariateTests:
    """Test covariates by likelihood ratio: of both sides, and of each with the covariates kept on the other.

    The models are fitted by maximum likelihood, as restricted likelihoods of different fixed effects can't be compared
    (Macaskill et al. 2022, Cochrane DTA Handbook 2.0, 10.4.5).
    """
    by_likelihood = replace(model, method="ML")

    def height(designs: Designs) -> float | None:
        try:
            return by_likelihood.fit(data, designs).log_likelihood
        except NotFitted:
            return None

    full, extra = height(Designs(x, x)), x.shape[1] - null.shape[1]

    def test(designs: Designs, df: int) -> RatioTest | None:
        restricted = height(designs)
        if full is None or restricted is None:
            return None
        chi2 = max(2.0 * (full - restricted), 0.0)
        return {"chi2": chi2, "df": df, "p": float(chdtrc(df, chi2))}

    return {
        "both": test(Designs(null, null), 2 * extra),
        "sensitivity": test(Designs(null, x), extra),
        "specificity": test(Designs(x, null), extra),
    }


def between_part(fitted: Bivariate) -> Between:
    """Return the variation between studies."""
    return {
        "sensitivity": float(fitted.between[0, 0]),
        "specificity": float(fitted.between[1, 1]),
        "covariance": float(fitted.between[0, 1]),
        "correlation": fitted.correlation,
    }


def fit_part(fitted: Bivariate) -> ModelFit:
    """Return how a model fits."""
    return {
        "log_likelihood": fitted.log_likelihood,
        "parameters": fitted.parameters,
        "aic": -2.0 * fitted.log_likelihood + 2.0 * fitted.parameters,
        "converged": fitted.converged,
        "at_bound": fitted.at_bound,
    }
