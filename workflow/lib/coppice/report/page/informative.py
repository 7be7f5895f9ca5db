"""GRADE's informative statements: the size of the effect and the certainty of the evidence give the sentence.

Santesso N et al. GRADE guidelines 26, J Clin Epidemiol 2020;119:126-135, doi:10.1016/j.jclinepi.2019.10.014, table 1.
The direction is that of the event or value; which direction is good, `favours` says beside the estimate. Without a
smallest important difference an estimate has no size, and a direction only where the interval excludes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.event_names import OF_EVENTS, is_event
from coppice.core.importance import IMPORTANT, LARGE, LITTLE, SMALL, Importance, band, threshold_decimals
from coppice.core.text import in_sentence
from coppice.report.page import words
from coppice.report.report_data import AnalysisView

Part = Mapping[str, Any]
VERY_LOW = "very low"
# by certainty: what stands before a size, and the verbs of a reduction and an increase
GRADED = {"high": "results in", "moderate": "probably results in", "low": "may result in"}
VERBS = {
    "high": ("reduces", "increases"),
    "moderate": ("probably reduces", "probably increases"),
    "low": ("may reduce", "may increase"),
    VERY_LOW: ("may reduce", "may increase"),
}
SIZES = {SMALL: "a slight", LARGE: "a large"}
# Of these the mean is not what differs between the arms.
ASPECTS = {
    "CVR": "variability", "CVRC": "variability", "VR": "variability", "RMSTD": "restricted mean survival time",
}  # fmt: skip


def includes_null(analysis: AnalysisView, part: Part) -> bool:
    """Return whether an interval includes the value of no difference."""
    null, low, high = analysis.measure.null, part.get("ci_low"), part.get("ci_high")
    return null is not None and low is not None and high is not None and low <= null <= high


def has_direction(analysis: AnalysisView, part: Part) -> bool:
    """Return whether an estimate has an interval, and the interval excludes no difference."""
    has_interval = part.get("ci_low") is not None and part.get("ci_high") is not None
    return analysis.measure.null is not None and has_interval and not includes_null(analysis, part)


def size_of(analysis: AnalysisView, part: Part) -> str | None:
    """Return the size of an estimate; None if the configuration does not define an important effect."""
    if analysis.important is None:
        return None
    return analysis.important.size(abs(part["estimate"] - (analysis.measure.null or 0.0)))


def both_directions(analysis: AnalysisView) -> str:
    """Name the two directions that are compatible with an interval that includes no difference."""
    if analysis.measure.code in OF_EVENTS:
        return "both fewer and more events"
    return "both a decrease and an increase" if analysis.measure.compares_arms else "effects in both directions"


def affected(analysis: AnalysisView) -> str:
    """Name what the experimental treatment changes: the event, or the title of an outcome that is measured."""
    code, title = analysis.measure.code, analysis.title
    title = title[:1].lower() + title[1:] if title[1:2].islower() else title
    if aspect := ASPECTS.get(code):
        return f"{aspect} ({title})"
    if code not in OF_EVENTS or analysis.event:
        return analysis.event or title
    return title if code != "HR" and is_event(analysis.title, analysis.role) else f"events ({title})"


def importance(analysis: AnalysisView, part: Part) -> str | None:
    """Compare the estimate and its interval with the thresholds of importance; None without such thresholds."""
    size, important = size_of(analysis, part), analysis.important
    if size is None or important is None:
        return None
    limits = [limit for limit in (part.get("ci_low"), part.get("ci_high")) if limit is not None]
    sizes = {str(size_of(analysis, {"estimate": limit})) for limit in limits}
    sizes |= {LITTLE} if includes_null(analysis, part) else set()
    small = _printed_band(analysis, important.small)
    if size == LITTLE:
        if sizes == {LITTLE}:
            return f"The estimate and the whole confidence interval lie between {small}, the range of effects too small to be important."
        beyond = ", but the confidence interval extends beyond it" if sizes else ""
        return f"The estimate lies between {small}, the range of effects too small to be important{beyond}."
    large = "" if important.large is None else _printed_band(analysis, important.large)
    where = {
        IMPORTANT: f"important (not between {small})",
        SMALL: f"small (not between {small})",
        LARGE: f"large (not between {large})",
    }
    if not sizes:
        return f"The effect is {where[size]}."
    if LITTLE in sizes:
        rest = ", but the confidence interval includes effects too small to be important"
    elif others := sizes - {size}:
        rest = f", but the confidence interval includes {others.pop()} effects"
    else:
        rest = ", as is every value within the confidence interval"
    return f"The effect is {where[size]}{rest}."


def _printed_band(analysis: AnalysisView, distance: float) -> str:
    pair = band(distance, analysis.measure)
    decimals = threshold_decimals(pair, is_ratio=analysis.measure.scale.is_ratio)
    return " and ".join(analysis.style.number(value, decimals) for value in pair)


def not_worded(analysis: AnalysisView) -> str | None:
    """Return the reason why an analysis has no informative statement; None if it has one."""
    main = analysis.pool["random"]
    if (analysis.certainty or {}).get("level") not in VERBS:
        return "certainty not assessed"
    if not main or main.get("estimate") is None:
        return "there is no overall estimate"
    if analysis.measure.null is None or not analysis.measure.compares_arms:
        return f"a {analysis.measure.name} does not compare arms"
    if main.get("ci_low") is None and analysis.important is None:
        return "the estimate has no confidence interval"
    return None


def plain_statement(analysis: AnalysisView) -> str | None:
    """Return the statement that GRADE reserves for the size and the judged certainty of the result; None if either is missing."""
    main, null = analysis.pool["random"], analysis.measure.null
    if not_worded(analysis) or main is None or null is None:
        return None
    level = str((analysis.certainty or {})["level"])
    arm, other, noun = in_sentence(analysis.experimental), in_sentence(analysis.control), affected(analysis)
    size = size_of(analysis, main)
    if size is None and not has_direction(analysis, main):
        if level == VERY_LOW:
            return f"The evidence is very uncertain about the effect of {arm} on {noun}."
        return f"{_undecided(analysis, main, noun)} with {arm} than with {other}."
    change = _change(level, size, is_more=main["estimate"] > null)
    doubt = _doubt(analysis, main, size) if level != VERY_LOW else ", but the evidence is very uncertain"
    return f"{words.first_upper(arm)} {change} {noun} compared with {other}{doubt}."


def continued(analysis: AnalysisView, main: Part) -> str:
    """Return what follows an estimate in the abstract: GRADE's statement where the certainty is judged, else its size and direction."""
    if statement := plain_statement(analysis):
        return f". {statement.rstrip('.')} (certainty of the evidence: {(analysis.certainty or {})['level']})."
    side = analysis.side(main["estimate"]) if has_direction(analysis, main) else None
    if size_of(analysis, main) == LITTLE:
        where = ", an effect too small to be important"
    else:
        where = f", {words.towards(side)}" if side else ""
    null = f"; the confidence interval includes {words.no_difference(analysis)} (no difference)"
    return f"{where}{null if includes_null(analysis, main) else ''}."


