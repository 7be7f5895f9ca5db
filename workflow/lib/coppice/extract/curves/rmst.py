"""Routes to a difference in restricted mean survival time: as reported, or from reconstructed times."""

from __future__ import annotations

import math
from dataclasses import replace

from coppice.core.reported_fields import ARMS
from coppice.extract.curves.curves import CURVES, NUMBERS_AT_RISK, fit_notes, reconstructed
from coppice.extract.route import DAYS, Effect, Figure, Formula, NotEstimable, Options, Route
from coppice.extract.routes.estimates import routes_of

ROYSTON = "Royston P, Parmar MKB 2013; 10.1186/1471-2288-13-152; Guyot P et al. 2012; 10.1186/1471-2288-12-9"
RANK = 36
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
            "warning: the time to which the means are restricted is not reported; differences restricted to different times are different quantities",
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

    (mean_e, variance_e), (mean_c, variance_c) = (restricted_mean(arms[arm], horizon) for arm in ARMS)
    return Effect(mean_e - mean_c, variance_e + variance_c, fit_notes(figure, arms))


def curves_in_unit(figure: Figure, options: Options) -> Effect:
    """Return the difference from the curves in the unit of the analysis, with its horizon named."""
    return in_unit(from_curves)({**figure, "horizon": wanted_horizon(figure, options)}, options)


def of_unit(route: Route) -> Route:
    """Return a route to a reported difference with its unit taken into account."""
    return replace(
        route,
        needs=(*route.needs, "unit"),
        gives={code: in_unit(formula) for code, formula in route.gives.items()},
        formula=f"{route.formula}; both in the unit of the analysis",
        assumptions=(*route.assumptions, COMPARABLE),
    )


ROUTES = [
    *map(of_unit, routes_of("rmst_difference", "RMSTD")),
    Route(
        name="km_rmst",
        statistic="km_curve",
        needs=(*CURVES, *NUMBERS_AT_RISK, "unit"),
        gives={"RMSTD": curves_in_unit},
        rank=RANK,
        formula="yi = difference of the areas under the reconstructed curves up to the horizon; vi = sum over arms and event times of A(t, horizon)^2 d / (n (n - d))",
        assumptions=(
            "patients were censored evenly between two numbers at risk, and after the last at the earlier rate",
            COMPARABLE,
        ),
        source=ROYSTON,
    ),
]
