"""What the checks found: figures of a study that do not agree with one another, with the reason where one was accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coppice.core.text import in_sentence
from coppice.report.page import words
from coppice.report.page.html_elements import Html, anchor, bullets, join, paragraph, tag
from coppice.report.page.tables import table
from coppice.report.report_data import AnalysisView, Record, ReviewView

FOR_OUTCOME = re.compile(r"\bfor (\w+)")
NOTHING = "The data checks raised no findings."


def all_findings(review: ReviewView) -> list[Record]:
    """Return the findings of the extracts and of the specification, each once, in the order of the studies."""
    order = {study: index for index, study in enumerate(review.studies)}
    every = [item for extract in review.extracts.values() for item in extract.get("findings") or []]
    every += review.spec.get("findings") or []
    once: dict[tuple[Any, ...], Record] = {
        (item["study"], item.get("outcome"), item["check"], item["sentence"]): item for item in every
    }
    return sorted(once.values(), key=lambda item: order.get(item["study"], len(order)))


def findings(review: ReviewView) -> Html | None:
    """Build the table of what the checks found."""
    rows = [_row(review, item) for item in all_findings(review)]
    if not rows:
        return paragraph(NOTHING)
    columns = ("Study", "Outcome", "Check", "Severity", "Finding", "Reason for acceptance")
    return table("Findings of the data checks.", columns, rows, name="table-checks")


def of_study(review: ReviewView, study: str) -> Html | None:
    """List what the checks found in one study; None where they found nothing."""
    return _listed(
        [
            _said(review, item, review.outcome(str(item.get("outcome") or "all"), study))
            for item in all_findings(review)
            if item["study"] == study
        ]
    )


def of_analysis(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """List what the checks found in the figures of the outcome, in the studies that were pooled; None where nothing."""
    pooled = {effect["study"] for effect in analysis.effects}
    return _listed(
        [
            _said(review, item, tag("a", review.label(item["study"]), href=f"#study-{anchor(item['study'])}"))
            for item in all_findings(review)
            if item["study"] in pooled and item.get("outcome") == analysis.outcome
        ]
    )


def _listed(items: list[Html]) -> Html | None:
    return bullets(items, class_="tight") if items else None


def _said(review: ReviewView, item: Mapping[str, Any], where: object) -> Html:
    """Say one finding, with the reason where the record accepts it."""
    accepted = words.ended(f" Accepted in the record: {item['accepted']}") if item.get("accepted") else ""
    sentence = sentence_of(review, item).rstrip(".")
    return join([tag("b", where, ": "), f"{sentence}.{accepted}"])


def sentence_of(review: ReviewView, item: Mapping[str, Any]) -> str:
    """Return the sentence of a finding with the names of the outcomes in place of their keys; reports keep theirs."""
    named = {
        key: in_sentence(name)
        for study in review.studies.values()
        for key in study.get("outcomes") or {}
        if (name := review.outcome(key)) != key
    }
    text = FOR_OUTCOME.sub(lambda match: f"for {named.get(match[1], match[1])}", str(item["sentence"]))
    return words.symbols(text)


def _row(review: ReviewView, item: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        tag("a", review.label(item["study"]), href=f"#study-{anchor(item['study'])}") if item["study"] else "review",
        review.outcome(str(item["outcome"]), item["study"])
        if item.get("outcome")
        else "all"
        if item["study"]
        else "flow of records",
        words.readable(str(item["check"])),
        str(item.get("severity") or words.DASH),
        sentence_of(review, item),
        item.get("accepted") or words.DASH,
    )
