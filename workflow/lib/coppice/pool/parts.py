"""The parts of a pooled model as they stand in the result file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from coppice.core.common_methods import INVERSE_VARIANCE
from coppice.core.contracts.lines import CommonLine, Heterogeneity, Line, Prediction, RandomLine
from coppice.pool.kernel.heterogeneity import heterogeneity, i2_of, tau2_interval
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.moments import dersimonian_laird_about
from coppice.pool.kernel.prediction import predict
from coppice.pool.kernel.profile_mean import profile_mean
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import Tau2, estimate_tau2
from coppice.pool.options import NO_PREDICTION
from coppice.pool.profiles import Settings
from coppice.pool.stratified import COMMON_METHODS, RATES, Counts, common_effect, common_weights, corrected, peto_q

SMALLEST_K_OF_CAUTION = 3  # with two studies a t quantile on one degree of freedom is 12.7, and tau2 is a guess


def finite(value: Any) -> float | None:
    """Return a number as a float, or None where it is not finite."""
    number = float(value)
    return number if np.isfinite(number) else None


def coefficient_row(result: Any, level: float, coefficient: int = 0) -> Line:
    """Return one coefficient of a statsmodels result with its interval and test."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = result.conf_int(alpha=1.0 - level)[coefficient]
        statistic, p = result.tvalues[coefficient], result.pvalues[coefficient]
    return {
        "estimate": float(result.params[coefficient]),
        "se": float(result.bse[coefficient]),
        "ci_low": finite(low),
        "ci_high": finite(high),
        "statistic": finite(statistic),
        "p": finite(p),
    }


def random_row(result: Any, level: float, inference: str, coefficient: int = 0) -> RandomLine:
    """Return one coefficient of a statsmodels result as a random-effects line by an inference."""
    df = float(result.df_resid) if result.use_t else None
    return {**coefficient_row(result, level, coefficient), "df": df, "inference": inference}


def counted_effect(
    options: Settings, counted: Counts, measure: str
) -> tuple[tuple[float, float] | None, Counts, NDArray[np.bool_]]:
    """Return a common effect from counts with its standard error, the counts it took, and the mask of their studies."""
    add, to = options.correction
    table, kept = corrected(counted, measure=measure, add=add, to=to, double_zeros=options.common_double_zeros)
    reported = counted.at(kept) if options.differences_as_reported else None
    return common_effect(table, method=options.common, measure=measure, reported=reported), table, kept


def counted_part(options: Settings, counted: Counts | None, measure: str) -> tuple[CommonLine | None, Array]:
    """Return the common effect of Mantel-Haenszel or Peto with the weights of the studies in percent, or None."""
    method = options.common
    if counted is None or measure not in COMMON_METHODS[method]:
        return None, np.empty(0)
    pooled, table, kept = counted_effect(options, counted, measure)
    if pooled is None:
        return None, np.empty(0)
    estimate, se = pooled
    half = float(two_sided_quantile(options.level, np.inf)) * se
    weights = np.zeros(len(kept))
    weights[kept] = common_weights(table, method=method, measure=measure)
    part: CommonLine = {
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "statistic": estimate / se,
        "p": float(two_sided_p(estimate / se, np.inf)),
        "method": method,
        "k": int(kept.sum()),
    }
    q, df = peto_q(table) if method == "Peto" else (0.0, 0.0)
    if df > 0:
        part |= {"Q": q, "Q_df": df, "Q_p": float(chdtrc(df, q))}
    return part, 100.0 * weights / weights.sum()


