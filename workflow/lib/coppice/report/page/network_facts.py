"""Facts on a network for the people who judge it: the domains of CINeMA, and characteristics by comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from statistics import mean
from typing import TYPE_CHECKING, Any

from coppice.core.network_lines import against_reference, as_read, is_common, main_line, names_of
from coppice.core.risk_of_bias import for_outcome, judgement
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, absent, bullets, tag
from coppice.report.page.network_tables import called, test
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

LEAD = (
    "Facts for the people who judge the certainty of the evidence by the six domains of CINeMA (Nikolakopoulou A et al. PLoS Med "
    "2020;17:e1003082, doi:10.1371/journal.pmed.1003082). No judgement is made or proposed."
)
TRANSITIVITY = (
    "Indirect evidence is sound only if the studies of different comparisons are alike in what modifies the effect. No test shows "
    "this; the table is for people who know the field."
)
NO_CHARACTERISTICS = "The records hold no characteristics of the studies, so that nothing here helps to judge it; add those that may modify the effect."
OF_ALL = 2  # columns that say nothing of the studies: the comparison, and their number
MOST_VALUES = 4  # of a characteristic in words that a cell counts one by one
EMPTY = "\N{NO-BREAK SPACE}"  # where people write


def comparisons_of(analysis: OtherView) -> dict[tuple[str, ...], list[str]]:
    """Return the studies of each direct comparison."""
    studies: dict[tuple[str, ...], list[str]] = {}
    for comparison in analysis.pool["comparisons"]:
        pair = set(comparison["treatments"])
        own = [effect["study"] for effect in analysis.effects if set(effect["treatments"]) == pair]
        if own:
            studies[tuple(comparison["treatments"])] = own
    return studies


def transitivity(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the table of the studies' characteristics by comparison."""
    by_comparison = comparisons_of(analysis)
    keys = list(dict.fromkeys(key for study in review.studies.values() for key in study.get("characteristics") or {}))
    if not by_comparison:
        return None
    rows = [
        (
            called(analysis, pair),
            len(studies),
            _range([review.studies.get(study, {}).get("year") for study in studies], 0),
            *(_summary([(review.studies.get(study, {}).get("characteristics") or {}).get(key) for study in studies]) for key in keys),
        )
        for pair, studies in by_comparison.items()
    ]  # fmt: skip
    headings = ("Comparison", "Studies", "Year", *(words.first_upper(words.readable(key)) for key in keys))
    kept = [place for place in range(len(headings)) if any(row[place] not in ("", words.DASH) for row in rows)]
    headings, rows = tuple(headings[place] for place in kept), [tuple(row[place] for place in kept) for row in rows]
    caption = f"{analysis.title}: characteristics of the studies by comparison, for judging transitivity."
    shown = table(caption, headings, rows, numeric=(1,), name=f"table-transitivity-{analysis.name}")
    note = tag("p", NO_CHARACTERISTICS) if len(headings) <= OF_ALL else None
    return html_elements.join([tag("p", TRANSITIVITY), note, shown])


def _summary(values: list[Any]) -> str:
    """Print the values of a characteristic: mean and range of numbers, counts of words."""
    stated = [value for value in values if value is not None]
    if stated and all(isinstance(value, int | float) and not isinstance(value, bool) for value in stated):
        return _range(stated, 1)
    counts = Counter(str(value) for value in stated)
    missing = len(values) - len(stated)
    each = [f"{text}: {count}" for text, count in counts.most_common(MOST_VALUES)]
    rest = sum(counts.values()) - sum(count for _, count in counts.most_common(MOST_VALUES))
    each += [f"others: {rest}"] if rest else []
    each += [f"not stated: {missing}"] if missing else []
    return "; ".join(each)


def _range(values: list[Any], decimals: int) -> str:
    numbers = [float(value) for value in values if value is not None]
    if not numbers:
        return words.DASH
    low, high, middle = (f"{value:.{decimals}f}" for value in (min(numbers), max(numbers), mean(numbers)))
    return low if low == high else f"{middle} ({low} to {high})" if decimals else f"{low} to {high}"


