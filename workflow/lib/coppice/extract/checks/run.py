"""Applying the checks: to one outcome with its figures, to one study, to one analysis, to the PRISMA flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from coppice.core.contracts.extract import CheckFinding
from coppice.core.errors import allowed_values_hint
from coppice.core.limits import HITS
from coppice.core.study import Study
from coppice.extract.checks.check import ERROR, WARNING, Case, Check, Figure, Hit, Pooling
from coppice.extract.checks.claims import LEVEL as CLAIM
from coppice.extract.checks.flow import Flow
from coppice.extract.checks.registry import CHECKS
from coppice.extract.checks.views import of_figure, views

Accepted = dict[str, str]
AND_MORE = "and more of the same kind, which is not listed"


def of_review(name: str, sentence: str, *, source: str, allows: str = "nothing") -> Check:
    """Return a check of the whole review, whose findings have functions of their own."""
    return Check(name, "review", WARNING, sentence, allows, source)


ACCEPT_UNUSED = of_review(
    "accept_unused",
    "A record accepts a finding that is not there.",
    source="a silenced check must not stay silent",
)
READ_IN_UNKNOWN = of_review(
    "read_in_unknown",
    "A figure was read in a place that sources.yaml does not list.",
    allows="reviews without that file",
    source="a figure that cannot be looked up again is not traceable",
)
EVENT_UNNAMED = of_review(
    "event_unnamed",
    "An analysis of counts does not name its event, and its title does not serve as the name.",
    allows="titles without a qualification, such as `Death from any cause`",
    source="the report's sentences would present a title with its qualifications as an event",
)
STORED_RESULT = of_review(
    "stored_result",
    "The pooled result that another program stored is not that of this run.",
    allows="a millionth of the value, or half a unit of the last digit that was stored",
    source="an import is complete if its results can be reproduced; this is looked at after the run",
)

TABLE_NOTE = of_review(
    "table_note",
    "A table was not read as it stands: rows or columns were left out, arms added up, or text taken for another encoding.",
    source="what is left out must not stay silent",
)


def hits_of(level: str, subject: Any, *, severity: str | None = None) -> Iterator[tuple[Check, Hit]]:
    """Yield what the checks of a level find, each check's first hits and that there are more; of one severity, or all."""
    for check in CHECKS.values():
        if check.level == level and severity in (None, check.severity):
            hits = list(islice(check.find(subject), HITS + 1))
            if len(hits) > HITS:
                hits[HITS] = replace(hits[HITS], sentence=AND_MORE)
            yield from ((check, hit) for hit in hits)


def finding(
    check: Check, hit: Hit, *, study: str | None = None, outcome: str | None = None, accepted: Sequence[Accepted] = ()
) -> CheckFinding:
    """Return a finding as in result files; the first `accept` that names the check gives the reason."""
    return {
        "check": check.name,
        "severity": check.severity,
        "study": hit.study or study,
        "outcome": hit.outcome or outcome,
        "figure": hit.figure,
        "sentence": hit.sentence,
        "accepted": next((reasons[check.name] for reasons in accepted if check.name in reasons), None),
    }


def accept_of(part: Mapping[str, Any]) -> Accepted:
    """Return what the record accepts at a figure or an outcome."""
    return part.get("accept") or {}


def accept_at(figures: Sequence[Figure], hit: Hit) -> Accepted:
    """Return what the record accepts at the figure of a hit."""
    return {} if hit.figure is None else accept_of(figures[hit.figure])


def check_outcome(case: Case, accept: Accepted, *, severity: str | None = None) -> list[CheckFinding]:
    """Return the findings of one outcome of one study; `accept` is what the outcome and the study accept."""
    hits = [
        (check, replace(hit, figure=index, sentence=f"{arm}{hit.sentence}"))
        for index, figure in enumerate(case.figures)
        for arm, part in of_figure(figure)
        for check, hit in hits_of("figure", part, severity=severity)
    ]
    return [
        finding(check, hit, study=case.study, outcome=case.outcome, accepted=(accept_at(case.figures, hit), accept))
        for check, hit in [*hits, *of_views(case, severity)]
    ]


