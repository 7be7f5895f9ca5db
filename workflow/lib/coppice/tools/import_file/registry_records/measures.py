"""The outcome measures of a record of ClinicalTrials.gov as figures: each class and category is an outcome of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.reported_fields import UNITS
from coppice.tools.import_file.plain_text import number_of, plain
from coppice.tools.import_file.registry_records.groups import Arms, Json, items

PERCENT = re.compile(r"%|\bpercent", re.IGNORECASE)
PATIENTS = re.compile(r"\b(?:participants?|patients?|subjects?|people|persons?|individuals?)\b", re.IGNORECASE)
PERSON_TIME = re.compile(r"\b(?:person|patient|participant|subject)s?[- ](days|weeks|months|years)\b", re.IGNORECASE)
RATE = re.compile(r"\b(?:rate|per)\b|/", re.IGNORECASE)
CHANGE = re.compile(r"\bchanges?\b", re.IGNORECASE)
INTERVAL = re.compile(r"(\d{2}(?:\.\d+)?)\s*%?\s*confidence interval", re.IGNORECASE)
COUNTED = ("COUNT_OF_PARTICIPANTS", "NUMBER")
MEANS = ("MEAN", "LEAST_SQUARES_MEAN")
MISSING = {"na", "n/a", ""}

NotTaken = str  # the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The measurements of one class and category.

    Attributes
    ----------
    at : str
        Its place in the record, such as outcomeMeasures[4].classes[1].
    title : str
        The measure's title, with that of the class and category.
    by_arm : dict
        The measurement of each arm.
    n, time : dict
        Patients of each arm, and person-time where the record has it.
    """

    at: str
    title: str
    measure: Json
    by_arm: Mapping[str, Json]
    n: Mapping[str, int]
    time: Mapping[str, float]
    time_unit: str | None

    @property
    def unit(self) -> str:
        """The unit of the measure."""
        return str(self.measure.get("unitOfMeasure") or "")

    @property
    def dispersion(self) -> str:
        """The type of dispersion, in lower case."""
        return str(self.measure.get("dispersionType") or "").casefold()

    @property
    def measured(self) -> dict[str, float]:
        """The mean or the percentage of patients in each arm, where it is one."""
        values = {arm: number(item.get("value")) for arm, item in self.by_arm.items()}
        kind = self.measure.get("paramType")
        if kind == "COUNT_OF_PARTICIPANTS":
            return {
                arm: 100 * value / self.n[arm] for arm, value in values.items() if value is not None and self.n.get(arm)
            }
        if kind in MEANS or (kind == "NUMBER" and PERCENT.search(self.unit)):
            return {arm: value for arm, value in values.items() if value is not None}
        return {}

    @property
    def is_change(self) -> bool:
        """Whether it is a change from baseline."""
        return CHANGE.search(f"{self.title} {self.unit}") is not None


def number(value: Any) -> float | None:
    """Return a number of the record, a text there; None for "NA", which is a value that could not be estimated."""
    return number_of(str(value).replace(",", "").strip()) if value is not None else None


def whole(value: Any) -> int | None:
    """Return a whole number of the record; None if it is not one."""
    result = number(value)
    return int(result) if result is not None and float(result).is_integer() else None


def counts_of(denominators: list[Json], arms: Mapping[str, str], wanted: Callable[[str], bool]) -> dict[str, float]:
    """Return the denominators of each arm in the first unit that is wanted."""
    for entry in denominators:
        if wanted(str(entry.get("units") or "Participants")):
            pairs = ((arms.get(str(item.get("groupId"))), number(item.get("value"))) for item in items(entry, "counts"))
            return {arm: value for arm, value in pairs if arm and value}
    return {}


