"""Why a figure, or an outcome, gives no effect: one sentence in plain words, whatever was tried.

The figure's footnotes, the tables of the report and the lines at the end of a run all print these words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.measures import MEASURES
from coppice.core.reported_fields import ARMS

SPREAD = ("sd", "se", "ci", "t", "f", "p")  # any of these does in place of an SD
FIELDS = {
    "sd": "SD",
    "n": "number of patients",
    "events": "number of events",
    "percent": "percentage",
    "time": "follow-up time",
    "se": "standard error",
    "se_log": "standard error",
    "sei": "standard error",
    "ci": "confidence interval",
    "ci_limit": "limit of the confidence interval",
    "ci_scale": "scale of the interval",
    "p": "p value",
    "t": "t value",
    "r": "correlation",
    "v": "variance",
    "vi": "variance",
    "yi": "effect",
    "o_minus_e": "observed minus expected number of events",
    "expected": "expected number of events",
    "chi2": "chi-squared",
    "at_risk": "number at risk",
    "survival": "survival probability",
}
NOTHING = "nothing is reported"
FROM = "can be computed from"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A route that gave no effect: the fields that it needs, and those of them that the figure lacks.

    `reason` is why the reported fields give none; empty where some are missing, or where the route is for other figures.
    """

    needs: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str = ""


def listed(names: Sequence[str]) -> str:
    """Join names with commas, and `or` before the last."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def name_of(field: str) -> str:
    """Return the words for a field of an arm, or of a whole figure."""
    return FIELDS.get(field) or field.replace("_", " ")


def not_reported(figure: Mapping[str, Any], missing: Iterable[str]) -> str:
    """Say which fields are not reported; both arms are named by the field alone."""
    stems: dict[str, list[str]] = {}
    for field in missing:
        stem, arm = (field[:-2], field[-1]) if field[-2:] in ("_e", "_c") else (field, "")
        if stem != "sd" or not any(figure.get(f"{name}_{arm}") is not None for name in SPREAD):
            stems.setdefault(stem, []).append(arm)
    if "mean" in stems and not any(
        figure.get(f"{name}{arm}") is not None for name in SPREAD for arm in ("", "_e", "_c")
    ):
        stems.setdefault("sd", stems["mean"])
    names = [
        name_of(stem) + (f" of the {ARMS[arms[0]]} arm" if len(arms) == 1 and arms[0] in ARMS else "")
        for stem, arms in stems.items()
    ]
    return f"no {listed(list(dict.fromkeys(names)))} is reported" if names else ""


def why_no_effect(figure: Mapping[str, Any], measure: str, attempts: Sequence[Attempt]) -> str:
    """Say in one sentence why a figure gives no effect on a measure.

    Where the figures are all there for a route, what is wrong with them; otherwise what the route lacks that uses most of
    the figure.
    """
    if not attempts:
        return f"no {MEASURES[measure].name} {FROM} {figure['statistic'].replace('_', ' ')}"
    if reasons := [attempt.reason for attempt in attempts if attempt.reason]:
        return reasons[0]
    lacking = [attempt for attempt in attempts if attempt.missing]
    nearest = min(
        lacking, key=lambda attempt: (len(attempt.missing) - len(attempt.needs), len(attempt.missing)), default=None
    )
    return (nearest and not_reported(figure, nearest.missing)) or "the reported figures do not suffice"


def why_nothing(reasons: Iterable[str]) -> str:
    """Say why an outcome gives no effect: the reasons of its figures, each once, those that could have given one if there are any."""
    distinct = list(dict.fromkeys(reasons))
    return "; ".join([reason for reason in distinct if FROM not in reason] or distinct) or NOTHING
