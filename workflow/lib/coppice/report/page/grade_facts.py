"""What the results say on each domain of GRADE, as facts: no judgement is made or proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.risk_of_bias import (
    OVERALL,
    Assessment,
    Tool,
    by_tool,
    domains_of,
    for_outcome,
    full_name,
    in_order,
    is_judged,
    judged,
)
from coppice.core.study import DESIGNS
from coppice.report.page import extent, informative, sentences, words
from coppice.report.page.information_size import FORMULAS, LEAD, information_sizes, not_computed
from coppice.report.report_data import AnalysisView, Record, ReviewView

Facts = Callable[[ReviewView, AnalysisView], Iterator[str]]
MISSING = "Whether results are missing because of their size or direction has to be judged (ROB-ME; Page MJ et al. BMJ 2023;383:e076754, doi:10.1136/bmj-2023-076754)."
USE = (
    "A test of asymmetry tells whether small studies show other effects than large ones; publication bias is one explanation, "
    "heterogeneity and chance are others. It has low power with few studies, and a large p value does not rule out bias "
    "(Sterne JAC et al. BMJ 2011;343:d4002, doi:10.1136/bmj.d4002)."
)
CERTAINTY = "Certainty of the evidence"  # the last row of a worksheet
EVENTS = ("events_e", "events_c")
OF_QUESTION = {"population": "Population", "intervention": "Intervention", "comparator": "Comparator"}


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain of GRADE: its name, the words by which a reason of the authors is about it, and its facts."""

    name: str
    words: re.Pattern[str]
    facts: Facts


