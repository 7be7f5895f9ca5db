"""What the exported data hold of each kind of analysis other than pairwise: one entry per kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK
from coppice.report.data import diagnostic, dose_response, multivariate, network
from coppice.report.data.frame import Frame
from coppice.report.other_view import OtherView

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is exported of one kind.

    Attributes
    ----------
    r_script : callable
        Returns the part of the R script that repeats an analysis.
    frames : sequence of callable
        The tables that it adds to the others, each a function from the review, called as its table.
    """

    r_script: Callable[[OtherView], str]
    frames: tuple[Callable[[ReviewView], Frame], ...] = ()


EXPORTING: dict[str, Exporting] = {
    NETWORK: Exporting(network.r_script, (network.network_effects, network.network_comparisons)),
    MULTIVARIATE: Exporting(
        multivariate.r_script, (multivariate.multivariate_effects, multivariate.multivariate_outcomes)
    ),
    DIAGNOSTIC: Exporting(
        diagnostic.r_script,
        (diagnostic.diagnostic_studies, diagnostic.diagnostic_summaries, diagnostic.diagnostic_consequences),
    ),
    DOSE_RESPONSE: Exporting(
        dose_response.r_script, (dose_response.dose_response_effects, dose_response.dose_response_curves)
    ),
}
