"""The completed PRISMA 2020 checklist: the section that reports each item, or that it has not been supplied.

Page MJ et al. BMJ 2021;372:n71, doi:10.1136/bmj.n71, with its checklist for abstracts. The topics are paraphrased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coppice.report.kinds import REPORTING
from coppice.report.other_view import OtherView
from coppice.report.page import abstract, sentences, words
from coppice.report.page.html_elements import Html, absent, join, tag
from coppice.report.page.table import Column, table, table_of
from coppice.report.report_data import ReviewView

NOT_NAMED = "the title does not identify the report as a systematic review"
KIND = re.compile(r"systematic (review|overview)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist: its number in PRISMA 2020, its topic, and the id of the section that reports it.

    `is_supplied` returns whether a review supplies it; where not, `absent` is printed. `remark` is what the section says
    of it, and what it does not.
    """

    number: str
    topic: str
    section: str
    is_supplied: Callable[[ReviewView], bool] = lambda review: True
    remark: str | None = None
    absent: str = words.NOT_ASSESSED


def _stated(number: str, topic: str, section: str, key: str, remark: str | None = None) -> Item:
    """Return an item that the authors state under a key of the configuration."""
    return Item(number, topic, section, lambda review: bool(review.about.get(key)), remark, words.NOT_STATED)


def _judged(name: str) -> Callable[[ReviewView], bool]:
    return lambda review: abstract.unjudged(review)[name]


def _is_named(review: ReviewView) -> bool:
    return bool(KIND.search(str(review.about.get("title"))))


def _is_asked(review: ReviewView) -> bool:
    return all(review.question.get(key) for key in abstract.asked_for(review))


def _looks_for_causes(review: ReviewView) -> bool:
    return any(analysis.pool["subgroups"] or analysis.pool["moderators"] for analysis in review.analyses)


def _is_tried_otherwise(review: ReviewView) -> bool:
    return any(
        isinstance(analysis.explore.get("leave_one_out"), list)
        or analysis.role == "sensitivity"
        or "specifications" in (analysis.explore.get("multiverse") or {})
        for analysis in review.everything
    )


def _has_funnels(review: ReviewView) -> bool:
    return any("funnel" in analysis.figures for analysis in review.analyses)


def _asymmetry_is_read(review: ReviewView) -> bool:
    return any(len(analysis.effects) >= sentences.FEW_STUDIES for analysis in review.analyses)


CHECKLIST: tuple[Item, ...] = (
    Item("1", "Title", "main", _is_named, absent=NOT_NAMED),
    Item("2", "Abstract", "abstract"),
    _stated("3", "Rationale", "question", "rationale"),
    _stated("4", "Objectives", "question", "question"),
    _stated("5", "Eligibility criteria", "question", "eligibility"),
    _stated("6", "Information sources and last search", "selection", "searched"),
    _stated("7", "Search strategy", "selection", "search_strategy"),
    _stated("8", "Selection process", "selection", "selection"),
    Item("9", "Data collection process", "sources", remark="the source of each result; who collected the data, and how, is not stated"),
    Item("10a", "Outcomes sought", "results"),
    Item("10b", "Other variables sought", "studies"),
    Item("11", "Methods for risk of bias", "bias", _judged("risk of bias")),
    Item("12", "Effect measures", "methods"),
    Item("13a", "Eligibility of studies for each synthesis", "results"),
    Item("13b", "Preparation of data", "methods"),
    Item("13c", "Tabulation and display of single studies", "results"),
    Item("13d", "Methods of synthesis", "methods"),
    Item("13e", "Methods for exploring heterogeneity", "methods", _looks_for_causes),
    Item("13f", "Sensitivity analyses", "methods", _is_tried_otherwise),
    Item("14", "Methods for bias from missing results", "methods", _has_funnels, "small-study effects only"),
    Item("15", "Methods for certainty assessment", "findings", _judged("certainty of the evidence")),
    Item("16a", "Flow of records", "selection", _judged("flow of records"), absent=words.NOT_STATED),
    Item("16b", "Excluded studies with reasons", "results"),
    Item("17", "Characteristics of studies", "studies"),
    Item("18", "Risk of bias in studies", "bias", _judged("risk of bias")),
    Item("19", "Results of single studies", "results"),
    Item("20a", "Studies contributing to each synthesis", "results"),
    Item("20b", "Results of syntheses", "findings"),
    Item("20c", "Exploration of heterogeneity", "results", _looks_for_causes),
    Item("20d", "Results of sensitivity analyses", "results", _is_tried_otherwise),
    Item("21", "Bias from missing results", "results", _asymmetry_is_read, "under small-study effects; reported only with at least 10 effects"),
    Item("22", "Certainty of the evidence", "findings", _judged("certainty of the evidence")),
    _stated("23a", "Interpretation in the context of other evidence", "meaning", "interpretation", "notes of the authors, if any, are on the first page and under the outcomes"),
    Item("23b", "Limitations of the evidence", "limits"),
    Item("23c", "Limitations of the review process", "limits"),
    _stated("23d", "Implications", "meaning", "implications"),
    _stated("24a", "Registration", "about", "registration"),
    _stated("24b", "Protocol", "about", "protocol"),
    _stated("24c", "Amendments", "about", "amendments"),
    _stated("25", "Support", "about", "support"),
    _stated("26", "Competing interests", "about", "competing_interests"),
    Item("27", "Availability of data and code", "software"),
)  # fmt: skip


