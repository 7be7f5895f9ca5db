"""A grammar of tables: headers of fields, R's columns and characteristics, cells of numbers and of what spreadsheets make of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from coppice.core.measures import MEASURES
from coppice.extract.registry import ROUTES
from coppice.review.tables.columns import FIELDS, R_FORMS

Draw = Callable[[st.SearchStrategy[Any]], Any]

CELLS = (
    "",
    "NA",
    "-",
    "1,5",
    "1,234",
    "1.5e3",
    "<0.001",
    "p = 0.03",
    "34%",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "x",
    "1 234",
    "−2",
    "1e400",
    "inf",
    "nan",
    "0x1A",
    "12-Mar",
    "\ufeff",
    "\n",
    '"',
)
HEADERS = (
    "Study",
    "author",
    "year",
    "setting",
    "age",
    "note",
    "label",
    "design",
    "outcome",
    "report",
    "use",
    "events",
    "evnts_e",
    "",
    "study",
    "=1",
)


def cells(name: str) -> st.SearchStrategy[str]:
    """Return cells that a column may hold: whole numbers for counts, with more patients than events, and fractions."""
    if name.startswith(("n_", "n1", "n2", "ni", "bi", "di", "time", "t1", "t2")) or name == "n":
        return st.integers(40, 400).map(str)
    if (
        name.startswith(("events", "at_risk", "pairs", "ai", "ci", "x", "predictors", "mi"))
        and "_low" not in name
        and "_high" not in name
    ):
        return st.integers(0, 40).map(str)
    if name.startswith(("survival", "p", "icc", "r", "corr")):
        return st.integers(1, 99).map(lambda value: f"{value / 100:.2f}")
    shift = {"ci_low": 0, "estimate": 3, "ci_high": 6}.get(name.removesuffix("_e").removesuffix("_c"), 0)
    return st.integers(1, 300).map(lambda value: f"{shift + value / 100:.2f}")


@st.composite
def tables(draw: Draw) -> tuple[dict[str, Any], str]:
    """Return a configuration and the text of a table."""
    measure = draw(st.sampled_from(sorted(MEASURES)))
    kind = draw(st.sampled_from(["fields", "route", "route", "form", "form"]))
    if kind == "form":
        names = list(draw(st.sampled_from(R_FORMS)).needs)
    elif kind == "route":
        routes = [route for route in ROUTES.values() if measure in route.gives] or list(ROUTES.values())
        needs = draw(st.sampled_from(routes)).needs
        names = [column for column, (field, _, _) in FIELDS.items() if field in needs]
    else:
        names = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5))
    more = draw(st.lists(st.sampled_from(HEADERS), max_size=2, unique=True)) if draw(st.booleans()) else []
    header = [*dict.fromkeys(["study", *names]), *(name for name in more if name.casefold() not in ("study", *names))]
    rows = [
        [f"S{number}", *(draw(cells(name)) for name in header[1:])] for number in range(1, draw(st.integers(1, 6)) + 1)
    ]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        row = draw(st.sampled_from(rows))
        row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(CELLS))
    if draw(st.integers(0, 9)) == 9:
        rows[-1] = rows[-1][:-1] + ["1"] * draw(st.integers(0, 3))
    text = io.StringIO()
    csv.writer(text, delimiter=draw(st.sampled_from([",", ",", ";", "\t"]))).writerows([header, *rows])
    configuration = {
        "review": {"title": "T"},
        "explore": {"small_study": False},
        "analyses": {"o": {"measure": measure}},
    }
    if draw(st.integers(0, 9)) == 9:
        configuration["columns"] = {draw(st.sampled_from(["study", "yi", "events_e"])): draw(st.sampled_from(header))}
    return configuration, text.getvalue()
