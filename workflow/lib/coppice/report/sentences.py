"""Sentences about a result: pure functions from result to text, every number taken from the result file.

No sentence gives a verdict of significance: it says where the estimate lies, how far the interval reaches and with
what the data are compatible (Amrhein V, Greenland S, McShane B. Nature 2019;567:305-307, doi:10.1038/d41586-019-00857-9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from coppice.numbers import DEFAULT, Style
from coppice.report import words
from coppice.report.review import Analysis, Review

Part = Mapping[str, Any]
TAU2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
FEW_STUDIES = 10  # below this, tau2 and I2 hardly say anything and plots for asymmetry are not read


def participants(review: Review, analysis: Analysis) -> int | None:
    """Count the patients behind the effects; None as soon as one study's number is not known."""
    total = 0
    for effect in analysis.effects:
        reported = effect.get("reported") or {}
        arms = review.studies.get(effect["study"], {}).get("arms") or {}
        sizes = [reported.get("n_e"), reported.get("n_c")]
        if None in sizes:
            sizes = [(arms.get(arm) or {}).get("n") for arm in ("experimental", "control")]
        for number in sizes:
            if number is None:
                return None
            total += int(number)
    return total


def contrast(analysis: Analysis) -> str:
    """Name the comparison: ``blinatumomab against chemotherapy``."""
    return f"{words.in_text(analysis.experimental)} against {words.in_text(analysis.control)}"


def size(review: Review, analysis: Analysis) -> str:
    """Say on how much the analysis rests: ``5 studies with 1,216 patients``."""
    patients = participants(review, analysis)
    studies = words.studies(len(analysis.effects)) if _one_row_a_study(analysis) else _comparisons(analysis)
    return studies if not patients else f"{studies} with {patients:,} patients"


def _one_row_a_study(analysis: Analysis) -> bool:
    return len({effect["study"] for effect in analysis.effects}) == len(analysis.effects)


def _comparisons(analysis: Analysis) -> str:
    studies = len({effect["study"] for effect in analysis.effects})
    return f"{words.count(len(analysis.effects), 'comparison')} from {words.studies(studies)}"


def finding(review: Review, analysis: Analysis) -> str:
    """Say the result of an analysis as shortly as it can be said without leaving out its uncertainty."""
    main = analysis.pool.get("random")
    if not analysis.effects or not main:
        return result(review, analysis)
    interval = words.ci(analysis, main)
    lead = f"{words.first_upper(analysis.measure.name)} {words.value(analysis, main['estimate'])} ({interval})"
    side = analysis.side(main["estimate"])
    where = f", {words.towards(side)}" if side else ""
    includes = (
        f"; the interval includes {words.no_difference(analysis)}, no difference"
        if includes_null(analysis, main)
        else ""
    )
    return f"{lead}{where}{includes}. {words.first_upper(size(review, analysis))}."


def includes_null(analysis: Analysis, part: Part) -> bool:
    """Tell whether an interval includes the value of no difference."""
    null, low, high = analysis.measure.null, part.get("ci_low"), part.get("ci_high")
    return null is not None and low is not None and high is not None and low <= null <= high


def result(review: Review, analysis: Analysis) -> str:
    """Say the result of an analysis, what it means and what the interval leaves open."""
    main = analysis.pool.get("random")
    if not analysis.effects:
        return f"No study gives a figure for {analysis.title.lower()} that could be pooled."
    if not main or main.get("estimate") is None:
        return not_pooled(review, analysis)
    named = f" ({contrast(analysis)})" if analysis.measure.compares_arms else ""
    gave = "gives a" if len(analysis.effects) == 1 else "give a pooled"
    lead = f"{words.first_upper(size(review, analysis))} {gave} {analysis.measure.name}{named} of"
    interval = words.ci(analysis, main)
    return f"{lead} {words.value(analysis, main['estimate'])} ({interval}). {reading(analysis, main)}".rstrip()


def not_pooled(review: Review, analysis: Analysis) -> str:
    """Say why there is no overall estimate, and what the subgroups give instead."""
    reason = (analysis.pool.get("reasons") or {}).get("random")
    because = f", because {reason.rstrip('.')}" if reason else ""
    lead = f"{words.first_upper(size(review, analysis))} were analysed; there is no overall estimate{because}."
    part = analysis.pool.get("subgroups") or {"levels": []}
    levels = [level for level in part["levels"] if level.get("random")]
    if not levels:
        return lead
    each = [
        f"{words.estimate(analysis, level['random'])} for \N{LEFT SINGLE QUOTATION MARK}{level['level']}\N{RIGHT SINGLE QUOTATION MARK} ({words.count(level['k'], 'effect')})"
        for level in levels
    ]
    named = f" ({contrast(analysis)})" if analysis.measure.compares_arms else ""
    return f"{lead} In the subgroups by {words.readable(part['by'])}, the pooled {analysis.measure.name}{named} is {words.listed(each)}."


