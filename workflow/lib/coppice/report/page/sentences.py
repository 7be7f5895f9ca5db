"""Sentences about a result: pure functions from result to text, every number taken from the result file.

No sentence gives a verdict of significance: it says where the estimate lies, how far the interval reaches and with
what the data are compatible (Amrhein V, Greenland S, McShane B. Nature 2019;567:305-307, doi:10.1038/d41586-019-00857-9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from coppice.core.contracts.lines import RandomLine
from coppice.core.number_style import DEFAULT, MINUS, Style, degrees
from coppice.core.text import in_sentence
from coppice.report.page import extent, informative, warning_texts, words
from coppice.report.page.absolute import baselines
from coppice.report.page.informative import both_directions, has_direction, importance, includes_null
from coppice.report.page.words import I2, TAU2
from coppice.report.report_data import AnalysisView, ReviewView

Part = Mapping[str, Any]
FEW_STUDIES = 10  # below this, tau2 and I2 are imprecise and plots are not assessed for asymmetry


def contrast(analysis: AnalysisView) -> str:
    """Name the comparison: ``blinatumomab versus chemotherapy``."""
    return f"{in_sentence(analysis.experimental)} versus {in_sentence(analysis.control)}"


def versus(analysis: AnalysisView, form: str = " {}") -> str:
    """Name the comparison after the measure, in `form`; nothing where no arms are compared."""
    return form.format(contrast(analysis)) if analysis.measure.compares_arms else ""


def finding(review: ReviewView, analysis: AnalysisView) -> str:
    """Give the result of an analysis in brief, with its uncertainty."""
    main = analysis.pool["random"]
    if not analysis.effects or not main:
        return result(review, analysis)
    lead = f"{words.first_upper(analysis.measure.printed_name)} {words.estimated(analysis, main)} ({words.ci(analysis, main)})"
    size = words.first_upper(extent.size(review, analysis))
    return f"{lead}{words.caution(analysis)}{informative.continued(analysis, main)} {size}."


def result(review: ReviewView, analysis: AnalysisView) -> str:
    """Give the result of an analysis, its meaning, and what the interval leaves open."""
    main = analysis.pool["random"]
    if not analysis.effects:
        return f"No study reported a result for {in_sentence(analysis.title)} that could be pooled."
    if not main or main.get("estimate") is None:
        return not_pooled(review, analysis)
    is_single = len(analysis.effects) == 1
    measure = words.a(analysis.measure) if is_single else f"a pooled {analysis.measure.printed_name}"
    lead = f"{words.first_upper(extent.size(review, analysis))} yielded {measure}{versus(analysis, ' ({})')} of"
    value = f"{lead} {words.estimated(analysis, main)} ({words.ci(analysis, main)})."
    return " ".join(filter(None, [value, fallen_back(analysis), reading(analysis, main)]))


def fallen_back(analysis: AnalysisView) -> str | None:
    """Say why the interval does not use the configured method; None if it does."""
    reason = analysis.pool["reasons"].get("inference")
    return words.sentence(reason) if reason else None


def not_pooled(review: ReviewView, analysis: AnalysisView) -> str:
    """Say why an overall estimate is missing, and give the estimates of the subgroups instead."""
    reason = analysis.pool["reasons"].get("random")
    because = f", because {words.symbols(reason).rstrip('.')}" if reason else ""
    lead = (
        f"{words.first_upper(extent.size(review, analysis))} were analysed. No overall estimate is reported{because}."
    )
    part = analysis.pool["subgroups"]
    each = [
        f"{words.estimated(analysis, main)} ({words.ci(analysis, main)}) for {words.quoted(name)} ({words.count(level['k'], 'effect')})"
        for name, main, level in words.subtotals(analysis)
    ]
    if not part or not each:
        return lead
    pooled = f"the pooled {analysis.measure.printed_name}{versus(analysis, ' ({})')}"
    return f"{lead} In the subgroups by {words.readable(part['by'])}, {pooled} was {words.listed(each)}."


def reading(analysis: AnalysisView, part: Part) -> str:
    """Interpret an estimate and its interval: size of the change, direction, compatibility, importance."""
    parts = (magnitude(analysis, part), direction(analysis, part), importance(analysis, part))
    return " ".join(sentence for sentence in parts if sentence)


def magnitude(analysis: AnalysisView, part: Part) -> str | None:
    """Express an estimate as a change; None for other measures."""
    experimental, control = in_sentence(analysis.experimental), in_sentence(analysis.control)
    if analysis.measure.code == "RD":
        return _per_thousand(analysis, part, experimental, control)
    changed = words.change(analysis, part)
    if changed is None:
        return None
    noun = words.CHANGES[analysis.measure.code]
    was = "were" if noun in words.PLURALS else "was"
    return f"With {experimental}, the {noun} of {words.event(analysis)} {was} {changed} with {control}."


def _per_thousand(analysis: AnalysisView, part: Part, experimental: str, control: str) -> str:
    risks = [None if risk is None else 1000 * risk for risk in analysis.printed(part)]
    more = [
        f"{text.lstrip(MINUS)} {'fewer' if risk is not None and risk < 0 else 'more'}"
        for text, risk in zip(analysis.style.together(risks, 0), risks, strict=True)
    ]
    ends = f" ({more[1]} to {more[2]})" if part.get("ci_low") is not None else ""
    return f"This corresponds to {more[0]}{ends} patients with {words.event(analysis)} per 1,000 on {experimental} than on {control}.{_impossible(analysis, part, control)}"


def _impossible(analysis: AnalysisView, part: Part, control: str) -> str:
    """Say that the lower limit of a risk difference is impossible at every baseline risk."""
    risks = [baseline.risk for baseline in baselines(analysis)]
    if not risks or part.get("ci_low") is None or max(risks) + part["ci_low"] >= 0:
        return ""
    share = f"at most {analysis.style.percent(100 * max(risks), 0)}" if max(risks) else "none"
    return (
        f" A reduction this large is impossible, because {share} of the patients on {control} have the event; "
        "the interval has not been truncated."
    )


def direction(analysis: AnalysisView, part: Part) -> str | None:
    """Name the side on which estimate and interval lie, or what the interval leaves open; None without labelled sides."""
    if analysis.favours is None or part.get("ci_low") is None:
        return None
    if has_direction(analysis, part):
        side = analysis.side(part["estimate"])
        return f"The estimate and the whole confidence interval lie {words.towards(side)}." if side else None
    if not includes_null(analysis, part):
        return None
    if analysis.measure.null in (part["ci_low"], part["ci_high"]):
        return f"One limit of the confidence interval is {words.no_difference(analysis)} (no difference)."
    return f"The confidence interval includes {words.no_difference(analysis)} (no difference) and is compatible with {both_directions(analysis)}."


def prediction(analysis: AnalysisView) -> str | None:
    """Interpret the prediction interval, or say why it is missing."""
    interval = analysis.pool["prediction"]
    if not interval or interval.get("low") is None:
        reason = analysis.pool["reasons"].get("prediction")
        if not reason or not analysis.pool["random"]:
            return None
        return f"No prediction interval is reported: {words.symbols(reason).rstrip('.')}."
    limits = {"ci_low": interval["low"], "ci_high": interval["high"]}
    what = analysis.measure.printed_name if analysis.measure.is_of_one_group else "effect"
    text = (
        f"The true {what} in a future, similar study is expected to lie within the {words.level(analysis.pool)} prediction "
        f"interval, {words.interval(analysis, interval, 'low', 'high')}"
    )
    if includes_null(analysis, limits):
        text += f". It includes {words.no_difference(analysis)}: in some settings the effect may be absent or reversed"
    elif side := analysis.side(interval["low"]):
        text += f", all of which lies {words.towards(side)}"
    part = analysis.pool["heterogeneity"]
    narrow = f" It is based on {TAU2} estimated as 0 and may be too narrow." if part and part["tau2"] == 0 else ""
    return f"{text}.{narrow}"


def heterogeneity(analysis: AnalysisView, part: Part | None) -> str | None:
    """Give the measures of heterogeneity, or why they are missing."""
    if not part or part.get("tau2") is None:
        if not analysis.pool["random"]:
            return None
        reason = analysis.pool["reasons"].get("heterogeneity")
        return f"Heterogeneity is not reported: {words.symbols(reason).rstrip('.')}." if reason else None
    style = analysis.style
    scale = f", on the {analysis.measure.scale.name} scale" if analysis.measure.scale.is_ratio else ""
    tau2 = (
        f"The between-study variance {TAU2} is {style.variance(part['tau2'])}{_limits(analysis, part, 'tau2')}{scale}"
    )
    i2 = f"{I2} is {words.i2(analysis, part)}{_limits(analysis, part, 'I2')}"
    q = f"Cochran's Q is {style.number(part.get('Q'), 2)} on {degrees(part['df'])} df ({style.with_p(part.get('p'))})"
    few = " With so few effects, these estimates are imprecise." if len(analysis.effects) < FEW_STUDIES else ""
    return f"{tau2}; {i2}; {q}.{few}"


def _limits(analysis: AnalysisView, part: Part, name: str) -> str:
    low, high, style = part.get(f"{name}_low"), part.get(f"{name}_high"), analysis.style
    if low is None and high is None:
        return ""
    if name == "tau2":
        lower, upper = style.variance_limits(low, high)
    else:
        lower, upper = (f"{text}%" for text in style.together((low, high), 0))
    limits = f"{lower} to no upper limit" if high is None else style.between(lower, upper)
    return f" ({words.level(analysis.pool)} CI{style.comma} {limits})"


def spread(analysis: AnalysisView) -> list[str]:
    """Give heterogeneity, prediction interval and subgroup differences in a line each; the full sentences qualify them."""
    part, interval, style = analysis.pool["heterogeneity"], analysis.pool["prediction"], analysis.style
    planned = analysis.pool["subgroups"]
    lines = []
    if part and part.get("tau2") is not None:
        test = f"Q = {style.number(part.get('Q'), 2)} on {degrees(part['df'])} df, {style.with_p(part.get('p'))}"
        lines.append(f"Heterogeneity: {TAU2} {style.variance(part['tau2'])}, {I2} {words.i2(analysis, part)}, {test}.")
    if interval and interval.get("low") is not None:
        limits = words.interval(analysis, interval, "low", "high")
        lines.append(f"{words.level(analysis.pool)} prediction interval: {limits}.")
    if planned and (between := planned["test"]) and between.get("p") is not None:
        by = words.readable(planned["by"])
        lines.append(f"Differences between subgroups by {by}: {difference_test(between, style)}.")
    return lines


def common(analysis: AnalysisView) -> str | None:
    """Give the common-effect estimate beside the main one."""
    part, main = analysis.pool["common"], analysis.pool["random"]
    if not part or not main or len(analysis.effects) <= 1:
        return None
    has_other_studies = part.get("k", len(analysis.effects)) != len(analysis.effects)
    counted = f", from the event counts of {part['k']} studies" if has_other_studies else ""
    return f"For comparison, the common-effect estimate is {words.estimate(analysis, part)}{counted}."


def alternatives(analysis: AnalysisView) -> str | None:
    """Name the method of the interval and give the intervals by the others, so that the choice can be judged."""
    main, every = analysis.pool["random"], cast(Mapping[str, RandomLine | None], analysis.pool["alternatives"])
    if not main or len(analysis.effects) <= 1:
        return None
    used = str(main.get("inference"))
    others = [
        f"{INFERENCES.get(name, name)} it would be {words.interval(analysis, part)}{_otherwise(analysis, main, part)}"
        for name, part in every.items()
        if name != used and part and part.get("ci_low") is not None
    ]
    return (
        f"The confidence interval uses {INFERENCES.get(used, used)}; with {words.listed(others)}." if others else None
    )


def _otherwise(analysis: AnalysisView, main: Part, other: Part) -> str:
    """Point out that the interval by another method differs in whether it includes no difference."""
    included = includes_null(analysis, other)
    if included == includes_null(analysis, main):
        return ""
    return f", which {'includes' if included else 'excludes'} {words.no_difference(analysis)}"


INFERENCES = {
    "wald": "Wald's method",
    "HKSJ": "the method of Hartung, Knapp, Sidik and Jonkman (HKSJ)",
    "HKSJ-adhoc": "HKSJ with the ad hoc correction",
    "HKSJ-ci": "the wider of the HKSJ and the Wald interval",
    "HKSJ-IQWiG": "HKSJ with the correction of IQWiG",
    "KR": "the method of Kenward and Roger",
    "KR-meta": "the method of Kenward and Roger as the R package meta has it",
    "PL": "the profile likelihood",
    "t": "Wald's method on the t distribution",
    "CR1": "cluster-robust inference (CR1)",
    "CR2": "cluster-robust inference (CR2)",
}


def subgroups(analysis: AnalysisView) -> str | None:
    """Give the tests of subgroup differences, and their limitations."""
    part = analysis.pool["subgroups"]
    if not part:
        return None
    by, test, beside = words.readable(part["by"]), part.get("test"), part.get("test_common_tau2")
    empty = "".join(f" {text}" for text in warning_texts.without_interval(part))
    if not test or test.get("p") is None:
        return f"No test of subgroup differences by {by} is reported.{empty}"
    text = f"Test for subgroup differences by {by}: {difference_test(test, analysis.style)}."
    if beside and beside.get("p") is not None:
        text += f" With {TAU2} common to all subgroups: {difference_test(beside, analysis.style)}."
    return (
        f"{text} This comparison between studies is observational and, with few studies, has low power: a large p value does "
        f"not show that the effects are similar.{empty}"
    )


def difference_test(test: Part, style: Style = DEFAULT) -> str:
    """Print a test of differences: ``Q = 2.61 on 2 df, p = 0.27``."""
    return words.omnibus(style, "Q", test["Q"], df=test["df"], df2=test.get("df2"), p=test["p"])
