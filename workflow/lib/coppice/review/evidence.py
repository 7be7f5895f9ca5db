"""The figures of a review against the texts that their records quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from coppice.core.contracts.extract import CheckFinding
from coppice.core.study import Study
from coppice.core.text_numbers import place_of
from coppice.extract.checks.check import ERROR, Figure
from coppice.extract.checks.evidence import Quoted
from coppice.extract.checks.registry import CHECKS
from coppice.extract.checks.run import accept_of, finding, hits_of
from coppice.review.texts import SourceText

EVIDENCE = tuple(name for name, check in CHECKS.items() if check.level == "evidence")


def quoted_in(study: Study) -> Iterator[tuple[str, int, Figure]]:
    """Yield the figures of a record that quote a text, each with its outcome and index."""
    for outcome, content in study.outcomes.items():
        for index, figure in enumerate(content["reported"]):
            if (figure.get("source") or {}).get("text"):
                yield outcome, index, figure


def check_evidence(study: Study, texts: Mapping[str, SourceText]) -> list[CheckFinding]:
    """Return what the checks find in the figures of a record and the texts that they quote; nothing of texts kept elsewhere."""
    findings: list[CheckFinding] = []
    of_texts: set[tuple[str, str]] = set()  # what is of a whole text is said once
    for outcome, index, figure in quoted_in(study):
        text = texts.get(figure["source"]["text"])
        if text is None or text.is_elsewhere:
            continue
        changed = f"{text.changed}; {still_there(study, text)}" if text.changed else ""
        quoted = Quoted(figure, text.name, text.words, text.problem, changed)
        accepted = (accept_of(figure), accept_of(study.outcomes[outcome]), study.accept)
        for check, hit in hits_of("evidence", quoted):
            if check.name in ("evidence_text", "evidence_changed"):
                if (check.name, text.name) in of_texts:
                    continue
                of_texts.add((check.name, text.name))
            item = finding(check, hit, study=study.study, outcome=outcome, accepted=accepted)
            findings.append({**item, "figure": index})
    return findings


def still_there(study: Study, text: SourceText) -> str:
    """Say how many quotes of a record are still in a text."""
    quotes = [figure["source"]["quote"] for _, _, figure in quoted_in(study) if figure["source"]["text"] == text.name]
    there = sum(place_of(quote, text.words) is not None for quote in quotes)
    return (
        f"{there} of {len(quotes)} quotes in this record are still there"
        if len(quotes) > 1
        else "its quote is still there"
        if there
        else "its quote is gone"
    )


def evidence_errors(study: Study, texts: Mapping[str, SourceText]) -> list[CheckFinding]:
    """Return the findings that stop the review: errors that the record does not accept."""
    return [item for item in check_evidence(study, texts) if item["severity"] == ERROR and item["accepted"] is None]


def has_text_elsewhere(study: Study, texts: Mapping[str, SourceText]) -> bool:
    """Return whether a record quotes a text that is not here, so that a check of it may be accepted and find nothing."""
    quoted = (texts.get(figure["source"]["text"]) for _, _, figure in quoted_in(study))
    return any(text is None or text.is_elsewhere for text in quoted)


def figures_of_texts(studies: Sequence[Study]) -> Counter[str]:
    """Return how many figures quote each text."""
    return Counter(figure["source"]["text"] for study in studies for _, _, figure in quoted_in(study))
