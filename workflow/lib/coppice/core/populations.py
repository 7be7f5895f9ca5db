"""Populations: which patients an effect is about, as a path such as TRIAL/stratum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def within(population: str, other: str) -> bool:
    """Return whether a population is the other one or a part of it."""
    return population == other or population.startswith(other + "/")


def overlapping(populations: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield, for each population that shares patients with an earlier one, the positions of the first of these and its own.

    Two share patients if they are the same path, or one lies above the other.

    Not every pair: where a thousand studies name the same patients there are half a million.
    """
    first: dict[str, int] = {}  # of the populations that are a path or lie below it
    own: dict[str, int] = {}
    for position, population in enumerate(populations):
        parts = population.split("/")
        paths = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        earlier = [own[path] for path in paths if path in own]
        if population in first:
            earlier.append(first[population])
        if earlier:
            yield min(earlier), position
        own.setdefault(population, position)
        for path in paths:
            first.setdefault(path, position)
