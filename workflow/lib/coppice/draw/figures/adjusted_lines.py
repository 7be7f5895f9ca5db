"""The estimates adjusted for small-study effects that a result holds, each with its assumption in five words.

The figures `adjusted` and `robustness` draw them. They are made without matplotlib, so that the report knows whether there are any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Part = Mapping[str, Any]
FILL = "L0"  # the estimator of trim and fill that its authors recommend
ADDED = {0: "no study added", 1: "1 study added"}
UNADJUSTED = "Studies are an unbiased sample"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A method that adjusts the estimate: its name, what it assumes, and where `small_study` holds its estimate."""

    name: str
    assumes: str
    keys: tuple[str, ...]


ADJUSTMENTS = (
    Adjustment("Trim and fill", "Missing studies mirror extreme ones", ("trim_and_fill", FILL)),
    Adjustment("PET", "Bias grows with standard error", ("pet_peese", "PET")),
    Adjustment("PEESE", "Bias grows with sampling variance", ("pet_peese", "PEESE")),
    Adjustment("Selection model (step function)", "Publication changes at p thresholds", ("selection_step",)),
    Adjustment("Selection model (beta)", "Publication varies smoothly with p", ("selection_beta",)),
    Adjustment("Limit meta-analysis", "Infinitely large studies are unbiased", ("limit",)),
    Adjustment("Copas selection model", "Precision and effect drive publication", ("copas", "adjusted")),
    Adjustment("p-uniform*", "Significance alone decides about publication", ("p_uniform",)),
)
REGRESSION = "pet_peese"  # of which one of two estimates is chosen


def part_of(parts: Part, *keys: str) -> Any:
    """Return a part of a result by its keys from the outside in; empty where it was skipped or is missing."""
    part: Any = parts
    for key in keys:
        part = (part or {}).get(key)
        if isinstance(part, Mapping) and "skipped" in part:
            return {}
    return part or {}


def adjusted(explored: Part) -> Iterator[tuple[Adjustment, Part, bool]]:
    """Yield each adjustment that gave an estimate, with its part, and whether it is the one that a rule chose of two."""
    chosen = part_of(explored, "small_study", REGRESSION, "chosen")
    for method in ADJUSTMENTS:
        is_chosen = method.name == chosen
        keys = (REGRESSION,) if is_chosen else method.keys  # the part of both is that of the chosen one
        if part := part_of(explored, "small_study", *keys):
            yield method, part, is_chosen


def is_estimate_of_choice(method: Adjustment, *, chosen: bool) -> bool:
    """Return whether a method gives its one estimate, or the chosen one of two."""
    return chosen or method.keys[0] != REGRESSION


def label_of(method: Adjustment, part: Part) -> str:
    """Return what the row of a method is called: trim and fill with the number of studies that it adds."""
    if "missing" not in part:
        return method.name
    number = part["missing"]
    return f"{method.name}, {ADDED.get(number, f'{number} studies added')}"
