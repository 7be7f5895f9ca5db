"""Values, counts, lists and names as they are printed in sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core import number_style
from coppice.core.contracts.lines import RandomLine
from coppice.core.contracts.pool import Level
from coppice.core.event_names import COUNTED, is_event
from coppice.core.measures import Measure
from coppice.core.number_style import Style, degrees
from coppice.core.printing import LINE
from coppice.core.roles import MAIN, ROLES
from coppice.core.study import DESIGNS
from coppice.core.text import in_sentence
from coppice.draw.figures.route_status import route_name
from coppice.report.report_data import AnalysisView

NOT_ASSESSED = "not assessed"  # a judgement that people have to make
NOT_STATED = "not stated"  # a statement that the authors have to make
DASH = "\N{EN DASH}"
SPELT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CHANGES = {"HR": "hazard", "RR": "probability", "OR": "odds", "IRR": "rate"}
HEAD = re.compile(r".+?(?= (?:of|in|by|with|standardised by) |,| \()")  # of the name of a measure, its noun
PLURALS = frozenset({"odds"})
UNCHANGED = "the same"
AN_EVENT = "an event"
TWICE = 2.0  # from here on 'times' reads better than 'per cent higher'
PAIR = 2
MOST_LABELS = 50  # of studies in one sentence
CLOSE_TO_SAME = 4 * number_style.TINY  # per cent: beside a change of this size a tiny one is none
WHOLE = (0.0, -100.0)  # per cent: no other change prints as none, or as all
INTERVALS = {"wald": "Wald", "HKSJ": "HKSJ", "CR1": "CR1 (cluster-robust)", "CR2": "CR2 (cluster-robust)"}
TAU2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
I2 = "I\N{SUPERSCRIPT TWO}"
SYMBOLS = {"tau2": TAU2, "I2": I2}
SPELLINGS = {
    "eudract": "EudraCT number",
    "nct": "NCT number",
    "median follow up": "median follow-up",
    "follow up": "follow-up",
}


def a(measure: Measure) -> str:
    """Name a measure with its article, which goes by the sound: ``an odds ratio``, ``a Yule's Q``."""
    return f"{'an' if measure.printed_name[0] in 'aeio' else 'a'} {measure.printed_name}"


def plural(name: str) -> str:
    """Return the plural of a measure's name: ``risk ratios``, ``coefficients of variation``, ``values of Yule's Q``."""
    if "'s " in name.partition(" (")[0]:
        return f"values of {name}"
    head = HEAD.match(name)
    end = head.end() if head else len(name)
    return f"{name[:end]}s{name[end:]}"


def value(analysis: AnalysisView, on_scale: float | None, size: float | None = None) -> str:
    """Print a value that is on the model's scale, back-transformed."""
    return analysis.style.number(analysis.back(on_scale, size), analysis.decimals, analysis.landmarks)


def texts(
    analysis: AnalysisView, part: Mapping[str, Any], keys: Sequence[str] = LINE, *, decimals: int | None = None
) -> list[str]:
    """Print the values of a part of a result with the same decimals, back-transformed: an estimate and its limits, or limits alone."""
    values = analysis.printed(part, keys)
    return analysis.style.together(values, analysis.decimals if decimals is None else decimals, analysis.landmarks)


def estimated(analysis: AnalysisView, part: Mapping[str, Any]) -> str:
    """Print an estimate by itself, with the decimals that it has beside its interval."""
    return texts(analysis, part)[0]


def interval(analysis: AnalysisView, part: Mapping[str, Any], low: str = "ci_low", high: str = "ci_high") -> str:
    """Print an interval that is on the model's scale, back-transformed."""
    keys = LINE if (low, high) == LINE[1:] else (low, high)
    return analysis.style.between(*texts(analysis, part, keys)[-2:])


def estimate(analysis: AnalysisView, part: Mapping[str, Any] | None) -> str:
    """Print an estimate with its interval, back-transformed: ``0.39 (0.24 to 0.64)``."""
    if not part or part.get("estimate") is None:
        return DASH
    alone = "one study" if part.get("k") == 1 else "no interval"
    middle, *limits = texts(analysis, part)
    return f"{middle} ({analysis.style.between(*limits) if part.get('ci_low') is not None else alone})"


