"""Several effects of one study in an analysis that says how they are to be handled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import chdtrc

from coppice.core.contracts.lines import Heterogeneity, Prediction, RandomLine
from coppice.core.contracts.pool import LineOverRho, OverallModel, SelectedEffect
from coppice.core.contracts.values import ArmsCompared
from coppice.pool.correlated_effects import correlated_effects
from coppice.pool.dependence.covariance import aggregate_given, correlated, members
from coppice.pool.dependence.multilevel import MultilevelResults, multilevel
from coppice.pool.dependence.options import AGGREGATE, BY_MOMENTS, CORRELATED, HIERARCHICAL, Dependence
from coppice.pool.dependence.shared_control import shared_covariances
from coppice.pool.hierarchical_effects import hierarchical_effects
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.options import NO_PREDICTION
from coppice.pool.parts import finite, no_prediction, random_row
from coppice.pool.profiles import Settings
from coppice.pool.results import pool_settings

COMBINED = "the effects of this study, combined"
SMALLEST_NUMBER_OF_STUDIES = 2  # cluster-robust inference has as many pieces of evidence as there are studies
FEW_DF = 4.0  # below it the approximation by t is poor: Tipton (2015), doi:10.1037/met0000011
MOMENTS = "HTJ"  # Hedges, Tipton & Johnson
NO_COMMON = {"common": "a common effect is not estimated from dependent effects"}
Effects = Sequence[SelectedEffect]


@dataclass(frozen=True, slots=True)
class DependentModel:
    """A model of dependent effects: how they are handled, the options of the model, and the measure's code."""

    dependence: Dependence
    settings: Settings
    measure: str = "GEN"

    @property
    def rho(self) -> float:
        """Correlation of the sampling errors of a study's effects."""
        return self.dependence.rho or 0.0

    @property
    def likelihood(self) -> str:
        """How the variances are estimated: by REML, by ML if the analysis sets it, or by moments (HTJ)."""
        if self.dependence.method in BY_MOMENTS:
            return MOMENTS
        return "ML" if self.settings.tau2 == "ML" else "REML"


def names_of(effects: Effects) -> list[str]:
    """Return the study of each effect."""
    return [str(effect["study"]) for effect in effects]


def sampling_covariance(effects: Effects, rho: float, measure: str) -> Array:
    """Return the sampling covariance of the effects (k, k): by `rho` within a study, known for a shared control arm.

    ValueError is raised if rho contradicts the covariances that follow from the shared arms of a study.
    """
    studies = names_of(effects)
    covariance = correlated([effect["vi"] for effect in effects], studies, rho)
    for (i, j), shared in shared_covariances(effects, measure).items():
        if shared is not None:
            covariance[i, j] = covariance[j, i] = shared
    for inside in members(studies):
        try:
            np.linalg.cholesky(covariance[np.ix_(inside, inside)])
        except np.linalg.LinAlgError:
            study = studies[int(inside[0])]
            raise ValueError(
                f"rho {rho:g} contradicts the correlations that the shared control arms of {study} imply; use a smaller one"
            ) from None
    return covariance


def combine(
    effects: Effects, rho: float, measure: str = "GEN", labels: Mapping[str, str] | None = None
) -> list[SelectedEffect]:
    """Return one effect per study: studies with several have them combined, under the study's label if `labels` has it.

    ValueError is raised if the effects of a study differ in what the analysis groups or adjusts by.
    """
    names = names_of(effects)
    aggregated = aggregate_given(
        [effect["yi"] for effect in effects], sampling_covariance(effects, rho, measure), names
    )
    combined = []
    for inside, yi, vi in zip(members(names), aggregated.yi, aggregated.vi, strict=True):
        first = effects[int(inside[0])].copy()
        if len(inside) > 1:
            _refuse_mixture([effects[int(index)] for index in inside])
            several = ", ".join(str(effects[int(index)]["label"]) for index in inside)
            first |= {
                "yi": float(yi), "vi": float(vi), "route": AGGREGATE, "statistic": "effect", "reported": None,
                "population": first["study"], "assumptions": [f"the effects of a study correlate by {rho:g}"],
                "notes": [f"combined: {several}"], "why": COMBINED,
                "label": (labels or {}).get(names[int(inside[0])], first["label"]),
            }  # fmt: skip
            if "arms" in first:
                first["arms"] = all_arms([effects[int(index)] for index in inside])
        combined.append(first)
    return combined


