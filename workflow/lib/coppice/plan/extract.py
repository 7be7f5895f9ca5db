"""What `extract` reads of one outcome of one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import ExtractSpec, WantedMeasure
from coppice.core.measures import MEASURES
from coppice.core.printed_number import texts
from coppice.core.study import Study
from coppice.extract.compared import compared
from coppice.extract.routes.zero_cells import profile_options
from coppice.plan.multiverse import variants
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.review.analysis import Analysis
from coppice.review.comparison import SEPARATE, of_two_arms
from coppice.review.review import Review

Unit = tuple[str, str]  # a study and an outcome
TIME_TO_EVENT = ("HR", "RMSTD")
# options without a meaning for times to an event
OF_COUNTS = ("zero_cells", "zero_value", "zero_to", "zero_in", "double_zeros")


def units(review: Review) -> list[Unit]:
    """Return the units of extract, (study, outcome), in canonical order.

    Studies that an analysis excludes are among them: the report shows what they reported, and why it did not enter.
    """
    return sorted(unit for unit in review.concerning if unit[1] in review.study(unit[0]).outcomes)


def effect_request(review: Review, analysis: Analysis) -> tuple[str, WantedMeasure]:
    """Return the effect that an analysis asks of its extracts: its name in the extract, measure and options."""
    options = profile_options(review.settings.get("profile", DEFAULT_PROFILE), analysis.measure)
    options |= (review.settings.get("extract") or {}) | (analysis.settings.get("extract") or {})
    if analysis.measure in TIME_TO_EVENT:  # an edit of what it does not read changes nothing
        options = {name: value for name, value in options.items() if name not in OF_COUNTS}
    wanted: WantedMeasure = {"measure": analysis.measure, "options": options}
    details = [*arms_asked_for(analysis), *(f"{name} {value}" for name, value in sorted(options.items()))]
    if analysis.settings.get("dependence"):
        wanted["several"] = True
        details.append("several")
    return f"{analysis.measure} ({', '.join(details)})" if details else analysis.measure, wanted


def arms_asked_for(analysis: Analysis) -> list[str]:
    """Return in words which arms an analysis asks for; nothing where it chooses none."""
    if analysis.comparison is None:
        return []
    separate = [SEPARATE] if analysis.comparison.several == SEPARATE else []
    return [" against ".join(analysis.comparison.names), *separate]


def spec(review: Review, study: str, outcome: str) -> ExtractSpec:
    """Return what `extract` reads of one outcome of one study."""
    record = review.study(study)
    content = record.outcomes[outcome]
    analyses = review.concerning.get((study, outcome), [])
    return {
        "study": study,
        "outcome": outcome,
        "population": content.get("population", record.population),
        "route": content.get("route"),
        "note": content.get("note"),
        "reported": content["reported"],
        "printed": [[list(path), text] for path, text in texts(content["reported"])],
        "accept": record.accept | (content.get("accept") or {}),
        "measures": {
            name: with_arms(wanted, record, content["reported"], variant)
            for item in analyses
            for _, variant in variants(review, item)
            for name, wanted in [effect_request(review, variant)]
        },
    }


def with_arms(
    wanted: WantedMeasure, study: Study, reported: Sequence[Mapping[str, Any]], analysis: Analysis
) -> WantedMeasure:
    """Return a wanted measure with the figures of the comparison, where the analysis or a figure chooses arms."""
    names_arms = any(figure.get("arms") for figure in reported)
    if MEASURES[wanted["measure"]].is_of_one_group or not (analysis.comparison or names_arms):
        return wanted
    figures, left_out = compared(reported, analysis.comparison.of(study) if analysis.comparison else of_two_arms(study))
    printed = [[list(path), text] for path, text in texts(figures)]
    return {**wanted, "compared": {"figures": figures, "left_out": left_out, "printed": printed}}
