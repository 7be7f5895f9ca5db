"""The pages on routes, checks, bad input and the numbers of other programs as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from docs.comparison import comparison_page
from tests.bad_input.examples import bad_input_page

from coppice.core.measures import MEASURES
from coppice.core.reported_by_arm import BY_ARM
from coppice.core.reported_statistics import STATISTICS
from coppice.extract.checks.check import Check
from coppice.extract.checks.registry import CHECKS
from coppice.extract.checks.run import ACCEPT_UNUSED, EVENT_UNNAMED, READ_IN_UNKNOWN, STORED_RESULT, TABLE_NOTE
from coppice.extract.registry import ROUTES
from coppice.extract.route import Route

DOI = re.compile(r"\b(10\.\d{4,9}/\S+[^\s;,.])")
ROUTES_HEAD = """\
# From what was reported to an effect

Each route leads from one form of figure (`statistic:` in a record) to an effect with its variance. Every figure takes
every route that its fields allow; the effect of best rank enters, the lowest number being the best, unless the record
marks another with `use`, or names a `route`. All others are kept in `results/extract/` and listed in the report.

This page is written from the registry of routes by `make docs`.
"""
CHECKS_HEAD = """\
# What is checked

Each check asks whether figures that should agree do. An error stops the review before anything is computed; a warning
is printed beside the study. `make check` lists all findings and pools nothing.

Printed numbers are rounded, so a check computes with everything that they may have been: half a unit of the last digit
to either side. A finding that is right as it is stays in the list, silenced, once the record says why: `accept` at the
figure, the outcome or the study, with the name of the check. What concerns a study of a table is accepted in the
configuration, `accept: {<study>: {<check>: <reason>}}`, and what concerns the PRISMA flow in its section `review`,
`review: {accept: {<check>: <reason>}}`.

```yaml
      - statistic: survival
        time: 2
        unit: years
        survival_e: 0.816
        survival_c: 0.494
        accept: {survival_rises: the lower value at 2 years comes of early censoring}
```

This page is written from the registry of checks by `make docs`.
"""
LEVELS = {
    "figure": "One figure",
    "outcome": "The figures of one outcome",
    "study": "The figures of one study",
    "analysis": "The studies of one analysis",
    "flow": "The PRISMA flow",
    "evidence": "The words of the sources",
    "claim": "The authors' sentences beside the results",
    "review": "The records themselves",
}


def linked(text: str) -> str:
    """Return a text with its digital object identifiers as links."""
    return DOI.sub(lambda match: f"[`{match[1]}`](https://doi.org/{quote(match[1], safe='/:;.-')})", text)


def code(names: tuple[str, ...] | list[str]) -> str:
    """Return names in the type of code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def route_lines(route: Route) -> Iterator[str]:
    """Yield the lines of one route."""
    measures = [code for code in MEASURES if code in route.gives]
    measures_text = "any measure" if len(measures) == len(MEASURES) else code(measures)
    yield f"### `{route.name}`\n"
    yield f"- Needs {code(route.needs)}; gives {measures_text}; rank {route.rank}."
    yield f"- Formula: `{route.formula}`"
    yield f"- Assumes: {'; '.join(route.assumptions) or 'nothing beyond the figures'}."
    yield f"- Source: {linked(route.source)}\n"


def routes_page() -> str:
    """Return the page on routes: by statistic, best rank first."""
    lines = [ROUTES_HEAD]
    for name, statistic in STATISTICS.items():
        routes = [route for route in ROUTES.values() if route.statistic == name]
        lines += [f"## `{name}`: {statistic.description[0].lower()}{statistic.description[1:]}\n"]
        if name in BY_ARM:
            lines.append(f"Read as `{BY_ARM[name]}` of the two arms, or groups of arms, that an analysis compares.\n")
            continue
        lines += [line for route in routes for line in route_lines(route)] or [
            "No route yet: such a figure is kept and not pooled.\n"
        ]
    return "\n".join(lines)


def check_lines(check: Check) -> Iterator[str]:
    """Yield the lines of one check."""
    yield f"### `{check.name}`\n"
    yield f"{check.sentence}\n"
    yield f"- Severity: {check.severity}."
    yield f"- Allows for: {check.allows}."
    yield f"- Source: {linked(check.source)}\n"


def checks_page() -> str:
    """Return the page on checks: by what they look at."""
    checks = [*CHECKS.values(), ACCEPT_UNUSED, READ_IN_UNKNOWN, EVENT_UNNAMED, STORED_RESULT, TABLE_NOTE]
    lines = [CHECKS_HEAD]
    for level, title in LEVELS.items():
        lines += [f"## {title}\n", *(line for check in checks if check.level == level for line in check_lines(check))]
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "routes.md": routes_page,
    "checks.md": checks_page,
    "bad_input.md": bad_input_page,
    "comparison.md": comparison_page,
}


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8")
