"""The arms of a study in the tables of an extraction: their columns, pairs, and the figure of a pair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from coppice.tools.import_file.delimited import Row
from coppice.tools.import_file.plain_text import plain_name

STUDY = ("Study", "Study ID", "Study name", "Study label")
REVIEWER = ("Reviewer Name", "Reviewer")
OUTCOME, TIME = ("Outcome", "Outcome name", "Study outcome"), ("Time point", "Timepoint", "Time", "Follow up", "Timing")
ARM, INTERVENTION = ("Arm", "Arm name", "Study arm", "Group"), ("Intervention", "Intervention name", "Intervention(s)")
EVENTS, N = (
    ("Events", "Cases", "Number of events"),
    ("N", "Total", "Participants", "Number of participants", "Sample size"),
)
MEAN, SD, SE = ("Mean",), ("SD", "Standard deviation"), ("SE", "Standard error")
LOW, HIGH = (
    ("CI start", "CI lower", "Lower CI", "Mean CI start", "95% CI lower"),
    ("CI end", "CI upper", "Upper CI", "Mean CI end", "95% CI upper"),
)
CONTROL = re.compile(
    r"\b(control|placebo|sham|usual care|standard( care| of care| treatment)?|no (treatment|intervention)|wait(ing)?[- ]?list)\b",
    re.I,
)
PAIR = 2


def is_control(row: Row) -> bool:
    """Return whether an arm is the control, by its name or that of its intervention."""
    return bool(CONTROL.search(f"{row.text(*ARM)} {row.text(*INTERVENTION)}"))


def name_of_arm(row: Row) -> str:
    """Return the name of the intervention of an arm, or of the arm."""
    return plain_name(row.text(*INTERVENTION) or row.text(*ARM))


def paired(rows: Sequence[Row]) -> tuple[Row, Row] | str:
    """Return the experimental and the control arm of two rows, or why they are not a pair."""
    if len(rows) != PAIR:
        names = ", ".join(name_of_arm(row) for row in rows)
        return f"{len(rows)} arms ({names}); two are compared: add the pair that is wanted to the record"
    first, second = rows
    if is_control(first) and not is_control(second):
        return second, first
    return first, second


def figure_of(experimental: Row, control: Row) -> dict[str, Any] | None:
    """Return the figure of two arms: counts or means, by which columns are filled in for both."""
    fields: dict[str, Any] = {}
    for arm, row in (("e", experimental), ("c", control)):
        values = {
            "events": row.whole(*filled(row, EVENTS)),
            "n": row.whole(*filled(row, N)),
            "mean": row.value(*filled(row, MEAN)),
            "sd": row.value(*filled(row, SD)),
            "se": row.value(*filled(row, SE)),
        }
        interval = [row.value(*filled(row, LOW)), row.value(*filled(row, HIGH))]
        fields |= {f"{name}_{arm}": value for name, value in values.items() if value is not None}
        fields |= {f"ci_{arm}": interval} if None not in interval else {}
    has = fields.keys()
    if {"events_e", "n_e", "events_c", "n_c"} <= has:
        return {"statistic": "counts", **{name: fields[name] for name in ("events_e", "n_e", "events_c", "n_c")}}
    if not {"mean_e", "mean_c", "n_e", "n_c"} <= has:
        return None
    spread = [
        next((f"{name}_{arm}" for name in ("sd", "se", "ci") if f"{name}_{arm}" in has), "") for arm in ("e", "c")
    ]
    if not all(spread):
        return None
    names = ("mean_e", spread[0], "n_e", "mean_c", spread[1], "n_c")
    return {"statistic": "means", **{name: fields[name] for name in names}}


def filled(row: Row, names: Iterable[str]) -> list[str]:
    """Return the first of some columns that holds something, or the first of them."""
    options = list(names)
    return [next((name for name in options if row.text(name)), options[0])]
