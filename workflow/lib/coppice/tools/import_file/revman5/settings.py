"""The settings of an outcome of a RevMan 5 file in Coppice's terms: measure, model, totals, what was stored."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405: the type only; `markup.py` parses

from coppice.core.limits import LARGEST_WHOLE
from coppice.core.measures import MEASURES
from coppice.tools.import_file.imported import StoredResult
from coppice.tools.import_file.plain_text import number_of, plain_name
from coppice.tools.import_file.revman5.studies import name_in, text_in

PROGRAM = "RevMan 5"
MEASURE_CODES = {
    "DICH": {"OR": "OR", "RR": "RR", "RD": "RD", "PETO_OR": "PETO"},
    "CONT": {"MD": "MD", "WMD": "MD", "SMD": "SMD"},
}
MEASURE_WORDS = (  # of the free text that names the effect of the generic inverse variance, the first that fits
    (r"hazard|\bHR\b", "HR"),
    (r"peto", "PETO"),
    (r"rate ratio|incidence rate|\bIRR\b|ratio of rates", "IRR"),
    (r"odds|\bOR\b", "OR"),
    (r"risk ratio|relative risk|\bRR\b", "RR"),
    (r"risk difference|\bRD\b", "RD"),
    (r"ratio of (geometric )?means|\bROM\b|mean ratio", "ROM"),
    (r"(std\.?|standardi[sz]ed) mean|\bSMD\b", "SMD"),
    (r"mean difference|\bMD\b|\bWMD\b", "MD"),
)
LEVELS = (90, 95, 99)
METHODS = {"MH": "Mantel-Haenszel", "IV": "inverse variance", "PETO": "Peto"}
GENERIC = "GEN"
OTHERS = {"CHI2": "Q", "I2": "I2", "TAU2": "tau2", "P_Z": "p"}


def number(element: Element, name: str) -> float | None:
    """Return a number of an attribute; RevMan writes whole numbers as 5.0, so that a zero at the end says nothing."""
    text = number_of(element.get(name))
    value = None if text is None else float(text)
    return int(value) if value is not None and value.is_integer() and abs(value) < LARGEST_WHOLE else value


def is_yes(element: Element, name: str, *, default: bool = False) -> bool:
    """Return whether a setting is switched on."""
    return (element.get(name) or ("YES" if default else "NO")).upper() == "YES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How RevMan pooled an outcome.

    Attributes
    ----------
    kind : str
        DICH, CONT, IV, IPD or OTHER.
    number : str
        Its number, such as 1.3.
    measure : str or None
        Code of the measure; None if Coppice does not have it.
    stated : str
        The measure as the file names it.
    is_log : bool
        Whether effects are on the logarithmic scale.
    """

    element: Element
    kind: str
    number: str
    measure: str | None
    stated: str
    is_log: bool

    @property
    def at(self) -> str:
        """Where it stands in the file."""
        return f"Analysis {self.number}"

    @property
    def is_random(self) -> bool:
        """Whether the model has random effects."""
        return is_yes(self.element, "RANDOM")

    @property
    def method(self) -> str:
        """Mantel-Haenszel, inverse variance or Peto."""
        return (self.element.get("METHOD") or ("MH" if self.kind == "DICH" else "IV")).upper()

    @property
    def totals(self) -> str:
        """YES, SUB (subtotals only) or NO."""
        return (self.element.get("TOTALS") or "YES").upper()

    @property
    def level(self) -> float:
        """Level of the pooled interval, one of the three that RevMan has."""
        percent = number(self.element, "CI_TOTAL")
        return (percent if percent in LEVELS else LEVELS[1]) / 100

    @property
    def model(self) -> dict[str, Any]:
        """What differs from the profile."""
        common = {"DICH": {"IV": "IV", "PETO": "Peto"}.get(self.method)}.get(self.kind)
        common = "Peto" if self.measure == "PETO" and self.kind == "DICH" else common
        return ({"common": common} if common else {}) | ({} if self.level == 0.95 else {"level": self.level})

    @property
    def comment(self) -> str:
        """Why the measure and the model are what they are."""
        model = "random effects" if self.is_random else "a common effect"
        swapped = "; with events and non-events swapped" if is_yes(self.element, "SWAP_EVENTS") else ""
        return f"{self.stated or 'effect'}, pooled by {self.method} with {model}{swapped}"

    @property
    def note(self) -> str | None:
        """What a reader of the report must know of the model; None where the main result is RevMan's."""
        if self.is_random:
            return None
        return f"{PROGRAM} pools this outcome with a common effect ({METHODS.get(self.method, self.method)}), which is given beside the random-effects estimate."

    def printed(self, value: float) -> float | None:
        """Return a stored value on the scale on which Coppice prints the measure; None if it is not one."""
        if self.is_log and self.measure == GENERIC:
            return math.log(value) if value > 0 else None
        return value if value > 0 or not self.is_ratio else None

    @property
    def is_ratio(self) -> bool:
        """Whether the measure is printed as a ratio."""
        return self.measure in MEASURES and MEASURES[self.measure or ""].scale.is_ratio

    def values(self, element: Element) -> StoredResult | None:
        """Return what is stored of the outcome or of a subgroup; None where nothing was computed."""
        stored = [number(element, name) for name in ("EFFECT_SIZE", "CI_START", "CI_END")]
        if None in stored or not any(stored) or not is_yes(element, "ESTIMABLE", default=True):
            return None
        estimate, low, high = (self.printed(value or 0.0) for value in stored)
        if estimate is None or low is None or high is None or low >= high:
            return None
        others = {ours: value for theirs, ours in OTHERS.items() if (value := number(element, theirs)) is not None}
        df = number(element, "DF")
        if df is not None:
            others |= {"k": df + 1, "df": df}
        if not self.is_random:
            others.pop("tau2", None)  # 0 by definition
        return StoredResult(by=PROGRAM, at=self.at, estimate=estimate, ci_low=low, ci_high=high, others=others)

    def stored(self, subgroups: Mapping[str, Element]) -> StoredResult:
        """Return the stored results of the outcome: the total, and the subtotals by the names of their subgroups."""
        total = self.values(self.element) if self.totals == "YES" else None
        q = number(self.element, "Q") if subgroups and is_yes(self.element, "SUBGROUP_TEST") else None
        return StoredResult(
            by=PROGRAM,
            at=self.at,
            estimate=total.estimate if total else None,
            ci_low=total.ci_low if total else None,
            ci_high=total.ci_high if total else None,
            others=({**total.others, **({"Q_between": q} if q else {})}) if total else {},
            model="random" if self.is_random else "common",
            level=self.level,
            subgroups={name: part for name, item in subgroups.items() if (part := self.values(item)) is not None},
        )


