"""An entry of the registry: one test or model, and when it must not be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coppice.explore.options import too_few
from coppice.explore.rounding import ROUNDING, is_rounding, size_of
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.options import SmallStudyOption
from coppice.pool.kernel.kernel import Array

Part = dict[str, Any]
Need = Callable[[Evidence], str | None]  # the reason why an entry can't be used, or None

FEWEST = 10  # with fewer, asymmetry can't be distinguished from chance: Sterne et al. 2011, doi:10.1136/bmj.d4002
ODDS_RATIOS = frozenset({"OR", "PETO"})
RATIOS_OF_COUNTS = ODDS_RATIOS | {"RR"}
OF_COUNTS = RATIOS_OF_COUNTS | {"RD", "AS"}
STANDARDISED_MEANS = frozenset({"SMD", "SMDH", "SMD1", "SMD1H"})
# measures whose standard error is a function of the effect itself, so that a funnel plot is asymmetrical without bias
LINKED = (
    OF_COUNTS - {"AS"}
    | STANDARDISED_MEANS
    | {"IRR", "COR", "UCOR", "PCOR", "SPCOR", "PHI", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH"}
)


class CannotFit(ValueError):
    """The data do not give the result; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(SmallStudyOption):
    """One test or model of small-study effects.

    `run`: evidence and options -> its part of the result file. `needs`: each returns the reason why it must not be
    used, or None. `fewest`: the smallest number of effects with which it is used.
    """

    run: Callable[[Evidence, Mapping[str, Any]], Part]
    needs: tuple[Need, ...] = ()
    fewest: int = FEWEST

    def why_not(self, evidence: Evidence) -> str | None:
        """Return the reason why it must not be used with these effects, or None."""
        for need in (*self.needs, self._enough):
            if reason := need(evidence):
                return reason
        return None

    def _enough(self, evidence: Evidence) -> str | None:
        if evidence.k >= self.fewest:
            return None
        return too_few(self.fewest, evidence.k)


def outside(estimate: float, yi: Array, what: str) -> Part:
    """Return the `caution` that an adjusted estimate is beyond the effect yi of every study, or nothing.

    `what` is what the estimate is of, as the subject of a sentence.
    """
    slack = ROUNDING * size_of(yi)
    if yi.min() - slack <= estimate <= yi.max() + slack:
        return {}
    side = "above the largest" if estimate > yi.max() else "below the smallest"
    return {"caution": f"{what} is {side} effect of any study: it is extrapolated and unreliable."}


def a_null(evidence: Evidence) -> str | None:
    """Need a value of no effect: without one no result is favourable."""
    return (
        None
        if evidence.null is not None
        else "the measure has no value of no effect, so no direction of results is less likely to be published"
    )


def not_linked(evidence: Evidence) -> str | None:
    """Need a measure whose standard error does not depend on the effect."""
    if evidence.measure not in LINKED:
        return None
    instead = "the modified test for standardised mean differences" if evidence.measure in STANDARDISED_MEANS else None
    instead = instead or ("a test that uses the counts" if evidence.measure in OF_COUNTS else None)
    use = f"; use {instead}" if instead else ""
    return f"the standard error of {evidence.measure} depends on the effect, so the test finds asymmetry even without bias{use}"


def measure_in(measures: frozenset[str], words: str) -> Need:
    """Need one of some measures, which `words` names."""
    return lambda evidence: (
        None if evidence.measure in measures else f"only for {words}; the measure is {evidence.measure}"
    )


def tables(evidence: Evidence) -> str | None:
    """Need the counts of every study, with at least one event and one patient without."""
    if evidence.tables is None:
        return "not every study reports the events and patients of both arms"
    events, patients = evidence.tables[:, [0, 2]].sum(axis=1), evidence.tables[:, [1, 3]].sum(axis=1)
    if np.any(events == 0) or np.any(events == patients):
        return "in a study no patient, or every patient, has the event, so its variance is undefined"
    return None


def sizes(evidence: Evidence) -> str | None:
    """Need the patients of both arms of every study."""
    return None if evidence.sizes is not None else "not every study reports the patients of both arms"


def numbers(evidence: Evidence) -> str | None:
    """Need the number of patients of every study."""
    return None if evidence.numbers is not None else "not every study reports the number of patients"


def different_effects(evidence: Evidence) -> str | None:
    """Need effects that are not all equal."""
    same = evidence.k > 0 and is_rounding(evidence.yi - evidence.yi[0], evidence.yi, evidence.sei)
    return "all effects are equal, so there is no asymmetry to detect" if same else None


def different_precision(evidence: Evidence) -> str | None:
    """Need studies of different precision."""
    same = evidence.k > 0 and np.ptp(evidence.vi) <= 1e-12 * evidence.vi.max()
    return "all studies are equally precise, so none is small beside the others" if same else None
