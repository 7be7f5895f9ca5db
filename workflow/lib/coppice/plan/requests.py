"""What an analysis asks of the extracts of its studies: effects by name, each a measure with the options of its routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import WantedMeasure
from coppice.core.measures import MEASURES
from coppice.core.printed_number import texts
from coppice.extract.compared import Comparison, compared
from coppice.extract.routes.zero_cells import profile_options
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.review.analysis import Analysis
from coppice.review.comparison import SEPARATE
from coppice.review.review import Review

TIME_TO_EVENT = ("HR", "RMSTD")
# options without a meaning for times to an event
OF_COUNTS = ("zero_cells", "zero_value", "zero_to", "zero_in", "double_zeros")


def effect_request(review: Review, analysis: Analysis) -> tuple[str, WantedMeasure]:
    """Return the effect that an analysis asks of its extracts: its name in the extract, measure and options."""
    return request(review, analysis, arms_asked_for(analysis))


def request(
    review: Review, analysis: Analysis, arms: Sequence[str], fixed: Mapping[str, Any] | None = None
) -> tuple[str, WantedMeasure]:
    """Return an effect that an analysis asks of its extracts; `arms` says in words which arms it is of.

    `fixed` are options of the routes that its model needs, whatever the review chooses.
    """
    options = profile_options(review.settings.get("profile", DEFAULT_PROFILE), analysis.measure)
    options |= (review.settings.get("extract") or {}) | (analysis.settings.get("extract") or {})
    options |= fixed or {}
    if analysis.measure in TIME_TO_EVENT:  # an edit of what it does not read changes nothing
        options = {name: value for name, value in options.items() if name not in OF_COUNTS}
    wanted: WantedMeasure = {"measure": analysis.measure, "options": options}
    details = [*arms, *(f"{name} {value}" for name, value in sorted(options.items()))]
    if analysis.settings.get("dependence"):
        wanted["several"] = True
        details.append("several")
    return f"{analysis.measure} ({', '.join(details)})" if details else analysis.measure, wanted


def arms_asked_for(analysis: Analysis) -> list[str]:
    """Return in words which arms an analysis asks for; nothing where it chooses none."""
    if analysis.comparison is None:
        return []
    separate = [SEPARATE] if analysis.comparison.several == SEPARATE else []
    return [against(analysis.comparison.names), *separate]


def against(names: tuple[str, str]) -> str:
    """Say which two sides are compared."""
    return " against ".join(names)


def with_arms(wanted: WantedMeasure, reported: Sequence[Mapping[str, Any]], comparison: Comparison) -> WantedMeasure:
    """Return a wanted measure with the figures of one comparison; that of one group as it is."""
    if MEASURES[wanted["measure"]].is_of_one_group:
        return wanted
    figures, left_out = compared(reported, comparison)
    printed = [[list(path), text] for path, text in texts(figures)]
    return {**wanted, "compared": {"figures": figures, "left_out": left_out, "printed": printed}}


def studies_with(item: Analysis, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the studies of an analysis, as `pool` reads them, with their values of some characteristics."""
    names = list(names)
    return [
        {
            "study": study.study,
            "label": study.label,
            "year": study.year,
            "values": {name: study.value(name) for name in names},
        }
        for study in item.members
    ]
