"""Small words: how a value of a measure, a count and a list read in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from coppice import numbers
from coppice.draw.states import route_name
from coppice.measures import Measure
from coppice.numbers import Style
from coppice.records import DESIGNS
from coppice.report.review import Analysis
from coppice.text import in_sentence

NOT_ASSESSED = "not assessed"  # a judgement that people have to make
NOT_STATED = "not stated"  # what the authors have to say: of their question, their search, its counts, the studies
DASH = "\N{EN DASH}"
DECIMALS = {"RD": 3}  # a risk difference of one in a hundred has to be seen
USUAL_DECIMALS = 2
SPELT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CHANGES = {"HR": "hazard", "RR": "probability", "OR": "odds", "IRR": "rate"}
HEAD = re.compile(r".+?(?= (?:of|in|by|with|standardised by) |,| \()")  # of the name of a measure, its noun
PLURALS = frozenset({"odds"})
UNCHANGED = "the same"
AN_EVENT = "an event"
TWICE = 2.0  # from here on 'times' reads better than 'per cent higher'
PAIR = 2
MOST_LABELS = 50  # of studies in one sentence
HALF = 0.5  # a change below half a per cent prints as none
VARIANCE_DECIMALS = 3
COUNTED = frozenset({"RR", "OR", "RD"})
INTERVALS = {"wald": "Wald", "HKSJ": "HKSJ", "CR1": "CR1 (cluster-robust)", "CR2": "CR2 (cluster-robust)"}
SYMBOLS = {"tau2": "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}", "I2": "I\N{SUPERSCRIPT TWO}"}
SPELLINGS = {
    "eudract": "EudraCT number",
    "nct": "NCT number",
    "median follow up": "median follow-up",
    "follow up": "follow-up",
}


def decimals(measure: Measure) -> int:
    """Return how many decimals a measure is printed with."""
    return DECIMALS.get(measure.code, USUAL_DECIMALS)


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


def value(analysis: Analysis, on_scale: float | None) -> str:
    """Print a value that is on the model's scale, back-transformed."""
    return analysis.style.number(analysis.back(on_scale), decimals(analysis.measure))


def interval(analysis: Analysis, part: Mapping[str, Any], low: str = "ci_low", high: str = "ci_high") -> str:
    """Print an interval that is on the model's scale, back-transformed."""
    return _interval(analysis, part, decimals(analysis.measure), low, high)


def intervals(analysis: Analysis, *parts: Mapping[str, Any]) -> list[str]:
    """Print several intervals with as many decimals as tell them apart."""
    for places in range(decimals(analysis.measure), numbers.MOST_DECIMALS + 1):
        said = [_interval(analysis, part, places) for part in parts]
        if len(set(said)) == len(parts):
            return said
    return [interval(analysis, part) for part in parts]


def _interval(
    analysis: Analysis, part: Mapping[str, Any], places: int, low: str = "ci_low", high: str = "ci_high"
) -> str:
    return analysis.style.interval(analysis.back(part.get(low)), analysis.back(part.get(high)), places)


def estimate(analysis: Analysis, part: Mapping[str, Any] | None) -> str:
    """Print an estimate with its interval, back-transformed: ``0.39 (0.24 to 0.64)``."""
    if not part or part.get("estimate") is None:
        return DASH
    alone = "one study" if part.get("k") == 1 else "no interval"
    limits = interval(analysis, part) if part.get("ci_low") is not None else alone
    return f"{value(analysis, part['estimate'])} ({limits})"


def ci(analysis: Analysis, part: Mapping[str, Any]) -> str:
    """Print an interval with its level: ``95% CI 0.24 to 0.64``."""
    return f"{level(analysis.pool)} CI{analysis.style.comma} {interval(analysis, part)}"