def reading(analysis: Analysis, part: Part) -> str:
    """Say what an estimate and its interval mean: size of the change, direction, compatibility."""
    return " ".join(sentence for sentence in (magnitude(analysis, part), direction(analysis, part)) if sentence)


def magnitude(analysis: Analysis, part: Part) -> str | None:
    """Say an estimate as a change in words; None where the measure has no such reading."""
    experimental, control = words.in_text(analysis.experimental), words.in_text(analysis.control)
    if analysis.measure.code == "RD":
        return _per_thousand(analysis, part, experimental, control)
    changed = words.change(analysis, part)
    if changed is None:
        return None
    noun = f"{words.CHANGES[analysis.measure.code]} of {words.event(analysis)}"
    return f"With {experimental} the {noun} was {changed} with {control}."


def _per_thousand(analysis: Analysis, part: Part, experimental: str, control: str) -> str:
    def more(risk: float) -> str:
        return f"{analysis.style.number(abs(1000 * risk), 0)} {'fewer' if risk < 0 else 'more'}"

    ends = f" ({more(part['ci_low'])} to {more(part['ci_high'])})" if part.get("ci_low") is not None else ""
    return f"Among 1,000 patients that is {more(part['estimate'])}{ends} with {words.event(analysis)} on {experimental} than on {control}."


def direction(analysis: Analysis, part: Part) -> str | None:
    """Say on which side the estimate lies and what the interval leaves open; None without labelled sides."""
    side = analysis.side(part["estimate"])
    if side is None or analysis.favours is None or part.get("ci_low") is None:
        return None
    here = words.towards(side)
    if not includes_null(analysis, part):
        return f"The estimate is {here}, and so is every value within the interval."
    other = words.towards(analysis.favours[1 - analysis.favours.index(side)])
    end = part["ci_high" if part["estimate"] < (analysis.measure.null or 0) else "ci_low"]
    reach = f" and reaches to {words.value(analysis, end)}, {other}" if end != analysis.measure.null else ""
    return f"The estimate is {here}, but the interval includes {words.no_difference(analysis)}, no difference,{reach}."


def prediction(analysis: Analysis) -> str | None:
    """Say what the prediction interval means, or why there is none."""
    interval = analysis.pool.get("prediction")
    if not interval or interval.get("low") is None:
        reason = (analysis.pool.get("reasons") or {}).get("prediction")
        return (
            f"There is no prediction interval: {reason.rstrip('.')}."
            if reason and analysis.pool.get("random")
            else None
        )
    limits = {"ci_low": interval["low"], "ci_high": interval["high"]}
    text = (
        f"The {words.level(analysis.pool)} prediction interval, {words.interval(analysis, limits)}, is where the true effect "
        "of a further study of this kind would be expected"
    )
    if includes_null(analysis, limits):
        text += f"; it includes {words.no_difference(analysis)}, so that in some settings the effect may be absent or the opposite"
    elif side := analysis.side(interval["low"]):
        text += f"; all of it lies {words.towards(side)}"
    tau2 = (analysis.pool.get("heterogeneity") or {}).get("tau2")
    narrow = f" It rests on {TAU2} estimated as 0, and may be too narrow." if tau2 == 0 else ""
    return f"{text}.{narrow}"


def heterogeneity(analysis: Analysis, part: Part | None) -> str | None:
    """Say how much the effects differ between studies."""
    if not part or part.get("tau2") is None:
        if not analysis.pool.get("random"):
            return None
        reason = (analysis.pool.get("reasons") or {}).get("heterogeneity")
        return f"Heterogeneity is not given: {reason.rstrip('.')}." if reason else None
    style = analysis.style
    scale = f", on the {analysis.measure.scale.name} scale" if analysis.measure.scale.is_ratio else ""
    variance, percent = partial(words.variance, style=style), partial(style.percent, decimals=0)
    tau2 = f"The between-study variance {TAU2} is {variance(part['tau2'])}{_limits(analysis, part, 'tau2', variance)}{scale}"
    i2 = f"I\N{SUPERSCRIPT TWO} is {percent(part.get('I2'))}{_limits(analysis, part, 'I2', percent)}"
    q = f"Cochran's Q is {style.number(part.get('Q'), 2)} on {part['df']:g} df ({style.with_p(part.get('p'))})"
    few = " With so few effects these are known only roughly." if len(analysis.effects) < FEW_STUDIES else ""
    return f"{tau2}; {i2}; {q}.{few}"


