"""The results that RevMan Web stored with an analysis and its subgroups, in a data package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coppice.tools.import_file.delimited import Row, Table
from coppice.tools.import_file.imported import StoredResult
from coppice.tools.import_file.plain_text import plain

BY = "RevMan"
HETEROGENEITY = {
    "tau2": "Heterogeneity Tau2",
    "Q": "Heterogeneity Chi2",
    "df": "Heterogeneity df",
    "I2": "Heterogeneity I2",
}


def place_of(row: Row) -> tuple[int, int]:
    """Return the numbers of the analysis that a row is about."""
    place = [row.whole("Analysis group"), row.whole("Analysis number")]
    if any(not isinstance(number, int) for number in place):
        raise row.refusal("Analysis number", "is not the number of an analysis")
    return int(place[0] or 0), int(place[1] or 0)


def stored_of(
    row: Row, at: str, *, random: bool, level: float | None = None, subgroups: Mapping[str, StoredResult] | None = None
) -> StoredResult:
    """Return the stored result of an analysis or subgroup: 0 (0 to 0) means that none is stored."""
    line = [row.value(name) for name in ("Mean", "CI start", "CI end")]
    parts = {name: part if random else without_tau2(part) for name, part in (subgroups or {}).items()}
    model = "random" if random else "common"
    if not any(line) or None in line:
        return StoredResult(by=BY, at=at, model=model, level=level, subgroups=parts)
    others = {name: value for name, column in HETEROGENEITY.items() if (value := row.value(column)) is not None}
    if not random:
        others.pop("tau2", None)  # 0 where the model has none
    others |= {"p": p} if (p := row.value("Effect P")) else {}
    between = row.value("Subgroup Chi2")
    others |= {"Q_between": between} if between and parts else {}
    if "df" in others:
        others["df"] = int(others["df"])
    return StoredResult(
        by=BY,
        at=at,
        estimate=line[0],
        ci_low=line[1],
        ci_high=line[2],
        others=others,
        model=model,
        level=level,
        subgroups=parts,
    )


def without_tau2(part: StoredResult) -> StoredResult:
    """Return a subtotal of a common-effect model, whose tau2 is a 0 that says nothing."""
    return replace(part, others={name: value for name, value in part.others.items() if name != "tau2"})


def stored_subgroups(table: Table | None) -> dict[tuple[int, int], dict[str, StoredResult]]:
    """Return the stored subtotals by analysis, by the name of the subgroup."""
    subgroups: dict[tuple[int, int], dict[str, StoredResult]] = {}
    for row in table.rows if table else ():
        group, number = place_of(row)
        name = row.text("Subgroup")
        at = f"Analysis {group}.{number}, subgroup {row.text('Subgroup number')}".rstrip()
        subgroups.setdefault((group, number), {})[plain(name, 300)] = stored_of(row, at, random=True)
    return subgroups