def common_part(
    inverse_variance: Line, weights: Array, options: Settings, counted: Counts | None, measure: str
) -> tuple[CommonLine, Array, tuple[str, ...]]:
    """Return the common effect by the method of the options, its weights of the k effects, and warnings.

    `inverse_variance` and `weights` (k,) are the line by inverse variance and its weights in percent, to which an
    analysis without usable counts falls back; `counted` has the counts of the k effects, then of studies without an
    effect.
    """
    method = options.common
    fallback = cast(CommonLine, {**inverse_variance, "method": INVERSE_VARIANCE})
    if method == INVERSE_VARIANCE:
        return fallback, weights, ()
    by_counts, weights_by_counts = counted_part(options, counted, measure)
    if by_counts is not None:
        return by_counts, weights_by_counts[: len(weights)], ()
    if measure not in COMMON_METHODS[method] and not options.common_is_asked_for:
        return fallback, weights, ()
    why = f"The common effect is by inverse variance, because {method} needs the counts of every study and a measure computed from them."
    return fallback, weights, (why,)


def with_q(
    data: Studies,
    options: Settings,
    common: CommonLine,
    counted: Counts | None,
    measure: str,
    *,
    names: Sequence[str] | None,
) -> tuple[CommonLine, tuple[str, ...]]:
    """Return a common effect from counts with Q of the studies' own effects about it, and which of them Q leaves out.

    Peto's comes with that of the one-step odds ratios, whatever the effects are. Where tau2 is taken about the common
    effect, all effects of the model are in Q. Elsewhere tables in which all patients fared alike are not, as in
    metafor's rma.mh(): the variance of such an effect is what the correction made it. `names` are the labels of the k
    effects.
    """
    if common["method"] == INVERSE_VARIANCE or "Q" in common or counted is None:
        return common, ()
    k = data.yi.shape[0]
    tells = np.ones(k, dtype=bool) if options.is_about_mantel_haenszel else counted.tells(measure)[:k]
    df = float(tells.sum() - 1)
    if df < 1:
        return common, ()
    q = float(((data.yi[:, 0] - common["estimate"]) ** 2 / data.vi[:, 0])[tells].sum())
    part = common.copy()
    part.update({"Q": q, "Q_df": df, "Q_p": float(chdtrc(df, q))})
    return part, (left_out_of_q(tells, measure, names),) if df < k - 1 else ()


def left_out_of_q(tells: NDArray[np.bool_], measure: str, names: Sequence[str] | None) -> str:
    """Say which effects are not in Q about the Mantel-Haenszel estimate."""
    out = ~tells
    which = f"{out.sum()} of the {len(out)} effects" if names is None else ", ".join(compress(names, out))
    alike = (
        "neither arm had an event" if measure in RATES else "no patient, or every patient, of both arms had the event"
    )
    return f"Cochran's Q about the Mantel-Haenszel estimate leaves out studies in which {alike}: {which}."


def tau2_about(data: Studies, options: Settings, about: Array | None) -> Tau2:
    """Estimate tau2; DerSimonian and Laird's about the Mantel-Haenszel estimate `about` (1,) unless it is None."""
    estimate = estimate_tau2(data, options.tau2)
    if about is None or data.df[0] < 1:
        return estimate
    return replace(estimate, tau2=np.maximum(dersimonian_laird_about(data, about), 0.0))


def random_part(data: Studies, model: Any, options: Settings, used: str) -> RandomLine:
    """Return the random-effects line; the inference "PL" has its limits by profile likelihood."""
    part = random_row(model, options.level, used)
    if used != "PL":
        return part
    low, high, p = (float(value[0]) for value in profile_mean(data, level=options.level))
    return {**part, "ci_low": low, "ci_high": high, "p": p, "statistic": None}


def usable_inference(options: Settings, k: int, tau2: float) -> tuple[str, dict[str, str]]:
    """Return the inference to use, and under "inference" why it is not that of the options."""
    code = options.inference
    if k == 1 and code != "wald":
        return "wald", {"inference": "with one study, the interval is that study's own, by the normal distribution"}
    if options.cautious and INFERENCES[code].estimated_scale:
        if k < SMALLEST_K_OF_CAUTION:
            return "wald", {"inference": f"{code} needs more than two studies, so the interval is Wald's"}
        if tau2 == 0.0:
            reason = f"tau2 is estimated as 0, where the {code} interval can be too narrow, so the interval is Wald's"
            return "wald", {"inference": reason}
    return code, {}


