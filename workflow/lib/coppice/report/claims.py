"""The authors' own sentences beside the results: which claims the results contradict, or do not support."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import CheckFinding
from coppice.core.contracts.lines import Line
from coppice.core.importance import Importance
from coppice.core.text import in_sentence
from coppice.extract.checks.claims import CAUSE, DIRECTION, LEVEL, MODIFIED, NO_DIFFERENCE, Claim, Result, Subtotal
from coppice.extract.checks.registry import CHECKS
from coppice.extract.checks.run import finding, hits_of, unused
from coppice.report.page import informative, words
from coppice.report.page.sentences import difference_test
from coppice.report.report_data import AnalysisView, ReviewView

STATEMENTS = ("title", "notes", "interpretation", "implications")  # of the review
NAMES = frozenset(name for name, check in CHECKS.items() if check.level == LEVEL)
# Guyatt GH et al. GRADE guidelines 6, J Clin Epidemiol 2011;64:1283-1293, doi:10.1016/j.jclinepi.2011.01.012: without a
# stated threshold, a relative change of 25% and a standardised difference of 0.5 are taken to matter
RATIOS, STANDARDISED = (math.log(0.75), math.log(1.25)), (-0.5, 0.5)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d(])")
ABBREVIATED = re.compile(r"\b(?:et al|vs|e\.g|i\.e|cf|approx|No|Fig)\.$")
_VERBS = "has|had|is|was|are|were|does|did|do|shows?|showed|leads?|led|results?|reduce[sd]|improve[sd]|increase[sd]|prolong(?:s|ed)|lower(?:s|ed)|prevent(?:s|ed)|no|there"
CLAUSE = re.compile(rf";\s+|,?\s+\b(?:but(?! not)|while|whereas|although|however)\b\s*|,?\s+and\s+(?=(?:it |they )?(?:{_VERBS})\b)", re.IGNORECASE)  # fmt: skip
# other evidence than the results: an address, another publication, or one trial among several
ELSEWHERE = re.compile(r"\b10\.\d{4,9}/|\bet al\b|\b(?:previous|earlier|other|published) (?:\w+ )?(?:reviews?|meta-analys[ei]s|trials?|studies)\b|\b(?:one|a single|each) (?:trial|study)\b", re.IGNORECASE)  # fmt: skip
TREATED = re.compile(r"\b(?:treatments?|interventions?|therapy|therapies|drugs?|groups|arms)\b", re.IGNORECASE)
SYNONYMS = {"mortality": "death", "died": "death", "dying": "death", "fatality": "death", "dies": "death", "die": "death"}  # fmt: skip
PATTERNS = (DIRECTION, NO_DIFFERENCE, MODIFIED, CAUSE)
LEAST_NAME = 3  # letters of a study's name that is looked for
LEAST_LETTERS = 5  # of a word that a title and a sentence may have in common


def overclaims(review: ReviewView) -> list[CheckFinding]:
    """Return a finding for each sentence of the authors that the results contradict or do not support."""
    findings: dict[str, CheckFinding] = {}
    accepted = {name: review.about.get("accept") or {} for name in [""]}
    accepted |= {analysis.name: analysis.accept for analysis in review.analyses}
    used: dict[str, set[str]] = {}
    for owner, claim in _claims(review):
        for check, hit in hits_of(LEVEL, claim):
            item = finding(check, hit, accepted=(accepted[owner], accepted[""]))
            findings.setdefault(f"{check.name} {hit.sentence}", item)
            used.setdefault(owner if check.name in accepted[owner] else "", set()).add(check.name)
    without = [
        item
        for owner, names in accepted.items()
        for item in unused(NAMES.intersection(names), used.get(owner, set()), None)
    ]
    return [*findings.values(), *without]


def may_claim(about: Mapping[str, Any], notes: Iterable[str | None]) -> bool:
    """Return whether any text of a review has words of a claim, so that it has to be held against the results."""
    texts = [text for key in STATEMENTS for text in _texts(about.get(key))] + [note for note in notes if note]
    return bool(about.get("accept")) or any(_has_words(text) for text in texts)


def _has_words(text: str) -> bool:
    """Return whether a text has words that any of the checks looks for."""
    return any(pattern.search(text) for pattern in PATTERNS)


def sentences_of(text: str) -> list[str]:
    """Split a text into its sentences; an abbreviation ends none."""
    sentences: list[str] = []
    for part in SENTENCE.split(" ".join(text.split())):
        if sentences and ABBREVIATED.search(sentences[-1]):
            sentences[-1] += f" {part}"
        else:
            sentences.append(part)
    return [sentence for sentence in sentences if sentence]


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)] if value else []


def _claims(review: ReviewView) -> Iterator[tuple[str, Claim]]:
    """Yield the clauses of the authors' sentences, each with the analysis in whose note it is, or an empty text."""
    results = {analysis.name: result_of(review, analysis) for analysis in review.analyses}
    for key in STATEMENTS:
        for text in _texts(review.about.get(key)):
            for claim in _of_text(review, results, f"review.{key}", text, None):
                yield "", claim
    for analysis in review.analyses:
        for claim in _of_text(review, results, f"analyses.{analysis.name}.note", analysis.note or "", analysis):
            yield analysis.name, claim


