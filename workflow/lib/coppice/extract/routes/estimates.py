"""Routes from an estimate that was reported with its interval or its standard error."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.extract.route import Effect, Figure, Formula, Options, Route, critical

HANDBOOK = "Higgins JPT, Li T, Deeks JJ. Cochrane Handbook 2019, 6.3; 10.1002/9781119536604.ch6"
PARMAR = "Parmar MKB et al. 1998; 10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8"

REPORTED_AS = {
    "hazard_ratio": ("HR", PARMAR),
    "risk_ratio": ("RR", HANDBOOK),
    "odds_ratio": ("OR", HANDBOOK),
    "rate_ratio": ("IRR", HANDBOOK),
    "risk_difference": ("RD", HANDBOOK),
    "mean_difference": ("MD", HANDBOOK),
    "standardised_mean_difference": ("SMD", HANDBOOK),
    "ratio_of_means": ("ROM", HANDBOOK),
}
CI_RANK, SE_RANK, EFFECT_RANK = 10, 11, 5
TWO_BY_TWO_CI_RANK, TWO_BY_TWO_SE_RANK = 20, 21  # counts, where there are any, give the same with fewer roundings
RANKS = {"risk_ratio": (TWO_BY_TWO_CI_RANK, TWO_BY_TWO_SE_RANK), "odds_ratio": (TWO_BY_TWO_CI_RANK, TWO_BY_TWO_SE_RANK)}


def transformed(measure: str, figure: Figure) -> tuple[float, tuple[str, ...]]:
    """Return the estimate on the model's scale, turned round where it was printed control over experimental."""
    yi = MEASURES[measure].scale.forward(figure["estimate"])
    if figure.get("inverted"):
        return -yi, ("printed as control over experimental; its reciprocal is used",)
    return yi, ()


def from_interval(measure: str) -> Formula:
    """Return the formula of an estimate with a confidence interval of any level."""
    forward = MEASURES[measure].scale.forward

    def formula(figure: Figure, options: Options) -> Effect:
        yi, notes = transformed(measure, figure)
        low, high = map(forward, figure["ci"])
        return Effect(yi, ((high - low) / (2 * critical(figure.get("level")))) ** 2, notes)

    return formula


def from_standard_error(measure: str, name: str) -> Formula:
    """Return the formula of an estimate with a standard error on the model's scale."""

    def formula(figure: Figure, options: Options) -> Effect:
        yi, notes = transformed(measure, figure)
        return Effect(yi, figure[name] ** 2, notes)

    return formula


def given(figure: Figure, options: Options) -> Effect:
    """Return an effect that is on the model's scale already."""
    return Effect(figure["yi"], figure["vi"])


def given_with_error(figure: Figure, options: Options) -> Effect:
    """Return an effect that is on the model's scale already, with its standard error squared."""
    return Effect(figure["yi"], figure["sei"] ** 2)


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = [
        Route(
            name="effect",
            statistic="effect",
            needs=("yi", "vi"),
            gives=dict.fromkeys(MEASURES, given),
            rank=EFFECT_RANK,
            formula="yi and vi as given",
            assumptions=(),
            source=HANDBOOK,
        ),
        Route(
            name="effect_se",
            statistic="effect",
            needs=("yi", "sei"),
            gives=dict.fromkeys(MEASURES, given_with_error),
            rank=EFFECT_RANK,
            formula="yi as given, vi = sei^2",
            assumptions=(),
            source=HANDBOOK,
        ),
    ]
    for statistic, (measure, source) in REPORTED_AS.items():
        is_ratio = MEASURES[measure].scale.is_ratio
        scale = "ln " if is_ratio else ""
        error = "se_log" if is_ratio else "se"
        ci_rank, se_rank = RANKS.get(statistic, (CI_RANK, SE_RANK))
        symmetric = (
            f"the interval is symmetrical about the estimate on the {'logarithmic' if is_ratio else 'plain'} scale (normal approximation)",
        )
        found += [
            Route(
                name=f"{statistic}_ci",
                statistic=statistic,
                needs=("estimate", "ci"),
                gives={measure: from_interval(measure)},
                rank=ci_rank,
                formula=f"yi = {scale}estimate; vi = (({scale}upper - {scale}lower) / (2 z))^2",
                assumptions=symmetric,
                source=source,
            ),
            Route(
                name=f"{statistic}_se",
                statistic=statistic,
                needs=("estimate", error),
                gives={measure: from_standard_error(measure, error)},
                rank=se_rank,
                formula=f"yi = {scale}estimate; vi = {error}^2",
                assumptions=(),
                source=source,
            ),
        ]
    return found
