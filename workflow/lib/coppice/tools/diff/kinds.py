"""How results of each kind of analysis are compared: one entry per kind, from a result to the estimates that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coppice.core.kinds import NETWORK, PAIRWISE, kind_in
from coppice.core.network_lines import against_reference, names_of

Pool = Mapping[str, Any]


def of_network(name: str, pool: Pool) -> dict[str, Pool]:
    """Return the studies and settings of a network under its name, then each treatment against the reference."""
    shared = {key: pool[key] for key in ("measure", "outcome")}
    names, spread = names_of(pool), {"tau2": (pool["heterogeneity"] or {}).get("tau2")}
    effects = [
        {**effect, "label": f"{effect['label']}: {' against '.join(effect['treatments'])}"}
        for effect in pool["effects"]
    ]
    settings = {key: value for key, value in pool["settings"].items() if key not in ("draws", "seed")}
    whole = {**shared, "k": pool["k"], "random": None, "heterogeneity": spread, "settings": settings}
    parts: dict[str, Pool] = {name: {**whole, "effects": effects, "excluded": pool["excluded"]}}
    for item in against_reference(pool):
        label = f"{name}: {names[item['treatments'][0]]} against {names[item['treatments'][1]]}"
        part = {"random": item["random"], "k": item["k"], "settings": {}, "effects": [], "excluded": []}
        parts[label] = {**whole, **part}
    return parts


PARTS: dict[str, Callable[[str, Pool], dict[str, Pool]]] = {
    PAIRWISE: lambda name, pool: {name: pool},
    NETWORK: of_network,
}


def parts_of(name: str, pool: Pool) -> dict[str, Pool]:
    """Return what is compared of one result, each by its name."""
    return PARTS[kind_in(pool)](name, pool)
