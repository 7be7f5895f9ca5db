"""The findings of the data checks: discrepancies between the results of a study, with the reason if one was accepted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from coppice.core.text import in_sentence
from coppice.report.claims import overclaims
from coppice.report.page import words
from coppice.report.page.html_elements import Html, bullets, join, study_link, tag
from coppice.report.page.table import Column, table_of
from coppice.report.report_data import AnalysisView, Record, ReviewView

FOR_OUTCOME = re.compile(r"\bfor (\w+)")
NOTHING = "The data checks raised no findings."


@lru_cache(maxsize=1)
def all_findings(review: ReviewView) -> list[Record]:
    """Return the findings of the extracts and of the specification, each once, in the order of the studies."""
    order = {study: index for index, study in enumerate(review.studies)}
    every = [item for extract in review.extracts.values() for item in extract.get("findings") or []]
    every += [*(review.spec.get("findings") or []), *overclaims(review)]
    once: dict[tuple[Any, ...], Record] = {
        (item["study"], item.get("outcome"), item["check"], item["sentence"]): item for item in every
    }
    return sorted(once.values(), key=lambda item: order.get(item["study"], len(order)))


def findings(review: ReviewView) -> Html:
    """Build the table of the findings."""

    def outcome(item: Record) -> str:
        if item.get("outcome"):
            return review.outcome(str(item["outcome"]), item["study"])
        return "all" if item["study"] else "flow of records"

    columns: list[Column[Record]] = [
        Column("Study", lambda item: _link(review, item) if item["study"] else "review"),
        Column("Outcome", outcome),
        Column("Check", lambda item: words.readable(str(item["check"]))),
        Column("Severity", lambda item: item.get("severity") or words.DASH),
        Column("Finding", lambda item: sentence_of(review, item)),
        Column("Reason for acceptance", lambda item: item.get("accepted") or words.DASH),
    ]
    every = all_findings(review)
    return table_of("Findings of the data checks.", every, columns, name="table-checks") if every else tag("p", NOTHING)


def of_study(review: ReviewView, study: str) -> Html | None:
    """List the findings in one study; None without any."""
    of = [item for item in all_findings(review) if item["study"] == study]
    return _listed([_described(review, item, review.outcome(str(item.get("outcome") or "all"), study)) for item in of])


def of_analysis(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """List the findings on the outcome in the studies that were pooled; None without any."""
    pooled = {effect["study"] for effect in analysis.effects}
    of = [item for item in all_findings(review) if item["study"] in pooled and item.get("outcome") == analysis.outcome]
    return _listed([_described(review, item, _link(review, item)) for item in of])


def _link(review: ReviewView, item: Record) -> Html:
    return study_link(review.label(item["study"]), item["study"])


def _listed(items: list[Html]) -> Html | None:
    return bullets(items, class_="tight") if items else None


def _described(review: ReviewView, item: Record, where: object) -> Html:
    """Describe one finding, with the reason if the record accepts it."""
    accepted = words.ended(f" Accepted in the record: {item['accepted']}") if item.get("accepted") else ""
    return join([tag("b", where, ": "), f"{sentence_of(review, item).rstrip('.')}.{accepted}"])


def sentence_of(review: ReviewView, item: Record) -> str:
    """Return the sentence of a finding, with the names of the outcomes in place of their keys."""
    named = {
        key: in_sentence(name)
        for study in review.studies.values()
        for key in study.get("outcomes") or {}
        if (name := review.outcome(key)) != key
    }
    return words.symbols(FOR_OUTCOME.sub(lambda match: f"for {named.get(match[1], match[1])}", str(item["sentence"])))