def within_study_bias(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Give the share of each judgement of the risk of bias in the evidence on each comparison with the reference."""
    judged = {
        study: judgement((for_outcome(item.get("risk_of_bias"), analysis.outcome) or {}).get("overall"))
        for study, item in review.studies.items()
    }
    part, by_comparison, names = analysis.pool["contributions"], comparisons_of(analysis), names_of(analysis.pool)
    for treatment, shares in zip(part["treatments"], part["shares"], strict=True):
        total: Counter[str] = Counter()
        for share, edge in zip(shares, part["edges"], strict=True):
            studies = by_comparison[tuple(edge)]
            for study in studies:
                total[str(judged.get(study))] += share / len(studies)
        each = ", ".join(f"{analysis.style.percent(100 * share, 0)} {name}" for name, share in total.most_common())
        yield f"{names[treatment]}: share of the evidence by judgement of risk of bias: {each} (studies of a comparison share its contribution equally)."


def reporting_bias(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Say what speaks on missing results."""
    yield "Whether results are missing because of their size or direction has to be judged (ROB-MEN; Chiocchia V et al. BMC Med 2021;19:276, doi:10.1186/s12916-021-02120-9)."
    yield f"The comparison-adjusted funnel plot has {words.count(len(analysis.effects), 'comparison')}."


def indirectness(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Say where the question of the review and the studies by comparison stand."""
    yield "The table of characteristics by comparison is under transitivity; whether the studies fit the question has to be judged."
    for item in against_reference(analysis.pool):
        yield f"{called(analysis, item['treatments'])}: {analysis.style.percent(100 * item['share'], 0)} of the evidence is direct, the paths of evidence have {item['mean_path']:.1f} comparisons on average."


def imprecision(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Give the confidence intervals."""
    for item in against_reference(analysis.pool):
        yield f"{called(analysis, item['treatments'])}: {analysis.measure.label} {analysis.estimate(main_line(item))}."


def heterogeneity(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Give confidence and prediction intervals side by side."""
    if is_common(analysis.pool):
        yield "Mantel-Haenszel assumes common effects: there are no prediction intervals."
        return
    for item in against_reference(analysis.pool):
        predicted = analysis.between(item["random"], "prediction_low", "prediction_high")
        if predicted:
            yield f"{called(analysis, item['treatments'])}: confidence interval {analysis.between(item['random'], 'ci_low', 'ci_high')}, prediction interval {predicted}."


def incoherence(review: ReviewView, analysis: OtherView) -> Iterator[str]:
    """Give the tests of direct against indirect evidence."""
    part = analysis.pool["inconsistency"]
    if part is None:
        yield words.sentence(analysis.pool["reasons"]["inconsistency"])
        return
    if part["interaction"]:
        yield f"Design-by-treatment interaction, random effects: {test(analysis, part['interaction'])}."
    else:
        yield f"Between designs, common effects: {test(analysis, part['between'])}."
    for item in as_read(analysis.pool):
        if item["difference"]:
            yield f"{called(analysis, item['treatments'])}: direct {analysis.estimate(item['direct'])}, indirect {analysis.estimate(item['indirect'])}, {analysis.style.with_p(item['difference']['p'])}."


Facts = Callable[["ReviewView", OtherView], Iterator[str]]
DOMAINS: Mapping[str, Facts] = {
    "Within-study bias": within_study_bias,
    "Reporting bias": reporting_bias,
    "Indirectness": indirectness,
    "Imprecision": imprecision,
    "Heterogeneity": heterogeneity,
    "Incoherence": incoherence,
}


def worksheet(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the worksheet: the facts by domain, and an empty column for the judgement."""
    if not analysis.pool["comparisons"]:
        return None
    rows: list[tuple[object, ...]] = [
        (name, bullets(map(html_elements.linked, facts(review, analysis)), class_="tight"), EMPTY)
        for name, facts in DOMAINS.items()
    ]
    certainty = analysis.certainty or {}
    stated = certainty.get("level")
    reasons = "; ".join(map(str, certainty.get("reasons") or []))
    rows.append(
        (
            "Certainty of the evidence",
            f"{stated} ({reasons})" if reasons else stated or absent(words.NOT_ASSESSED),
            EMPTY,
        )
    )
    sheet = table(
        f"{analysis.title}: CINeMA worksheet.",
        ("Domain", "Facts", "Judgement"),
        rows,
        name=f"table-cinema-{analysis.name}",
    )
    return html_elements.join([tag("p", html_elements.linked(LEAD)), sheet])
