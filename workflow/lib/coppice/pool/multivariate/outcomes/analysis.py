"""One multivariate analysis: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.multivariate import (
    Correlation,
    JointHeterogeneity,
    MultivariateResult,
    MultivariateSettings,
    OutcomeOverRho,
    OverRho,
    PooledOutcome,
    SharedEffect,
)
from coppice.pool.dependence.options import RHOS
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.multivariate.engine import Interval, correlation_interval, correlation_test, variance_interval
from coppice.pool.multivariate.header import header
from coppice.pool.multivariate.outcomes.effects import select
from coppice.pool.multivariate.outcomes.model import Effects, Joint, borrowed, fit_outcomes, line_of
from coppice.pool.options import NO_PREDICTION
from coppice.pool.profiles import settings as settings_of_model

NO_EFFECTS = "no study gives effects"
MOST_PROFILED = 12  # variances and correlations with profile intervals: each takes dozens of fits
FEWEST = 3  # studies with an outcome, for a prediction interval
DEGREES = {
    "normal": np.inf,
    "t_k-2": -2.0,
    "HKSJ_k-2": -2.0,
}  # of prediction intervals, relative to k; others have k - 1


def pool_outcomes(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> MultivariateResult:
    """Pool several outcomes at once, and return the content of the result file.

    `spec` is what `pool` reads of the analysis; `extracts` are those of its outcomes, in any order.
    """
    settings = settings_of(spec)
    effects, excluded = select(spec, extracts, settings["level"])
    result: MultivariateResult = {
        "kind": "multivariate",
        **header(spec, settings["level"]),
        "settings": settings,
        "k": len({effect["study"] for effect in effects}),
        "outcomes": [],
        "correlations": [],
        "shared": [],
        "heterogeneity": None,
        "over_rho": [],
        "effects": effects,
        "excluded": excluded,
        "reasons": {},
        "warnings": [],
    }
    if not effects:
        return {**result, "reasons": {"outcomes": NO_EFFECTS}}
    joint = fit_outcomes(effects, [item["outcome"] for item in spec["outcomes"]], settings)
    names = {item["outcome"]: item["name"] for item in spec["outcomes"]}
    result["reasons"] = {
        outcome: f"no study gives an effect on {name}"
        for outcome, name in names.items()
        if outcome not in joint.outcomes
    }
    result["outcomes"] = outcomes_of(effects, joint, names, settings)
    result["correlations"] = correlations(effects, joint)
    result["shared"] = shared(joint)
    result["heterogeneity"] = heterogeneity(joint)
    result["over_rho"] = over_rho(effects, joint, settings)
    result["warnings"] = list(warnings_of(effects, joint, settings))
    return result


def settings_of(spec: Mapping[str, Any]) -> MultivariateSettings:
    """Return the options of the model, from those of an analysis."""
    model, own = settings_of_model(spec["model"]), spec["multivariate"]
    return {
        "profile": model.profile,
        "tau2": "ML" if model.tau2 == "ML" else "REML",
        "rho": own["rho"],
        "structure": own["structure"],
        "random": own["random"],
        "robust": own["robust"],
        "prediction": model.prediction_method,
        "level": model.level,
    }


def number_of(effects: Effects, *outcomes: str) -> int:
    """Return the number of studies with all of these outcomes."""
    having = [{effect["study"] for effect in effects if effect["outcome"] == outcome} for outcome in outcomes]
    return len(set.intersection(*having))


def few_enough(joint: Joint) -> bool:
    """Return whether the variances and correlations are few enough for profile intervals."""
    return joint.fit.parameters <= MOST_PROFILED


def outcomes_of(
    effects: Effects, joint: Joint, names: Mapping[str, str], settings: MultivariateSettings
) -> list[PooledOutcome]:
    """Return what the model gives for each outcome."""
    made: list[PooledOutcome] = []
    for place, outcome in enumerate(joint.outcomes):
        k, line, tau2 = number_of(effects, outcome), joint.line(outcome), joint.tau2(outcome)
        own = [effect for effect in effects if effect["outcome"] == outcome]
        single = fit_outcomes(own, [outcome], {**settings, "robust": "none"})
        alone = line_of(single.fit, 0, settings["level"])
        low, high = prediction(line["estimate"], line["se"], tau2 + joint.shared_tau2, k, settings)
        interval = Interval(tau2, None, None)
        if few_enough(joint):
            interval = variance_interval(joint.fit, 0, outcome, level=settings["level"])
        ratio = float(joint.common.bse[place] / joint.fit.bse[place]) ** 2
        made.append({
            "outcome": outcome,
            "name": names[outcome],
            "k": k,
            "random": line,
            "common": line_of(joint.common, place, settings["level"]),
            "alone": alone,
            "borrowed": borrowed(effects, outcome, joint),
            "prediction_low": low,
            "prediction_high": high,
            "tau2": tau2,
            "tau2_low": interval.low,
            "tau2_high": interval.high,
            "I2": 100.0 * max(0.0, 1.0 - ratio),
        })  # fmt: skip
    return made


def prediction(
    estimate: float, se: float | None, tau2: float, k: int, settings: MultivariateSettings
) -> tuple[float | None, float | None]:
    """Return the prediction interval of the true effect on an outcome in a new study, on t by the outcome's studies."""
    if settings["prediction"] == NO_PREDICTION or se is None or k < FEWEST:
        return None, None
    df = DEGREES.get(settings["prediction"], -1.0)
    half = float(two_sided_quantile(settings["level"], df if np.isinf(df) else k + df)) * float(np.sqrt(tau2 + se**2))
    return (estimate - half, estimate + half) if np.isfinite(half) else (None, None)