def cells(measure: Json, arms: Arms, place: str) -> Iterator[Cell]:
    """Yield each class and category of a measure, with the denominators of the class before those of the measure."""
    keys = arms.of(items(measure, "groups"))
    classes = items(measure, "classes")
    for number_of_class, group in enumerate(classes):
        denominators = items(group, "denoms") + items(measure, "denoms")
        n = counts_of(
            denominators, keys, lambda unit: PATIENTS.search(unit) is not None and not PERSON_TIME.search(unit)
        )
        units = [match[1].lower() for item in denominators if (match := PERSON_TIME.search(str(item.get("units"))))]
        time = counts_of(denominators, keys, lambda unit: PERSON_TIME.search(unit) is not None)
        categories = items(group, "categories")
        for number_of_category, category in enumerate(categories):
            titles = [measure.get("title"), group.get("title"), category.get("title")]
            values = ((keys.get(str(item.get("groupId"))), item) for item in items(category, "measurements"))
            yield Cell(
                at=place
                + (f".classes[{number_of_class}]" if len(classes) > 1 else "")
                + (f".categories[{number_of_category}]" if len(categories) > 1 else ""),
                title=plain(": ".join(str(title) for title in titles if title)),
                measure=measure,
                by_arm={arm: item for arm, item in values if arm},
                n={arm: int(value) for arm, value in n.items()},
                time=time,
                time_unit=units[0] if units else None,
            )


def limits(item: Json) -> list[float] | None:
    """Return the two limits of a measurement; None if one could not be estimated."""
    low, high = number(item.get("lowerLimit")), number(item.get("upperLimit"))
    return None if low is None or high is None else [low, high]


def level_of(cell: Cell) -> dict[str, float] | None:
    """Return the level of the interval where it is not 95%; None if the dispersion is no confidence interval."""
    match = INTERVAL.search(cell.dispersion)
    if match is None:
        return None
    level = round(float(match[1]) / 100, 6)
    return {} if level == 0.95 else {"level": level}


def _person_time(cell: Cell, arms: Arms) -> dict[str, Any] | NotTaken:
    """Return events, or a rate, with person-time."""
    name, read = ("rate", number) if RATE.search(cell.unit) else ("events", whole)
    values = {
        arm: {name: read(item.get("value")), "time": cell.time[arm]}
        for arm, item in cell.by_arm.items()
        if arm in cell.time
    }
    if any(None in own.values() for own in values.values()):
        return "an arm has no number"
    return arms.figure("person_time", values, unit=cell.time_unit) or "a rate of one group"


def _counts(cell: Cell, arms: Arms) -> dict[str, Any] | NotTaken:
    """Return counts or percentages of patients, or events with person-time."""
    of_patients = PATIENTS.search(cell.unit) and not RATE.search(cell.unit)
    if PERCENT.search(cell.unit) and not cell.is_change:
        return _patients(cell, arms, "percent", number)
    if cell.measure.get("paramType") == "COUNT_OF_PARTICIPANTS" or of_patients:
        return _patients(cell, arms, "events", whole)
    if cell.time:
        return _person_time(cell, arms)
    if PERCENT.search(cell.unit):
        return "a percent change, not a percentage of patients"
    return (
        f"a rate ({cell.unit}) without person-time"
        if RATE.search(cell.unit)
        else f"numbers of '{cell.unit}', not of patients"
    )


def _patients(cell: Cell, arms: Arms, name: str, read: Callable[[Any], float | None]) -> dict[str, Any] | NotTaken:
    """Return patients with an event, or their percentages, of those at risk."""
    values = {
        arm: {name: read(item.get("value")), "n": cell.n.get(arm)}
        for arm, item in cell.by_arm.items()
        if cell.n.get(arm)
    }
    if not values:
        return "no number of patients"
    if any(own[name] is None and number(cell.by_arm[arm].get("value")) is not None for arm, own in values.items()):
        return "counts of patients that are not whole"
    return arms.figure("counts", values) or "no form for it"