def all_arms(effects: Effects) -> ArmsCompared:
    """Return the arms that any of several effects of a study compares, each once."""
    of_each = [effect["arms"] for effect in effects if "arms" in effect]
    return {
        "experimental": list(dict.fromkeys(arm for arms in of_each for arm in arms["experimental"])),
        "control": list(dict.fromkeys(arm for arms in of_each for arm in arms["control"])),
    }


def _refuse_mixture(effects: Effects) -> None:
    first = effects[0]
    different = ["their subgroup"] if any(effect.get("subgroup") != first.get("subgroup") for effect in effects) else []
    for name, value in first.get("values", {}).items():
        if any(effect.get("values", {}).get(name) != value for effect in effects):
            different.append(f"'{name}'")
    if different:
        raise ValueError(
            f"the effects of {first['study']} differ in {different[0]}, so they can't be combined into one; "
            "use multilevel or che, which keep them apart"
        )


def fit_effects(
    effects: Effects, model: DependentModel, *, rho: float | None = None, design: Array | None = None
) -> MultilevelResults:
    """Fit the three-level or correlated-effects model of an analysis, with its own rho or another."""
    correlation = model.rho if rho is None else rho
    robust, level = model.dependence.robust, model.settings.level
    yi, studies = [effect["yi"] for effect in effects], names_of(effects)
    if model.dependence.method == CORRELATED:
        vi = [effect["vi"] for effect in effects]
        return correlated_effects(yi, vi, studies, rho=correlation, design=design, robust=robust, level=level)
    if model.dependence.method == HIERARCHICAL:
        vi = [effect["vi"] for effect in effects]
        return hierarchical_effects(yi, vi, studies, design=design, robust=robust, level=level)
    sampling = sampling_covariance(effects, correlation, model.measure)
    return multilevel(yi, sampling, studies, method=model.likelihood, design=design, robust=robust, level=level)


def possible_rhos(effects: Effects, model: DependentModel) -> Iterator[float]:
    """Yield the correlations for which results are shown: those that the shared control arms allow."""
    for rho in () if model.dependence.method == HIERARCHICAL else model.dependence.rhos:
        try:
            sampling_covariance(effects, rho, model.measure)
        except ValueError:
            continue
        yield rho


def multilevel_parts(effects: Effects, model: DependentModel) -> tuple[OverallModel, Array]:
    """Return the parts of the result file that a three-level model gives, and the marginal covariance of the effects.

    The random-effects line is cluster-robust; `alternatives` has the model-based one. The prediction interval is for a
    new effect of a new study, on t with the degrees of freedom of the line.
    """
    fit, options = fit_effects(effects, model), model.settings
    parts = parts_of(fit, [1.0], effects, model)
    if options.prediction_method == NO_PREDICTION:
        parts["reasons"] = parts["reasons"] | {"prediction": no_prediction(options)}
    df = None if parts["random"] is None else parts["random"]["df"]
    parts["warnings"] = [*structure_warnings(effects, model), *few_df_warning({"the pooled effect": df})]
    return parts, fit.covariance


def parts_of(fit: MultilevelResults, row: Sequence[float], effects: Effects, model: DependentModel) -> OverallModel:
    """Return the parts of the result file for one mean of a fit, by a row that is 1 for it, and its effects."""
    line, options = robust_line(fit, row), model.settings
    return {
        "random": line,
        "common": None,
        "alternatives": {"wald": random_row(fit.model, options.level, "wald", row.index(1.0)), "HKSJ": None},
        "prediction": prediction_about(line, float(fit.sigma2.sum()), options),
        "heterogeneity": heterogeneity_of(fit.sigma2, np.ones((len(effects), 1)), effects, model),
        "reasons": NO_COMMON,
        "warnings": [],
    }


def over_rho(effects: Effects, model: DependentModel) -> list[LineOverRho]:
    """Return the random-effects line for each of several correlations; `effects` are those before any are combined."""
    rows: list[LineOverRho] = []
    several = len(set(names_of(effects))) >= SMALLEST_NUMBER_OF_STUDIES
    for rho in possible_rhos(effects, model):
        if model.dependence.is_three_level and several:
            line: RandomLine | None = robust_line(fit_effects(effects, model, rho=rho), [1.0])
        else:
            one = combine(effects, rho, model.measure)
            yi, vi = (np.array([effect[name] for effect in one]) for name in ("yi", "vi"))
            line = pool_settings(yi, vi, model.settings).random
        assert line is not None  # `effects` are two or more
        rows.append(cast(LineOverRho, {"rho": rho, **numbers_of(line)}))
    return rows


