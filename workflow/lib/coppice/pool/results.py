"""The results object: a pooled model as users of statsmodels know them, with the parts of the result file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.contracts.lines import Alternatives, CommonLine, Heterogeneity, Prediction, RandomLine
from coppice.pool.exceedance import probability_beyond
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.profile_mean import profile_mean
from coppice.pool.model_warnings import warnings_about
from coppice.pool.models.fit import fit_wls
from coppice.pool.models.fitted import Fitted
from coppice.pool.parts import (
    coefficient_row,
    common_part,
    counted_part,
    empty_interval,
    heterogeneity_part,
    mean_of_q,
    prediction_part,
    random_part,
    random_row,
    tau2_about,
    usable_inference,
    with_q,
)
from coppice.pool.profiles import Settings, settings
from coppice.pool.stratified import Counts

PARTS = ("random", "common", "prediction", "heterogeneity")
PROFILED = "PL"  # the inference whose interval is no multiple of a standard error, so that statsmodels does not give it


@dataclass(frozen=True, slots=True)
class PoolResults(Fitted):
    """A pooled model.

    Attributes
    ----------
    settings : Settings
        The options, by name.
    k : int
        Number of effects.
    tau2 : float
        Between-study variance; 0 where k < 2.
    inference : str
        The inference that was used: it differs from the settings where a profile falls back.
    common, random, prediction, heterogeneity : dict or None
        Parts of the result file; None where the data do not give one, and `reasons` says why.
    alternatives : dict
        The random-effects line by Wald and by HKSJ.
    weights_common, weights_random : (k,)
        In percent.
    warnings : tuple of str
    model, common_model : statsmodels results or None
        The statsmodels results within.
    """

    settings: Settings
    k: int
    tau2: float
    inference: str
    common: CommonLine | None
    random: RandomLine | None
    alternatives: Alternatives
    prediction: Prediction | None
    heterogeneity: Heterogeneity | None
    weights_common: Array
    weights_random: Array
    reasons: dict[str, str]
    warnings: tuple[str, ...]
    model: Any = field(default=None, repr=False)
    common_model: Any = field(default=None, repr=False)

    @classmethod
    def without_effects(cls, options: Settings, *, common: CommonLine | None, reasons: dict[str, str]) -> PoolResults:
        """Return the result where no study gives an effect: at most a common effect from counts."""
        return cls(
            settings=options,
            k=0,
            tau2=0.0,
            inference=options.inference,
            common=common,
            random=None,
            alternatives={"wald": None, "HKSJ": None},
            prediction=None,
            heterogeneity=None,
            weights_common=np.empty(0),
            weights_random=np.empty(0),
            reasons=reasons,
            warnings=(),
        )

    def _pvalues(self) -> Array:
        if self.inference != PROFILED:
            return Fitted._pvalues(self)  # a dataclass with slots is another class than the one that super() knows
        return np.array([profile_mean(self._studies())[2][0]])

    def conf_int(self, alpha: float | None = None) -> Array:
        """Return the limits of the confidence intervals (p, 2), at the level of the settings by default."""
        if self.inference != PROFILED:
            return Fitted.conf_int(self, alpha)
        low, high, _ = profile_mean(self._studies(), level=self.settings.level if alpha is None else 1.0 - alpha)
        return np.array([[low[0], high[0]]])

    def _studies(self) -> Studies:
        within = self.model.model
        return studies(within.endog, 1.0 / within.weights - self.tau2)

    def probability_beyond(self, threshold: float, *, side: str = "above") -> float | None:
        """Return the probability that the effect in a new study is above (or below) a threshold, on the model's scale.

        From the predictive distribution behind the prediction interval; None without one, or if it is simulated.
        """
        return probability_beyond(self.random, self.prediction, threshold, side)

    def summary(self) -> str:
        """Return the model in plain text."""
        lines = [f"Random-effects model (k = {self.k}; tau2: {self.settings.tau2}; inference: {self.inference})"]
        for name in PARTS:
            part: Mapping[str, Any] | None = getattr(self, name)
            text = (
                self.reasons.get(name, "")
                if part is None
                else "  ".join(f"{key} {value:.6g}" for key, value in part.items() if isinstance(value, float))
            )
            lines.append(f"{name:<14} {text}")
        return "\n".join([*lines, *self.warnings])


def pool(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    data: Counts | None = None,
    measure: str = "GEN",
    weights: ArrayLike | None = None,
    **model: Any,
) -> PoolResults:
    """Pool effects in a random-effects and a common-effect model.

    Parameters
    ----------
    yi, vi : (k,)
        Effects, on the scale on which they are pooled, and their sampling variances.
    data : Counts, optional
        The counts behind the effects, for the common effect of Mantel-Haenszel or Peto; after them those of studies
        that give counts and no effect.
    measure : str
        Code of the measure, for the same.
    weights : (k,), optional
        Weights for ``tau2="GENQ"``.
    **model
        `profile` ("cochrane2025" by default) and any option of :class:`Settings`.

    Returns
    -------
    PoolResults

    Raises
    ------
    ValueError
        If an option is unknown, a variance is missing or not positive, or a value is not finite.

    Examples
    --------
    >>> result = pool([-0.94, -0.36, -0.27], [0.06, 0.04, 0.04], tau2="PM")
    >>> round(float(result.params[0]), 3)
    -0.502
    """
    moment_weights = None if weights is None else np.asarray(weights, dtype=np.float64)
    effects, variances = (np.asarray(values, dtype=np.float64) for values in (yi, vi))
    if effects.ndim != 1 or effects.shape != variances.shape:
        raise ValueError(f"a variance for each effect is needed, not {variances.shape} for {effects.shape}")
    return pool_settings(effects, variances, settings(model), data, measure, moment_weights=moment_weights)


def pool_settings(
    yi: Array,
    vi: Array,
    options: Settings,
    counted: Counts | None = None,
    measure: str = "GEN",
    *,
    moment_weights: Array | None = None,
    names: Sequence[str] | None = None,
) -> PoolResults:
    """Pool effects (k,) with options that have been checked already; the other parameters are those of :func:`pool`.

    `names` are the effects' labels, for warnings.
    """
    k = len(yi)
    if k == 0:
        reasons = dict.fromkeys(PARTS, "no study gives an effect")
        by_counts, _ = counted_part(options, counted, measure)
        if by_counts is not None:
            del reasons["common"]
        return PoolResults.without_effects(options, common=by_counts, reasons=reasons)
    data = studies(yi, vi, moment_weights=moment_weights)
    fixed = fit_wls(yi, vi)
    shares = 100.0 / vi / (1.0 / vi).sum()
    inverse_variance = coefficient_row(fixed, options.level)
    common, weights_common, note = common_part(inverse_variance, shares, options, counted, measure)
    about = mean_of_q(options, common)
    estimate = tau2_about(data, options, about)
    tau2 = float(estimate.tau2[0])
    common, left_out = with_q(data, options, common, counted, measure, names=names)
    used, reasons = usable_inference(options, k, tau2)
    models = {
        name: fit_wls(yi, vi, tau2=tau2, method=name, level=options.level)
        for name in {"wald", "HKSJ", used}
        if k > 1 or not INFERENCES[name].estimated_scale
    }
    by_wald, by_hksj = (
        random_row(models[name], options.level, name) if name in models else None for name in ("wald", "HKSJ")
    )
    alternatives: Alternatives = {"wald": by_wald, "HKSJ": by_hksj}
    prediction, why_none = prediction_part(data, estimate.tau2, options)
    if k < 2:
        reasons["heterogeneity"] = "heterogeneity needs more than one study"
    if why_none:
        reasons["prediction"] = why_none
    spread = heterogeneity_part(data, estimate, options, about) if k > 1 else None
    if spread is not None and (empty := empty_interval(spread["tau2_low"], spread["df"], options)):
        reasons["tau2_interval"] = empty
        quantities = "tau2" if about is not None else "tau2, I2 and H2"
        note = (*note, f"There is no confidence interval of {quantities}: {empty}.")
    return PoolResults(
        settings=options,
        k=k,
        tau2=tau2,
        inference=used,
        common=common,
        random=random_part(data, models[used], options, used),
        alternatives=alternatives,
        prediction=prediction,
        heterogeneity=spread,
        weights_common=weights_common,
        weights_random=100.0 / (vi + tau2) / (1.0 / (vi + tau2)).sum(),
        reasons=reasons,
        warnings=(*warnings_about(k, used, alternatives), *note, *left_out),
        model=models[used],
        common_model=fixed,
    )
