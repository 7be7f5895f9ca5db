"""Applying the checks: to one outcome with its figures, to one study, to one analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from coppice.core.errors import nearest
from coppice.core.limits import HITS
from coppice.core.study import Study
from coppice.extract.checks.check import ERROR, WARNING, Case, Check, Figure, Hit, Pooling
from coppice.extract.checks.flow import Flow
from coppice.extract.checks.registry import CHECKS

Accepted = Mapping[str, str]
AND_MORE = "and more of the same kind, which is not listed"
ACCEPT_UNUSED = Check(
    name="accept_unused",
    level="review",
    severity=WARNING,
    sentence="A record accepts a finding that is not there.",
    allows="nothing",
    source="a silenced check must not stay silent",
    find=lambda _: iter(()),
)


READ_IN_UNKNOWN = Check(
    name="read_in_unknown",
    level="review",
    severity=WARNING,
    sentence="A figure says that it was read in a place that sources.yaml does not list.",
    allows="reviews without that file",
    source="a figure that nobody can look up again is not traceable",
    find=lambda _: iter(()),
)


EVENT_UNNAMED = Check(
    name="event_unnamed",
    level="review",
    severity=WARNING,
    sentence="An analysis of counts does not name its event, and its title can't stand for it.",
    allows="titles without a qualification, such as `Death from any cause`",
    source="the sentences of the report would call a title with its qualifications an event",
    find=lambda _: iter(()),
)


@cache
def of_level(level: str, severity: str | None = None) -> list[Check]:
    """Return the checks of a level, those of one severity or all."""
    return [check for check in CHECKS.values() if check.level == level and severity in (None, check.severity)]


def finding(
    check: Check, hit: Hit, *, study: str | None, outcome: str | None, accepted: Sequence[Accepted]
) -> dict[str, Any]:
    """Return a finding as it stands in results; the first `accept` that names the check gives the reason."""
    return {
        "check": check.name,
        "severity": check.severity,
        "study": hit.study or study,
        "outcome": hit.outcome or outcome,
        "figure": hit.figure,
        "sentence": hit.sentence,
        "accepted": next((reasons[check.name] for reasons in accepted if check.name in reasons), None),
    }


def accept_of(figure: Figure) -> Accepted:
    """Return what the record accepts at a figure."""
    return figure.get("accept") or {}


def hits_of_figure(figure: Figure, index: int, severity: str | None = None) -> Iterator[tuple[Check, Hit]]:
    """Yield what the checks of single figures find in one."""
    for check in of_level("figure", severity):
        for hit in check.find(figure):
            yield check, Hit(hit.sentence, index)


def hits_of_case(case: Case, severity: str | None = None) -> Iterator[tuple[Check, Hit]]:
    """Yield what the checks of figures and outcomes find in one outcome; those of one severity, or all."""
    for index, figure in enumerate(case.figures):
        yield from hits_of_figure(figure, index, severity)
    for check in of_level("outcome", severity):
        for hit in first_hits(check, case):
            yield check, hit


def first_hits(check: Check, asked: Any) -> list[Hit]:
    """Return what a check finds; of very much the first, and that there is more."""
    hits = list(islice(check.find(asked), HITS + 1))
    return hits if len(hits) <= HITS else [*hits[:HITS], replace(hits[HITS], sentence=AND_MORE)]


def check_outcome(
    spec: Mapping[str, Any], measures: Mapping[str, Any], *, severity: str | None = None
) -> list[dict[str, Any]]:
    """Return the findings of one outcome of one study.

    Parameters
    ----------
    spec : mapping
        `study`, `outcome`, `population`, `reported`, and `accept`: what the outcome and the study accept.
    measures : mapping
        The candidates by measure, as in the extract's result; empty where there are none.
    severity : str, optional
        Only the checks of this severity; all by default.
    """
    figures = spec["reported"]
    case = Case(spec["study"], spec["outcome"], spec["population"], figures, measures)
    found = []
    for check, hit in hits_of_case(case, severity):
        at_figure = accept_of(figures[hit.figure]) if hit.figure is not None else {}
        found.append(
            finding(check, hit, study=case.study, outcome=case.outcome, accepted=(at_figure, spec.get("accept") or {}))
        )
    return found


def check_study(study: Study, *, severity: str | None = None) -> list[dict[str, Any]]:
    """Return the findings that only the whole record shows; of one severity, or all."""
    found = []
    for check in of_level("study", severity):
        for hit in first_hits(check, study):
            content = study.outcomes.get(hit.outcome or "", {})
            at_figure = accept_of(content["reported"][hit.figure]) if content and hit.figure is not None else {}
            accepted = (at_figure, content.get("accept") or {}, study.accept)
            found.append(finding(check, hit, study=study.study, outcome=None, accepted=accepted))
    return found


def check_analysis(pooling: Pooling, *, severity: str | None = None) -> list[dict[str, Any]]:
    """Return the findings that only the studies of an analysis beside one another show; of one severity, or all."""
    accept = {
        member.study.study: (member.study.outcomes[member.outcome].get("accept") or {}, member.study.accept)
        for member in pooling.members
    }
    return [
        finding(check, hit, study=None, outcome=None, accepted=accept.get(hit.study or "", ()))
        for check in of_level("analysis", severity)
        for hit in first_hits(check, pooling)
    ]


def errors_among(pooling: Pooling) -> list[dict[str, Any]]:
    """Return the findings that stop an analysis whatever its studies report: errors that no record accepts."""
    return [item for item in check_analysis(pooling, severity=ERROR) if item["accepted"] is None]


def check_flow(flow: Flow, accept: Accepted) -> list[dict[str, Any]]:
    """Return what does not fit in the PRISMA flow; `accept` is what the configuration accepts of it."""
    found = [
        finding(check, hit, study=None, outcome=None, accepted=(accept,))
        for check in of_level("flow")
        for hit in check.find(flow)
    ]
    return found + unused(accept, {item["check"] for item in found}, None)


def accepts_of(study: Study) -> set[str]:
    """Return the names of all checks that a record accepts anywhere."""
    names = set(study.accept)
    for content in study.outcomes.values():
        names |= set(content.get("accept") or {}).union(*(accept_of(figure) for figure in content["reported"]))
    return names


def check_accepts(
    study: Study, findings: Sequence[Mapping[str, Any]], open_checks: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return a finding for each check that a record accepts although it found nothing: the record has changed since.

    `open_checks` are those that may still find something, in the job.
    """
    used = {item["check"] for item in findings if item["study"] == study.study and item["accepted"] is not None}
    used |= set(open_checks)
    return unused(accepts_of(study), used, study.study)


