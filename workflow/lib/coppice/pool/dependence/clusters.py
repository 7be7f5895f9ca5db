"""Which effects are of one study."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def positions(cluster: Sequence[Hashable]) -> list[list[int]]:
    """Return the positions of each cluster's effects, clusters in order of first appearance."""
    places: dict[Hashable, list[int]] = {}
    for index, name in enumerate(cluster):
        places.setdefault(name, []).append(index)
    return list(places.values())
