"""How each kind of analysis is explored: one entry per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coppice.core.contracts.extract import ExtractContent
from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE, kind_in
from coppice.explore.analysis import explore_analysis
from coppice.explore.diagnostic import explore_diagnostic
from coppice.explore.doses import explore_dose_response
from coppice.explore.network import explore_network
from coppice.explore.outcomes import explore_outcomes

# from what `explore` reads of an analysis, its pooled result and, where it needs them, its extracts
Explore = Callable[[Mapping[str, Any], Any, Iterable[ExtractContent]], Any]

EXPLORING: dict[str, Explore] = {
    PAIRWISE: explore_analysis,
    NETWORK: explore_network,
    MULTIVARIATE: explore_outcomes,
    DIAGNOSTIC: explore_diagnostic,
    DOSE_RESPONSE: explore_dose_response,
}


def exploring(pooled: Mapping[str, Any]) -> Explore:
    """Return how an analysis is explored, by its pooled result."""
    return EXPLORING[kind_in(pooled)]
