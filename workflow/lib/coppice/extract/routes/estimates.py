"""Routes from an estimate that was reported with its interval, its standard error or its p value."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.extract.route import Effect, Figure, Formula, NotEstimable, Options, Route, by_code, critical
from coppice.extract.routes.p_values import Z_OF_P, standard_error

HANDBOOK = "Higgins JPT, Li T, Deeks JJ. Cochrane Handbook 2019, 6.3; 10.1002/9781119536604.ch6"
OF_P_VALUES = "Cochrane Handbook 2019, 6.3.2; 10.1002/9781119536604.ch6"
PARMAR = "Parmar MKB et al. 1998; 10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8"
REPORTED_AS = {
    "hazard_ratio": "HR",
    "risk_ratio": "RR",
    "odds_ratio": "OR",
    "rate_ratio": "IRR",
    "risk_difference": "RD",
    "mean_difference": "MD",
    "standardised_mean_difference": "SMD",
    "ratio_of_means": "ROM",
}
SYMMETRICAL = "the interval is symmetrical about the estimate on the {} scale (normal approximation)"
OTHER_LIMIT = "the limit that is not reported is as far from the estimate as the other on the {} scale"
ORENSTEIN = "Orenstein WA et al. Bull World Health Organ 1985;63:1055-1068"
RATIOS_OF_EFFICACY = ("RR", "IRR", "HR", "OR")
EFFECT_RANK, RANK, P_RANK = 5, 10, 25
TWO_BY_TWO_RANK = 20  # counts, where there are any, give the same with fewer roundings
WITH_COUNTS = ("risk_ratio", "odds_ratio")


def transformed(measure: str, figure: Figure) -> tuple[float, tuple[str, ...]]:
    """Return the estimate on the model's scale, turned round where it was printed control over experimental."""
    yi = MEASURES[measure].scale.forward(figure["estimate"])
    if figure.get("inverted"):
        return -yi, ("printed as control over experimental; its reciprocal is used",)
    return yi, ()


def from_interval(measure: str, figure: Figure, options: Options) -> Effect:
    """Return an estimate with a confidence interval of any level."""
    yi, notes = transformed(measure, figure)
    low, high = map(MEASURES[measure].scale.forward, figure["ci"])
    return Effect(yi, ((high - low) / (2 * critical(figure.get("level")))) ** 2, notes)


def from_limit(measure: str, figure: Figure, options: Options) -> Effect:
    """Return an estimate with one limit of its interval: the other is as far away on the model's scale."""
    yi, notes = transformed(measure, figure)
    distance = MEASURES[measure].scale.forward(figure["estimate"]) - MEASURES[measure].scale.forward(figure["ci_limit"])
    return Effect(yi, (distance / critical(figure.get("level"))) ** 2, notes)


def ratio_of(efficacy: float, field: str) -> float:
    """Return 1 minus an efficacy in percent, a ratio."""
    if efficacy >= 100:
        raise NotEstimable(f"{field} of 100% is a ratio of 0, which has no logarithm")
    return 1 - efficacy / 100


def from_efficacy(measure: str, figure: Figure, options: Options) -> Effect:
    """Return the ratio that an efficacy is 1 minus of; its limits change places."""
    low, high = figure["ci"]
    ratio = {
        "estimate": ratio_of(figure["efficacy"], "an efficacy"),
        "ci": [ratio_of(high, "an upper limit"), ratio_of(low, "a lower limit")],
    }
    return from_interval(measure, {**figure, **ratio}, options)


def from_efficacy_and_limit(measure: str, figure: Figure, options: Options) -> Effect:
    """Return the ratio that an efficacy with one limit is 1 minus of."""
    ratio = {
        "estimate": ratio_of(figure["efficacy"], "an efficacy"),
        "ci_limit": ratio_of(figure["ci_limit"], "a limit"),
    }
    return from_limit(measure, {**figure, **ratio}, options)


def from_standard_error(measure: str, figure: Figure, options: Options) -> Effect:
    """Return an estimate with a standard error on the model's scale."""
    yi, notes = transformed(measure, figure)
    return Effect(yi, figure["se_log" if MEASURES[measure].scale.is_ratio else "se"] ** 2, notes)


