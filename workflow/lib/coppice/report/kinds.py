"""What the report says of each kind of analysis other than pairwise: one entry a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coppice.core.kinds import DIAGNOSTIC, NETWORK
from coppice.report.data import diagnostic as data_of_diagnostic
from coppice.report.data import network as data_of_network
from coppice.report.data.frame import Frame
from coppice.report.other_view import OtherView
from coppice.report.page import diagnostic, network
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
    r_script : callable
        Returns the part of the R script that repeats it.
    frames : sequence of callable
        The tables that it adds to the exported ones, each a function from the review, called as its table.
    """

    section: Callable[[ReviewView, OtherView], Html]
    summary: Callable[[OtherView], Html | None]
    sentence: Callable[[OtherView], str]
    method: Callable[[OtherView], str]
    methods: Callable[[Sequence[OtherView]], Iterator[Statement]]
    r_script: Callable[[OtherView], str]
    frames: tuple[Callable[[ReviewView], Frame], ...] = ()


REPORTING: dict[str, Reporting] = {
    NETWORK: Reporting(
        network.section,
        network.summary,
        network.sentence,
        network.method,
        network.methods,
        data_of_network.r_script,
        (data_of_network.network_effects, data_of_network.network_comparisons),
    ),
    DIAGNOSTIC: Reporting(
        diagnostic.section,
        diagnostic.summary,
        diagnostic.sentence,
        diagnostic.method,
        diagnostic.methods,
        data_of_diagnostic.r_script,
        (
            data_of_diagnostic.diagnostic_studies,
            data_of_diagnostic.diagnostic_summaries,
            data_of_diagnostic.diagnostic_consequences,
        ),
    ),
}
