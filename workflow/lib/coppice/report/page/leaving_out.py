"""Sentences on the leave-one-out analysis."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from coppice.core.contracts.explore import ResampledRow
from coppice.core.contracts.lines import RandomLine
from coppice.report.page import words
from coppice.report.page.informative import includes_null
from coppice.report.report_data import AnalysisView

FEWEST_EFFECTS = 3  # with two effects tau2 is hardly more than a guess, and their interval is uninformative
MOST_NAMED = 3  # studies, before they are counted instead


def leave_one_out(analysis: AnalysisView) -> str | None:
    """Say how far the estimate moves when each effect is omitted."""
    part = analysis.explore.get("leave_one_out")
    main = analysis.pool["random"]
    if isinstance(part, Mapping):
        return f"Leave-one-out analysis was not performed: {part['skipped'].rstrip('.')}."
    estimates = [(row["estimate"], row) for row in part or [] if row["estimate"] is not None]
    if not estimates or not main:
        return None
    rows = [row for _, row in estimates]
    lowest, highest = (end(estimates, key=itemgetter(0))[1] for end in (min, max))
    ends = [f"{words.estimated(analysis, row)} without {row['label']}" for row in (lowest, highest)]
    text = words.ended(f"When one effect is omitted at a time, the estimate ranges from {ends[0]} to {ends[1]}")
    return " ".join(filter(None, [text, _method(main, rows), _stability(analysis, main, rows)]))


def _method(main: RandomLine, rows: list[ResampledRow]) -> str:
    """Name the methods of the intervals: each row is an analysis of its own, to which the rules of the profile apply."""
    if any(row["inference"] is None for row in rows):
        return ""
    others = [row for row in rows if row["inference"] != main["inference"]]
    if not others:
        return "The confidence intervals use the method of the main model."
    methods = words.listed(list(dict.fromkeys(words.interval_by(row) for row in others)))
    lead = "Each confidence interval uses the method that applies to the remaining effects:"
    if len(others) == len(rows):
        return f"{lead} {methods}, whereas the main model uses {words.interval_by(main)}."
    labels = words.listed([row["label"] for row in others], "or")
    without = f"without {labels}" if len(others) <= MOST_NAMED else f"in {len(others)} of {len(rows)} cases"
    return f"{lead} {methods} {without}, {words.interval_by(main)} otherwise."


def _stability(analysis: AnalysisView, main: RandomLine, rows: list[ResampledRow]) -> str:
    if analysis.measure.null is None or main["ci_low"] is None:
        return ""
    fewest = min(row["k"] for row in rows)
    if fewest < FEWEST_EFFECTS:
        few = words.count(fewest, "effect")
        return (
            f"With {few} remaining, the confidence intervals are uninformative and are not compared with the main one."
        )
    included, null = includes_null(analysis, main), words.no_difference(analysis)
    changed = [row["label"] for row in rows if includes_null(analysis, row) != included]
    state, opposite = ("includes", "excludes") if included else ("excludes", "includes")
    if not changed:
        return f"The confidence interval {state} {null} in every case, as in the main analysis."
    which = f"which {state} {null} in the main analysis, {opposite} it without {words.listed(changed, 'or')}"
    return words.ended(f"The confidence interval, {which}")
