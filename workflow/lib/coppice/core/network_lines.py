"""The comparisons of a network as they are read: each from either side, and all treatments against the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Line = Mapping[str, Any]
TURNED = {"ci_low": "ci_high", "ci_high": "ci_low", "prediction_low": "prediction_high", "prediction_high": "prediction_low"}  # fmt: skip


def turned_line(line: Line) -> dict[str, Any]:
    """Return an estimate with its limits as it reads from the other side."""

    def minus(value: float | None) -> float | None:
        return None if value is None else -value

    changed = {name: minus(line[other]) for name, other in TURNED.items() if other in line}
    changed |= {name: minus(line[name]) for name in ("estimate", "statistic") if name in line}
    return {**line, **changed}


def components_of(treatment: str, separator: str) -> list[str]:
    """Return the components that a treatment is made of."""
    return [part.strip() for part in treatment.split(separator)]


def main_line(comparison: Mapping[str, Any]) -> Line:
    """Return the estimate of a comparison by the random-effects model, or by the common-effect model where there is no other."""
    line: Line = comparison["random"] or comparison["common"]
    return line


def is_common(result: Mapping[str, Any]) -> bool:
    """Return whether a network has common effects alone."""
    return "method" in result["settings"]


def turned(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison as it reads from the other side."""
    lines = {name: turned_line(part) for name, part in comparison.items() if isinstance(part, Mapping)}
    return {**comparison, "treatments": comparison["treatments"][::-1], **lines}


def by_pair(comparisons: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return each comparison by its treatments, in both directions."""
    pairs: dict[tuple[str, str], Mapping[str, Any]] = {}
    for comparison in comparisons:
        one, other = comparison["treatments"]
        pairs[one, other], pairs[other, one] = comparison, turned(comparison)
    return pairs


def against_reference(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the comparisons of all other treatments with the reference, in the order of the treatments."""
    reference = result["reference"]
    pairs = by_pair(item for item in result["comparisons"] if reference in item["treatments"])
    names = (item["treatment"] for item in result["treatments"])
    return [pairs[name, reference] for name in names if (name, reference) in pairs]


def as_read(result: Mapping[str, Any], *, by_rank: bool = False) -> list[Mapping[str, Any]]:
    """Return all comparisons in one direction: the better treatment first, but each other one against the reference.

    `by_rank` sorts them so, the reference included.
    """
    place = {item["treatment"]: index for index, item in enumerate(best_first(result))}
    if not by_rank:
        place[result["reference"]] = len(place)
    pairs = by_pair(result["comparisons"])
    ordered = [tuple(sorted(item["treatments"], key=place.__getitem__)) for item in result["comparisons"]]
    if by_rank:
        ordered.sort(key=lambda pair: [place[name] for name in pair])
    return [pairs[one, other] for one, other in ordered]


def names_of(result: Mapping[str, Any]) -> dict[str, str]:
    """Return how the treatments of a network are printed."""
    return {item["treatment"]: item["name"] for item in result["treatments"]}


def best_first(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the treatments of a network by their P-scores."""
    return sorted(result["treatments"], key=lambda item: -item["p_score"])