def settings_of(element: Element, kind: str, number_: str) -> Settings:
    """Return the settings of an outcome."""
    stated = name_in(element, "EFFECT_MEASURE") or plain_name(element.get("EFFECT_MEASURE") or "")
    logarithmic = is_yes(element, "LOG_DATA")
    if kind in MEASURE_CODES:
        measure = MEASURE_CODES[kind].get(stated.upper() or next(iter(MEASURE_CODES[kind])))
        measure = "PETO" if kind == "DICH" and (element.get("METHOD") or "").upper() == "PETO" else measure
    else:
        words = f"{stated} {text_in(element, 'NAME')}" if not stated or stated.casefold() == "effect" else stated
        pairs = ((code, re.search(pattern, words, re.IGNORECASE)) for pattern, code in MEASURE_WORDS)
        measure = next((code for code, match in pairs if match), "HR" if kind == "IPD" else GENERIC)
        if kind == "IPD" and measure == "OR":
            measure = "PETO"
        if kind == "IV" and measure != GENERIC:
            is_ratio = MEASURES[measure].scale.is_ratio
            logarithmic = logarithmic or (is_ratio and element.get("LOG_DATA") is None)
            measure = measure if is_ratio == logarithmic else GENERIC
    return Settings(
        element=element, kind=kind, number=number_, measure=measure, stated=stated, is_log=logarithmic or kind == "IPD"
    )