ABSTRACT: tuple[Item, ...] = (
    Item("1", "Title", "main", _is_named, absent=NOT_NAMED),
    Item("2", "Objectives", "abstract", _is_asked, "the question"),
    _stated("3", "Eligibility criteria", "abstract", "eligibility"),
    _stated("4", "Information sources and dates of search", "abstract", "searched", "the date of the last search; sources are under search and selection"),
    Item("5", "Methods for risk of bias", "abstract", _judged("risk of bias")),
    Item("6", "Methods of synthesis", "abstract"),
    Item("7", "Included studies and participants", "abstract", remark="the studies and their designs; patients per outcome are in the summary of findings"),
    Item("8", "Results of syntheses", "abstract"),
    Item("9", "Limitations of the evidence", "abstract"),
    _stated("10", "Interpretation", "abstract", "interpretation"),
    _stated("11", "Funding", "abstract", "support"),
    _stated("12", "Registration", "abstract", "registration"),
)  # fmt: skip


def checklist(review: ReviewView, titles: dict[str, str]) -> Html:
    """Build the filled checklist and that for abstracts; `titles` names the sections by their ids."""
    checklists = (
        ("PRISMA 2020 checklist: location of each item.", CHECKLIST, "table-prisma"),
        ("PRISMA 2020 checklist for abstracts: location of each item.", ABSTRACT, "table-prisma-abstract"),
    )
    return join([*(_table(review, titles, *parts) for parts in checklists), *_extensions(review)])


def _extensions(review: ReviewView) -> Iterator[Html]:
    """Yield the checklists of the kinds of analysis that have one of their own."""
    by_kind: dict[str, list[OtherView]] = {}
    for item in review.others:
        by_kind.setdefault(item.kind, []).append(item)
    for kind, items in by_kind.items():
        if extension := REPORTING[kind].checklist:
            rows = [
                (number, topic, join([tag("a", item.title, href=f"#{item.id}-{part}") for item in items], ", "))
                for number, topic, part in extension[1]
            ]
            yield table(extension[0], ("Item", "Topic", "Location"), rows, name=f"table-prisma-{kind}")


def _table(review: ReviewView, titles: dict[str, str], caption: str, items: Sequence[Item], name: str) -> Html:
    def location(item: Item) -> Html:
        link = tag("a", titles.get(item.section, "Title"), href=f"#{item.section}")
        remark = f" ({item.remark})" if item.remark else None
        return join([link if item.is_supplied(review) else absent(item.absent), remark])

    columns: list[Column[Item]] = [
        Column("Item", lambda item: item.number),
        Column("Topic", lambda item: item.topic),
        Column("Location", location),
    ]
    return table_of(caption, items, columns, name=name)
