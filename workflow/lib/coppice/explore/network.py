"""One network explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import NetworkResult


def explore_network(
    spec: Mapping[str, Any], pooled: NetworkResult, extracts: Iterable[ExtractContent] = ()
) -> dict[str, Any]:
    """Explore a pooled network, and return the content of its result file."""
    return {
        "kind": "network",
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
    }
