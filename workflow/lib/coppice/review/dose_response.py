"""The settings of a dose-response analysis, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from coppice.core.dose_options import (
    COVARIANCES,
    GREENLAND_LONGNECKER,
    LIKELIHOODS,
    LINEAR,
    ONE,
    RATIOS,
    SHAPES,
    SPLINE,
    STAGES,
)
from coppice.core.reported_doses import BY_DOSE
from coppice.core.schema import Choice, Finding, Key, ListOf, Number, Object, Text
from coppice.core.study import Study
from coppice.review.comparison import Treatments

FEWEST_KNOTS, MOST_KNOTS = 3, 7
DOSE_RESPONSE_KEY = Key(
    "dose_response",
    Object(
        (
            Key(
                "shape",
                Choice(lambda: SHAPES),
                "Shape of the curve: a log-linear trend, a quadratic curve, or a restricted cubic spline",
                default=LINEAR,
            ),
            Key(
                "knots",
                ListOf(Number()),
                "Doses of the knots of a spline, 3 to 7. Default: the 10th, 50th and 90th percentile of the doses",
            ),
            Key(
                "stages",
                Choice(lambda: STAGES),
                "One stage (a mixed model of all doses, with studies of two doses too) or two (a curve per study, then their mean)",
                default=ONE,
            ),
            Key(
                "covariance",
                Choice(lambda: COVARIANCES),
                "How the covariance of the ratios of a study is rebuilt from its cases and persons; independent: not at all, where studies report no counts",
                default=GREENLAND_LONGNECKER,
            ),
            Key("reference", Number(), "Dose that the curve is against. Default: the lowest dose of the studies"),
            Key("doses", ListOf(Number()), "Doses at which the curve is printed. Default: five round ones"),
            Key("unit", Text(), "Unit of the dose, as it is printed: cups per day"),
        )
    ),
    "Dose-response meta-analysis: a curve through the ratios at several doses, e.g. {shape: spline, unit: cups per day}; {} is a log-linear trend",
)


def settings_of(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a dose-response analysis with their defaults."""
    own = analysis["dose_response"]
    return {
        "shape": str(own.get("shape") or LINEAR),
        "knots": [float(knot) for knot in own.get("knots") or ()],
        "stages": str(own.get("stages") or ONE),
        "covariance": str(own.get("covariance") or GREENLAND_LONGNECKER),
        "reference": None if own.get("reference") is None else float(own["reference"]),
        "doses": [float(dose) for dose in own.get("doses") or ()],
        "unit": own.get("unit"),
    }


def findings(
    settings: Mapping[str, Any], model: Mapping[str, Any], treatments: Treatments, members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the settings of a dose-response analysis, given the studies that enter."""
    own = settings_of(settings)
    if settings["measure"] not in RATIOS:
        yield ("measure",), f"a dose-response curve is of ratios ({', '.join(RATIOS)}), not of {settings['measure']}"
    knots = own["knots"]
    place = ("dose_response", "knots")
    if knots and own["shape"] != SPLINE:
        yield place, f"is for `shape: {SPLINE}`; leave it out"
    elif knots and not FEWEST_KNOTS <= len(knots) <= MOST_KNOTS:
        yield place, f"has {len(knots)}; a spline has {FEWEST_KNOTS} to {MOST_KNOTS} knots"
    elif any(later <= earlier for earlier, later in pairwise(knots)):
        yield place, "the knots do not rise; order them, each once"
    if (tau2 := model.get("tau2")) is not None and tau2 not in LIKELIHOODS:
        yield (
            ("model",),
            f"the variance between the curves of studies is estimated by {' or '.join(LIKELIHOODS)}, not {tau2}; name one: `model: {{tau2: REML}}`",
        )
    outcome = str(settings["outcome"])
    forms = {figure["statistic"] for study in members for figure in study.figures(outcome)}
    if forms and not forms & {*BY_DOSE}:
        yield ("dose_response",), f"no study reports '{outcome}' by dose ({' or '.join(BY_DOSE)})"
