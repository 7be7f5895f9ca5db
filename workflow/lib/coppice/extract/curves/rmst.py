"""Routes to a difference in restricted mean survival time: as reported, or from reconstructed times."""

from __future__ import annotations

import math

from coppice.extract.curves.curves import CURVES, NUMBERS_AT_RISK, fit_notes, reconstructed
from coppice.extract.route import Effect, Figure, Formula, NotEstimable, Options, Route
from coppice.extract.routes.estimates import HANDBOOK, from_interval, from_standard_error
from coppice.extract.routes.p_values import standard_error

ROYSTON = "Royston P, Parmar MKB 2013; 10.1186/1471-2288-13-152; Guyot P et al. 2012; 10.1186/1471-2288-12-9"
CI_RANK, SE_RANK, P_RANK, CURVE_RANK = 10, 11, 25, 36
DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
SAME_HORIZON = 0.01  # 36 months and 1095 days are one horizon
COMPARABLE = "the means of all studies are restricted to the same time"


def converted(value: float, unit: str, wanted: str) -> float:
    """Return a time in another unit."""
    return value * DAYS[unit] / DAYS[wanted]


def horizon_notes(figure: Figure, options: Options) -> tuple[str, ...]:
    """Say to which time the means of a figure are restricted.

    Raises
    ------
    NotEstimable
        If it is another time than the analysis asks for.
    """
    horizon = figure.get("horizon")
    if horizon is None:
        return (
            "warning: it is not reported to which time the means are restricted; differences of means restricted to other times are other quantities",
        )
    own = converted(horizon, figure["unit"], options.time_unit)
    if options.horizon is not None and not math.isclose(own, options.horizon, rel_tol=SAME_HORIZON):
        raise NotEstimable(
            f"the means are restricted to {own:.4g} {options.time_unit}, and the analysis asks for {options.horizon:g}"
        )
    return (f"means restricted to {own:.4g} {options.time_unit}",)


def in_unit(formula: Formula) -> Formula:
    """Return a formula whose effect is in the unit of the analysis, with notes on unit and horizon."""

    def scaled(figure: Figure, options: Options) -> Effect:
        notes = horizon_notes(figure, options)
        effect = formula(figure, options)
        factor = converted(1.0, figure["unit"], options.time_unit)
        if figure["unit"] != options.time_unit:
            notes += (f"converted from {figure['unit']} to {options.time_unit}",)
        return Effect(effect.yi * factor, effect.vi * factor**2, effect.notes + notes)

    return scaled


def from_p(figure: Figure, options: Options) -> Effect:
    """Return the difference with the standard error that its p value implies."""
    error, notes = standard_error(figure["estimate"], figure)
    return Effect(figure["estimate"], error**2, notes)


def wanted_horizon(figure: Figure, options: Options) -> float:
    """Return the horizon of the analysis, or else of the figure, in the figure's unit."""
    if options.horizon is not None:
        return converted(options.horizon, options.time_unit, figure["unit"])
    if figure.get("horizon") is None:
        raise NotEstimable(
            "the time to which the means are restricted must be stated: `horizon` of the analysis or of the figure"
        )
    return float(figure["horizon"])


def from_curves(figure: Figure, options: Options) -> Effect:
    """Return the difference of the restricted means of the reconstructed times."""
    horizon = wanted_horizon(figure, options)
    arms = reconstructed(figure)
    from coppice.extract.curves.reconstruct import restricted_mean

    means = {arm: restricted_mean(found, horizon) for arm, found in arms.items()}
    return Effect(means["e"][0] - means["c"][0], means["e"][1] + means["c"][1], fit_notes(figure, arms))


def curves_in_unit(figure: Figure, options: Options) -> Effect:
    """Return the difference from the curves in the unit of the analysis, with its horizon named."""
    return in_unit(from_curves)({**figure, "horizon": wanted_horizon(figure, options)}, options)


def routes() -> list[Route]:
    """Return the routes of this module."""
    normal = "the interval is symmetrical about the estimate on the plain scale (normal approximation)"
    return [
        Route(
            name="rmst_difference_ci",
            statistic="rmst_difference",
            needs=("estimate", "ci", "unit"),
            gives={"RMSTD": in_unit(from_interval("RMSTD"))},
            rank=CI_RANK,
            formula="yi = estimate; vi = ((upper - lower) / (2 z))^2; both in the unit of the analysis",
            assumptions=(normal, COMPARABLE),
            source=HANDBOOK,
        ),
        Route(
            name="rmst_difference_se",
            statistic="rmst_difference",
            needs=("estimate", "se", "unit"),
            gives={"RMSTD": in_unit(from_standard_error("RMSTD", "se"))},
            rank=SE_RANK,
            formula="yi = estimate; vi = se^2; both in the unit of the analysis",
            assumptions=(COMPARABLE,),
            source=HANDBOOK,
        ),
        Route(
            name="rmst_difference_p",
            statistic="rmst_difference",
            needs=("estimate", "p", "unit"),
            gives={"RMSTD": in_unit(from_p)},
            rank=P_RANK,
            formula="yi = estimate; vi = (estimate / z)^2; both in the unit of the analysis",
            assumptions=("p tests this difference, by a Wald test", COMPARABLE),
            source=HANDBOOK,
        ),
        Route(
            name="km_rmst",
            statistic="km_curve",
            needs=(*CURVES, *NUMBERS_AT_RISK, "unit"),
            gives={"RMSTD": curves_in_unit},
            rank=CURVE_RANK,
            formula="yi = difference of the areas under the reconstructed curves up to the horizon; vi = sum over arms and event times of A(t, horizon)^2 d / (n (n - d))",
            assumptions=(
                "patients were censored evenly between two numbers at risk, and after the last at the earlier rate",
                COMPARABLE,
            ),
            source=ROYSTON,
        ),
    ]