def _undecided(analysis: AnalysisView, main: Part, noun: str) -> str:
    """Begin the statement of an estimate without a direction or a size."""
    if analysis.measure.code not in OF_EVENTS:
        return f"The confidence interval includes both lower and higher values ({noun})"
    return f"The confidence interval includes both fewer and more {noun if noun.startswith('events ') else f'events ({noun})'}"


def _change(level: str, size: str | None, *, is_more: bool) -> str:
    """Say the change up to the noun that it is of: ``probably results in a slight reduction in``."""
    if size == LITTLE:
        return "may have little to no effect on" if level == VERY_LOW else f"{GRADED[level]} little to no difference in"
    if size in SIZES and level != VERY_LOW:
        return f"{GRADED[level]} {SIZES[size]} {'increase' if is_more else 'reduction'} in"
    return VERBS[level][is_more]


def _doubt(analysis: AnalysisView, main: Part, size: str | None) -> str:
    """State what else the interval includes, so that a statement on the estimate is not read as one on the interval."""
    important = analysis.important
    if important is None or size is None or main.get("ci_low") is None or main.get("ci_high") is None:
        return ""
    reached = _reached(analysis, main, important)
    if size == LITTLE:
        beyond = [f"an important {name}" for name in reached]
        return f", but the confidence interval also includes {' and '.join(beyond)}" if beyond else ""
    if includes_null(analysis, main):
        return ", but the confidence interval includes both a reduction and an increase"
    nearest = min(abs(main[name] - analysis.measure.null) for name in ("ci_low", "ci_high"))
    return "" if important.reaches(nearest) else ", but the confidence interval also includes little to no difference"


def _reached(analysis: AnalysisView, main: Part, important: Importance) -> list[str]:
    """Name the important changes that an interval includes."""
    null = analysis.measure.null or 0.0
    ends = {"reduction": null - main["ci_low"], "increase": main["ci_high"] - null}
    return [name for name, distance in ends.items() if important.reaches(distance)]
