"""What each kind of analysis needs of its studies and settings: one entry per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, KINDS, MULTIVARIATE, NETWORK, kind_of
from coppice.core.schema import Finding
from coppice.core.study import Study
from coppice.review import diagnostic, dose_response, multivariate, network
from coppice.review.comparison import Treatments


def nothing_missing(treatments: Treatments, study: Study) -> str | None:
    """Of a kind that any study can be in."""
    return None


@dataclass(frozen=True, slots=True)
class Checking:
    """What one kind other than pairwise needs.

    Attributes
    ----------
    findings : callable
        Yields what is wrong with the settings of an analysis: from the settings with the key of the outcome, the model
        with that of the review, the treatments, and the studies that enter (none where some could not be read).
    missing : callable
        Returns why a study can't be in an analysis of this kind, or None.
    """

    findings: Callable[[Mapping[str, Any], Mapping[str, Any], Treatments, Sequence[Study]], Iterator[Finding]]
    missing: Callable[[Treatments, Study], str | None] = nothing_missing


CHECKING: dict[str, Checking] = {
    NETWORK: Checking(network.findings, network.missing),
    MULTIVARIATE: Checking(multivariate.findings),
    DIAGNOSTIC: Checking(diagnostic.findings),
    DOSE_RESPONSE: Checking(dose_response.findings),
}


def lacking_findings(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the keys that an analysis of its kind can't have."""
    kind = kind_of(settings)
    for key, reason in kind.lacks.items():
        if settings.get(key) is not None and key in settings:
            yield (key,), f"is not for a {KINDS[kind.name].title.lower()}: {reason}; leave it out"
