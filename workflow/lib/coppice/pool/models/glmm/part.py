"""A generalised linear mixed model as the parts of a result file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.glmm import CountTest, GlmmLevel
from coppice.core.contracts.lines import Heterogeneity, Line, Prediction, RandomLine
from coppice.pool.kernel.heterogeneity import heterogeneity, i2_of
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.models.glmm.counts import Table
from coppice.pool.models.glmm.fit import GlmmFit, fit
from coppice.pool.models.glmm.heterogeneity import ChiSquared, heterogeneity_tests
from coppice.pool.models.glmm.options import model_of
from coppice.pool.models.glmm.profile import profile_mean, profile_tau
from coppice.pool.parts import finite, why_no_prediction
from coppice.pool.profiles import Settings

NO_EVENTS = "no study has an event, so the likelihood has no maximum"
ONLY_EVENTS = "every patient of every study has the event, so the likelihood has no maximum"
ONE_SIDED = "one arm has no event in any study, so the likelihood has no maximum"
NO_INFORMATION = "no study has events in one arm and patients without them: none says anything about the effect"
NO_MAXIMUM = "the likelihood has no maximum within the range of possible effects"
FAR_FROM_RARE = 0.1  # share of patients with the event: CM.AL takes events to be rare, as Stijnen et al. 2010 derive it
MANY_STUDIES = (
    20  # with a parameter for each, tau2 and the interval of UM.FS are less and less right: Jackson et al. 2018
)


@dataclass(frozen=True, slots=True)
class GlmmParts:
    """What a model gives of the result file; None with a reason where it gives nothing."""

    random: RandomLine | None
    wald: RandomLine | None
    prediction: Prediction | None
    heterogeneity: Heterogeneity | None
    glmm: GlmmLevel
    reasons: dict[str, str]
    warnings: list[str]


def no_maximum(table: Table, model: str | None) -> str | None:
    """Return why the likelihood of one meta-analysis has no maximum; None where it may have one."""
    if not table.tells(model).any():
        return NO_INFORMATION
    arms = [(table.events_e, table.total_e), *([] if table.is_one_group else [(table.events_c, table.total_c)])]
    if all(events.sum() == 0 for events, _ in arms):
        return NO_EVENTS
    is_full = [table.likelihood == "binomial" and events.sum() == total.sum() for events, total in arms]
    if all(is_full):
        return ONLY_EVENTS
    is_bounded = all(events.sum() > 0 for events, _ in arms) and not any(is_full)
    return None if is_bounded else ONE_SIDED


def glmm_parts(table: Table, options: Settings, measure: str) -> GlmmParts:
    """Fit the model of the options to the counts of one meta-analysis."""
    code = model_of(str(options.likelihood), options.glmm, measure)
    k = table.events_e.shape[1]
    told = table.tells(code)
    zeros, double_zeros = zeros_of(table)
    level: GlmmLevel = {
        "k": k,
        "informative": int(told.sum()),
        "zeros": zeros,
        "double_zeros": double_zeros,
        "log_likelihood": None,
        "likelihood_ratio": None,
        "wald": None,
        "equal_effects": None,
        "inferences": {},
    }
    why = "no study gives counts" if k == 0 else no_maximum(table, code)
    if why:
        return _without(level, why)
    model, used = table.model(code), np.ones((1, k), dtype=bool)
    informative = int(told.sum())
    fixed = fixed_tau(options, 1) if informative > 1 else np.zeros(1)
    equal = fit(model, used, tau=np.zeros(1))
    best = equal if fixed is not None and fixed[0] == 0 else fit(model, used, tau=fixed)
    if not best.is_converged[0]:
        return _without(level, NO_MAXIMUM)
    level["log_likelihood"] = float(best.value[0])
    level["equal_effects"] = wald_line(equal, options.level, np.inf) if equal.is_converged[0] else None
    if best.more.shape[1]:
        level["sigma2"] = float(best.more[0, 1] ** 2)
    lines = {"wald": random_line(best, options.level, np.inf, "wald", is_tau_free=fixed is None)}
    if informative > 1:
        lines["t"] = random_line(best, options.level, informative - 1.0, "t", is_tau_free=fixed is None)
        lines["PL"] = profile_line(
            lines["wald"], profile_mean(model, used, best, level=options.level, null=0.0, tau=fixed)
        )
    level["inferences"] = lines
    reasons: dict[str, str] = {}
    main = lines.get(options.inference)
    if main is None:
        main = lines["wald"]
        reasons["inference"] = "with one study that says something about the effect, the interval is Wald's"
    spread: Heterogeneity | None = None
    if informative > 1:
        ratio, wald = heterogeneity_tests(model, used, told, None, equal)
        level["likelihood_ratio"], level["wald"] = _test(ratio), _test(wald)
        limits = (np.array([np.nan]),) * 2 if fixed is not None else profile_tau(model, used, best, level=options.level)
        spread = spread_of(table, used, best, limits, wald, None, is_tau_free=fixed is None)
    else:
        reasons["heterogeneity"] = "heterogeneity needs more than one study"
    prediction, no = predicted(main, float(best.tau[0] ** 2), informative, options)
    if no:
        reasons["prediction"] = no
    return GlmmParts(main, lines["wald"], prediction, spread, level, reasons, warnings_of(table, code, k))


def zeros_of(table: Table) -> tuple[int, int]:
    """Count the studies with an empty cell, and those without an event in any arm."""
    arms = [(table.events_e, table.total_e), *([] if table.is_one_group else [(table.events_c, table.total_c)])]
    cells = [events for events, _ in arms]
    if table.likelihood == "binomial":
        cells += [total - events for events, total in arms]
    none = np.all([events == 0 for events, _ in arms], axis=0)
    return int((np.min(cells, axis=0) == 0).sum()), int(none.sum())


def _without(level: GlmmLevel, why: str) -> GlmmParts:
    reasons = dict.fromkeys(("random", "prediction", "heterogeneity"), f"{why}")
    return GlmmParts(None, None, None, None, level, reasons, [])


def fixed_tau(options: Settings, n: int) -> Array | None:
    """Return tau (n,) where the options fix tau2; None where it is estimated."""
    return None if isinstance(options.tau2, str) else np.full(n, float(options.tau2) ** 0.5)


def wald_line(result: GlmmFit, level: float, df: float, *, is_tau_free: bool = True, place: int = 0) -> Line:
    """Return a coefficient of the first fit with its interval and test."""
    estimate = float(result.coefficients[0, place])
    se = float(np.sqrt(result.covariance(is_tau_free=is_tau_free)[0, place, place]))
    half = float(two_sided_quantile(level, df)) * se
    statistic = finite(estimate / se) if se > 0 else None
    return {
        "estimate": estimate,
        "se": se,
        "ci_low": finite(estimate - half),
        "ci_high": finite(estimate + half),
        "statistic": statistic,
        "p": None if statistic is None else finite(two_sided_p(statistic, df)),
    }


def random_line(
    result: GlmmFit, level: float, df: float, inference: str, *, is_tau_free: bool = True, place: int = 0
) -> RandomLine:
    """Return the same as a random-effects line."""
    line = wald_line(result, level, df, is_tau_free=is_tau_free, place=place)
    return {**line, "df": finite(df), "inference": inference}


def profile_line(wald: RandomLine, profile: tuple[Array, Array, Array]) -> RandomLine:
    """Return the line whose interval is by profile likelihood; a limit that is not reached is None."""
    low, high, p = (finite(part[0]) for part in profile)
    return {**wald, "ci_low": low, "ci_high": high, "p": p, "statistic": None, "df": None, "inference": "PL"}


def _test(test: ChiSquared) -> CountTest:
    return {"statistic": test.statistic, "df": test.df, "k": test.k, "p": test.p}


def spread_of(  # noqa: PLR0917
    table: Table,
    used: NDArray[np.bool_],
    best: GlmmFit,
    limits: tuple[Array, Array],
    wald: ChiSquared,
    design: Array | None,
    *,
    is_tau_free: bool,
) -> Heterogeneity:
    """Return tau2 with its profile interval; Q is Wald's, of the studies' own effects, and gives no I2.

    I2 and H2 set tau2 against the typical variance of the effects as inverse variance has them, with 0.5 added to
    tables with a zero, as a model of counts has no such variance.
    """
    tau, p = best.tau, best.coefficients.shape[1]
    typical = heterogeneity(table.inverse_variance(table.has_effect & used, design), tau**2).typical_variance
    low, high = (limit**2 for limit in limits)
    variance = best.covariance(is_tau_free=is_tau_free)[0, p, p]
    with np.errstate(invalid="ignore", divide="ignore"):
        i2, i2_low, i2_high = (finite(i2_of(value, typical)[0]) for value in (tau**2, low, high))
        h2, h2_low, h2_high = (finite((1.0 + value / typical)[0]) for value in (tau**2, low, high))
    is_open = not np.isfinite(high[0])
    return {
        "tau2": float(tau[0] ** 2),
        "tau2_se": float(2.0 * tau[0] * variance**0.5) if is_tau_free and tau[0] > 0 else None,
        "tau2_low": finite(low[0]),
        "tau2_high": finite(high[0]),
        "I2": i2,
        "I2_low": i2_low,
        "I2_high": None if is_open else i2_high,
        "I2_q": None,
        "I2_q_low": None,
        "I2_q_high": None,
        "H2": h2,
        "H2_low": h2_low,
        "H2_high": None if is_open else h2_high,
        "H2_q": None,
        "Q": wald.statistic,
        "df": wald.df,
        "p": wald.p,
    }


def predicted(line: RandomLine, tau2: float, k: int, options: Settings) -> tuple[Prediction | None, str | None]:
    """Return the prediction interval: estimate -/+ quantile x sqrt(tau2 + se^2), or None with the reason."""
    method = options.prediction_method
    if why := why_no_prediction(options, k):
        return None, why
    df = {"normal": np.inf, "t_k-1": k - 1.0, "HTS": k - 2.0}[method]
    if df <= 0 or line["se"] is None:
        return None, f"the prediction interval {method} has no degrees of freedom with {k} studies"
    se = (tau2 + line["se"] ** 2) ** 0.5
    half = float(two_sided_quantile(options.level, df)) * se
    low, high = line["estimate"] - half, line["estimate"] + half
    return {"low": low, "high": high, "se": se, "df": finite(df), "method": method}, None


def warnings_of(table: Table, code: str | None, k: int) -> list[str]:
    """Return what a reader must know about a model of counts, as sentences."""
    sentences = []
    told = int(table.tells(code).sum())
    if k == 1:
        sentences.append("There is only one study: the pooled effect is that study's own.")
    if k == 2:
        sentences.append("There are only two studies: tau2 and I2 are very imprecise.")
    if told < k:
        sentences.append(
            f"{k - told} of the {k} studies {'says' if k - told == 1 else 'say'} nothing about the effect in the model {code}: none, or all, of {'its' if k - told == 1 else 'their'} patients had the event; UM.RS uses {'it' if k - told == 1 else 'them'}."
        )
    share = (table.events_e.sum() + table.events_c.sum()) / (table.total_e.sum() + table.total_c.sum())
    if code == "CM.AL" and share > FAR_FROM_RARE:
        sentences.append(
            f"The model CM.AL takes events to be rare, and {100 * share:.0f}% of the patients had one; CM.EL is exact."
        )
    if code == "UM.FS" and told > MANY_STUDIES:
        sentences.append(
            f"The model UM.FS has a parameter for each of {told} studies, which biases tau2 where studies are many; compare CM.EL or UM.RS."
        )
    return sentences
