"""The rows of an outcome of a RevMan 5 file as reported figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405: the type only; `markup.py` parses

from coppice.core.limits import NAME_LENGTH
from coppice.tools.import_file.revman5.settings import Settings, is_yes, number
from coppice.tools.import_file.revman5.studies import name_in, text_in

COLUMNS = {  # attributes of the rows of each kind that must be there, and the fields that they fill
    "DICH": {"EVENTS_1": "events_e", "TOTAL_1": "n_e", "EVENTS_2": "events_c", "TOTAL_2": "n_c"},
    "CONT": {
        "MEAN_1": "mean_e",
        "SD_1": "sd_e",
        "TOTAL_1": "n_e",
        "MEAN_2": "mean_c",
        "SD_2": "sd_c",
        "TOTAL_2": "n_c",
    },
    "IPD": {"O_E": "o_minus_e", "VAR": "v"},
}
COUNTS = {"EVENTS_1": "events_e", "TOTAL_1": "n_e", "EVENTS_2": "events_c", "TOTAL_2": "n_c"}  # beside O - E
CONTROL = ("EVENTS_2", "MEAN_2", "SD_2", "TOTAL_2")
STATISTICS = {"DICH": "counts", "CONT": "means", "IPD": "logrank", "IV": "effect"}
BY_SUBGROUP = "subgroup"  # the characteristic that holds RevMan's subgroups
NO_SUBGROUP = "no subgroup"


class Unusable(ValueError):
    """A row gives no figure; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of an outcome: the study by RevMan's id, the subgroup with its number, and the element with the figures."""

    study: str
    element: Element
    subgroup: str | None = None
    position: int = 0

    @property
    def within(self) -> str:
        """Where it stands within the outcome."""
        return f", subgroup {self.position}" if self.subgroup is not None else ""

    @property
    def control(self) -> tuple[str | None, ...]:
        """The figures of the control arm."""
        return tuple(self.element.get(name) for name in CONTROL)


def subgroups_of(settings: Settings) -> dict[str, Element]:
    """Return the subgroups of an outcome by names that differ."""
    subgroups: dict[str, Element] = {}
    for position, item in enumerate(settings.element.iterfind(f"{settings.kind}_SUBGROUP"), start=1):
        name = name_in(item, "NAME") or f"Subgroup {position}"
        subgroups[name if name not in subgroups else f"{name} ({position})"] = item
    return subgroups


def rows_of(settings: Settings) -> Iterator[Row]:
    """Yield the rows of an outcome, those of each subgroup in turn."""
    tag = f"{settings.kind}_DATA"
    subgroups = subgroups_of(settings)
    for item in settings.element.iterfind(tag):
        yield Row(study=item.get("STUDY_ID") or "", element=item, subgroup=NO_SUBGROUP if subgroups else None)
    for position, (name, part) in enumerate(subgroups.items(), start=1):
        for item in part.iterfind(tag):
            yield Row(study=item.get("STUDY_ID") or "", element=item, subgroup=name, position=position)


def values(settings: Settings, row: Row) -> dict[str, Any]:
    """Return the figures of a row by Coppice's names; raises Unusable where one is missing."""
    if settings.kind == "IV":
        return effect(settings, row)
    columns = COLUMNS[settings.kind]
    found = {field: number(row.element, name) for name, field in columns.items()}
    if missing := [name for name, field in columns.items() if found[field] is None]:
        raise Unusable(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if settings.kind == "DICH" and is_yes(settings.element, "SWAP_EVENTS"):
        for arm in ("e", "c"):
            found[f"events_{arm}"] = (found[f"n_{arm}"] or 0) - (found[f"events_{arm}"] or 0)
    if settings.kind == "IPD":
        return of_logrank(settings, row, found)
    return found


def of_logrank(settings: Settings, row: Row, found: dict[str, Any]) -> dict[str, Any]:
    """Return O - E and its variance with the events where they are entered; for Peto's odds ratio the effect that they give."""
    if found["v"] <= 0:
        raise Unusable("the variance of O - E is 0, so that it has no effect")
    if settings.measure == "PETO":
        return {"measure": "PETO", "yi": found["o_minus_e"] / found["v"], "vi": 1 / found["v"]}
    counts = {field: number(row.element, name) for name, field in COUNTS.items()}
    arms = [field for arm in ("e", "c") if counts[f"n_{arm}"] for field in (f"events_{arm}", f"n_{arm}")]
    return found | {field: counts[field] for field in arms if counts[field] is not None}


def effect(settings: Settings, row: Row) -> dict[str, Any]:
    """Return effect and standard error of the generic inverse variance, on the scale on which they are pooled.

    RevMan stores the effect as it was entered (ESTIMATE) and as it is printed (EFFECT_SIZE), old files only the latter.
    """
    entered, printed, se = (number(row.element, name) for name in ("ESTIMATE", "EFFECT_SIZE", "SE"))
    if se is None or se <= 0:
        raise Unusable("SE is missing" if se is None else "the standard error is not above 0")
    logarithm = math.log(printed) if settings.is_log and printed is not None and printed > 0 else None
    if entered is None and settings.is_log and logarithm is None:
        raise Unusable("ESTIMATE is missing" if printed is None else f"EFFECT_SIZE {printed:g} has no logarithm")
    if entered is None:
        entered = logarithm if settings.is_log else printed
    elif logarithm is not None and printed is not None and abs(entered - printed) < abs(entered - logarithm):
        entered = logarithm  # it was stored as a ratio
    if entered is None:
        raise Unusable("ESTIMATE is missing")
    return {"measure": settings.measure, "yi": entered, "sei": se}


def figure(settings: Settings, row: Row, population: str | None, report: str) -> dict[str, Any]:
    """Return a row as a figure; one of several rows of a study is of a part of its patients and enters by itself."""
    found = values(settings, row)
    peto = settings.kind == "IPD" and "yi" in found
    notes = [text_in(row.element, "FOOTNOTE")]
    if peto:
        notes.append(f"O - E {number(row.element, 'O_E'):g}, variance {number(row.element, 'VAR'):g}")
    note = "; ".join(filter(None, notes))
    return {
        "statistic": "effect" if peto else STATISTICS[settings.kind],
        **found,
        **({"population": population, "use": f"its part in {row.subgroup or settings.at}"} if population else {}),
        **({"characteristics": {BY_SUBGROUP: row.subgroup}} if row.subgroup is not None else {}),
        "source": {"report": report, "at": f"{settings.at}{row.within}", "quality": "secondary"},
        **({"note": note} if note else {}),
    }


def part_of(study: str, row: Row, number_: int) -> str:
    """Return the population of one of several rows of a study."""
    name = " ".join((row.subgroup or f"row {number_}").replace("/", "-").split())
    suffix = "" if row.subgroup is not None and number_ == 1 else f" {number_}"
    return f"{study}/{name[: NAME_LENGTH - len(study) - 10].strip() or 'part'}{suffix}"