def level(pool: Mapping[str, Any]) -> str:
    """Print the confidence level: ``95%``."""
    return f"{100 * float(pool.get('level') or 0.95):g}%"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Print a number with its noun: ``one study``, ``12 studies``."""
    word = SPELT[number] if 0 <= number < len(SPELT) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def share(number: int, total: int, noun: str, plural: str | None = None) -> str:
    """Say how many of several: ``the only study``, ``both studies``, ``all three studies``, ``2 of 3 studies``."""
    several = plural or f"{noun}s"
    if number != total:
        return f"{number:,} of {total:,} {noun if total == 1 else several}"
    return (
        f"the only {noun}"
        if total == 1
        else f"both {several}"
        if total == PAIR
        else f"all {count(total, noun, plural)}"
    )


def ended(text: str) -> str:
    """End a sentence with a full stop, unless its last word ends with one: ``without Bach et al.``."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def studies(number: int) -> str:
    """Print a number of studies."""
    return count(number, "study", "studies")


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join items as a sentence does: ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def listed_or_counted(labels: Sequence[str]) -> str:
    """List studies by their labels, or say how many there are where nobody would read the list."""
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
    """Name in short the method of an interval: ``HKSJ``; a dash where no interval is printed."""
    name = (part or {}).get("inference") if (part or {}).get("ci_low") is not None else None
    return INTERVALS.get(str(name), str(name or DASH))


def route(name: str) -> str:
    """Name a route in words: ``hazard_ratio_ci`` reads `hazard ratio with CI`."""
    return route_name(name)


def p_cell(analysis: Analysis, p: float | None) -> str:
    """Print a p value as it stands in a column of them: without the sign of equality."""
    return analysis.style.p_value(p).removeprefix("=").strip()


def why(reason: str | None) -> str:
    """Print why a figure entered; that the reason stands in the record is said once, above the column."""
    return (reason or DASH).replace("marked in the record: ", "")


def towards(label: str) -> str:
    """Turn the label of a direction into a clause: `Favours X` reads `in favour of X`, others `towards ...`."""
    first, _, rest = label.partition(" ")
    return f"in favour of {in_sentence(rest)}" if first.casefold() == "favours" and rest else f"towards {label}"


def change(analysis: Analysis, part: Mapping[str, Any]) -> str | None:
    """Say a ratio as a change against the control arm; None for measures that are differences.

    Parameters
    ----------
    analysis : Analysis
        The analysis.
    part : mapping
        An estimate with its interval, on the model's scale.

    Returns
    -------
    str or None
        Such as ``44% lower (58% to 25% lower) than`` or, as soon as one of the numbers reaches twice,
        ``1.96 times (1.40 to 2.76 times) that``.
    """
    if analysis.measure.code not in CHANGES or part.get("ci_low") is None:
        return None
    ratios = [analysis.measure.scale.back(part[name]) for name in ("estimate", "ci_low", "ci_high")]
    if max(ratios) >= TWICE:
        middle, low, high = (analysis.style.number(ratio, USUAL_DECIMALS) for ratio in ratios)
        return f"{middle} times ({low} to {high} times) that"
    middle, low, high = map(_percent_change, ratios)
    ends = f"{low.partition(' ')[0]} to {high}" if low.split()[-1] == high.split()[-1] else f"{low} to {high}"
    return f"{middle} ({ends}) {'as' if middle == UNCHANGED else 'than'}"


def _percent_change(ratio: float) -> str:
    percent = numbers.number(abs(1 - ratio) * 100, 0) if abs(1 - ratio) * 100 >= HALF else "0"
    return UNCHANGED if percent == "0" else f"{percent}% {'lower' if ratio < 1 else 'higher'}"


def event(analysis: Analysis) -> str:
    """Name what happens to a patient: as the configuration does, or else the title for counts, `an event` for times."""
    if analysis.event:
        return analysis.event
    if analysis.measure.code not in COUNTED:
        return AN_EVENT
    return in_sentence(analysis.title)


def no_difference(analysis: Analysis) -> str:
    """Print the value of no difference: ``1`` for ratios, ``0`` for differences."""
    return analysis.style.number(analysis.back(analysis.measure.null), 0)


def variance(value: float | None, style: Style = numbers.DEFAULT) -> str:
    """Print a between-study variance; one that is estimated as 0 prints as ``0``."""
    if value is None or value == 0:
        return DASH if value is None else "0"
    return style.number(value, max(0, VARIANCE_DECIMALS - len(f"{value:.0f}")) if value >= 1 else VARIANCE_DECIMALS)
