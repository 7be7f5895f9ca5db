"""What `check` prints: all findings of a review, in the order of its studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

from coppice.core.contracts.extract import CheckFinding, ExtractContent
from coppice.core.event_names import COUNTED, is_event
from coppice.extract.checks.check import Hit, Pooling
from coppice.extract.checks.flow import flow_of
from coppice.extract.checks.run import (
    EVENT_UNNAMED,
    TABLE_NOTE,
    check_accepts,
    check_analysis,
    check_flow,
    check_sources,
    check_study,
    finding,
)
from coppice.extract.numeric import is_left_to_the_job, planning
from coppice.extract.outcome import extract_outcome
from coppice.plan import extract, pooled
from coppice.plan.requests import effect_request
from coppice.review import texts
from coppice.review.analysis import Analysis, role_of
from coppice.review.evidence import EVIDENCE, check_evidence, figures_of_texts, has_text_elsewhere
from coppice.review.review import Review

Extracts = Mapping[tuple[str, str], ExtractContent]
OPEN_CHECKS = ("routes_disagree",)  # what compares effects: open where some are left to the job


def pooling_of(review: Review, analysis: Analysis, extracts: Extracts) -> Pooling:
    """Return an analysis with the candidates that enter it."""
    members = []
    for study in analysis.reporting:
        if analysis.is_pairwise:
            content = extracts[study.study, analysis.outcome]["measures"][effect_request(review, analysis)[0]]
            members.append(analysis.member(study, [content["candidates"][index] for index in content["chosen"]]))
        else:  # effects of several comparisons, which no check looks for differences among
            members.append(analysis.member(study))
    return Pooling(analysis.name, analysis.measure, members, analysis.title)


def of_extracts(extracts: Extracts) -> Iterator[CheckFinding]:
    """Yield the findings that the extracts hold."""
    for content in extracts.values():
        yield from content["findings"]


@lru_cache(maxsize=4)
def extracted(review: Review, *, complete: bool = False) -> dict[tuple[str, str], ExtractContent]:
    """Return what is extracted of every outcome of every study, those that no analysis pools included.

    Unless it is to be `complete`, what needs a numeric package is left to the jobs.
    """
    with nullcontext() if complete else planning():
        return {
            (study.study, outcome): extract_outcome(extract.spec(review, study.study, outcome))
            for study in review.studies
            for outcome in study.outcomes
        }


def left_to_the_job(content: ExtractContent) -> list[str]:
    """Return the routes of an outcome whose effects only the job computes."""
    candidates = [item for part in content["measures"].values() for item in part["candidates"]]
    return sorted({item["route"] for item in candidates if is_left_to_the_job(item)})


def spec(review: Review, *, complete: bool = False) -> dict[str, Any]:
    """Return what `check` prints: the findings of the whole review, and what can be pooled."""
    extracts = extracted(review, complete=complete)
    left = [
        f"{study}, {outcome}: {', '.join(routes)} not compared with the other figures here, but in the report"
        for (study, outcome), content in extracts.items()
        if (routes := left_to_the_job(content))
    ]
    left += texts.notes(review.texts, figures_of_texts(review.studies))
    lines = pooled.lines(review, pooled.from_extracts(review, extracts))
    return {"findings": of_review(review, complete=complete), "pooled": [*lines, *left]}


@lru_cache(maxsize=4)
def of_review(review: Review, *, complete: bool = False) -> list[CheckFinding]:
    """Return every finding of a review, outcomes that no analysis pools included, in the order of studies and figures.

    Those of no study, whose `study` is None, come last: of analyses, of the PRISMA flow, of how a table was read. `figure` is an index
    within `reported`, or None; `accepted` is the reason in the record, or None. `complete` also compares effects that
    need a numeric package, which planning leaves to the jobs.
    """
    studies = review.studies
    extracts = extracted(review, complete=complete)
    findings = [*of_extracts(extracts), *(item for study in studies for item in check_study(study))]
    findings += [item for study in studies for item in check_evidence(study, review.texts)]
    for analysis in review.analyses.values():
        findings += check_analysis(pooling_of(review, analysis, extracts))
    about = review.settings["review"]
    of_flow = check_flow(flow_of(about, studies), about.get("accept") or {})
    of_study: dict[str | None, list[CheckFinding]] = {}
    for item in findings:
        of_study.setdefault(item["study"], []).append(item)
    for study in studies:
        is_open = any(left_to_the_job(extracts[study.study, outcome]) for outcome in study.outcomes)
        open_checks = (OPEN_CHECKS if is_open else ()) + (EVIDENCE if has_text_elsewhere(study, review.texts) else ())
        findings += check_accepts(study, of_study.get(study.study, ()), open_checks)
        findings += check_sources(study, review.sources)
    ordered = in_order(findings, [(study.study, list(study.outcomes)) for study in studies])
    of_table = [finding(TABLE_NOTE, Hit(sentence)) for sentence in review.notes]
    return ordered + event_findings(list(review.analyses.values())) + of_flow + of_table


def event_findings(analyses: Sequence[Analysis]) -> list[CheckFinding]:
    """Return a finding for each analysis of counts whose event is not named, and whose title can't stand for it."""
    return [
        finding(
            EVENT_UNNAMED,
            Hit(
                f"{item.name}: the title '{item.title}' does not read as what happens to a patient, so the report says 'an event'; name it, as `event: death`"
            ),
            outcome=item.outcome,
        )
        for item in analyses
        if item.measure in COUNTED
        and not item.settings.get("event")
        and not is_event(item.title, role_of(item, analyses))
    ]


def in_order(found: Sequence[CheckFinding], studies: Sequence[tuple[str, list[str]]]) -> list[CheckFinding]:
    """Return the findings in the order of the studies and their outcomes, what is of a whole study last."""
    places = {
        (study, outcome): (position, index)
        for position, (study, outcomes) in enumerate(studies)
        for index, outcome in enumerate(outcomes)
    }
    last = {study: (position, len(outcomes)) for position, (study, outcomes) in enumerate(studies)}
    no_figure = 1 << 30

    def place(item: Mapping[str, Any]) -> tuple[tuple[int, int], int]:
        position = places.get((item["study"], item["outcome"])) or last[item["study"]]
        return position, no_figure if item["figure"] is None else item["figure"]

    return sorted(found, key=place)