def from_p(measure: str, figure: Figure, options: Options) -> Effect:
    """Return an estimate with a p value: the standard error is |estimate| / z on the model's scale."""
    yi, notes = transformed(measure, figure)
    error, of_p = standard_error(yi, figure)
    return Effect(yi, error**2, notes + of_p)


def on_scale(figure: Figure, options: Options) -> Effect:
    """Return an effect that is on the model's scale already."""
    return Effect(figure["yi"], figure["vi"])


def on_scale_with_error(figure: Figure, options: Options) -> Effect:
    """Return an effect that is on the model's scale already, with its standard error squared."""
    return Effect(figure["yi"], figure["sei"] ** 2)


def routes_of(statistic: str, measure: str) -> list[Route]:
    """Return the routes from one kind of estimate: with its interval, its standard error or its p value."""
    is_ratio = MEASURES[measure].scale.is_ratio
    scale, words, error = ("ln ", "logarithmic", "se_log") if is_ratio else ("", "plain", "se")
    source, source_of_p = (PARMAR, PARMAR) if statistic == "hazard_ratio" else (HANDBOOK, OF_P_VALUES)
    rank = TWO_BY_TWO_RANK if statistic in WITH_COUNTS else RANK
    return [
        Route(
            name=f"{statistic}_ci",
            statistic=statistic,
            needs=("estimate", "ci"),
            gives=by_code(from_interval, [measure]),
            rank=rank,
            formula=f"yi = {scale}estimate; vi = (({scale}upper - {scale}lower) / (2 z))^2",
            assumptions=(SYMMETRICAL.format(words),),
            source=source,
        ),
        Route(
            name=f"{statistic}_se",
            statistic=statistic,
            needs=("estimate", error),
            gives=by_code(from_standard_error, [measure]),
            rank=rank + 1,
            formula=f"yi = {scale}estimate; vi = {error}^2",
            assumptions=(),
            source=source,
        ),
        Route(
            name=f"{statistic}_limit",
            statistic=statistic,
            needs=("estimate", "ci_limit"),
            gives=by_code(from_limit, [measure]),
            rank=rank + 2,
            formula=f"yi = {scale}estimate; vi = ((yi - {scale}limit) / z)^2",
            assumptions=(OTHER_LIMIT.format(words),),
            source=source,
        ),
        Route(
            name=f"{statistic}_p",
            statistic=statistic,
            needs=("estimate", "p"),
            gives=by_code(from_p, [measure]),
            rank=P_RANK,
            formula=f"yi = {scale}estimate; vi = (yi / z)^2; {Z_OF_P}",
            assumptions=(
                "p tests the same estimate, by a Wald test or one that is close to it",
                "p is printed with enough digits: its rounding passes into the variance",
            ),
            source=source_of_p,
        ),
    ]


OF_EFFICACY = (
    ("vaccine_efficacy_ci", "ci", from_efficacy, RANK, SYMMETRICAL.format("logarithmic"), "((ln(1 - lower/100) - ln(1 - upper/100)) / (2 z))^2"),
    ("vaccine_efficacy_limit", "ci_limit", from_efficacy_and_limit, RANK + 2, OTHER_LIMIT.format("logarithmic"), "((yi - ln(1 - limit/100)) / z)^2"),
)  # fmt: skip
ON_SCALE: tuple[tuple[str, str, Formula, str], ...] = (
    ("effect", "vi", on_scale, "yi and vi as given"),
    ("effect_se", "sei", on_scale_with_error, "yi as given, vi = sei^2"),
)
ROUTES = [
    *(
        Route(
            name=name,
            statistic="effect",
            needs=("yi", field),
            gives=dict.fromkeys(MEASURES, formula),
            rank=EFFECT_RANK,
            formula=text,
            assumptions=(),
            source=HANDBOOK,
        )
        for name, field, formula, text in ON_SCALE
    ),
    *(
        Route(
            name=name,
            statistic="vaccine_efficacy",
            needs=("efficacy", field),
            gives=by_code(formula, RATIOS_OF_EFFICACY),
            rank=rank,
            formula=f"yi = ln(1 - efficacy/100); vi = {variance}",
            assumptions=(assumption, "the efficacy is 1 minus the ratio that the analysis pools"),
            source=ORENSTEIN,
        )
        for name, field, formula, rank, assumption, variance in OF_EFFICACY
    ),
    *(route for statistic, measure in REPORTED_AS.items() for route in routes_of(statistic, measure)),
]
