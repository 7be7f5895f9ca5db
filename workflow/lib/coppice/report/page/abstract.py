"""The structured abstract, generated from the specification and the results (PRISMA 2020 for abstracts)."""

from __future__ import annotations

from typing import Any

from coppice.core.contracts.pool import Level, PoolResult
from coppice.core.kinds import DIAGNOSTIC
from coppice.core.roles import MAIN
from coppice.core.text import in_sentence
from coppice.pool.options import INFERENCES, TAU2_ESTIMATORS
from coppice.report.kinds import REPORTING
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, sentences, words
from coppice.report.page.html_elements import Html, absent, tag, terms
from coppice.report.page.large_reviews import has_many_analyses
from coppice.report.report_data import AnalysisView, ReviewView

TWO = 2  # up to this number of effects, the profiles do not use HKSJ
QUESTION = ("population", "intervention", "comparator", "outcomes")
JUDGEMENTS = frozenset({"risk of bias", "certainty of the evidence"})
OF_A_COMPARISON = frozenset({"intervention", "comparator"})


def abstract(review: ReviewView) -> Html:
    """Build the abstract: question, methods, results, limits, interpretation, funding, registration."""

    def stated(name: str) -> dict[str, object]:
        """Return a part that appears only if the authors state it; the checklist marks it as missing otherwise."""
        return {name: text} if (text := phrase(review.about.get(name.lower()))) else {}

    sections: dict[str, object] = {
        "Question": _question(review),
        **stated("Eligibility"),
        "Methods": _methods(review),
        "Studies": pooled_studies(review),
        "Results": _results(review),
        "Limitations": limits(review),
        **stated("Interpretation"),
        "Funding": phrase(review.about.get("support")) or absent(words.NOT_STATED),
        "Registration": review.about.get("registration") or absent(words.NOT_STATED),
    }
    return terms(sections, class_="abstract")


def asked_for(review: ReviewView) -> list[str]:
    """Return the parts of the question that apply: a review without a comparison may lack intervention and comparator."""
    return [key for key in QUESTION if review.compares_arms or key not in OF_A_COMPARISON or review.question.get(key)]


def _question(review: ReviewView) -> str:
    parts = {key: phrase(review.question.get(key)) for key in asked_for(review)}
    if None in parts.values():
        return words.NOT_STATED
    in_text = {key: in_sentence(str(part)) for key, part in parts.items()}
    compared = [in_text["intervention"]] if "intervention" in in_text else []
    compared += [f"versus {in_text['comparator']}"] if "comparator" in in_text else []
    lead = ": ".join(filter(None, [str(parts["population"]), ", ".join(compared)]))
    return f"{lead}. Outcomes: {in_text['outcomes']}."


def question_line(review: ReviewView) -> str | None:
    """Ask the question of the review in one sentence; None if its population or what was studied is not stated."""
    parts = {key: in_sentence(text) for key in QUESTION if (text := phrase(review.question.get(key)))}
    if "population" not in parts:
        return None
    if "intervention" in parts:
        against = f" compared with {parts['comparator']}" if "comparator" in parts else ""
        comma = "," if against and "," in parts["intervention"] else ""
        of_accuracy = bool(review.everything) and len(review.of_kind(DIAGNOSTIC)) == len(review.everything)
        asks = "how accurate is" if of_accuracy else "what is the effect of"
        return f"In {parts['population']}, {asks} {parts['intervention']}{comma}{against}?"
    return f"{words.first_upper(parts['population'])}: {parts['outcomes']}." if "outcomes" in parts else None


def phrase(value: Any) -> str | None:
    """Print a part of the question; None if it is missing."""
    if isinstance(value, list | tuple):
        return words.listed([str(item) for item in value]) or None
    return str(value).rstrip(".") if value else None


def _methods(review: ReviewView) -> str:
    intervals = _intervals(review)
    codes = dict.fromkeys(str(analysis.pool["settings"].get("tau2")) for analysis in review.analyses)
    estimators = [TAU2_ESTIMATORS[code].name for code in codes if code in TAU2_ESTIMATORS]
    searched = review.about.get("searched")
    search = words.ended(f"Last search: {searched}") if searched else f"Date of the last search: {words.NOT_STATED}."
    of_kinds = " ".join(dict.fromkeys(REPORTING[item.kind].method(item) for item in review.others))
    if not estimators or not intervals:
        return " ".join(filter(None, [search, of_kinds]))
    fitted = f"Random-effects meta-analysis with the between-study variance estimated by {words.listed(estimators)}"
    pairwise = f"{_bias(review)}{fitted}; confidence intervals by {intervals}."
    return " ".join(filter(None, [search, pairwise, of_kinds]))


def _bias(review: ReviewView) -> str:
    """Name the tools of the risk-of-bias judgements; empty unless every study was judged."""
    judged = [study.get("risk_of_bias") for study in review.studies.values()]
    tools = dict.fromkeys(str(item["tool"]) for item in judged if item)
    return f"Risk of bias was assessed with {words.listed(list(tools))}. " if tools and all(judged) else ""


def _intervals(review: ReviewView) -> str:
    """Name the methods of the intervals: those configured, then those used instead and under which condition."""
    fallbacks: dict[str, dict[str, None]] = {}
    kept: dict[str, None] = {}
    for analysis in review.analyses:
        requested = str(analysis.pool["settings"].get("inference"))
        for part in _pooled(analysis):
            name = part["random"]["inference"] if part["random"] else ""
            if name in INFERENCES and name != requested:
                fallbacks.setdefault(name, {})[_when(part)] = None
            elif name in INFERENCES:
                kept[name] = None
    methods = [words.listed([INFERENCES[name].name for name in kept])] if kept else []
    methods += [f"{INFERENCES[name].name} where {words.listed(list(when), 'or')}" for name, when in fallbacks.items()]
    return ", or by ".join(methods)


