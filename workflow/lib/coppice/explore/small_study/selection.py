"""Selection models: the effect with the chance of being seen depending on the p value, by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import chdtrc, chdtri

from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.likelihood import Likelihood, Point
from coppice.explore.small_study.options import STEPS
from coppice.explore.small_study.weights import FIXED, Beta, StepFunction, WeightFunction
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.parts import finite

SEARCHES = 40  # steps outwards from the estimate until the profile has fallen far enough
GROWTH = 1.6  # of these steps
CLOSE = 1e-9  # relative width at which a limit is found
MOST_ROUNDS = 100
FURTHEST = 10.0  # times the furthest effect from the null: an end beyond is none, the likelihood is flat there
MOST_EFFECTS = 1_000  # of the beta model, which integrates over the effects of each study at every step of its search
# of delta: the documentation of selmodel() in metafor bounds delta at 100 by default, as a larger one is a sign
# that the model is not identified
LARGEST_DELTA = 100.0
LEAST_OF_INTERVAL = 1  # studies in each interval of a step function, without which its weight goes to 0 or is free


def fit(model: Likelihood, start_tau2: float) -> Point:
    """Maximise the likelihood, from no selection with and without heterogeneity: it may have more than one maximum."""
    maxima: list[Point] = []
    for tau2 in dict.fromkeys((start_tau2, 0.0, model.typical)):
        weights = 1.0 / (model.vi + tau2)
        mean = float((weights * model.yi).sum() / weights.sum())
        start = np.concatenate([[mean, tau2], np.ones(len(model.weights.names))])
        try:
            maxima.append(model.maximise(start, np.zeros(len(start), dtype=bool)))
        except CannotFit as error:
            reason = error
    if not maxima:
        raise reason
    return max(maxima, key=lambda point: point.value)


def standard_errors(point: Point) -> Array:
    """Return the standard errors from the observed information (p,); NaN for a parameter on the boundary."""
    free = point.at != 0.0
    free[0] = True
    errors = np.full(len(point.at), np.nan)
    try:
        variance = np.diag(np.linalg.inv(-point.hessian[np.ix_(free, free)]))
    except np.linalg.LinAlgError:
        return errors
    errors[free] = np.sqrt(np.where(variance > 0, variance, np.nan))
    return errors


def profile_limit(model: Likelihood, best: Point, index: int, se: float, level: float, *, up: bool) -> float | None:
    """Return an end of the profile likelihood interval of one parameter, None if the profile does not fall far enough.

    `best` is the maximum, `index` the position of the parameter in (mu, tau2, delta), `se` its standard error, for the
    first step.
    """
    target = float(chdtri(1, 1.0 - level))
    fixed = np.zeros(len(best.at), dtype=bool)
    fixed[index] = True
    near = best

    def excess(value: float) -> float:
        nonlocal near
        start = near.at.copy()
        start[index] = value
        near = model.maximise(start, fixed)
        return 2.0 * (best.value - near.value) - target

    def place(scaled: float) -> float:
        return scaled if index < FIXED else float(np.exp(scaled))

    origin = float(best.at[index]) if index < FIXED else float(np.log(best.at[index]))
    if index == 1 and not up and (origin == 0.0 or excess(0.0) <= 0.0):
        return 0.0
    near = best
    step = se if index < FIXED else se / best.at[index]
    step = step if np.isfinite(step) and step > 0 else (model.typical if index == 1 else 0.5)
    try:
        end = _fall(lambda scaled: excess(place(scaled)), origin, step if up else -step, 0.0 if index == 1 else -np.inf)
        unlikely = index == 0 and end is not None and abs(end) > FURTHEST * float(np.abs(model.yi).max())
        return None if end is None or unlikely else place(end)
    except CannotFit:
        return None


def _fall(excess: Callable[[float], float], origin: float, step: float, lowest: float) -> float | None:
    """Step outwards until `excess` is positive, then close in on its root; a step too far for the search is halved."""
    inner, below = origin, -1.0
    for _ in range(SEARCHES):
        outer = max(inner + step, lowest)
        try:
            above = excess(outer)
        except CannotFit:
            step /= 2.0
            continue
        if above > 0:
            return _root(excess, (inner, below), (outer, above))
        inner, below, step = outer, above, step * GROWTH
    return None


def _root(function: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Find the root between two points of opposite sign: false position, the stale end's value halved (Illinois)."""
    (a, fa), (b, fb) = low, high
    for _ in range(MOST_ROUNDS):
        c = (a * fb - b * fa) / (fb - fa)
        if abs(b - a) <= CLOSE * max(abs(a), abs(b)) or c in (a, b):
            return c
        fc = function(c)
        if abs(fc) < CLOSE:
            return c
        if (fc > 0) == (fb > 0):
            fa /= 2.0
        else:
            a, fa = b, fb
        b, fb = c, fc
    return (a + b) / 2.0