def unused(accepted: Iterable[str], used: set[str], study: str | None) -> list[dict[str, Any]]:
    """Return a finding for each accepted check that is not among those that found something."""
    whose = "the record" if study else "the configuration"
    hits = [
        Hit(f"{whose} accepts {name}, which finds nothing there; remove it") for name in sorted(set(accepted) - used)
    ]
    return [finding(ACCEPT_UNUSED, hit, study=study, outcome=None, accepted=()) for hit in hits]


def check_sources(study: Study, sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a finding for each key of `read_in` that sources.yaml, where a review has it, does not list."""
    seen: dict[str, Hit] = {}
    for outcome, content in study.outcomes.items() if sources else ():
        for index, figure in enumerate(content["reported"]):
            key = (figure.get("source") or {}).get("read_in")
            if key is not None and str(key) not in sources:
                sentence = f"read_in '{key}' is no key of sources.yaml; {nearest(key, sources)}"
                seen.setdefault(str(key), Hit(sentence, index, outcome))
    return [finding(READ_IN_UNKNOWN, hit, study=study.study, outcome=None, accepted=()) for hit in seen.values()]


def errors_of(study: Study) -> list[dict[str, Any]]:
    """Return the findings of a record alone that stop the review: errors that it does not accept."""
    found = check_study(study, severity=ERROR)
    for outcome, content in study.outcomes.items():
        spec = {
            "study": study.study,
            "outcome": outcome,
            "population": content.get("population", study.population),
            "reported": content["reported"],
            "accept": study.accept | (content.get("accept") or {}),
        }
        found += check_outcome(spec, {}, severity=ERROR)
    return [item for item in found if item["accepted"] is None]
