"""The PRISMA 2020 checklist, filled: where the report says each item, or that nobody has supplied it.

Page MJ et al. BMJ 2021;372:n71, doi:10.1136/bmj.n71, with its checklist for abstracts. The topics are in words of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coppice.report.page import abstract, sentences, words
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.page.tables import table
from coppice.report.report_data import ReviewView

NOT_NAMED = "the title does not identify the report as a systematic review"
KIND = re.compile(r"systematic (review|overview)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist.

    Attributes
    ----------
    number : str
        Its number in PRISMA 2020.
    topic : str
        What is asked for.
    section : str
        Id of the section that says it.
    supplied : callable
        Whether this review supplies it.
    remark : str or None
        What the section says of it, and what it does not.
    absent : str
        What is printed where this review does not supply it.
    """

    number: str
    topic: str
    section: str
    supplied: Callable[[ReviewView], bool] = lambda review: True
    remark: str | None = None
    absent: str = words.NOT_ASSESSED


def _about(key: str) -> Callable[[ReviewView], bool]:
    return lambda review: bool(review.spec["review"].get(key))


def _judged(name: str) -> Callable[[ReviewView], bool]:
    return lambda review: abstract.unjudged(review)[name]


def _is_named(review: ReviewView) -> bool:
    return bool(KIND.search(str(review.spec["review"].get("title"))))


def _is_asked(review: ReviewView) -> bool:
    question = review.spec["review"].get("question") or {}
    return all(question.get(key) for key in abstract.asked_for(review))


def _looks_for_causes(review: ReviewView) -> bool:
    return any(analysis.pool["subgroups"] or analysis.pool["moderators"] for analysis in review.analyses)


def _is_tried_otherwise(review: ReviewView) -> bool:
    return any(
        isinstance(analysis.explore.get("leave_one_out"), list)
        or analysis.role == "sensitivity"
        or "specifications" in (analysis.explore.get("multiverse") or {})
        for analysis in review.analyses
    )


def _has_funnels(review: ReviewView) -> bool:
    return any("funnel" in analysis.figures for analysis in review.analyses)


def _asymmetry_is_read(review: ReviewView) -> bool:
    return any(len(analysis.effects) >= sentences.FEW_STUDIES for analysis in review.analyses)


CHECKLIST: tuple[Item, ...] = (
    Item("1", "Title", "main", _is_named, absent=NOT_NAMED),
    Item("2", "Abstract", "abstract"),
    Item("3", "Rationale", "question", _about("rationale"), absent=words.NOT_STATED),
    Item("4", "Objectives", "question", _about("question"), absent=words.NOT_STATED),
    Item("5", "Eligibility criteria", "question", _about("eligibility"), absent=words.NOT_STATED),
    Item("6", "Information sources and last search", "selection", _about("searched"), absent=words.NOT_STATED),
    Item("7", "Search strategy", "selection", _about("search_strategy"), absent=words.NOT_STATED),
    Item("8", "Selection process", "selection", _about("selection"), absent=words.NOT_STATED),
    Item(
        "9",
        "Data collection process",
        "sources",
        remark="the source of each result; who collected the data, and how, is not stated",
    ),
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
    Item(
        "21",
        "Bias from missing results",
        "results",
        _asymmetry_is_read,
        "under small-study effects; reported only with at least 10 effects",
    ),
    Item("22", "Certainty of the evidence", "findings", _judged("certainty of the evidence")),
    Item(
        "23a",
        "Interpretation in the context of other evidence",
        "meaning",
        _about("interpretation"),
        "notes of the authors, if any, are on the first page and under the outcomes",
        words.NOT_STATED,
    ),
    Item("23b", "Limitations of the evidence", "limits"),
    Item("23c", "Limitations of the review process", "limits"),
    Item("23d", "Implications", "meaning", _about("implications"), absent=words.NOT_STATED),
    Item("24a", "Registration", "about", _about("registration"), absent=words.NOT_STATED),
    Item("24b", "Protocol", "about", _about("protocol"), absent=words.NOT_STATED),
    Item("24c", "Amendments", "about", _about("amendments"), absent=words.NOT_STATED),
    Item("25", "Support", "about", _about("support"), absent=words.NOT_STATED),
    Item("26", "Competing interests", "about", _about("competing_interests"), absent=words.NOT_STATED),
    Item("27", "Availability of data and code", "software"),
)


ABSTRACT: tuple[Item, ...] = (
    Item("1", "Title", "main", _is_named, absent=NOT_NAMED),
    Item("2", "Objectives", "abstract", _is_asked, "the question"),
    Item("3", "Eligibility criteria", "abstract", _about("eligibility"), absent=words.NOT_STATED),
    Item(
        "4",
        "Information sources and dates of search",
        "abstract",
        _about("searched"),
        "the date of the last search; sources are under search and selection",
        words.NOT_STATED,
    ),
    Item("5", "Methods for risk of bias", "abstract", _judged("risk of bias")),
    Item("6", "Methods of synthesis", "abstract"),
    Item(
        "7",
        "Included studies and participants",
        "abstract",
        remark="the studies and their designs; patients per outcome are in the summary of findings",
    ),
    Item("8", "Results of syntheses", "abstract"),
    Item("9", "Limitations of the evidence", "abstract"),
    Item("10", "Interpretation", "abstract", _about("interpretation"), absent=words.NOT_STATED),
    Item("11", "Funding", "abstract", _about("support"), absent=words.NOT_STATED),
    Item("12", "Registration", "abstract", _about("registration"), absent=words.NOT_STATED),
)


def checklist(review: ReviewView, titles: dict[str, str]) -> Html:
    """Build the filled checklist and that for abstracts; `titles` names the sections by their ids."""
    checklists = (
        ("PRISMA 2020 checklist: location of each item.", CHECKLIST, "table-prisma"),
        ("PRISMA 2020 checklist for abstracts: location of each item.", ABSTRACT, "table-prisma-abstract"),
    )
    return join([_table(review, titles, *parts) for parts in checklists])


def _table(review: ReviewView, titles: dict[str, str], caption: str, items: Sequence[Item], name: str) -> Html:
    def where(item: Item) -> object:
        link = tag("a", titles.get(item.section, "Title"), href=f"#{item.section}")
        location = link if item.supplied(review) else tag("span", item.absent, class_="absent")
        return join([location, f" ({item.remark})"]) if item.remark else location

    rows = [(item.number, item.topic, where(item)) for item in items]
    return table(caption, ("Item", "Topic", "Location"), rows, name=name)
