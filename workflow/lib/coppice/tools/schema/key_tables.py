"""The tables of keys in config/README.md, from the same declarations as the checks and the schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coppice.core import schema
from coppice.draw.registry import EVERY_FIGURE
from coppice.review.diagnostic import DIAGNOSTIC
from coppice.review.keys.analysis import ANALYSIS, SUBGROUPS
from coppice.review.keys.bayes import BAYES
from coppice.review.keys.config import CONFIG, FIGURES, REPORT
from coppice.review.keys.explore import CUMULATIVE, E_VALUES, EQUIVALENCE, EXPLORE, GOSH
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import MODEL
from coppice.review.keys.multiverse import MULTIVERSE, RULE
from coppice.review.keys.requests import BEYOND, DEPENDENCE, PERMUTATION, REGRESSION
from coppice.review.keys.results import BASELINE, CERTAINTY, IMPORTANT
from coppice.review.keys.review import FLOW, QUESTION, REVIEW
from coppice.review.keys.small_study import OPTIONS as OF_SMALL_STUDY
from coppice.review.keys.small_study import SMALL_STUDY
from coppice.review.keys.table import ARMS, COLUMNS

BEGIN, END = "<!-- keys: {} -->", "<!-- end of keys -->"
HEAD = "| key | values | default | what it is |\n| --- | --- | --- | --- |\n"
MOST_NAMES = 16  # of a choice: more are named in their own table, such as the measures and the routes
TABLES: Mapping[str, schema.Object] = {
    "config": CONFIG,
    "columns": schema.Object(COLUMNS.own),
    "arms": ARMS,
    "review": REVIEW,
    "question": QUESTION,
    "flow": FLOW,
    "analysis": ANALYSIS,
    "model": MODEL,
    "bayes": BAYES,
    "extract": EXTRACT,
    "subgroups": SUBGROUPS,
    "diagnostic": DIAGNOSTIC,
    "dependence": DEPENDENCE,
    "regression": REGRESSION,
    "permutation": PERMUTATION,
    "beyond": BEYOND,
    "baselines": BASELINE,
    "certainty": CERTAINTY,
    "important": IMPORTANT,
    "explore": EXPLORE,
    "cumulative": CUMULATIVE,
    "gosh": GOSH,
    "e_values": E_VALUES,
    "equivalence": EQUIVALENCE,
    "small_study": SMALL_STUDY,
    **{name: schema.Object(keys) for name, keys in OF_SMALL_STUDY.items()},
    "multiverse": MULTIVERSE,
    "studies": RULE,
    "report": REPORT,
    "figures": FIGURES,
    **{name: item.shape for name, item in EVERY_FIGURE.items() if item.shape.keys},
}


WORDS: Mapping[type, Callable[[Any], str]] = {
    schema.Number: lambda shape: shape.allowed(),
    schema.Flag: lambda shape: "`true`, `false`",
    schema.Choice: lambda shape: names(list(shape.options())),
    schema.Nullable: lambda shape: f"{values(shape.item)}, or `null`",
    schema.OneOf: lambda shape: ", or ".join(dict.fromkeys(map(values, shape.items))),
    schema.ListOf: lambda shape: f"a list: {values(shape.item)}",
    schema.MapOf: lambda shape: f"by name: {values(shape.item)}",
    schema.Object: lambda shape: "its keys",
    schema.Pair: lambda shape: "[low, high]",
    schema.Date: lambda shape: "a date, YYYY-MM-DD",
    schema.Scalar: lambda shape: "a value",
    schema.Text: lambda shape: "text",
}


def names(codes: Sequence[str]) -> str:
    """Return the names of a choice, unless they are very many."""
    return ", ".join(f"`{code}`" for code in codes) if len(codes) <= MOST_NAMES else "a name"


def values(shape: schema.Shape) -> str:
    """Return the values that a shape allows, in a few words."""
    return WORDS[type(shape)](shape)


def row(key: schema.Key) -> str:
    """Return the row of a key."""
    default = "" if key.default is schema.NO_DEFAULT else f"`{json.dumps(key.default).strip(chr(34))}`"
    cells = (f"`{key.name}`", values(key.shape), "required" if key.required else default, key.description)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def table(name: str) -> str:
    """Return one table, between the markers that name it."""
    return f"{BEGIN.format(name)}\n{HEAD}{''.join(map(row, TABLES[name].keys))}{END}"


def with_tables(text: str) -> str:
    """Return a text with the tables between its markers as they are declared."""
    pattern = re.escape(BEGIN).replace(r"\{\}", r"(\w+)") + ".*?" + re.escape(END)
    return re.sub(pattern, lambda match: table(match.group(1)), text, flags=re.DOTALL)
