"""The findings as a table of plain text."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

HEADS = ("", "study", "outcome", "figure", "check", "finding")
LEAST_WIDTH = 50  # of the last column, in characters
GAP = "  "


def row(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of one finding; figures are counted from 1, as a person counts them."""
    accepted = item["accepted"]
    return (
        "accepted" if accepted else item["severity"],
        item["study"] or "review",
        item["outcome"] or "",
        "" if item["figure"] is None else str(item["figure"] + 1),
        item["check"],
        item["sentence"] + (f" (accepted: {accepted})" if accepted else ""),
    )


def summary(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return the numbers of findings in a sentence."""
    open_ = [item for item in findings if item["accepted"] is None]
    numbers = {severity: sum(item["severity"] == severity for item in open_) for severity in ("error", "warning")}
    words = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in numbers.items()]
    return f"{', '.join(words)}, {len(findings) - len(open_)} accepted"


def table(findings: Sequence[Mapping[str, Any]], *, width: int | None = None) -> str:
    """Return the findings as a table with the last column wrapped to the terminal or `width`, and a line that counts them."""
    if not findings:
        return "nothing found\n"
    rows = [HEADS, *map(row, findings)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADS) - 1)]
    indent = sum(widths) + len(GAP) * len(widths)
    room = max(LEAST_WIDTH, (width or shutil.get_terminal_size((160, 24)).columns) - indent)
    lines = []
    for cells in rows:
        first, *more = textwrap.wrap(cells[-1], room) or [""]
        lines.append(GAP.join([*(cell.ljust(size) for cell, size in zip(cells, widths, strict=False)), first]).rstrip())
        lines += [" " * indent + line for line in more]
    return "\n".join([*lines, "", summary(findings)]) + "\n"