def labelled(analysis: AnalysisView, part: Mapping[str, Any] | None) -> str:
    """Print an estimate with the code of its measure: ``HR 0.39 (0.24 to 0.64)``."""
    return f"{analysis.measure.label} {estimate(analysis, part)}"


def estimate_heading(analysis: AnalysisView) -> str:
    """Return the heading of a column of estimates: ``HR (95% CI)``."""
    return f"{analysis.measure.label} ({level(analysis.pool)} CI)"


def subtotals(analysis: AnalysisView) -> list[tuple[str, RandomLine, Level]]:
    """Return the subgroups that have an estimate: the name of each, the estimate, and all its results."""
    subgroups = analysis.pool["subgroups"]
    by = subgroups["by"] if subgroups else ""
    return [(level_of(by, part["level"]), main, part) for part in analysis.levels if (main := part["random"])]


def tau2(analysis: AnalysisView, part: Mapping[str, Any] | None) -> str:
    """Print the between-study variance of a part of a result."""
    return analysis.style.variance((part or {}).get("tau2"))


def i2(analysis: AnalysisView, part: Mapping[str, Any] | None) -> str:
    """Print the I2 of a part of a result."""
    return analysis.style.percent((part or {}).get("I2"), 0)


def caution(analysis: AnalysisView) -> str:
    """Return a caution on the back-transformed pooled value if the result warns of it; otherwise empty."""
    warns = any("back-transformation" in str(text) for text in analysis.pool["warnings"])
    return "; the back-transformed value may mislead" if warns else ""


def ci(analysis: AnalysisView, part: Mapping[str, Any]) -> str:
    """Print an interval with its level: ``95% CI 0.24 to 0.64``."""
    return f"{level(analysis.pool)} CI{analysis.style.comma} {interval(analysis, part)}"


def level(pool: Mapping[str, Any]) -> str:
    """Print the confidence level: ``95%``."""
    return f"{100 * float(pool.get('level') or 0.95):g}%"


def level_of_all(analyses: Iterable[AnalysisView]) -> str:
    """Print the confidence level that analyses have in common: ``95%``."""
    levels = {level(analysis.pool) for analysis in analyses}
    return levels.pop() if len(levels) == 1 else "level of the analysis"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Print a number with its noun: ``one study``, ``12 studies``."""
    word = SPELT[number] if 0 <= number < len(SPELT) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def share(number: int, total: int, noun: str, plural: str | None = None) -> str:
    """Say how many of several: ``the only study``, ``both studies``, ``all three studies``, ``2 of 3 studies``."""
    several = plural or f"{noun}s"
    if number != total:
        return f"{number:,} of {total:,} {noun if total == 1 else several}"
    if total == 1:
        return f"the only {noun}"
    return f"both {several}" if total == PAIR else f"all {count(total, noun, plural)}"


def ended(text: str) -> str:
    """End a sentence with a full stop, unless its last word ends with one: ``without Bach et al.``."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def sentence(reason: str) -> str:
    """Make a sentence of a reason that a result gives."""
    return f"{first_upper(symbols(reason)).rstrip('.')}."


def quoted(text: str) -> str:
    """Put a text between quotation marks."""
    return f"\N{LEFT SINGLE QUOTATION MARK}{text}\N{RIGHT SINGLE QUOTATION MARK}"


def studies(number: int) -> str:
    """Print a number of studies."""
    return count(number, "study", "studies")


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join items as a sentence does: ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def listed_or_counted(labels: Sequence[str]) -> str:
    """List studies by their labels, or count them if the list would be too long."""
    return listed(labels) if len(labels) <= MOST_LABELS else studies(len(labels))


def first_upper(text: str) -> str:
    """Return `text` with a capital first letter, the rest as it is; a symbol has none."""
    return text if text.startswith(tuple(SYMBOLS.values())) else text[:1].upper() + text[1:]


def readable(key: str) -> str:
    """Turn a key of a record into words: ``age_group`` reads `age group`, ``non-randomised`` stays."""
    text = re.sub(r"\bnon ", "non-", key.replace("_", " ").replace("-", " "))
    return SPELLINGS.get(text, text)


