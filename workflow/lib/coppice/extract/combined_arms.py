"""Arms that share patients: combining several into one, and splitting a control arm among its comparisons.

Cochrane Handbook 2019, 6.5.2.10 and 23.3.4, doi:10.1002/9781119536604.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Figure, NotEstimable

Arm = Mapping[str, float]
COUNTED = ("events", "n", "time")
SPLIT = {
    "counts": ("events_c", "n_c"),
    "person_time": ("events_c", "time_c"),
    "means": ("n_c",),
    "mean_change": ("n_c",),
}


def combine_two_means(one: Arm, other: Arm) -> dict[str, float]:
    """Return n, mean and SD of two groups together, as if each patient's value were known (Handbook, table 6.5.a)."""
    n1, n2 = one["n"], other["n"]
    n = n1 + n2
    between = n1 * n2 / n * (one["mean"] - other["mean"]) ** 2
    within = (n1 - 1) * one["sd"] ** 2 + (n2 - 1) * other["sd"] ** 2
    return {"n": n, "mean": (n1 * one["mean"] + n2 * other["mean"]) / n, "sd": math.sqrt((within + between) / (n - 1))}


def combine_means(arms: Sequence[Arm]) -> dict[str, float]:
    """Return n, mean and SD of several groups together."""
    total: Arm = reduce(combine_two_means, arms)
    return dict(total)


def combine_counts(arms: Sequence[Arm]) -> dict[str, float]:
    """Return the sums of events, patients and person-time, of those that every arm gives."""
    return {name: sum(arm[name] for arm in arms) for name in COUNTED if all(name in arm for arm in arms)}


COMBINE: dict[str, Callable[[Sequence[Arm]], dict[str, float]]] = {
    "counts": combine_counts,
    "person_time": combine_counts,
    "means": combine_means,
    "mean_change": combine_means,
}


def combined(figure: Figure, arm: str) -> tuple[dict[str, float], str] | None:
    """Return the fields of an arm that is reported as several, with a note; None if it is reported as one."""
    arms = figure.get(f"combine_{arm}")
    if not arms or figure["statistic"] not in COMBINE:
        return None
    try:
        total = COMBINE[figure["statistic"]](arms)
    except KeyError as error:
        raise NotEstimable(f"an entry of combine_{arm} has no {error.args[0]}") from None
    fields = {f"{name}_{arm}": value for name, value in total.items()}
    return fields, f"{len(arms)} arms combined into the {ARMS[arm]} arm"


def resolved(figure: Figure) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the figure with its arms combined and its control arm split, as it asks for, and notes of both.

    `combine_e` and `combine_c` are lists of arms, each with `events` and `n`, `events` and `time`, or `mean`, `sd`, `n`.
    `split_c` is the number of comparisons that share the control arm; each gets that part of its patients and events,
    with the mean and SD of all.
    """
    whole, notes = dict(figure), []
    for arm in ARMS:
        total = combined(figure, arm)
        if total is not None:
            whole |= total[0]
            notes.append(total[1])
    share = figure.get("split_c")
    if share is not None and share > 1:
        for name in SPLIT.get(figure["statistic"], ()):
            if whole.get(name) is not None:
                whole[name] = whole[name] / share
        notes.append(f"the control arm is shared by {share:g} comparisons; 1/{share:g} of it is used in this one")
    return whole, tuple(notes)
