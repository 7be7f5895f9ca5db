"""What is planned for each kind of analysis: one entry per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractContent, WantedMeasure
from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE
from coppice.core.study import Study
from coppice.plan import diagnostic, dose_response, multivariate, network, pairwise
from coppice.review.analysis import Analysis
from coppice.review.review import Review

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planning:
    """What is planned for an analysis of one kind.

    Attributes
    ----------
    requests : callable
        Yields the effects that it asks of the extract of a study, by name, given the study's reported figures.
    pool, explore : callable
        Return what `pool` and `explore` read of it.
    entering : callable
        Returns the candidates of a study that enter it with the reason, or none with the reason why not, from the
        extract of the study.
    reads_again : callable
        Whether `explore` reads the extracts that `pool` has read.
    draw : callable
        Returns what `draw` reads of it in addition to what it reads of every analysis.
    figures : callable
        Returns the figures that it has since it requests what they show.
    """

    requests: Callable[[Review, Analysis, Study, Sequence[Mapping[str, Any]]], Iterator[tuple[str, WantedMeasure]]]
    pool: Callable[[Review, Analysis], Spec]
    explore: Callable[[Review, Analysis], Spec]
    entering: Callable[[Review, Analysis, Study, ExtractContent], tuple[list[Candidate], str]]
    reads_again: Callable[[Review, Analysis], bool] = lambda review, item: False
    draw: Callable[[Review, Analysis], Spec] = lambda review, item: {}
    figures: Callable[[Review, Analysis], set[str]] = lambda review, item: set()


PLANNING: dict[str, Planning] = {
    PAIRWISE: Planning(
        pairwise.requests,
        pairwise.pool,
        pairwise.explore,
        pairwise.entering_of,
        reads_again=pairwise.has_multiverse,
        figures=pairwise.figures,
    ),
    NETWORK: Planning(network.requests, network.pool, network.explore, network.entering_of, figures=network.figures),
    MULTIVARIATE: Planning(multivariate.requests, multivariate.pool, multivariate.explore, pairwise.entering_of),
    DIAGNOSTIC: Planning(diagnostic.requests, diagnostic.pool, diagnostic.explore, diagnostic.entering_of),
    DOSE_RESPONSE: Planning(dose_response.requests, dose_response.pool, dose_response.explore, pairwise.entering_of),
}


def planning(analysis: Analysis) -> Planning:
    """Return what is planned for an analysis."""
    return PLANNING[analysis.kind]