def _means(cell: Cell, arms: Arms) -> dict[str, Any] | NotTaken:
    """Return means with their SD, standard error or confidence interval."""
    level = level_of(cell)
    spread = "sd" if "standard deviation" in cell.dispersion else "se" if "standard error" in cell.dispersion else None
    values: dict[str, dict[str, Any]] = {}
    for arm, item in cell.by_arm.items():
        own: dict[str, Any] = {"mean": number(item.get("value")), "n": cell.n.get(arm)}
        if spread:
            own[spread] = number(item.get("spread")) or None
        elif level is not None:
            own["ci"] = limits(item)
        values[arm] = {key: value for key, value in own.items() if value is not None}
    if not any("mean" in own for own in values.values()):
        return "no mean could be estimated"
    if spread is None and level is None:
        return f"means with {cell.dispersion or 'no dispersion'}"
    return arms.figure("mean_change" if cell.is_change else "means", values, **(level or {})) or "no form for it"


def _medians(cell: Cell, arms: Arms) -> dict[str, Any] | NotTaken:
    """Return medians with quartiles or range, or median times with their intervals."""
    level = level_of(cell)
    unit = next((unit for unit in UNITS if unit[:-1] in cell.unit.casefold()), None)
    if level is not None:
        if unit is None:
            return f"medians of '{cell.unit}' with a confidence interval, from which no mean follows"
        values = {
            arm: {
                key: value
                for key, value in (("median", number(item.get("value"))), ("ci", limits(item)), ("n", cell.n.get(arm)))
                if key == "median" or value
            }
            for arm, item in cell.by_arm.items()
        }
        return arms.figure("median_survival", values, unit=unit, **level) or (
            f"median times of {len(values)} group{'s' if len(values) != 1 else ''}; a figure compares two"
        )
    ends = ("q1", "q3") if "quartile" in cell.dispersion else ("min", "max") if "range" in cell.dispersion else None
    if ends is None:
        return f"medians with {cell.dispersion or 'no dispersion'}"
    values = {}
    for arm, item in cell.by_arm.items():
        own = dict(
            zip(
                ("median", *ends, "n"),
                (number(item.get("value")), *(limits(item) or (None, None)), cell.n.get(arm)),
                strict=True,
            )
        )
        values[arm] = {key: value for key, value in own.items() if value is not None}
    if not any("median" in own for own in values.values()):
        return "no median could be estimated"
    return arms.figure("mean_change" if cell.is_change else "means", values) or "no form for it"


KINDS: dict[str, Callable[[Cell, Arms], dict[str, Any] | NotTaken]] = {
    **dict.fromkeys(COUNTED, _counts),
    **dict.fromkeys(MEANS, _means),
    "MEDIAN": _medians,
}
REASONS = {
    "GEOMETRIC_MEAN": "geometric means, which need logarithms",
    "GEOMETRIC_LEAST_SQUARES_MEAN": "geometric means, which need logarithms",
    "LOG_MEAN": "means of logarithms",
    "COUNT_OF_UNITS": "counts of units other than patients",
}


def figure_of(cell: Cell, arms: Arms) -> dict[str, Any] | NotTaken:
    """Return the figure of a cell, or why it is not taken over."""
    if not cell.by_arm:
        return "no measurement"
    kind = str(cell.measure.get("paramType") or "")
    if kind not in KINDS:
        return REASONS.get(kind, f"of the type {kind.replace('_', ' ').lower() or 'that is missing'}")
    return KINDS[kind](cell, arms)


def notes_of(cell: Cell) -> str | None:
    """Return what a reader should know of a figure: estimates that are missing, with the registry's comment, and models."""
    notes = (
        ["least squares mean of a model: its standard error is not that of a mean of patients"]
        if cell.measure.get("paramType") == "LEAST_SQUARES_MEAN"
        else []
    )
    for arm, item in cell.by_arm.items():
        for key in ("value", "lowerLimit", "upperLimit"):
            if str(item.get(key, "0")).strip().casefold() in MISSING:
                comment = plain(item.get("comment") or "without a reason").rstrip(".")
                notes.append(f"{arm}: {key} is NA in the registry: {comment}")
    return "; ".join(notes) or None