def design(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Count the pooled studies by design."""
    figures = extent.pooled_figures(analysis)
    designs = {effect["study"]: review.studies.get(effect["study"], {}).get("design") for effect in figures}
    counts = {name: list(designs.values()).count(name) for name in (*DESIGNS, None)}
    each = [
        f"{words.readable(name) if name else 'design not stated'}: {count}" for name, count in counts.items() if count
    ]
    yield f"Pooled studies by design: {', '.join(each)}."


def risk_of_bias(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Give the share of the weight by judgement, overall and in each domain."""
    rows = _assessed(review, analysis)
    judgements = [row for row in rows if is_judged(row)]
    for tool, items in by_tool(judgements) if judgements else ():
        for name in sorted(domains_of(tool, items), key=lambda domain: domain != OVERALL):
            yield _by_judgement(analysis, tool, items, name)
    if own := sum(bool(row.get("is_of_outcome")) for row in judgements):
        yield f"Judged for this outcome: {own} of {len(judgements)} judgements; the others are of the study as a whole."
    if missing := [row for row in rows if not is_judged(row)]:
        labels = words.listed_or_counted([review.label(row["study"]) for row in missing])
        yield f"Not assessed: {labels}{_weight(analysis, [row['study'] for row in missing], ' ({})')}."


def _assessed(review: ReviewView, analysis: AnalysisView) -> list[Record]:
    rows: list[Record] = []
    for study in dict.fromkeys(effect["study"] for effect in extent.pooled_figures(analysis)):
        item: Assessment | None = review.studies.get(study, {}).get("risk_of_bias")
        own = analysis.outcome in ((item or {}).get("by_outcome") or {})
        rows.append({**(for_outcome(item, analysis.outcome) or {}), "study": study, "is_of_outcome": own})
    return rows


def _by_judgement(analysis: AnalysisView, tool: Tool, items: Sequence[Record], domain: str) -> str:
    levels: dict[str, list[str]] = {}
    for item in items:
        levels.setdefault(judged(tool, item, domain), []).append(item["study"])
    each = [
        f"{level} in {words.studies(len(levels[level]))}{_weight(analysis, levels[level], ' ({})')}"
        for level in in_order(set(levels))
    ]
    name = "overall judgement" if domain == OVERALL else full_name(tool, domain)
    return f"{tool.name}, {name}: {', '.join(each)}."


def _weight(analysis: AnalysisView, studies: Sequence[str], form: str) -> str:
    """Print the share of the weight that studies have; nothing where effects have no weights."""
    weights = [effect["weight_random"] for effect in analysis.effects if effect["study"] in studies]
    if not analysis.pool["random"] or None in weights:
        return ""
    total = sum(weight for weight in weights if weight is not None)
    return form.format(f"{analysis.style.percent(total, 0)} of the weight")


def inconsistency(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Give the directions of the estimates, heterogeneity, prediction interval and the test of subgroups."""
    null = analysis.measure.null
    if null is not None:
        below = sum(effect["yi"] < null for effect in analysis.effects)
        above = sum(effect["yi"] > null for effect in analysis.effects)
        at = words.no_difference(analysis)
        yield f"Estimates below {at}: {below}, above: {above}."
    yield from filter(None, [sentences.heterogeneity(analysis, analysis.pool["heterogeneity"])])
    yield from filter(None, [sentences.prediction(analysis)])
    part = analysis.pool["subgroups"]
    if part and part["test"] and part["test"]["p"] is not None:
        test = sentences.difference_test(part["test"], analysis.style)
        yield f"Test for subgroup differences by {words.readable(part['by'])}: {test}."


def indirectness(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Repeat the question and how the studies define the outcome."""
    for key, name in OF_QUESTION.items():
        if text := review.question.get(key):
            yield words.ended(f"{name} of the question: {text}")
    definitions: dict[str, list[str]] = {}
    for study in dict.fromkeys(effect["study"] for effect in extent.pooled_figures(analysis)):
        text = (review.definition(analysis.outcome, study) or words.NOT_STATED).rstrip(".")
        definitions.setdefault(text, []).append(review.label(study))
    for text, labels in definitions.items():
        yield f"Outcome as defined: {text} ({words.listed_or_counted(labels)})."


def imprecision(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Give the interval beside the thresholds, and the patients and events beside the optimal information size."""
    main = analysis.pool["random"]
    if main and main.get("ci_low") is not None:
        lead = f"{analysis.measure.label} {words.estimated(analysis, main)} ({words.ci(analysis, main)})"
        includes = "includes" if informative.includes_null(analysis, main) else "excludes"
        has_null = analysis.measure.null is not None
        yield (
            f"{lead}; the interval {includes} {words.no_difference(analysis)} (no difference)."
            if has_null
            else f"{lead}."
        )
        yield informative.importance(analysis, main) or "The smallest important difference is not configured."
    yield from _sizes(review, analysis)


def _sizes(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    patients = extent.participants(review, analysis)
    events, of_studies = events_of(analysis)
    studies = len({effect["study"] for effect in extent.pooled_figures(analysis)})
    yield f"Patients: {f'{patients:,}' if patients is not None else words.NOT_STATED}."
    if of_studies:
        some = "" if of_studies == studies else f" in the {of_studies} of {studies} studies whose effect is from counts"
        yield f"Events: {events:,}{some}."
    elif analysis.measure.code in ("HR", "RR", "OR", "RD"):
        yield "Events: the pooled figures do not state them."
    if reason := not_computed(analysis):
        yield f"Optimal information size: not computed, because {reason}."
        return
    for size in information_sizes(analysis):
        yield f"Optimal information size for {size.of}: {size.needed:,} {size.unit}."
    yield f"Computed with {LEAD}; {FORMULAS[analysis.measure.code]}."


def events_of(analysis: AnalysisView) -> tuple[int, int]:
    """Return the events in both arms of the studies whose pooled figures state them, and how many studies that are."""
    total: int = 0
    studies: set[str] = set()
    for effect in extent.pooled_figures(analysis):
        reported = effect["reported"] or {}
        counts = [reported[name] for name in EVENTS if reported.get(name) is not None]
        if len(counts) == len(EVENTS):
            total += sum(map(int, counts))
            studies.add(effect["study"])
    return total, len(studies)


def publication_bias(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Give the tests of small-study effects and what they may be used for, and the results that are missing."""
    pooled = {effect["study"] for effect in extent.pooled_figures(analysis)}
    excluded = [item for item in analysis.pool["excluded"] if item["study"] not in pooled]
    if excluded:
        labels = words.listed_or_counted([str(item["label"]) for item in excluded])
        yield f"Not pooled: {labels}. {MISSING}"
    else:
        yield "Every study of the analysis was pooled."
    parts: Mapping[str, Any] = analysis.explore.get("small_study") or {}
    if "skipped" in parts:
        yield f"Small-study effects were not assessed: {str(parts['skipped']).rstrip('.')}."
        return
    used = [part for part in parts.values() if isinstance(part, Mapping) and "skipped" not in part]
    tests = [(str(part["name"]), _p_of(part)) for part in used]
    printed = [f"{name} {analysis.style.with_p(p)}" for name, p in tests if p is not None]
    if printed:
        yield f"Tests of small-study effects: {'; '.join(printed)}."
        yield USE
    elif parts:
        few = f" with {words.count(len(analysis.effects), 'effect')}"
        yield f"No test of small-study effects may be used{few}."


def _p_of(part: Mapping[str, Any]) -> float | None:
    """Return the p value of a test of small-study effects; an adjusted estimate's own p is not one."""
    is_estimate = "estimate" in part and "predictor" not in part
    p = (part.get("test") or {}).get("p", part.get("p_small", None if is_estimate else part.get("p")))
    return None if p is None else float(p)


def large_effect(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Give what may raise the certainty of studies that are not randomised: the size of the effect."""
    main = analysis.pool["random"]
    if main and analysis.measure.scale.is_ratio:
        yield f"Size of the effect: {words.labelled(analysis, main)}."
    yield "Dose-response and plausible confounding are not recorded."


def _about(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


DOMAINS = (
    Domain("Study design", _about(r"study design", "observational", "randomi"), design),
    Domain("Risk of bias", _about("risk of bias", "limitations", "blinding", "allocation", "attrition"), risk_of_bias),
    Domain("Inconsistency", _about("inconsisten", "heterogen"), inconsistency),
    Domain("Indirectness", _about("indirect", "applicab", "surrogate"), indirectness),
    Domain("Imprecision", _about("imprecis", "few events", "wide", "information size"), imprecision),
    Domain("Publication bias", _about("publication", "small.stud", "reporting bias", "missing results"), publication_bias),
    Domain("Upgrading", _about("large effect", "dose", "confounding", "upgrad", "rated up"), large_effect),
)  # fmt: skip


def reasons_on(analysis: AnalysisView) -> tuple[dict[str, list[str]], list[str]]:
    """Return the reasons of the authors by the domain that each names first in this order, and those that name none."""
    by_domain: dict[str, list[str]] = {}
    others = []
    for reason in map(str, (analysis.certainty or {}).get("reasons") or []):
        about = next((domain.name for domain in DOMAINS if domain.words.search(reason)), None)
        if about is None:
            others.append(reason)
        else:
            by_domain.setdefault(about, []).append(reason)
    return by_domain, others


def applicable(review: ReviewView, analysis: AnalysisView) -> list[Domain]:
    """Return the domains of an analysis: what may raise the certainty is asked where a study is not randomised."""
    reasons, _ = reasons_on(analysis)
    designs = {review.studies.get(effect["study"], {}).get("design") for effect in analysis.effects}
    is_randomised = designs == {"randomised"}
    return [
        domain for domain in DOMAINS if domain.facts is not large_effect or not is_randomised or domain.name in reasons
    ]


def rows(review: ReviewView, analysis: AnalysisView) -> list[tuple[str, list[str], str]]:
    """Return the domains of an analysis, each with its facts and what the authors judged, and last the overall judgement."""
    reasons, others = reasons_on(analysis)

    def row(domain: Domain) -> tuple[str, list[str], str]:
        return domain.name, list(domain.facts(review, analysis)), "; ".join(reasons.get(domain.name, []))

    level = str((analysis.certainty or {}).get("level") or words.NOT_ASSESSED)
    overall = f"{level} ({'; '.join(others)})" if others else level
    return [*map(row, applicable(review, analysis)), (CERTAINTY, [], overall)]
