"""The page of published analyses: each number as it was printed, and ours.

python -m docs.published
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.published.redo import FOLDERS, DataSet, Number, redone

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "published.md"
ADDRESS = re.compile(r"https?://[^\s,;)]+(?:\([^\s)]*\)[^\s,;]*)*")
HEAD = """\
# Published analyses, redone

{sets} public data sets, {places} analyses, {numbers} numbers: {agree} agree to the last printed digit, {differ} do not, each with its reason.

**Each data set is a review** in [tests/published](../tests/published): its configuration, its table (facts, with their source), and
the numbers as they were printed. The tests compute them by the steps of the workflow; `python -m docs.published` writes this page. You
can run any of them yourself:

```sh
snakemake --cores all --directory tests/published/damico2009 --configfile tests/published/damico2009/config.yaml
```

A number agrees if ours, rounded to the digits that were printed, is the printed one; for a p value printed as "<.001", if ours is below.
Ours is shown with one digit more. The reasons are of {reasons} kinds:

{list}

| data | what it is | analyses | methods | for example, printed | ours | numbers | agree | differ |
|---|---|---|---|---|---|---|---|---|
"""
COLUMNS = "| quantity | printed | ours | difference |\n|---|---|---|---|"


def ours(number: Number) -> str:
    """Return our number with one digit more than was printed."""
    if number.printed.startswith("<"):
        return f"{number.ours:.1e}"
    return f"{number.ours:.{number.digits + 1}f}"


def linked(text: str) -> str:
    """Return a text with its addresses as links."""
    return ADDRESS.sub(lambda match: f"<{match[0].rstrip('.')}>", text)


def row(data: DataSet) -> str:
    """Return the row of a data set in the first table."""
    numbers = list(data.numbers)
    agree = sum(number.agrees for number in numbers)
    example = next((number for number in numbers if number.quantity.endswith("estimate")), numbers[0])
    cells = [
        f"[{data.name}](#{data.name})",
        data.data,
        str(len(data.analyses)),
        ", ".join(data.methods),
        example.printed,
        ours(example),
        str(len(numbers)),
        str(agree),
        str(len(numbers) - agree),
    ]
    return f"| {' | '.join(cells)} |"


def table(numbers: Iterable[Number]) -> str:
    """Return the numbers of one analysis, a row each."""
    rows = [
        f"| {number.quantity} | {number.printed} | {ours(number)} | {'' if number.agrees else number.why} |"
        for number in numbers
    ]
    return "\n".join([COLUMNS, *rows])


def section(data: DataSet) -> str:
    """Return what the page has of one data set."""
    parts = [f"## {data.name}", f"{data.data}. Source: {linked(data.source)}"]
    parts.append(f"[Configuration](../tests/published/{data.name}/config.yaml)")
    for analysis in data.analyses:
        agree = sum(number.agrees for number in analysis.numbers)
        head = f"<details><summary>{analysis.name}: {agree} of {len(analysis.numbers)} agree</summary>"
        place = f"Published in: {linked(analysis.place)}. `{analysis.call}`"
        parts += [head, place, table(analysis.numbers), "</details>"]
    return "\n\n".join(parts) + "\n"


def page(sets: list[DataSet]) -> str:
    """Return the page."""
    numbers = [number for data in sets for number in data.numbers]
    agree = sum(number.agrees for number in numbers)
    reasons = sorted({number.why for number in numbers if number.why})
    count = {reason: sum(number.why == reason for number in numbers) for reason in reasons}
    listed = "\n".join(f"- {reason} ({count[reason]})." for reason in reasons)
    head = HEAD.format(
        sets=len(sets),
        places=sum(len(data.analyses) for data in sets),
        numbers=len(numbers),
        agree=agree,
        differ=len(numbers) - agree,
        reasons=len(reasons),
        list=listed,
    )
    return head + "\n".join(map(row, sets)) + "\n\n" + "\n".join(map(section, sets))


def write() -> None:
    """Write docs/published.md."""
    PAGE.write_text(page([redone(name) for name in FOLDERS]), "utf-8")


if __name__ == "__main__":
    write()
