"""Tables with a row for each dose: the rows of a study and outcome become one figure by dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from coppice.core.reported_doses import COUNTED, DOSE_COUNTS, DOSE_RATIOS, ESTIMATED
from coppice.review.tables.reader import Reader, Row

DOSE = "dose"
OF_DOSE = tuple(key.name for key in (*COUNTED, *ESTIMATED))
PLACE = ("outcome", "population", "report", "statistic")  # texts by which the rows of a study are of several figures


def by_dose(reader: Reader, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a study, those of one outcome of a dose-response analysis as one row.

    They are known by the column `dose`, which is otherwise a characteristic, as are `cases` and `reference`.
    """
    kept: list[Row] = []
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        has_dose = row.characteristics.get(DOSE) is not None
        if has_dose and reader.outcome(row) in reader.request.by_dose:
            place = tuple(map(row.texts.get, PLACE))
            if place not in groups:
                kept.append(row)
            groups.setdefault(place, []).append(row)
        else:
            kept.append(row)
    return [_figure(groups[tuple(map(row.texts.get, PLACE))]) if _leads(row, groups) else row for row in kept]


def _leads(row: Row, groups: dict[tuple[Any, ...], list[Row]]) -> bool:
    return any(members[0] is row for members in groups.values())


def _figure(rows: Sequence[Row]) -> Row:
    """Return one row that holds the figure of several doses."""
    doses: list[dict[str, Any]] = []
    shared: dict[str, Any] = {}
    for row in rows:
        values = {name: value for part in row.fields for name, value in part.items()}
        values |= {name: row.characteristics[name] for name in OF_DOSE if row.characteristics.get(name) is not None}
        doses.append({name: values[name] for name in OF_DOSE if name in values})
        shared |= {name: value for name, value in values.items() if name not in OF_DOSE}
    form = DOSE_RATIOS if any("estimate" in dose for dose in doses) else DOSE_COUNTS
    own = [{name: value for name, value in row.characteristics.items() if name not in OF_DOSE} for row in rows]
    same = {name: value for name, value in own[0].items() if all(other.get(name) == value for other in own)}
    texts = {"statistic": form, **rows[0].texts}
    return replace(rows[0], texts=texts, fields=[{"doses": doses, **shared}], characteristics=same)