def _limits(analysis: Analysis, part: Part, name: str, shown: Callable[[float | None], str]) -> str:
    low, high = part.get(f"{name}_low"), part.get(f"{name}_high")
    if low is None and high is None:
        return ""
    upper = "no upper limit" if high is None else shown(high)
    between = analysis.style.dash if analysis.style.dash and high is not None else " to "
    return f" ({words.level(analysis.pool)} CI{analysis.style.comma} {shown(low)}{between}{upper})"


def common(analysis: Analysis) -> str | None:
    """Give the common-effect estimate beside the main one."""
    part, main = analysis.pool.get("common"), analysis.pool.get("random")
    if not part or not main or len(analysis.effects) <= 1:
        return None
    counted = (
        f", from the counts of {part['k']} studies"
        if part.get("k", len(analysis.effects)) != len(analysis.effects)
        else ""
    )
    return f"The common-effect estimate, for comparison, is {words.estimate(analysis, part)}{counted}."


def alternatives(analysis: Analysis) -> str | None:
    """Name the method of the interval and give the intervals by the others, so that the choice can be judged."""
    main, every = analysis.pool.get("random"), analysis.pool.get("alternatives") or {}
    if not main or len(analysis.effects) <= 1:
        return None
    used = str(main.get("inference"))
    others = [
        f"{INFERENCES.get(name, name)} it would be {words.interval(analysis, part)}{_otherwise(analysis, main, part)}"
        for name, part in every.items()
        if name != used and part and part.get("ci_low") is not None
    ]
    return f"The confidence interval is by {INFERENCES.get(used, used)}; by {words.listed(others)}." if others else None


def _otherwise(analysis: Analysis, main: Part, other: Part) -> str:
    """Point out that another method decides otherwise whether the interval includes no difference."""
    included = includes_null(analysis, other)
    if included == includes_null(analysis, main):
        return ""
    return f", which {'includes' if included else 'excludes'} {words.no_difference(analysis)}"


INFERENCES = {
    "wald": "Wald's method",
    "HKSJ": "the method of Hartung, Knapp, Sidik and Jonkman (HKSJ)",
    "HKSJ-adhoc": "HKSJ with the ad hoc correction",
    "t": "Wald's method on the t distribution",
}


def subgroups(analysis: Analysis) -> str | None:
    """Say what the tests of differences between subgroups give, and what they can't show."""
    part = analysis.pool.get("subgroups")
    if not part:
        return None
    by, test, beside = words.readable(part["by"]), part.get("test"), part.get("test_common_tau2")
    if not test or test.get("p") is None:
        return f"Subgroups by {by} are not compared by a test."
    text = f"Test of differences between subgroups by {by}: {difference_test(test, analysis.style)}."
    if beside and beside.get("p") is not None:
        text += f" With one {TAU2} for all subgroups: {difference_test(beside, analysis.style)}."
    return (
        f"{text} It compares whole studies, which were not randomised to their subgroup, and with few of them it finds only "
        "large differences: a large p value does not show that the effects are alike."
    )


def difference_test(test: Part, style: Style = DEFAULT) -> str:
    """Print a test of differences: ``Q = 2.61 on 2 df, p = 0.27``."""
    if test.get("df2"):
        statistic = f"F = {style.number(test['Q'], 2)} on {test['df']:g} and {test['df2']:g} df"
    else:
        statistic = f"Q = {style.number(test['Q'], 2)} on {test['df']:g} df"
    return f"{statistic}, {style.with_p(test['p'])}"


def leave_one_out(analysis: Analysis) -> str | None:
    """Say how far the estimate moves when each study is left out."""
    rows = analysis.explore.get("leave_one_out")
    main = analysis.pool.get("random")
    if isinstance(rows, Mapping):
        return f"Leave-one-out was not done: {str(rows.get('skipped', 'no reason given')).rstrip('.')}."
    rows = [row for row in rows or [] if row.get("estimate") is not None]
    if not rows or not main or main.get("estimate") is None:
        return None
    lowest, highest = min(rows, key=lambda row: row["estimate"]), max(rows, key=lambda row: row["estimate"])
    ends = [
        f"{words.value(analysis, row['estimate'])} without {row.get('label') or row['study']}"
        for row in (lowest, highest)
    ]
    text = f"Leaving out one effect at a time, the estimate runs from {ends[0]} to {ends[1]}."
    return f"{text} {_stability(analysis, main, rows)}".rstrip()


def _stability(analysis: Analysis, main: Part, rows: list[Part]) -> str:
    if analysis.measure.null is None or main.get("ci_low") is None:
        return ""
    included, null = includes_null(analysis, main), words.no_difference(analysis)
    changed = [str(row.get("label") or row["study"]) for row in rows if includes_null(analysis, row) != included]
    state, opposite = ("includes", "excludes") if included else ("excludes", "includes")
    if not changed:
        return f"The interval {state} {null} in every case, as it does with all effects."
    return f"The interval, which {state} {null} with all effects, {opposite} it without {words.listed(changed, 'or')}."