def _pooled(analysis: AnalysisView) -> list[PoolResult | Level]:
    """Return what was pooled in an analysis: the whole and its subgroups."""
    parts: list[PoolResult | Level] = [analysis.pool, *analysis.levels]
    return [part for part in parts if part["random"]]


def _when(part: PoolResult | Level) -> str:
    """State the condition under which the method of the interval was replaced."""
    if part["k"] <= TWO:
        return "k \N{LESS-THAN OR EQUAL TO} 2"
    is_zero = part["heterogeneity"] is not None and part["heterogeneity"]["tau2"] == 0
    return f"{words.TAU2} is 0" if is_zero else "the analysis gives a reason"


def pooled_studies(review: ReviewView) -> str:
    """Count the pooled studies by design, and name the analyses that share studies."""
    pooled = {effect["study"] for analysis in review.everything for effect in analysis.effects}
    by_design: dict[str, int] = {}
    for study in pooled & set(review.studies):
        design = words.readable(str(review.studies[study].get("design") or "of unstated design"))
        by_design[design] = by_design.get(design, 0) + 1
    ordered = sorted(by_design.items(), key=lambda item: (-item[1], item[0]))
    designs = ", ".join(f"{number} {design}" for design, number in ordered)
    left = len(review.studies) - len(pooled & set(review.studies))
    others = "the other study" if left == 1 else f"the other {words.studies(left)}"
    rest = f" No reported result of {others} could be pooled." if left else ""
    rest += "".join(f" {sentence}" for sentence in shared(review))
    verb = "was" if len(pooled) == 1 else "were"
    lead = f"{words.first_upper(words.studies(len(pooled)))}{f' ({designs})' if designs else ''} {verb} pooled in"
    return f"{lead} {words.count(len(review.everything), 'analysis', 'analyses')}.{rest}"


def shared(review: ReviewView) -> list[str]:
    """Name the analyses whose studies are all part of another analysis of the same outcome."""
    within: dict[str, list[str]] = {}
    pooled = [{effect["study"] for effect in analysis.effects} for analysis in review.analyses]
    having: dict[tuple[str, str, str], list[int]] = {}  # by outcome, measure and study
    for index, analysis in enumerate(review.analyses):
        for study in pooled[index]:
            having.setdefault((analysis.outcome, analysis.measure.code, study), []).append(index)
    for index, analysis in enumerate(review.analyses):
        own, larger = pooled[index], []
        for at in having[analysis.outcome, analysis.measure.code, min(own)] if own else ():
            if own < pooled[at] or (own == pooled[at] and at < index):
                larger.append((len(pooled[at]), at))
        if larger:  # the smallest that holds it, since that one names the next
            within.setdefault(review.analyses[min(larger)[1]].title, []).append(analysis.title)
    overlaps = [
        f"all studies of {words.listed(list(map(words.quoted, titles)))} also contribute to {words.quoted(whole)}"
        for whole, titles in within.items()
    ]
    return [f"Some analyses share studies and are not independent evidence: {'; '.join(overlaps)}."] if overlaps else []


def _results(review: ReviewView) -> Html:
    if has_many_analyses(review):
        link = tag("a", f"table of all {len(review.everything):,} analyses", href="#table-summary")
        return html_elements.join(["See the ", link, "."])
    main = [analysis for analysis in review.everything if analysis.role == MAIN]
    return html_elements.bullets([_finding(review, analysis) for analysis in main], class_="tight")


def _finding(review: ReviewView, analysis: AnalysisView | OtherView) -> Html:
    lead = tag("b", tag("a", analysis.title, href=f"#{analysis.id}"), ". ")
    if isinstance(analysis, OtherView):
        return html_elements.join([lead, REPORTING[analysis.kind].sentence(analysis)])
    return html_elements.join([lead, sentences.finding(review, analysis)])


def limits(review: ReviewView) -> str:
    """Give the limits of the review, or lead to its section on limitations."""
    return missing(review) or "See the section on limitations."


def missing(review: ReviewView) -> str | None:
    """List the missing judgements and statements, and how many analyses rest on few effects; None without any."""
    not_supplied = [name for name, judged in unjudged(review).items() if not judged]
    judgements = [name for name in not_supplied if name in JUDGEMENTS]
    stated = [name for name in not_supplied if name not in JUDGEMENTS]
    missing_parts = [
        f"{words.first_upper(what)}: {words.listed(names)}."
        for what, names in ((words.NOT_ASSESSED, judgements), (words.NOT_STATED, stated))
        if names
    ]
    return " ".join(filter(None, [*missing_parts, thin(review)])) or None


def thin(review: ReviewView) -> str | None:
    """State how many analyses rest on few effects; None if none does."""
    few = sum(len(analysis.effects) < sentences.FEW_STUDIES for analysis in review.analyses)
    if not few:
        return None
    which = words.share(few, len(review.analyses), "analysis", "analyses")
    return f"{words.first_upper(which)} {'includes' if few == 1 else 'include'} fewer than {sentences.FEW_STUDIES} effects."


def unjudged(review: ReviewView) -> dict[str, bool]:
    """Return the judgements and statements that the report requires from people, and whether each was supplied."""
    about = review.about
    return {
        "risk of bias": all(study.get("risk_of_bias") for study in review.studies.values()),
        "certainty of the evidence": all(
            (analysis.certainty or {}).get("level") for analysis in review.everything if analysis.role == MAIN
        ),
        "flow of records": bool(about.get("flow")),
        "date of the last search": bool(about.get("searched")),
    }