def of_views(case: Case, severity: str | None) -> Iterator[tuple[Check, Hit]]:
    """Yield what the checks of an outcome find, each sentence once, after the arms where its figures name them."""
    seen: set[tuple[str, str, int | None]] = set()
    for view in views(case):
        for check, hit in hits_of("outcome", view.case, severity=severity):
            index = None if hit.figure is None else view.indices[hit.figure]
            if not view.whose or (check.name, hit.sentence, index) not in seen:
                seen.add((check.name, hit.sentence, index))
                yield check, replace(hit, figure=index, sentence=f"{view.whose}{hit.sentence}")


def check_study(study: Study, *, severity: str | None = None) -> list[CheckFinding]:
    """Return the findings that only the whole record shows."""
    findings = []
    for check, hit in hits_of("study", study, severity=severity):
        content = study.outcomes.get(hit.outcome or "", {"reported": ()})
        accepted = (accept_at(content["reported"], hit), accept_of(content), study.accept)
        findings.append(finding(check, hit, study=study.study, accepted=accepted))
    return findings


def check_analysis(pooling: Pooling, *, severity: str | None = None) -> list[CheckFinding]:
    """Return the findings that only the studies of an analysis beside one another show; of one severity, or all."""
    accept = {
        member.name: (accept_of(member.study.outcomes[member.outcome]), member.study.accept)
        for member in pooling.members
    }
    return [
        finding(check, hit, accepted=accept.get(hit.study or "", ()))
        for check, hit in hits_of("analysis", pooling, severity=severity)
    ]


def errors_among(pooling: Pooling) -> list[CheckFinding]:
    """Return the findings that stop an analysis whatever its studies report: errors that no record accepts."""
    return [item for item in check_analysis(pooling, severity=ERROR) if item["accepted"] is None]


def check_flow(flow: Flow, accept: Accepted) -> list[CheckFinding]:
    """Return what does not fit in the PRISMA flow; `accept` is what the configuration accepts of it."""
    findings = [finding(check, hit, accepted=(accept,)) for check, hit in hits_of("flow", flow)]
    of_flow = [name for name in accept if CHECKS[name].level != CLAIM]  # claims are looked at after the run
    return findings + unused(of_flow, {item["check"] for item in findings}, None)


def accepts_of(study: Study) -> set[str]:
    """Return the names of all checks that a record accepts anywhere."""
    outcomes = study.outcomes.values()
    parts = [*outcomes, *(figure for content in outcomes for figure in content["reported"])]
    return set(study.accept).union(*map(accept_of, parts))


def check_accepts(
    study: Study, findings: Sequence[CheckFinding], open_checks: Iterable[str] = ()
) -> list[CheckFinding]:
    """Return a finding for each check that a record accepts although it found nothing: the record has changed since.

    `open_checks` are those that may still find something, in the job.
    """
    used = {item["check"] for item in findings if item["study"] == study.study and item["accepted"] is not None}
    return unused(accepts_of(study), used | set(open_checks), study.study)


def unused(accepted: Iterable[str], used: set[str], study: str | None) -> list[CheckFinding]:
    """Return a finding for each accepted check that is not among those that found something."""
    whose = "the record" if study else "the configuration"
    sentences = [f"{whose} accepts {name}, which finds nothing there; remove it" for name in sorted({*accepted} - used)]
    return [finding(ACCEPT_UNUSED, Hit(sentence), study=study) for sentence in sentences]


def check_sources(study: Study, sources: Mapping[str, str]) -> list[CheckFinding]:
    """Return a finding for each key of `read_in` that sources.yaml, where a review has it, does not list."""
    hits: dict[str, Hit] = {}
    for outcome, content in study.outcomes.items() if sources else ():
        for index, figure in enumerate(content["reported"]):
            key = (figure.get("source") or {}).get("read_in")
            if key is not None and str(key) not in sources:
                sentence = f"read_in '{key}' is not a key of sources.yaml; {allowed_values_hint(key, sources)}"
                hits.setdefault(str(key), Hit(sentence, index, outcome))
    return [finding(READ_IN_UNKNOWN, hit, study=study.study) for hit in hits.values()]


def errors_of(study: Study) -> list[CheckFinding]:
    """Return the findings of a record alone that stop the review: errors that it does not accept."""
    findings = check_study(study, severity=ERROR)
    for outcome, content in study.outcomes.items():
        case = Case(study.study, outcome, content.get("population", study.population), content["reported"])
        findings += check_outcome(case, study.accept | accept_of(content), severity=ERROR)
    return [item for item in findings if item["accepted"] is None]
