"""A comparison in words: plain text for a terminal, Markdown for a pull request, HTML for a browser, JSON for a program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from coppice.core import number_style
from coppice.core.measures import MEASURES
from coppice.core.printing import landmarks
from coppice.report.page import words
from coppice.report.page.html_elements import Html, heading, join, tag
from coppice.report.page.reported import printed
from coppice.report.page.table import table
from coppice.tools.diff.changes import Change
from coppice.tools.diff.compare import AnalysisChange

MARKED = re.compile(r"([\\`*_\[\]|#~])")
ARROW = " \N{RIGHTWARDS ARROW} "
GAP = "  "  # between the columns in a terminal
KINDS = {
    "added": "study added",
    "removed": "study removed",
    "changed": "figure changed",
    "unpooled": "study not pooled",
    "setting": "setting changed",
}


def marked(text: object) -> str:
    """Escape text so that Markdown shows it as it is."""
    return MARKED.sub(r"\\\1", " ".join(str(text).split())).replace("&", "&amp;").replace("<", "&lt;")


def estimate(line: Mapping[str, Any] | None) -> str:
    """Print an estimate with its interval, back-transformed."""
    if line is None or line["estimate"] is None:
        return "none"
    measure = MEASURES[line["measure"]]
    estimate, *limits = number_style.together(line["printed"], line["decimals"], landmarks(measure))
    shown = "" if None in (line["ci_low"], line["ci_high"]) else f" ({number_style.DEFAULT.between(*limits)})"
    return f"{measure.code} {estimate}{shown}"


def headline(change: AnalysisChange) -> tuple[str, ...]:
    """Return the cells of one analysis: name, estimate before and after, tau2, conclusion."""
    tau2 = [number_style.variance((line or {}).get("tau2")) for line in (change.before, change.after)]
    both = ((change.before, change.conclusion_before), (change.after, change.conclusion_after))
    sides = [conclusion for line, conclusion in both if line is not None]
    return (
        f"{change.name} (was {change.was})" if change.was else change.name,
        estimate(change.before),
        estimate(change.after),
        ARROW.join(dict.fromkeys(tau2)),
        ARROW.join(dict.fromkeys(sides)) + (" (FLIPPED)" if change.has_flipped else ""),
    )


def detail(analysis: AnalysisChange, change: Change) -> tuple[str, ...]:
    """Return the cells of one change: kind, what, before, after, what it does by itself."""
    alone = shift(analysis, change.shift)
    flips = change.conclusion is not None and change.conclusion != analysis.conclusion_before
    shown = f"{alone}; then {change.conclusion}" if flips else alone
    return KINDS[change.kind], change.what, _value(change.before), _value(change.after), shown


def shift(analysis: AnalysisChange, value: float | None) -> str:
    """Print a shift of the estimate: a factor for ratios, a difference otherwise."""
    if value is None:
        return "not told apart"
    scale = MEASURES[(analysis.before or {}).get("measure", analysis.measure)].scale
    text = number_style.number(scale.back(value), 3)
    return f"\N{MULTIPLICATION SIGN} {text}" if scale.is_ratio else f"+{text}" if value > 0 else text


def only_together(analysis: AnalysisChange) -> str | None:
    """Print what several changes do only together; None where there is one, or it can't be told."""
    return shift(analysis, analysis.together) if analysis.together is not None and len(analysis.changes) > 1 else None


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return printed(str(value.get("statistic")), value.get("reported") or {})
    return "none" if value is None else str(value)


COLUMNS = ("Analysis", "Before", "After", "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}", "Interval")
CHANGE_COLUMNS = ("Change", "What", "Before", "After", "By itself")


def summary(changes: Sequence[AnalysisChange]) -> str:
    """Say in one sentence how much changed."""
    changed, flipped = sum(item.is_changed for item in changes), sum(item.has_flipped for item in changes)
    if not changed:
        return "Nothing changed."
    lie = f"the interval of {flipped} lies" if flipped == 1 else f"the intervals of {flipped} lie"
    elsewhere = f"{lie} elsewhere with respect to no difference" if flipped else "no conclusion flipped"
    which = words.first_upper(words.share(changed, len(changes), "analysis", "analyses"))
    return f"{which} changed; {elsewhere}."


def to_markdown(changes: Sequence[AnalysisChange]) -> str:
    """Write a comparison as Markdown."""

    def rows(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
        lines = [columns, ["---"] * len(columns), *([marked(cell) for cell in row] for row in cells)]
        return [f"| {' | '.join(line)} |" for line in lines]

    changed = [item for item in changes if item.is_changed]
    text = ["# What changed", "", summary(changes), ""]
    if changed:
        text += [*rows(COLUMNS, [headline(item) for item in changed]), ""]
    for item in changed:
        if item.changes:
            text += [
                f"## {marked(item.name)}",
                "",
                *rows(CHANGE_COLUMNS, [detail(item, change) for change in item.changes]),
                "",
            ]
            text += [f"Only together: {remainder}.", ""] if (remainder := only_together(item)) else []
    return "\n".join(text).rstrip() + "\n"


def to_text(changes: Sequence[AnalysisChange]) -> str:
    """Write a comparison for a terminal: columns of plain text, in which nothing is escaped."""

    def rows(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
        lines = [columns, *([" ".join(cell.split()) for cell in row] for row in cells)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(columns))]
        return [
            GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        ]

    changed = [item for item in changes if item.is_changed]
    text = [summary(changes), ""]
    if changed:
        text += [*rows(COLUMNS, [headline(item) for item in changed]), ""]
    for item in changed:
        if item.changes:
            text += [f"{item.name}:", *rows(CHANGE_COLUMNS, [detail(item, change) for change in item.changes])]
            text += [f"Only together: {remainder}."] if (remainder := only_together(item)) else []
            text += [""]
    return "\n".join(text).rstrip() + "\n"


def to_html(changes: Sequence[AnalysisChange]) -> str:
    """Write a comparison as one page that loads nothing."""
    changed = [item for item in changes if item.is_changed]
    parts: list[Html | None] = [tag("h1", "What changed"), tag("p", summary(changes))]
    if changed:
        parts.append(table("Analyses.", COLUMNS, [headline(item) for item in changed], name="analyses"))
    for item in changed:
        if item.changes:
            rows = [detail(item, change) for change in item.changes]
            parts += [
                heading(2, item.name),
                table(f"{item.name}: changes.", CHANGE_COLUMNS, rows, name=f"changes-{item.name}"),
                tag("p", f"Only together: {remainder}.") if (remainder := only_together(item)) else None,
            ]
    policy = tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'")
    style = Html("<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
                 "table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #8886}"
                 "caption{text-align:left;font-weight:600}.table{overflow-x:auto}</style>")  # fmt: skip
    head = tag("head", Html('<meta charset="utf-8">'), policy, tag("title", "What changed"), style)
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", tag("main", join(parts))), lang="en") + "\n"


def to_data(changes: Sequence[AnalysisChange]) -> dict[str, Any]:
    """Return a comparison as plain data."""
    return {
        "analyses": [
            {key: value for key, value in asdict(item).items() if key != "changes"}
            | {
                "is_changed": item.is_changed,
                "has_flipped": item.has_flipped,
                "changes": [asdict(change) for change in item.changes],
            }
            for item in changes
        ],
        "flipped": [item.name for item in changes if item.has_flipped],
    }
