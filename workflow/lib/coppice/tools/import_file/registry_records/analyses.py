"""The analyses of an outcome measure: estimates of two groups with the direction that the registry states, or a flag."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from coppice.tools.import_file.plain_text import plain
from coppice.tools.import_file.registry_records.groups import TWO, Arms, Json, items, names_of, words
from coppice.tools.import_file.registry_records.measures import PATIENTS, PERCENT, number

RATIOS = (
    (re.compile(r"hazard", re.IGNORECASE), "hazard_ratio"),
    (re.compile(r"\bodds", re.IGNORECASE), "odds_ratio"),
    (re.compile(r"\b(?:incidence )?rate ratio", re.IGNORECASE), "rate_ratio"),
    (re.compile(r"\b(?:risk ratio|relative risk)", re.IGNORECASE), "risk_ratio"),
)
DIFFERENCE = re.compile(r"differen", re.IGNORECASE)
NOT_OF_MEANS = re.compile(r"median|geometric|hodges|slope|rate\b|standardi[sz]ed|effect size", re.IGNORECASE)
P_VALUE = re.compile(r"(?:p\s*)?([<>=≤≥]*)\s*(0?\.\d+|[01](?:\.0*)?)", re.IGNORECASE)
VERSUS = re.compile(
    r"\s*(?:/|\bvs\.?|\bversus\b|\bminus\b|\bover\b|\brelative to\b|\bcompared (?:to|with)\b|\s[-–]\s)\s*",
    re.IGNORECASE,
)
COMMENTS = ("estimateComment", "groupDescription", "statisticalComment", "paramType", "otherAnalysisDescription")
LONGEST_COMMENT = 2_000
NEAR = 6  # words beside the sign of a comparison
CLEAR_RATIO = math.log(1.2)  # a ratio nearer to 1 fits both orders of its groups


@dataclass(slots=True)
class Estimate:
    """A figure of two groups, with what a reader should know."""

    figure: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def direction(analysis: Json, names: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the ids of the two groups in the order in which a comment compares them, such as "drug vs placebo"; None if none does."""
    ids = [str(key) for key in analysis.get("groupIds", ())]
    for key in COMMENTS:
        sides = VERSUS.split(str(analysis.get(key) or "")[:LONGEST_COMMENT])
        for left, right in pairwise(side.split() for side in sides):
            first, second = (_group_in(text, ids, names) for text in (left[-NEAR:], right[:NEAR]))
            if first and second and first != second:
                return first, second
            if not (first and second):  # a group that stands beside the sign, compared with one in other words
                first, second = (_group_in(text, ids, names) for text in (left[-1:], right[:1]))
                if own := first or second:
                    other = next((key for key in ids if key != own), own)
                    return (own, other) if first else (other, own)
    return None


def _group_in(text: list[str], ids: list[str], names: Mapping[str, str]) -> str:
    """Return the group whose name has most words in a text; empty if none has, or both alike."""
    present = set(words(" ".join(text)).split())
    all_words = {key: set(words(names.get(key, "")).split()) for key in ids}
    common = set.intersection(*all_words.values()) if all_words else set()
    scores = {key: len((own - common) & present) for key, own in all_words.items()}
    best = max(scores.values(), default=0)
    winners = [key for key, score in scores.items() if score == best and best]
    return winners[0] if len(winners) == 1 else ""


def p_value(text: Any) -> tuple[dict[str, Any], str | None]:
    """Return the field `p` of a printed p value, and a note for one that a record can't hold, such as ">0.99"."""
    printed = str(text or "").strip()
    match = P_VALUE.fullmatch(printed)
    if not printed:
        return {}, None
    if match is None or match[1] not in ("", "=", "<"):
        return {}, f"p value printed as {plain(printed, 40)}"
    if match[1] == "<":
        return {"p": f"<{match[2]}"}, None
    return {"p": float(match[2])}, None


def statistic_of(kind: str, measure: Json) -> str | None:
    """Return the statistic of an estimate, by its type and that of the measure; None if Coppice has none."""
    for pattern, name in RATIOS:
        if pattern.search(kind):
            return name
    if not DIFFERENCE.search(kind):
        return None
    unit = str(measure.get("unitOfMeasure") or "")
    parameter = str(measure.get("paramType") or "")
    is_count = parameter in ("COUNT_OF_PARTICIPANTS", "NUMBER") and (PERCENT.search(unit) or PATIENTS.search(unit))
    if re.search(r"risk difference|percentage|proportion", kind, re.IGNORECASE) and is_count:
        return "risk_difference"
    if NOT_OF_MEANS.search(kind):
        return None
    if is_count:
        return "risk_difference"
    return "mean_difference" if parameter in ("MEAN", "LEAST_SQUARES_MEAN") else None


def interval(analysis: Json, level: float) -> tuple[list[float] | None, str | None]:
    """Return the confidence interval, and a note on an interval that a record cannot hold."""
    low, high = number(analysis.get("ciLowerLimit")), number(analysis.get("ciUpperLimit"))
    shown = [str(analysis.get(key)) for key in ("ciLowerLimit", "ciUpperLimit") if analysis.get(key) is not None]
    if not shown:
        return None, None
    if analysis.get("ciNumSides") == "ONE_SIDED" or low is None or high is None:
        sides = "one-sided " if analysis.get("ciNumSides") == "ONE_SIDED" else ""
        return None, f"its {sides}{level:.4g}% interval, {' to '.join(shown)}, has not two limits"
    return [low, high], None