def correlations(effects: Effects, joint: Joint) -> list[Correlation]:
    """Return the correlations of the true effects of each pair of outcomes, of a structure that has any."""
    component = joint.fit.components[0]
    if component.structure in ("ID", "DIAG") or len(joint.outcomes) < 2:
        return []
    made: list[Correlation] = []
    for pair in combinations(joint.outcomes, 2):
        one, other = (component.labels.index(outcome) for outcome in pair)
        value = float(component.correlation[one, other])
        known = bool(np.isfinite(value)) and number_of(effects, *pair) > 0
        interval, test = Interval(value, None, None), None
        if known and few_enough(joint):
            interval = correlation_interval(joint.fit, 0, pair, level=joint.level)
            test = correlation_test(joint.fit, 0, pair)
        made.append({
            "outcomes": list(pair),
            "k": number_of(effects, *pair),
            "estimate": value if known else None,
            "low": interval.low,
            "high": interval.high,
            "statistic": None if test is None else test[0],
            "p": None if test is None else test[1],
            "at_bound": known and abs(value) > 1.0 - 1e-8,
        })  # fmt: skip
    return made


def shared(joint: Joint) -> list[SharedEffect]:
    """Return the random effects that studies share."""
    made: list[SharedEffect] = []
    for place, component in enumerate(joint.fit.components[1:], start=1):
        interval = variance_interval(joint.fit, place, level=joint.level) if few_enough(joint) else None
        made.append({
            "name": component.name,
            "groups": component.groups,
            "tau2": float(component.tau2[0]),
            "tau2_low": None if interval is None else interval.low,
            "tau2_high": None if interval is None else interval.high,
        })  # fmt: skip
    return made


def heterogeneity(joint: Joint) -> JointHeterogeneity:
    """Return the heterogeneity of all outcomes; I2 from the volumes of the confidence regions of the two models.

    Jackson, White & Riley (2012), doi:10.1002/sim.5453: R is the ratio of the determinants of the coefficients' covariances
    to the power 1 / 2p, and I2 = (R2 - 1) / R2.
    """
    p = len(joint.outcomes)
    ratio = np.linalg.slogdet(joint.common.cov_params)[1] - np.linalg.slogdet(joint.fit.cov_params)[1]
    df = int(joint.fit.q_df)
    return {
        "Q": joint.fit.q,
        "df": df,
        "p": joint.fit.q_p if df > 0 else None,
        "I2": 100.0 * max(0.0, 1.0 - float(np.exp(ratio / p))),
        "log_likelihood": joint.fit.log_likelihood,
    }


def over(joint: Joint) -> list[OutcomeOverRho]:
    """Return the outcomes of a model in brief."""
    return [
        {"outcome": outcome, "random": joint.line(outcome), "tau2": joint.tau2(outcome)} for outcome in joint.outcomes
    ]


def over_rho(effects: Effects, joint: Joint, settings: MultivariateSettings) -> list[OverRho]:
    """Return the result for other correlations of the sampling errors, where studies give several outcomes."""
    if len(effects) == len({effect["study"] for effect in effects}):
        return []
    return [{"rho": rho, "outcomes": over(fit_outcomes(effects, joint.outcomes, settings, rho=rho))} for rho in RHOS]


def warnings_of(effects: Effects, joint: Joint, settings: MultivariateSettings) -> Iterator[str]:
    """Yield what a reader should know of the model."""
    yield from joint.fit.warnings
    if len(joint.outcomes) < 2:
        yield "One outcome alone has effects, so this is a meta-analysis of that outcome."
    elif len(effects) == len({effect["study"] for effect in effects}):
        yield "No study has several outcomes, so the outcomes say nothing of one another."
    if settings["robust"] != "none" and joint.robust is None:
        yield "There are no more studies than outcomes, so the inference is not cluster-robust."
    if not few_enough(joint):
        yield f"Profile intervals are given for up to {MOST_PROFILED} variances and correlations, and there are {joint.fit.parameters}."