def prediction_part(data: Studies, tau2: Array, options: Settings) -> tuple[Prediction | None, str | None]:
    """Return the prediction interval, or None with the reason."""
    method, k = options.prediction_method, int(data.k[0])
    if why := why_no_prediction(options, k):
        return None, why
    interval = predict(data, tau2, method=method, level=options.level)
    low, high = finite(interval.low[0]), finite(interval.high[0])
    if low is None or high is None:
        return None, f"the prediction interval {method} has no degrees of freedom with {k} studies"
    return {"low": low, "high": high, "df": finite(interval.df[0]), "se": float(interval.se[0]), "method": method}, None


def why_no_prediction(options: Settings, k: int) -> str | None:
    """Return why a model of k studies has no prediction interval, whatever its estimates; None if it may have one."""
    if options.prediction_method == NO_PREDICTION:
        return no_prediction(options)
    if k < 2:
        return "a prediction interval needs more than one study"
    if options.cautious and k < SMALLEST_K_OF_CAUTION:
        return "a prediction interval needs more than two studies"
    return None


def no_prediction(options: Settings) -> str:
    """Return why a model whose options leave the prediction interval out has no such interval."""
    return f"the profile {options.profile} or the analysis leaves it out"


def mean_of_q(options: Settings, common: CommonLine) -> Array | None:
    """Return the Mantel-Haenszel estimate (1,) where tau2 and with it Q are taken about it, None elsewhere."""
    is_about = options.is_about_mantel_haenszel and common["method"] == "MH"
    return np.array([common["estimate"]]) if is_about else None


def heterogeneity_part(data: Studies, estimate: Tau2, options: Settings, about: Array | None) -> Heterogeneity:
    """Return tau2, I2, H2 and Q with their intervals; I2 in percent.

    Where tau2 and Q are about the Mantel-Haenszel estimate, I2 and H2 have the test-based intervals of that Q, as the
    interval of tau2 belongs to the Q about the mean by inverse variance.
    """
    tau2, se = estimate.tau2, estimate.se
    spread = heterogeneity(data, tau2, level=options.level, about=about)
    low, high = tau2_interval(data, method=options.tau2_interval, level=options.level)
    s2 = spread.typical_variance
    if about is None:
        i2_limits, h2_limits = [i2_of(limit, s2) for limit in (low, high)], [1.0 + limit / s2 for limit in (low, high)]
    else:
        i2_limits = [spread.i2_q_low, spread.i2_q_high]
        h2_limits = [100.0 / (100.0 - limit) for limit in i2_limits]
    return {
        "tau2": float(tau2[0]),
        "tau2_se": finite(se[0]),
        "tau2_low": finite(low[0]),
        "tau2_high": finite(high[0]),
        "I2": finite(spread.i2[0]),
        "I2_low": finite(i2_limits[0][0]),
        "I2_high": finite(i2_limits[1][0]),
        "I2_q": finite(spread.i2_q[0]),
        "I2_q_low": finite(spread.i2_q_low[0]),
        "I2_q_high": finite(spread.i2_q_high[0]),
        "H2": finite(spread.h2[0]),
        "H2_low": finite(h2_limits[0][0]),
        "H2_high": finite(h2_limits[1][0]),
        "H2_q": finite(spread.h2_q[0]),
        "Q": finite(spread.q[0]),
        "df": float(spread.df[0]),
        "p": finite(spread.p[0]),
    }


def empty_interval(tau2_low: float | None, df: float, options: Settings) -> str | None:
    """Return why tau2 has no interval by the method of the options; None where it has one, or there are no two effects."""
    if tau2_low is not None or df < 1:
        return None
    method = {"QP": "Q-profile"}.get(options.tau2_interval, options.tau2_interval)
    return (
        "Q is below its lower critical value, as the effects differ less than expected by chance, so the "
        f"{method} interval is empty; this does not show that tau2 is 0"
    )
