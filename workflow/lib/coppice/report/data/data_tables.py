"""The report's tables as data: plain values by name, for every format that is not a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.report.page.reported import printed
from coppice.report.report_data import AnalysisView, ReviewView

Value = str | float | int | None
LIMITS = ("estimate", "ci_low", "ci_high")


@dataclass(frozen=True, slots=True)
class Frame:
    """One table: its name, its columns and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def frames(review: ReviewView) -> list[Frame]:
    """Return every table of a review.

    Ratios are printed as ratios; `yi` and `vi` are on the model's scale. Figures that were not given are empty.
    """
    return [make(review) for make in FRAMES.values()]


def _frame(name: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> Frame:
    return Frame(name, tuple(columns.split()), tuple(rows))


def _shown(analysis: AnalysisView, part: Mapping[str, Any] | None, keys: Iterable[str] = LIMITS) -> tuple[Value, ...]:
    return tuple(analysis.printed(part, keys))


def _parts(part: Mapping[str, Any] | None, keys: str) -> tuple[Value, ...]:
    return tuple((part or {}).get(key) for key in keys.split())


def analyses(review: ReviewView) -> Frame:
    """Return one row an analysis."""
    columns = (
        "analysis title measure effects estimate ci_low ci_high p inference common_estimate common_ci_low common_ci_high "
        "prediction_low prediction_high tau2 tau2_low tau2_high I2 I2_low I2_high Q df Q_p"
    )
    rows = (
        (
            item.name,
            item.title,
            item.measure.code,
            len(item.effects),
            *_shown(item, item.pool.get("random")),
            *_parts(item.pool.get("random"), "p inference"),
            *_shown(item, item.pool.get("common")),
            *_shown(item, item.pool.get("prediction"), ("low", "high")),
            *_parts(item.pool.get("heterogeneity"), "tau2 tau2_low tau2_high I2 I2_low I2_high Q df p"),
        )
        for item in review.analyses
    )
    return _frame("analyses", columns, rows)


def effects(review: ReviewView) -> Frame:
    """Return one row an effect that was pooled, with the figure and the place it comes from."""
    columns = (
        "analysis study label population subgroup reported measure estimate ci_low ci_high yi vi weight_random weight_common "
        "route report at read_in quality why"
    )
    rows = (
        (
            item.name,
            *_parts(effect, "study label population subgroup"),
            printed(effect["statistic"], effect.get("reported") or {}),
            item.measure.code,
            *_shown(item, {**effect, "estimate": effect["yi"]}),
            *_parts(effect, "yi vi weight_random weight_common route"),
            review.citation(effect["study"], effect.get("report")),
            *_parts(effect.get("source"), "at read_in quality"),
            effect.get("why"),
        )
        for item in review.analyses
        for effect in item.effects
    )
    return _frame("effects", columns, rows)


def subgroups(review: ReviewView) -> Frame:
    """Return one row a subgroup."""
    rows = (
        (
            item.name,
            part["by"],
            str(level["level"]),
            level.get("k"),
            *_shown(item, level.get("random")),
            *_parts(level.get("heterogeneity"), "tau2 I2"),
        )
        for item in review.analyses
        if (part := item.pool.get("subgroups"))
        for level in part["levels"]
    )
    return _frame("subgroups", "analysis by level effects estimate ci_low ci_high tau2 I2", rows)


def leave_one_out(review: ReviewView) -> Frame:
    """Return one row an effect that was left out."""
    rows = (
        (item.name, *_parts(row, "study label"), *_shown(item, row), *_parts(row, "p tau2 I2 inference"))
        for item in review.analyses
        if isinstance(left := item.explore.get("leave_one_out"), list)
        for row in left
    )
    return _frame("leave_one_out", "analysis without label estimate ci_low ci_high p tau2 I2 inference", rows)


def excluded(review: ReviewView) -> Frame:
    """Return one row a study that an analysis could not pool."""
    rows = (
        (item.name, *_parts(row, "study label reason"))
        for item in review.analyses
        for row in item.pool.get("excluded") or []
    )
    return _frame("excluded", "analysis study label reason", rows)


def studies(review: ReviewView) -> Frame:
    """Return one row a study, a column a characteristic."""
    keys = list(dict.fromkeys(key for study in review.studies.values() for key in study.get("characteristics") or {}))
    columns = ("study", "label", "year", "design", "n_experimental", "n_control", *keys)

    def size(study: Mapping[str, Any], arm: str) -> Value:
        number: Value = ((study.get("arms") or {}).get(arm) or {}).get("n")
        return number

    def value(study: Mapping[str, Any], key: str) -> Value:
        found = (study.get("characteristics") or {}).get(key)
        return (
            found if found is None or (isinstance(found, int | float) and not isinstance(found, bool)) else str(found)
        )

    rows = (
        (
            *_parts(study, "study label year design"),
            size(study, "experimental"),
            size(study, "control"),
            *(value(study, key) for key in keys),
        )
        for study in review.studies.values()
    )
    return Frame("studies", columns, tuple(rows))


FRAMES: dict[str, Callable[[ReviewView], Frame]] = {
    make.__name__: make for make in (analyses, effects, subgroups, leave_one_out, excluded, studies)
}
