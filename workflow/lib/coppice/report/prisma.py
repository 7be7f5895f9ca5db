"""The PRISMA 2020 checklist, filled: where the report says each item, or that nobody has supplied it.

Page MJ et al. BMJ 2021;372:n71, doi:10.1136/bmj.n71. The topics are in words of our own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coppice.report import abstract, sentences, words
from coppice.report.html import Html, join, tag
from coppice.report.review import Review
from coppice.report.tables import table


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
    """

    number: str
    topic: str
    section: str
    supplied: Callable[[Review], bool] = lambda review: True
    remark: str | None = None


def _about(key: str) -> Callable[[Review], bool]:
    return lambda review: bool(review.spec["review"].get(key))


def _judged(name: str) -> Callable[[Review], bool]:
    return lambda review: abstract.unjudged(review)[name]


def _has_subgroups(review: Review) -> bool:
    return any(analysis.pool.get("subgroups") for analysis in review.analyses)


def _has_funnels(review: Review) -> bool:
    return any("funnel" in analysis.figures for analysis in review.analyses)


def _asymmetry_is_read(review: Review) -> bool:
    return any(len(analysis.effects) >= sentences.FEW_STUDIES for analysis in review.analyses)


CHECKLIST: tuple[Item, ...] = (
    Item("1", "Title", "main"),
    Item("2", "Abstract", "abstract"),
    Item("3", "Rationale", "question", _about("rationale")),
    Item("4", "Objectives", "question", _about("question")),
    Item("5", "Eligibility criteria", "question", _about("eligibility")),
    Item("6", "Information sources and last search", "selection", _about("searched")),
    Item("7", "Search strategy", "selection", _about("search_strategy")),
    Item("8", "Selection process", "selection", _about("selection")),
    Item(
        "9",
        "Data collection process",
        "sources",
        remark="where each figure was read; who collected it, and how, is not said",
    ),
    Item("10a", "Outcomes sought", "results"),
    Item("10b", "Other variables sought", "studies"),
    Item("11", "Methods for risk of bias", "bias", _judged("risk of bias")),
    Item("12", "Effect measures", "methods"),
    Item("13a", "Which studies enter which synthesis", "results"),
    Item("13b", "Preparation of data", "methods"),
    Item("13c", "Tables and figures of single studies", "results"),
    Item("13d", "Methods of synthesis", "methods"),
    Item("13e", "Methods for causes of heterogeneity", "methods", _has_subgroups),
    Item("13f", "Sensitivity analyses", "methods"),
    Item(
        "14",
        "Methods for bias from missing results",
        "methods",
        _has_funnels,
        "when plots and tests for small-study effects are read; nothing else",
    ),
    Item("15", "Methods for certainty", "findings", _judged("certainty of the evidence")),
    Item("16a", "Flow of records", "selection", _judged("flow of records")),
    Item("16b", "Excluded studies with reasons", "results"),
    Item("17", "Characteristics of studies", "studies"),
    Item("18", "Risk of bias in studies", "bias", _judged("risk of bias")),
    Item("19", "Results of single studies", "results"),
    Item("20a", "What contributes to each synthesis", "results"),
    Item("20b", "Results of syntheses", "findings"),
    Item("20c", "Causes of heterogeneity", "results", _has_subgroups),
    Item("20d", "Results of sensitivity analyses", "results"),
    Item(
        "21",
        "Bias from missing results",
        "results",
        _asymmetry_is_read,
        "under small-study effects; read only with at least 10 effects",
    ),
    Item("22", "Certainty of the evidence", "findings", _judged("certainty of the evidence")),
    Item(
        "23a",
        "Interpretation beside other evidence",
        "meaning",
        _about("interpretation"),
        "notes of the authors, if any, stand on the first page and under the outcomes",
    ),
    Item("23b", "Limits of the evidence", "limits"),
    Item("23c", "Limits of the review process", "limits"),
    Item("23d", "Implications", "meaning", _about("implications")),
    Item("24a", "Registration", "about", _about("registration")),
    Item("24b", "Protocol", "about", _about("protocol")),
    Item("24c", "Amendments", "about", _about("amendments")),
    Item("25", "Support", "about", _about("support")),
    Item("26", "Competing interests", "about", _about("competing_interests")),
    Item("27", "Availability of data and code", "software"),
)


def checklist(review: Review, titles: dict[str, str]) -> Html:
    """Build the filled checklist; `titles` names the sections by their ids."""

    def where(item: Item) -> object:
        link = tag("a", titles.get(item.section, "Title"), href=f"#{item.section}")
        found = link if item.supplied(review) else tag("span", words.NOT_ASSESSED, class_="absent")
        return join([found, f" ({item.remark})"]) if item.remark else found

    rows = [(item.number, item.topic, where(item)) for item in CHECKLIST]
    return table("PRISMA 2020 checklist: where each item is.", ("Item", "Topic", "Where"), rows, name="table-prisma")