def direction(evidence: Evidence, options: Mapping[str, Any]) -> str:
    """Return which effects are welcome, `greater` or `less` than the null; by default those on the estimate's side."""
    assert evidence.null is not None
    return str(options.get("alternative") or ("greater" if evidence.estimate > evidence.null else "less"))


def oriented(evidence: Evidence, alternative: str) -> tuple[float, Array]:
    """Return the sign of the welcome effects, and the effects less the null times it."""
    sign = -1.0 if alternative == "less" else 1.0
    return sign, sign * (evidence.yi - (evidence.null or 0.0))


def results(evidence: Evidence, weights: WeightFunction, sign: float, yi: Array) -> Part:
    """Fit a model and give its parameters with profile intervals, and the test of no selection."""
    model = Likelihood(yi, evidence.vi, weights)
    data = studies(yi, evidence.vi)
    unselected = float(estimate_tau2(data, "ML").tau2[0])
    best = fit(model, unselected)
    se, null = standard_errors(best), evidence.null or 0.0
    level, names = evidence.level, weights.names
    quantile = float(two_sided_quantile(level, np.inf))

    def limits(index: int) -> list[float | None]:
        return [profile_limit(model, best, index, float(se[index]), level, up=up) for up in (False, True)]

    ends = [None if end is None else sign * end + null for end in limits(0)][:: int(sign)]
    none = model.at(
        np.concatenate([[float(data.at(np.array([unselected])).coefficients[0, 0]), unselected], np.ones(len(names))])
    )
    ratio = max(0.0, 2.0 * (best.value - none.value))
    spread = limits(1)
    centre = sign * float(best.at[0])
    caution = cautioned(centre + null, best.at[FIXED:], evidence.yi)
    return {
        "estimate": centre + null,
        **caution,
        "se": finite(se[0]),
        "ci_low": ends[0],
        "ci_high": ends[1],
        "wald_low": finite(centre + null - quantile * se[0]),
        "wald_high": finite(centre + null + quantile * se[0]),
        "p": finite(two_sided_p(centre / se[0], np.inf)),
        "tau2": float(best.at[1]),
        "tau2_se": finite(se[1]),
        "tau2_low": spread[0],
        "tau2_high": spread[1],
        "weights": [
            {
                "name": name,
                "estimate": float(best.at[at]),
                "se": finite(se[at]),
                **dict(zip(("ci_low", "ci_high"), limits(at), strict=True)),
            }
            for at, name in enumerate(names, start=FIXED)
        ],
        "test": {"statistic": ratio, "df": len(names), "p": float(chdtrc(len(names), ratio))},
        "unadjusted": {"estimate": sign * float(none.at[0]) + null, "tau2": unselected},
        "log_likelihood": best.value,
    }


def cautioned(estimate: float, delta: Array, yi: Array) -> Part:
    """Return the `caution` against a model that has run away: a parameter or the mean beyond what studies can tell."""
    sentences = [*outside(estimate, yi, "The adjusted mean").values()]
    if (largest := float(delta.max())) > LARGEST_DELTA:
        sentences.append(
            f"A selection parameter is {largest:.0f}, beyond {LARGEST_DELTA:.0f}: the likelihood is so flat that it "
            "hardly determines the mean."
        )
    return {"caution": " ".join(sentences)} if sentences else {}


def step_function(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Fit the step function model; `weights` are relative to the smallest p values."""
    steps = tuple(sorted({float(step) for step in options.get("steps") or STEPS if 0 < float(step) < 1}))
    alternative = direction(evidence, options)
    sign, yi = oriented(evidence, alternative)
    weights = StepFunction(yi, evidence.vi, steps)
    if not steps or weights.counts.min() < LEAST_OF_INTERVAL:
        ends = [0.0, *steps, 1.0]
        empty = int(weights.counts.argmin())
        raise CannotFit(f"no study has a one-sided p value between {ends[empty]:g} and {ends[empty + 1]:g}")
    return results(evidence, weights, sign, yi) | {"alternative": alternative, "steps": list(steps)}


def beta(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Fit the beta model."""
    alternative = direction(evidence, options)
    sign, yi = oriented(evidence, alternative)
    return results(evidence, Beta(yi, evidence.vi), sign, yi) | {"alternative": alternative}


def few_enough(evidence: Evidence) -> str | None:
    """Need at most as many effects as the beta model is fitted to within seconds."""
    if evidence.k <= MOST_EFFECTS:
        return None
    return f"there are {evidence.k:,} effects (limit {MOST_EFFECTS:,})"


FUNCTIONS = {
    "selection_step": {"run": step_function, "needs": (a_null, different_effects)},
    "selection_beta": {"run": beta, "needs": (a_null, few_enough, different_effects)},
}
