"""Populations: which patients an effect is about, as a path such as TRIAL/stratum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def within(population: str, other: str) -> bool:
    """Return whether a population is the other one or a part of it."""
    return population == other or population.startswith(other + "/")


def overlap(one: str, other: str) -> bool:
    """Return whether two populations share patients: the same path, or one above the other."""
    return within(one, other) or within(other, one)


def overlapping(populations: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each pair of populations that share patients, in order."""
    places: dict[str, list[int]] = {}
    for position, population in enumerate(populations):
        places.setdefault(population, []).append(position)
    found = set()
    for position, population in enumerate(populations):
        parts = population.split("/")
        for depth in range(1, len(parts) + 1):
            above = places.get("/".join(parts[:depth]), ())
            found |= {(min(position, other), max(position, other)) for other in above if other != position}
    yield from sorted(found)