def robust_line(fit: MultilevelResults, row: Sequence[float]) -> RandomLine:
    """Return a linear combination of the coefficients as a line of the result file, cluster-robust.

    Where one study alone decides it there is an estimate and nothing else: its residuals show no variance.
    """
    robust = fit.robust
    if robust is None:
        raise ValueError("a three-level line is cluster-robust")
    values = robust.combination(row)
    numbers = {key: finite(value) if robust.supports(row) else None for key, value in values.items()}
    return {
        "estimate": float(values["estimate"]),
        "se": numbers["se"],
        "ci_low": numbers["ci_low"],
        "ci_high": numbers["ci_high"],
        "statistic": numbers["statistic"],
        "p": numbers["p"],
        "df": numbers["df"],
        "inference": robust.method,
    }


def numbers_of(line: RandomLine) -> dict[str, object]:
    """Return a line without the name of its inference."""
    return {name: value for name, value in line.items() if name != "inference"}


def weights_of(covariance: Array) -> Array:
    """Return the weights of effects in their generalised least squares mean, in percent (k,)."""
    inverse = np.linalg.inv(covariance)
    return np.asarray(100.0 * inverse.sum(axis=1) / inverse.sum())


def prediction_about(line: RandomLine, total: float, options: Settings) -> Prediction | None:
    """Return the prediction interval of a new effect of a new study; None if it is left out or has no se."""
    if options.prediction_method == NO_PREDICTION or line["se"] is None or line["df"] is None:
        return None
    se = float(np.sqrt(line["se"] ** 2 + total))
    half = float(two_sided_quantile(options.level, line["df"])) * se
    return {
        "low": line["estimate"] - half, "high": line["estimate"] + half, "df": line["df"], "se": se,
        "method": f"t, {line['inference']}",
    }  # fmt: skip


def heterogeneity_of(sigma2: Array, x: Array, effects: Effects, model: DependentModel) -> Heterogeneity:
    """Return the variances between and within studies; I2 of both by the typical sampling variance.

    tr(P) of the sampling covariance, with the design `x`, takes the place of the weights: metafor-project.org, I2 for
    multilevel models.
    """
    yi = np.array([effect["yi"] for effect in effects])
    inverse = np.linalg.inv(sampling_covariance(effects, model.rho, model.measure))
    x = orthonormal(x).matrix
    projector = inverse - inverse @ x @ np.linalg.inv(x.T @ inverse @ x) @ x.T @ inverse
    df = float(x.shape[0] - x.shape[1])
    typical, total, q = df / float(np.trace(projector)), float(sigma2.sum()), float(yi @ projector @ yi)
    return {
        "tau2": total, "tau2_between": float(sigma2[0]), "tau2_within": float(sigma2[1]), "tau2_se": None,
        "tau2_low": None, "tau2_high": None, "I2": 100.0 * total / (total + typical), "I2_low": None, "I2_high": None,
        "I2_between": 100.0 * float(sigma2[0]) / (total + typical),
        "I2_within": 100.0 * float(sigma2[1]) / (total + typical), "I2_q": None, "I2_q_low": None,
        "I2_q_high": None, "H2": 1.0 + total / typical, "H2_low": None, "H2_high": None, "H2_q": None,
        "Q": q, "df": df, "p": float(chdtrc(df, q)),
    }  # fmt: skip


def structure_warnings(effects: Effects, model: DependentModel) -> list[str]:
    """Return the warning, where it applies, that the variances between and within studies are not separable."""
    names = names_of(effects)
    if len(set(names)) < len(names) or model.dependence.method == CORRELATED:
        return []
    return [
        "No study gives several effects, so only the sum of the variances between and within studies can be estimated."
    ]


def few_df_warning(degrees: Mapping[str, float | None]) -> list[str]:
    """Return the warning that intervals and p values are poor approximations, for what has few degrees of freedom."""
    few = [name for name, df in degrees.items() if df is not None and df < FEW_DF]
    if not few:
        return []
    text = f"Fewer than {FEW_DF:g} degrees of freedom: {', '.join(few)}. "
    return [text + "The intervals and p values are approximate, as few studies carry the information."]
