"""The plain-language summary: from the certainty, the size and the absolute effect, in sentences of at most 20 words.

The wording is that of GRADE's informative statements (Santesso N et al. J Clin Epidemiol 2020;119:126-135,
doi:10.1016/j.jclinepi.2019.10.014) and Cochrane's guidance on plain-language summaries: `may` for low certainty,
`probably` for moderate certainty, and no terms of statistics.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from coppice.core.contracts.lines import RandomLine
from coppice.core.event_names import OF_EVENTS
from coppice.core.importance import LARGE, LITTLE, SMALL
from coppice.core.text import in_sentence
from coppice.report.page import extent, html_elements, words
from coppice.report.page.absolute import PER, WITH_TREATMENT, Baseline, baselines, risk_with_treatment
from coppice.report.page.html_elements import Html, bullets, tag
from coppice.report.page.informative import affected, has_direction, includes_null, not_worded, size_of
from coppice.report.report_data import AnalysisView, ReviewView

MOST_WORDS = 20  # of a sentence
VERY_LOW = "very low"
# by certainty: the verbs of a reduction and of an increase, and of a change of a size
CHANGES = {
    "high": ("lowers", "raises"),
    "moderate": ("probably lowers", "probably raises"),
    "low": ("may lower", "may raise"),
}
LEADS = {"high": "leads to", "moderate": "probably leads to", "low": "may lead to"}
MAKES = {"high": "makes", "moderate": "probably makes", "low": "may make"}
SIZES = {SMALL: "small", LARGE: "large"}
CONFIDENCE = {
    "high": "We are confident in this result.",
    "moderate": "We are moderately confident in this result; new studies may change it.",
    "low": "We have little confidence in this result; the true effect may be quite different.",
    VERY_LOW: "We have very little confidence in this result.",
}
TREATMENT, COMPARISON = "the treatment", "the alternative"  # where the names of the arms are too long
THIS = "this outcome"


def summary(review: ReviewView) -> Html | None:
    """Build the summary; None where the certainty of no main result was judged."""
    judged = [analysis for analysis in review.main_analyses if not_worded(analysis) is None]
    if not judged:
        return None
    parts = [tag("p", " ".join(opening(review)))]
    for analysis in judged:
        title = tag("b", tag("a", analysis.title, href=f"#{analysis.id}"), ". ")
        numbers = list(absolute(analysis))
        each = bullets((html_elements.join([tag("b", f"{name}: "), text]) if name else text for name, text in numbers), class_="tight")  # fmt: skip
        parts += [tag("p", title, " ".join(statements(review, analysis))), *([each] if numbers else [])]
    if missing := [item.title for item in review.main_analyses if item not in judged and item.effects]:
        parts.append(tag("p", "How certain the evidence is was not judged for these results:"))
        parts.append(bullets(missing, class_="tight"))
    return html_elements.join(parts)


def sentence(*variants: str) -> str:
    """Return the first of several sentences, from long to short, that has at most `MOST_WORDS` words; else the last."""
    fitting = (text for text in variants if len(text.split()) <= MOST_WORDS)
    return words.first_upper(next(fitting, variants[-1]))


def opening(review: ReviewView) -> Iterator[str]:
    """Yield what was compared, the number of studies and how recent the search is."""
    compared = dict.fromkeys(
        (in_sentence(item.experimental), in_sentence(item.control))
        for item in review.main_analyses
        if item.measure.compares_arms
    )
    if len(compared) == 1:
        ((experimental, control),) = compared
        yield sentence(f"We compared {experimental} with {control}.", "We compared two treatments.")
    yield f"We found {words.studies(len(review.studies))}."
    if searched := review.about.get("searched"):
        yield f"The evidence is up to date to {searched}."


def statements(review: ReviewView, analysis: AnalysisView) -> Iterator[str]:
    """Yield the sentences of one result: what was found, what else is possible, how much it rests on, and how sure it is."""
    main, level = analysis.pool["random"], str((analysis.certainty or {})["level"])
    if main is None:
        return
    names = [(in_sentence(analysis.experimental), in_sentence(analysis.control), affected(analysis))]
    names += [(TREATMENT, COMPARISON, names[0][2]), (TREATMENT, COMPARISON, THIS)]
    yield sentence(*(_finding(analysis, main, each) for each in names))
    if level != VERY_LOW:
        yield from _doubt(analysis, main)
    patients = extent.participants(review, analysis)
    people = f" with {patients:,} people" if patients else ""
    yield f"This is based on {words.studies(len({effect['study'] for effect in analysis.effects}))}{people}."
    yield CONFIDENCE[level]


def _finding(analysis: AnalysisView, main: RandomLine, names: tuple[str, str, str]) -> str:
    """Say what was found: the direction and size that the certainty allows to be stated; `names` are those of both arms and of the outcome."""
    size, level = size_of(analysis, main), str((analysis.certainty or {})["level"])
    arm, other, noun = names
    if level == VERY_LOW:
        return f"We do not know what effect {arm} has on {noun} compared with {other}."
    if size is None and not has_direction(analysis, main):
        return f"It is unclear whether {arm} lowers or raises {_risk(analysis, noun)} compared with {other}."
    if size == LITTLE:
        return f"{arm} {MAKES[level]} little or no difference to {noun} compared with {other}."
    is_more = main["estimate"] > (analysis.measure.null or 0.0)
    if size in SIZES:
        change = "increase" if is_more else "reduction"
        return f"{arm} {LEADS[level]} a {SIZES[size]} {change} in {noun} compared with {other}."
    return f"{arm} {CHANGES[level][is_more]} {_risk(analysis, noun)} compared with {other}."


def _risk(analysis: AnalysisView, noun: str) -> str:
    return f"the risk of {noun}" if analysis.measure.code in OF_EVENTS and noun != THIS else noun


def _doubt(analysis: AnalysisView, main: RandomLine) -> Iterator[str]:
    """Say what else is possible, so that a statement on the estimate is not read as one on the interval."""
    size, important, null = size_of(analysis, main), analysis.important, analysis.measure.null or 0.0
    low, high = main["ci_low"], main["ci_high"]
    if size is None or important is None or low is None or high is None:
        return
    can_fall, can_rise = important.reaches(null - low), important.reaches(high - null)
    if size == LITTLE:
        if can_fall and can_rise:
            yield "But an important reduction or increase is also possible."
        elif can_fall or can_rise:
            yield f"But an important {'reduction' if can_fall else 'increase'} is also possible."
    elif includes_null(analysis, main):
        yield "But no difference, or the opposite, is also possible."
    elif not important.reaches(min(abs(low - null), abs(high - null))):
        yield "But little or no difference is also possible."


def absolute(analysis: AnalysisView) -> Iterator[tuple[str, str]]:
    """Yield what the effect means for 1,000 people at each configured baseline risk, or at the median of those observed."""
    code, main = analysis.measure.code, analysis.pool["random"]
    if code not in WITH_TREATMENT or main is None:
        return

    def back(value: float | None) -> float | None:
        return None if value is None else analysis.measure.scale.back(value)

    risks = baselines(analysis)
    if risks and not analysis.baselines:
        middle = median(baseline.risk for baseline in risks)
        risks = [Baseline("", middle, None, risks[0].source)]
    effects = [back(main["estimate"]), back(main["ci_low"]), back(main["ci_high"])]
    for baseline in risks:
        numbers = [None if effect is None else PER * risk_with_treatment(code, baseline.risk, effect) for effect in effects]  # fmt: skip
        yield baseline.name, " ".join(_per_thousand(analysis, baseline, numbers))


def _per_thousand(analysis: AnalysisView, baseline: Baseline, numbers: list[float | None]) -> Iterator[str]:
    control, experimental = in_sentence(analysis.control), in_sentence(analysis.experimental)
    middle, low, high = analysis.style.together(numbers, 0)
    had, would = _happens(analysis)
    by = f" by {baseline.time}" if baseline.time else ""
    without = analysis.style.number(PER * baseline.risk, 0)
    yield sentence(
        f"Of {PER:,} people on {control}, about {without} {had}{by}.",
        f"Of {PER:,} people on {COMPARISON}, about {without} {had}{by}.",
        f"Of {PER:,} people on {COMPARISON}, about {without} have an event{by}.",
        f"Of {PER:,} people on {COMPARISON}, about {without} have an event.",
    )
    ends = f" (between {low} and {high})" if numbers[1] is not None else ""
    yield sentence(
        f"On {experimental}, about {middle}{ends} would {would}.",
        f"On {TREATMENT}, about {middle}{ends} would {would}.",
        f"On {TREATMENT}, it would be about {middle}{ends}.",
    )


def _happens(analysis: AnalysisView) -> tuple[str, str]:
    """Return what happens to people, in the present and after `would`."""
    event = words.event(analysis)
    if event == "death":
        return "die", "die"
    return f"have {event}", f"have {event}"