def _of_text(
    review: ReviewView, results: Mapping[str, Result], place: str, text: str, own: AnalysisView | None
) -> Iterator[Claim]:
    for sentence in sentences_of(text):
        if sentence.endswith("?") or not _has_words(sentence) or _is_of_other_evidence(review, sentence):
            continue
        of_sentence = named(review, sentence)
        for clause in CLAUSE.split(sentence):
            about = named(review, clause) or of_sentence or ([own] if own else [])
            is_named = bool(about)
            analyses = about or _possible(review, clause)
            if analyses:
                levels = _levels(analyses, clause) or _levels(review.analyses if not is_named else (), clause)
                of = [results[analysis.name] for analysis in analyses]
                yield Claim(place, sentence, clause, of, is_named, levels)


def _is_of_other_evidence(review: ReviewView, sentence: str) -> bool:
    """Return whether a sentence is about one of the studies, or evidence from elsewhere."""
    names = {name for key in review.studies for name in (key, review.label(key), review.label(key).split(" (")[0])}
    pooled = len(review.studies) > 1
    return bool(ELSEWHERE.search(sentence)) or (
        pooled
        and any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence) for name in names if len(name) >= LEAST_NAME)
    )


def named(review: ReviewView, text: str) -> list[AnalysisView]:
    """Return the analyses that a text names by title, event or key; of names within one another the longest."""
    by_name: dict[str, AnalysisView] = {}
    for analysis in sorted(review.analyses, key=lambda item: item not in review.main_analyses):
        for name in (analysis.title, analysis.event, words.readable(analysis.outcome)):
            if name and len(name) > 1:
                by_name.setdefault(name.casefold(), analysis)
    spans: dict[tuple[int, int], AnalysisView] = {}
    for name, analysis in by_name.items():
        # a key of a few letters is a name only where it is written in capitals: `OS`
        wanted, flags = (name.upper(), re.NOFLAG) if len(name) < LEAST_LETTERS and name != (analysis.event or "").casefold() else (name, re.IGNORECASE)  # fmt: skip
        for match in re.finditer(rf"(?<!\w){re.escape(wanted)}s?(?!\w)", text, flags):
            spans[match.span()] = analysis
    longest = [
        analysis
        for (start, end), analysis in sorted(spans.items())
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)
    ]
    return list({analysis.name: analysis for analysis in longest}.values())


