"""Routes from correlations, raw or partial, to measures of association."""

from __future__ import annotations

import math
from collections.abc import Callable

from coppice.core.special_functions import gauss_half
from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route, by_code

RANK, TEST_RANK = 10, 15
OLKIN_PRATT = "Olkin I, Pratt JW. 1958; 10.1214/aoms/1177706717; Fisher RA. 1921, Metron 1:3"
ALOE = "Aloe AM, Becker BJ. 2012; 10.3102/1076998610396901; Aloe AM, Thompson CG. 2013; 10.5243/jsswr.2013.24"
LARGE_C = 20.0  # from there the series needs few terms
EPSILON = 1e-17
NORMALITY = ("the two variables are bivariate normal, for the variance",)


def check(r: float, n: float, least: int) -> None:
    """Raise NotEstimable for a correlation without a variance."""
    if abs(r) >= 1:
        raise NotEstimable(f"a correlation of {r:g} has no variance")
    if n <= least:
        raise NotEstimable(f"with n = {n:g} the correlation has no variance; more than {least} are needed")


def raw(r: float, n: float) -> Effect:
    """Return r, variance (1 - r^2)^2 / (n - 1)."""
    check(r, n, 1)
    return Effect(r, (1 - r**2) ** 2 / (n - 1))


def olkin_pratt_factor(x: float, c: float) -> float:
    """Return the hypergeometric function 2F1(1/2, 1/2; c; x), 0 <= x <= 1 and c > 1."""
    if c < LARGE_C:
        return gauss_half(x, c)
    term = total = 1.0
    k = 0
    while term > total * EPSILON:
        term *= (k + 0.5) ** 2 / ((c + k) * (k + 1)) * x
        total, k = total + term, k + 1
    return total


def unbiased(r: float, n: float) -> Effect:
    """Return r 2F1(1/2, 1/2; (n - 2)/2; 1 - r^2), the estimate without bias (Olkin & Pratt 1958), variance as of r."""
    check(r, n, 4)
    value = r * olkin_pratt_factor(1 - r**2, (n - 2) / 2)
    return Effect(value, (1 - value**2) ** 2 / (n - 1))


def fisher(r: float, n: float) -> Effect:
    """Return atanh r, variance 1 / (n - 3)."""
    check(r, n, 3)
    return Effect(math.atanh(r), 1 / (n - 3))


ESTIMATES: dict[str, Callable[[float, float], Effect]] = {"COR": raw, "UCOR": unbiased, "ZCOR": fisher}


def from_r(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from the correlation itself."""
    return ESTIMATES[code](float(figure["r"]), float(figure["n"]))


def from_t(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from the t statistic of the correlation: r = t / sqrt(t^2 + n - 2)."""
    t, n = float(figure["t"]), float(figure["n"])
    check(0, n, 2)
    r = t / math.sqrt(t**2 + n - 2)
    effect = ESTIMATES[code](r, n)
    return Effect(effect.yi, effect.vi, (f"correlation {r:.4f} from t = {t:g} on {n - 2:g} df",))


def residual_df(figure: Figure) -> float:
    """Return the residual degrees of freedom of a regression with `predictors` predictors."""
    df = float(figure["n"]) - float(figure["predictors"]) - 1
    if df <= 0:
        raise NotEstimable("there are not more patients than predictors")
    return df


def partial_r(figure: Figure) -> float:
    """Return the partial correlation: as reported, or t / sqrt(t^2 + df)."""
    if figure.get("r") is not None:
        return float(figure["r"])
    if figure.get("t") is None:
        raise NotEstimable("neither r nor t is reported")
    t = float(figure["t"])
    return t / math.sqrt(t**2 + residual_df(figure))


def partial(figure: Figure, options: Options) -> Effect:
    """Return the partial correlation, variance (1 - r^2)^2 / (n - m)."""
    r, df = partial_r(figure), residual_df(figure)
    check(r, df, 0)
    return Effect(r, (1 - r**2) ** 2 / (df + 1))


def fisher_partial(figure: Figure, options: Options) -> Effect:
    """Return atanh of the partial correlation, variance 1 / (n - m - 2)."""
    r, df = partial_r(figure), residual_df(figure)
    check(r, df, 1)
    return Effect(math.atanh(r), 1 / (df - 1))


def semi_partial(figure: Figure, options: Options) -> Effect:
    """Return t sqrt(1 - R^2) / sqrt(df), with the variance of Aloe & Becker 2012."""
    if figure.get("t") is None or figure.get("r2") is None:
        raise NotEstimable("t and r2 are needed for a semi-partial correlation")
    r2, n = float(figure["r2"]), float(figure["n"])
    r = float(figure["t"]) * math.sqrt(1 - r2) / math.sqrt(residual_df(figure))
    others = r2 - r**2
    return Effect(r, (r2**2 - 2 * r2 + others + 1 - others**2) / n)


TEXT = "COR: r, (1 - r^2)^2/(n - 1); UCOR: r 2F1(1/2, 1/2; (n-2)/2; 1 - r^2); ZCOR: atanh r, 1/(n - 3)"
ROUTES = [
    Route(
        name="correlation",
        statistic="correlation",
        needs=("r", "n"),
        gives=by_code(from_r, ESTIMATES),
        rank=RANK,
        formula=TEXT,
        assumptions=NORMALITY,
        source=OLKIN_PRATT,
    ),
    Route(
        name="correlation_t",
        statistic="correlation",
        needs=("t", "n"),
        gives=by_code(from_t, ESTIMATES),
        rank=TEST_RANK,
        formula=f"r = t/sqrt(t^2 + n - 2); then {TEXT}",
        assumptions=NORMALITY,
        source=OLKIN_PRATT,
    ),
    Route(
        name="partial_correlation",
        statistic="partial_correlation",
        needs=("n", "predictors"),
        gives={"PCOR": partial, "ZPCOR": fisher_partial, "SPCOR": semi_partial},
        rank=RANK,
        formula="r = t/sqrt(t^2 + n - m - 1); PCOR: r, (1 - r^2)^2/(n - m); ZPCOR: atanh r, 1/(n - m - 2); "
        "SPCOR: t sqrt(1 - R^2)/sqrt(n - m - 1)",
        assumptions=(
            "the studies adjust for much the same variables, so that their partial correlations mean the same",
        ),
        source=ALOE,
    ),
]
