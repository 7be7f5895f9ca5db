"""How each kind of analysis is pooled: one entry per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.extract import ExtractContent
from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE, kind_in
from coppice.pool.analysis import pool_analysis
from coppice.pool.multivariate.diagnostic.analysis import pool_diagnostic
from coppice.pool.multivariate.diagnostic.table import table as table_of_diagnostic
from coppice.pool.multivariate.doses.analysis import pool_dose_response
from coppice.pool.multivariate.doses.table import table as table_of_doses
from coppice.pool.multivariate.network.analysis import pool_network
from coppice.pool.multivariate.network.table import table as table_of_network
from coppice.pool.multivariate.outcomes.analysis import pool_outcomes
from coppice.pool.multivariate.outcomes.table import table as table_of_outcomes
from coppice.pool.table import table


@dataclass(frozen=True, slots=True)
class Pooling:
    """How one kind is pooled.

    Attributes
    ----------
    pool : callable
        From what `pool` reads of an analysis and its extracts to the content of its result file.
    table : callable
        From this content to the table beside it, as CSV.
    """

    pool: Callable[[Mapping[str, Any], Iterable[ExtractContent]], Any]
    table: Callable[[Any], str]


POOLING: dict[str, Pooling] = {
    PAIRWISE: Pooling(pool_analysis, table),
    NETWORK: Pooling(pool_network, table_of_network),
    MULTIVARIATE: Pooling(pool_outcomes, table_of_outcomes),
    DIAGNOSTIC: Pooling(pool_diagnostic, table_of_diagnostic),
    DOSE_RESPONSE: Pooling(pool_dose_response, table_of_doses),
}


def pooling(about: Mapping[str, Any]) -> Pooling:
    """Return how an analysis is pooled, by its spec or its result."""
    return POOLING[kind_in(about)]
