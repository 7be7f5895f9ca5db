"""Tables with a row for each arm of which every arm is read: the rows of a study become its arms, with a figure by arm."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from coppice.core.reported_by_arm import BY_ARM
from coppice.review.tables.arms import is_of_arm, place_of
from coppice.review.tables.names import identifiers
from coppice.review.tables.reader import Reader, Row
from coppice.review.tables.request import Arms
from coppice.review.tables.statistic_of_row import Unrelated, figures_of_row

OF_TWO = {of_two: by_arm for by_arm, of_two in BY_ARM.items()}


def with_all_arms(reader: Reader, arms: Arms, name: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a study, one for each outcome, each with all arms; what is left out is noted."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    keys = identifiers(row.arm for row in rows if row.arm)
    for row in rows:
        if row.arm is None or not keys[row.arm]:
            reader.refuse(row.number, arms.column, "empty or without a letter; every row says of which arm it is")
        else:
            groups.setdefault(place_of(row), []).append(row)
    made = []
    for group in groups.values():
        if len({row.arm for row in group}) == 1:
            numbers = ", ".join(str(row.number) for row in group)
            reader.note(f"{name}: no other arm beside {group[0].arm} in row {numbers}, which is not read")
            continue
        first = group[0]
        same = {
            key: value
            for key, value in first.characteristics.items()
            if all(row.characteristics.get(key) == value for row in group)
        }
        for key in dict.fromkeys(key for row in group for key in row.characteristics if key not in same):
            reader.note(f"{key} differs between the arms of a study, and is not read as a characteristic of studies")
        named = numbered(keys[row.arm] for row in group if row.arm)
        made.append(
            replace(first, fields=[], arm=None, characteristics=same, arms=list(zip(named, group, strict=True)))
        )
    return made


def with_comparisons(reader: Reader, arms: Arms, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a study, each with the two arms that it compares."""
    keys = identifiers(name for row in rows for name in (row.arm, row.against) if name)
    made = []
    for row in rows:
        named = [name for name in (row.arm, row.against) if name and keys[name]]
        if len({keys[name] for name in named}) < 2:
            message = "names no two arms; every row says which two it compares"
            reader.refuse(row.number, " and ".join(arms.columns), message)
            continue
        made.append(replace(row, arms=[(keys[name], replace(row, arm=name)) for name in named]))
    return made


def compared_in(row: Row) -> dict[str, Any]:
    """Return what a figure says of the two arms that its row compares; nothing of a row of another table."""
    return {"arms": [key for key, _ in row.arms]} if row.against is not None and row.arms else {}


def numbered(keys: Any) -> list[str]:
    """Return keys of which none occurs twice: arms of one treatment are told apart by a number."""
    seen: dict[str, int] = {}
    made = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        made.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return made


def arms_of(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return the arms of a record, by key."""
    return {key: {"name": row.arm, "treatment": row.arm} for all_arms in rows for key, row in all_arms.arms}


def figures_by_arm(row: Row, *, measures: Set[str], columns: Set[str]) -> list[dict[str, Any]]:
    """Return the figures of all arms of a study: each arm is read as if it were compared with itself."""
    both = {name for column in columns for name in (f"{column}_e", f"{column}_c", column)}
    made: dict[str, dict[str, Any]] = {}
    for key, arm in row.arms:
        sets = [doubled(fields) for fields in arm.fields]
        for figure in figures_of_row(sets, row.texts.get("statistic"), measures=measures, columns=both):
            if figure["statistic"] not in OF_TWO:
                what = (
                    ", ".join(name.removesuffix("_e") for name in figure if name.endswith("_e")) or figure["statistic"]
                )
                message = f"is not reported by arm ({what}); arms have events and n, mean, sd and n, events and time, or a survival"
                raise Unrelated(message, [name for name in arm.fields[0] if name in columns][:1])
            own = {name[:-2]: value for name, value in figure.items() if name.endswith("_e")}
            shared = {name: value for name, value in figure.items() if name[-2:] not in ("_e", "_c")}
            whole = made.setdefault(
                figure["statistic"], {**shared, "statistic": OF_TWO[figure["statistic"]], "arms": {}}
            )
            whole["arms"][key] = own
    return [figure for figure in made.values() if len(figure["arms"]) > 1]


def doubled(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an arm as those of both arms of a comparison; what both share stays as it is."""
    made: dict[str, Any] = {}
    for name, value in fields.items():
        made |= {f"{name}_{arm}": value for arm in "ec"} if is_of_arm(name, fields) else {name: value}
    return made
