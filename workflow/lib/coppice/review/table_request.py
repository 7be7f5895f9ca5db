"""From the keys of the configuration to what is asked of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.kinds import DOSE_RESPONSE, kind_of
from coppice.review.analysis import outcomes_of
from coppice.review.config_file import Reading
from coppice.review.keys.table import OF_TABLES, OWN_OF_COLUMNS
from coppice.review.tables.request import Arms, ColumnMap, TableRequest
from coppice.review.tables.values import plain


def listed(value: Any) -> tuple[Any, ...]:
    """Return a value, or each value of a list."""
    return tuple(value) if isinstance(value, list) else (value,)


def named(value: Any) -> tuple[str, ...]:
    """Return a name, or each name of a list, as text."""
    return tuple(plain(item) for item in listed(value))


def column_map(columns: Mapping[str, Any]) -> ColumnMap:
    """Return the map of columns."""
    study = columns.get("study")
    several = named(study) if isinstance(study, list) else ()
    names = {
        str(key): plain(value)
        for key, value in columns.items()
        if key not in OWN_OF_COLUMNS and not isinstance(value, list)
    }
    single = {"study": plain(study)} if study is not None and not several else {}
    return ColumnMap(single | names, several, named(columns.get("ignore") or []), columns.get("only") is True)


def table_request(reading: Reading) -> TableRequest:
    """Return what the configuration asks of a table; what is wrong with its shape is left out."""
    data, measures = reading.data, dict[str, set[str]]()
    by_dose: set[str] = set()
    analyses = data.get("analyses")
    for name, settings in analyses.items() if isinstance(analyses, Mapping) else ():
        if reading.is_sound("analyses", name):
            for outcome in outcomes_of(name, settings):
                measures.setdefault(outcome, set()).add(str(settings["measure"]))
                by_dose |= {outcome} if kind_of(settings).name == DOSE_RESPONSE else set()
    sound = {key: data[key] for key in (item.name for item in OF_TABLES) if reading.is_sound(key)}
    arms = sound.get("arms")
    return TableRequest(
        columns=column_map(sound.get("columns", {})),
        measures={outcome: frozenset(codes) for outcome, codes in measures.items()},
        sheet=plain(sound["sheet"]) if "sheet" in sound else None,
        header=tuple(sorted(set(map(int, listed(sound.get("header", [])))))),
        where={plain(column): listed(value) for column, value in sound.get("where", {}).items()},
        arms=arms
        and Arms(
            plain(arms["column"]),
            named(arms.get("experimental", [])),
            named(arms.get("control", [])),
            arms.get("several"),
            plain(arms["against"]) if "against" in arms else None,
        ),
        by_dose=frozenset(by_dose),
    )