def _possible(review: ReviewView, clause: str) -> list[AnalysisView]:
    """Return the main analyses that a clause may be about although it names none: those with a word in common, or all."""
    alike = [item for item in review.main_analyses if _stems(f"{item.title} {item.event or ''}") & _stems(clause)]
    if alike:
        return alike
    arms = {in_sentence(arm).casefold() for item in review.analyses for arm in (item.experimental, item.control)}
    is_of_treatment = TREATED.search(clause) or any(arm in clause.casefold() for arm in arms)
    return review.main_analyses if is_of_treatment else []


def _stems(text: str) -> set[str]:
    every = (word.casefold() for word in re.findall(r"[^\W\d]+", text))
    return {SYNONYMS.get(word, word).removesuffix("s") for word in every if len(word) >= LEAST_LETTERS or word in SYNONYMS}  # fmt: skip


def _levels(analyses: Sequence[AnalysisView], text: str) -> list[str]:
    """Return the levels of subgroups that a text names."""
    levels = dict.fromkeys(str(level["level"]) for analysis in analyses for level in analysis.levels)
    return [level for level in levels if re.search(rf"(?<!\w){re.escape(level)}(?!\w)", text, re.IGNORECASE)]


def result_of(review: ReviewView, analysis: AnalysisView) -> Result:
    """Return what an analysis found, as printed, and what a sentence on it may not claim."""
    main, subgroups = analysis.pool["random"], analysis.pool["subgroups"]
    subtotals = [(name, part) for name, part, _ in words.subtotals(analysis) if part["ci_low"] is not None]
    lines = (
        [main] if main else [part for _, part in subtotals]
    )  # without an overall estimate its subgroups are the result
    lines = [line for line in lines if line["ci_low"] is not None and analysis.measure.null is not None]
    test = subgroups["test"] if subgroups else None
    moderators: Mapping[str, Any] = analysis.pool["moderators"] or {}
    tests = [p for p in (test["p"] if test else None, moderators.get("QM_p")) if p is not None]
    designs = {effect["study"]: review.studies.get(effect["study"], {}).get("design") for effect in analysis.effects}
    return Result(
        analysis=analysis.name,
        outcome=analysis.outcome,
        title=in_sentence(analysis.title),
        printed=words.listed([words.labelled(analysis, line) for line in lines]),
        null=words.no_difference(analysis) if analysis.measure.null is not None else "",
        includes_null=all(informative.includes_null(analysis, line) for line in lines) if lines else None,
        unsettled=next(filter(None, (unsettled(analysis, line) for line in lines)), None),
        test=difference_test(test, analysis.style) if test and test.get("p") is not None else None,
        test_p=min(tests, default=None),
        subtotals=tuple(
            Subtotal(name, words.labelled(analysis, part), informative.includes_null(analysis, part))
            for name, part in subtotals
        ),
        not_randomised=sum(design not in (None, "randomised") for design in designs.values()),
        studies=len(designs),
    )


def unsettled(analysis: AnalysisView, main: Line) -> str | None:
    """Say why an interval does not show that there is no difference that matters; None where it does."""
    low, high, null = main["ci_low"], main["ci_high"], analysis.measure.null or 0.0
    if low is None or high is None:
        return None
    limits = _limits(analysis.important, analysis)
    if limits is None:
        if not informative.includes_null(analysis, main):
            return "the interval excludes the value of no difference"
        return "the smallest important difference is not configured (`important`)"
    if limits[0] <= low - null and high - null <= limits[1]:
        return None
    printed = analysis.style.between(*(analysis.style.number(analysis.back(null + limit)) for limit in limits))
    return f"the interval reaches beyond {printed}"


def _limits(important: Importance | None, analysis: AnalysisView) -> tuple[float, float] | None:
    """Return the distances from no difference, below and above, within which an effect is too small to matter."""
    if important is not None:
        return -important.small, important.small
    if analysis.measure.scale.is_ratio:
        return RATIOS
    return STANDARDISED if "standardised" in analysis.measure.name else None