def direction_by_values(
    ids: list[str], measured: list[float | None], statistic: str, value: float
) -> tuple[str, str] | None:
    """Return the order of two groups that fits an estimate by the value of each; None where both orders could."""
    first, second = measured
    if first is None or second is None or statistic == "hazard_ratio":
        return None
    if statistic.endswith("_ratio"):
        if min(first, second, value) <= 0 or min(abs(math.log(value)), abs(math.log(first / second))) < CLEAR_RATIO:
            return None
        is_first = (value > 1) == (first > second)
    else:
        expected = first - second
        near = any(abs(abs(value * unit) - abs(expected)) < abs(expected) / 2 for unit in (1, 100))
        if not near:
            return None
        is_first = (value > 0) == (expected > 0)
    return (ids[0], ids[1]) if is_first else (ids[1], ids[0])


def estimate_of(analysis: Json, measure: Json, arms: Arms, measured: Mapping[str, float]) -> Estimate | str:
    """Return the figure of an analysis, or why it is not taken over.

    `measured` has the mean or percentage of each arm, by which the direction is recognised where no comment states it.
    """
    ids = [str(key) for key in analysis["groupIds"]] if isinstance(analysis.get("groupIds"), list) else []
    groups = items(measure, "groups")
    keys = arms.of(groups)
    kind = str(analysis.get("paramType") or "")
    value = number(analysis.get("paramValue"))
    if not kind or value is None:
        return f"no estimate{', p ' + plain(analysis['pValue'], 40) if analysis.get('pValue') else ''}"
    if len(ids) != TWO or any(key not in keys for key in ids):
        return f"{kind} of {len(ids)} groups; two are needed"
    statistic = statistic_of(kind, measure)
    if statistic is None:
        return f"{kind} {value:g}, which no statistic of a record holds"
    order, notes = direction(analysis, names_of(groups)), []
    if order is None and (
        order := direction_by_values(ids, [measured.get(keys[key]) for key in ids], statistic, value)
    ):
        notes.append("which group is compared with which follows from the figures of the two")
    elif order is None:
        notes.append("the registry does not state which group is compared with which: look the direction up")
    pair = [keys[key] for key in order or ids]
    values = [measured.get(arm) for arm in pair]
    difference = None if None in values else values[0] - values[1]  # type: ignore[operator]
    return _estimate(statistic, analysis, pair, notes, is_stated=order is not None, difference=difference)


def in_points(figures: list[float], difference: float | None) -> bool:
    """Return whether a difference of risks is in percentage points: beyond 1, or nearer to the difference of two percentages."""
    if max(map(abs, figures)) > 1:
        return True
    return difference is not None and abs(abs(figures[0]) - abs(difference)) < abs(
        abs(100 * figures[0]) - abs(difference)
    )


def _estimate(
    statistic: str, analysis: Json, pair: list[str], notes: list[str], *, is_stated: bool, difference: float | None
) -> Estimate:
    """Return the figure: ratios against the usual direction are marked, differences are turned, points become fractions."""
    is_pair = set(pair) == {"experimental", "control"}
    is_turned = is_pair and pair[0] == "control" and is_stated
    level = number(analysis.get("ciPctValue")) or 95
    limits, about = interval(analysis, level)
    is_ratio = statistic.endswith("_ratio")
    value = number(analysis.get("paramValue")) or 0.0
    figures = [value, *(limits or ())]
    if is_ratio and re.search(r"\blog\b", str(analysis.get("paramType")), re.IGNORECASE):
        notes.append(f"printed as a logarithm: {value:g}")
        figures = [math.exp(min(item, 200)) for item in figures]
    if statistic == "risk_difference" and in_points(figures, difference):
        notes.append(f"printed in percentage points: {value:g}")
        figures = [item / 100 for item in figures]
    if is_turned and not is_ratio:
        notes.append(f"printed as control minus experimental: {value:g}")
        figures = [-figures[0], *(-item for item in reversed(figures[1:]))]
    figure: dict[str, Any] = {"statistic": statistic}
    if not is_pair:
        figure["arms"] = pair
    figure["estimate"] = figures[0]
    if limits:
        figure |= {"ci": figures[1:]} | ({} if level == 95 else {"level": round(level / 100, 6)})
    elif (
        not is_ratio
        and "standard error" in str(analysis.get("dispersionType") or "").casefold()
        and (se := number(analysis.get("dispersionValue")))
    ):
        figure["se"] = se / 100 if "percentage points" in " ".join(notes) else se
    if is_turned and is_ratio:
        figure["inverted"] = True
    p, about_p = p_value(analysis.get("pValue"))
    method = f"by {plain(analysis['statisticalMethod'], 80)}" if analysis.get("statisticalMethod") else None
    figure |= p
    return Estimate(figure, [text for text in (*notes, about, about_p, method) if text])
