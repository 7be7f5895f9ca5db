"""What the page says of each kind of analysis other than pairwise: one entry per kind; `report.data.kinds` has what is exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK
from coppice.report.other_view import OtherView
from coppice.report.page import diagnostic, dose_response, multivariate, network
from coppice.report.page.html_elements import Html
from coppice.report.page.references import Statement

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the report says of one kind.

    Attributes
    ----------
    section : callable
        Builds the results of one analysis, beneath a heading of level 3 with its id.
    summary : callable
        Builds what stands of it in the summary of findings, on the first screen.
    sentence : callable
        Gives its main result in a sentence, for the abstract.
    method : callable
        Gives its method in a sentence, for the abstract.
    methods : callable
        Yields the methods of all analyses of the kind, statement by statement, with the works that they cite.
    more : callable
        Gives further sentences for the paragraph that a journal could print: subgroups, heterogeneity.
    checklist : tuple or None
        Caption and items of an extension of PRISMA: the number of each, its topic, and the part of the section that reports it.
    """

    section: Callable[[ReviewView, OtherView], Html]
    summary: Callable[[OtherView], Html | None]
    sentence: Callable[[OtherView], str]
    method: Callable[[OtherView], str]
    methods: Callable[[Sequence[OtherView]], Iterator[Statement]]
    checklist: tuple[str, tuple[tuple[str, str, str], ...]] | None = None
    more: Callable[[OtherView], Iterable[str]] = lambda analysis: ()


REPORTING: dict[str, Reporting] = {
    NETWORK: Reporting(
        network.section,
        network.summary,
        network.sentence,
        network.method,
        network.methods,
        network.CHECKLIST,
        network.spread,
    ),
    MULTIVARIATE: Reporting(
        multivariate.section,
        multivariate.summary,
        multivariate.sentence,
        multivariate.method,
        multivariate.methods,
        more=multivariate.more,
    ),
    DIAGNOSTIC: Reporting(
        diagnostic.section,
        diagnostic.summary,
        diagnostic.sentence,
        diagnostic.method,
        diagnostic.methods,
        diagnostic.CHECKLIST,
        diagnostic.more,
    ),
    DOSE_RESPONSE: Reporting(
        dose_response.section,
        dose_response.summary,
        dose_response.sentence,
        dose_response.method,
        dose_response.methods,
    ),
}
