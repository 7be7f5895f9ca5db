"""The page on bad input: each example with the message that it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.bad_input.examples import accuracy, arms, configuration, doses, figures, files, imports, records, tables
from tests.bad_input.examples.case import Case

HEAD = """\
# Bad input and its messages

Every problem of the configuration and of the studies is found before anything is computed, and all of them are reported
together, one line each: file, line, study, field, what is wrong, what is allowed, and the nearest spelling where there is
one. Nothing is written then. Below are {count} examples. Each is a review of two studies with one thing wrong in it; where
that gives several lines, the first is shown.

Limits of size are in [`limits.py`](../workflow/lib/coppice/core/limits.py); what the workflow trusts is in
[security.md](security.md).

This page is written from the examples by `make docs`, which tries each of them.
"""
GROUPS: dict[str, Callable[[], Sequence[Case]]] = {
    "The configuration": configuration.cases,
    "Study records": records.cases,
    "Reported figures": figures.cases,
    "Arms by name": arms.cases,
    "Test accuracy": accuracy.cases,
    "Figures by dose": doses.cases,
    "Tables of studies": tables.cases,
    "Files": files.cases,
    "Files of other programs (`coppice import`)": imports.cases,
}
LONGEST_INPUT, LONGEST_MESSAGE = 110, 260
NOTHING = "(nothing: this is taken for sound)"


def as_code(text: str) -> str:
    """Return a text as code within a cell of a table."""
    fence = "``" if "`" in text else "`"
    space = " " if fence == "``" else ""
    return f"{fence}{space}{text.replace('|', chr(92) + '|')}{space}{fence}"


def shortened(text: str, most: int) -> str:
    """Return a text that fits, cut at its end."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def message_of(case: Case) -> str:
    """Return the message that a case gives: the first line, and the number of the others."""
    lines = case.messages()
    first = re.sub(r"\(([^()]*, ){12,}[^()]*\)", "(…)", lines[0]) if lines else NOTHING
    return shortened(first, LONGEST_MESSAGE)


def bad_input_page() -> str:
    """Return the page on bad input."""
    groups = {title: make() for title, make in GROUPS.items()}
    lines = [HEAD.format(count=sum(map(len, groups.values())))]
    for title, cases in groups.items():
        lines += [f"## {title}\n", "| what is wrong | input | message |", "|---|---|---|"]
        lines += [
            f"| {case.name} | {as_code(shortened(case.shown, LONGEST_INPUT)) if case.shown else ''} | {as_code(message_of(case))} |"
            for case in cases
        ]
        lines.append("")
    return "\n".join(lines)