def symbols(text: str) -> str:
    """Print the statistics that a text names by their keys as they are written: ``tau2`` reads τ²."""
    return re.sub(r"\b(tau2|I2)\b", lambda match: SYMBOLS[match[0]], text)


def level_of(by: str, level: object) -> str:
    """Print a level of a subgroup; our keys of designs become words, what the user wrote stays as it is."""
    return readable(str(level)) if by == "design" and level in DESIGNS else str(level)


def interval_by(part: Mapping[str, Any] | None) -> str:
    """Return the short name of the method of an interval: ``HKSJ``; a dash without an interval."""
    name = (part or {}).get("inference") if (part or {}).get("ci_low") is not None else None
    return INTERVALS.get(str(name), str(name or DASH))


def route(name: str) -> str:
    """Name a route in words: ``hazard_ratio_ci`` reads `hazard ratio with CI`."""
    return route_name(name)


def p_cell(analysis: AnalysisView, p: float | None) -> str:
    """Print a p value for a column of them: without the sign of equality."""
    return analysis.style.p_value(p).removeprefix("=").strip()


def omnibus(style: Style, name: str, statistic: float, *, df: float, df2: float | None, p: float | None) -> str:
    """Print a test of several parameters together: ``Q = 2.61 on 2 df, p = 0.27``; it is an F where it has `df2`."""
    freedom = f"{degrees(df)} and {degrees(df2)}" if df2 else degrees(df)
    return f"{'F' if df2 else name} = {style.number(statistic, 2)} on {freedom} df, {style.with_p(p)}"


def towards(label: str) -> str:
    """Turn the label of a direction into a clause: `Favours X` reads `in favour of X`, others `towards ...`."""
    first, _, rest = label.partition(" ")
    return f"in favour of {in_sentence(rest)}" if first.casefold() == "favours" and rest else f"towards {label}"


def change(analysis: AnalysisView, part: Mapping[str, Any]) -> str | None:
    """Express a ratio as a change against the control arm; None for measures that are differences.

    Such as ``44% lower (58% to 25% lower) than`` or, as soon as a number reaches twice, ``1.96 times (1.40 to 2.76 times) that``.
    """
    if analysis.measure.code not in CHANGES or part.get("ci_low") is None:
        return None
    ratios = analysis.printed(part)
    if None in ratios or max(ratio for ratio in ratios if ratio is not None) >= TWICE:
        middle, low, high = texts(analysis, part)
        return f"{middle} times ({low} to {high} times) that"
    changes = [_percent_change(ratio) for ratio in ratios if ratio is not None]
    if max(map(abs, changes)) >= CLOSE_TO_SAME:
        changes = [change if abs(change) >= number_style.TINY else 0.0 for change in changes]
    shares = [text.lstrip(number_style.MINUS) for text in analysis.style.together(changes, 0, WHOLE)]
    middle, low, high = (_worded(share, change) for share, change in zip(shares, changes, strict=True))
    if changes[1] * changes[2] > 0:
        ends = f"{shares[1]}% to {high}"
    elif changes[1] == changes[2]:
        ends = "no change at either limit"
    else:
        ends = f"{low} to {high}"
    return f"{middle} ({ends}) {'than' if changes[0] else 'as'}"


def _percent_change(ratio: float) -> float:
    """Return a ratio as a change in percent, from the digits that a result file holds."""
    return float(100 * (number_style.stored(ratio) - 1))


def _worded(share: str, change: float) -> str:
    return f"{share}% {'lower' if change < 0 else 'higher'}" if change else UNCHANGED


def event(analysis: AnalysisView) -> str:
    """Name the event: as configured, otherwise the title of an analysis of counts if it names one, otherwise `an event`."""
    if analysis.event:
        return analysis.event
    if analysis.measure.code not in COUNTED or not is_event(analysis.title, analysis.role):
        return AN_EVENT
    return in_sentence(analysis.title)


def supporting(analysis: AnalysisView) -> str | None:
    """Say that an analysis is a supporting one; None for a main one."""
    if analysis.role == MAIN:
        return None
    return f"{first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."


def no_difference(analysis: AnalysisView) -> str:
    """Print the value of no difference: ``1`` for ratios, ``0`` for differences."""
    return analysis.style.number(analysis.back(analysis.measure.null), 0)
