"""Checks of the counts of the PRISMA flow: against one another, and against the studies of the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from coppice.core.study import Study
from coppice.extract.checks.check import WARNING, Check, Hit, check

PAGE = "Page MJ et al. 2021; 10.1136/bmj.n71"
LEVEL = "flow"
NAMES = {
    "identified": "records identified",
    "removed": "records removed before screening",
    "screened": "records screened",
    "excluded_screening": "records excluded",
    "sought": "reports sought",
    "not_retrieved": "reports not retrieved",
    "assessed": "reports assessed",
    "excluded_reports": "reports excluded",
    "included_reports": "reports of included studies",
    "included_studies": "included studies",
}
STEPS = (
    ("identified", "removed", "screened"),
    ("screened", "excluded_screening", "sought"),
    ("sought", "not_retrieved", "assessed"),
    ("assessed", "excluded_reports", "included_reports"),
)


@dataclass(frozen=True, slots=True)
class Flow:
    """The counts of the flow, those by source or reason added up, and the studies of the review."""

    counts: Mapping[str, int]
    studies: Sequence[Study]


def flow_of(review: Mapping[str, Any], studies: Sequence[Study]) -> Flow:
    """Return the flow of a configuration, without the counts that it leaves open."""
    counts = {
        name: sum(value.values()) if isinstance(value, Mapping) else value
        for name, value in (review.get("flow") or {}).items()
        if value is not None
    }
    return Flow(counts, studies)


def step_check(start: str, off: str, rest: str) -> Check:
    """Return the check of one step: what comes in, less what is taken off, is what is left."""

    def find(flow: Flow) -> Iterator[Hit]:
        come, less, left = (flow.counts.get(name) for name in (start, off, rest))
        if come is None or left is None:
            return
        if less is None and left > come:
            yield Hit(f"{left:,} {NAMES[rest]}, more than the {come:,} {NAMES[start]}")
        elif less is not None and come - less != left:
            yield Hit(
                f"{come:,} {NAMES[start]} less {less:,} {NAMES[off]} are {come - less:,}, and the flow has {left:,} {NAMES[rest]}"
            )

    sentence = f"The {NAMES[start]}, less the {NAMES[off]}, are not the {NAMES[rest]}."
    return Check(f"flow_{rest}", LEVEL, WARNING, sentence, "counts that are not given", PAGE, find)


flow_screened, flow_sought, flow_assessed, flow_included_reports = (step_check(*step) for step in STEPS)


@check(LEVEL, WARNING, allows="what is taken off at a step that is not given", source=PAGE)
def flow_steps(flow: Flow) -> Iterator[Hit]:
    """Two counts of the flow do not fit, and those between them are not given."""
    boxes = [name for name, *_ in STEPS] + ["included_reports"]
    for one, other in pairwise(name for name in boxes if name in flow.counts):
        is_step = boxes.index(other) == boxes.index(one) + 1
        taken = [off for start, off, _ in STEPS if boxes.index(one) <= boxes.index(start) < boxes.index(other)]
        less = sum(flow.counts.get(off, 0) for off in taken)
        left = flow.counts[one] - less
        is_whole = all(off in flow.counts for off in taken)
        if not is_step and (flow.counts[other] > left or (is_whole and flow.counts[other] != left)):
            yield Hit(
                f"{flow.counts[one]:,} {NAMES[one]} less the {less:,} that the flow takes off are {left:,}, and it has "
                f"{flow.counts[other]:,} {NAMES[other]}"
            )


@check(LEVEL, WARNING, allows="nothing: accept it where one report is of several studies", source=PAGE)
def flow_reports_and_studies(flow: Flow) -> Iterator[Hit]:
    """There are fewer reports than included studies."""
    studies, reports = flow.counts.get("included_studies"), flow.counts.get("included_reports")
    if studies is not None and reports is not None and reports < studies:
        yield Hit(f"{studies:,} {NAMES['included_studies']} in {reports:,} reports: each has at least one")
    assessed, excluded = flow.counts.get("assessed"), flow.counts.get("excluded_reports", 0)
    if studies is not None and reports is None and assessed is not None and studies > assessed - excluded:
        yield Hit(
            f"{studies:,} {NAMES['included_studies']}, and only {assessed - excluded:,} of the {assessed:,} reports assessed are left"
        )


@check(LEVEL, WARNING, allows="nothing: accept it where studies are included without a record", source=PAGE)
def flow_and_records(flow: Flow) -> Iterator[Hit]:
    """The flow includes another number of studies than the review holds."""
    included, held = flow.counts.get("included_studies"), len(flow.studies)
    if included is not None and included != held:
        yield Hit(f"{included:,} {NAMES['included_studies']} in the flow, and the review holds {held:,}")


@check(LEVEL, WARNING, allows="records that cite fewer reports, and tables with one report a study", source=PAGE)
def flow_and_reports(flow: Flow) -> Iterator[Hit]:
    """The records cite more reports than the flow includes."""
    included = flow.counts.get("included_reports")
    cited = {
        str(report.get("doi") or report.get("pmid") or report.get("citation"))
        for study in flow.studies
        for report in study.reports.values()
    }
    if included is not None and len(cited) > included and any(len(study.reports) > 1 for study in flow.studies):
        yield Hit(f"{included:,} {NAMES['included_reports']} in the flow, and the records cite {len(cited):,}")
