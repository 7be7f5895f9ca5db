"""Columns that hold effects, and how sure they are: their names in R, Stata, RevMan and as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coppice.tools.new_review.table import Column

RATIOS = {
    "or": "OR", "oddsratio": "OR", "aor": "OR", "adjor": "OR", "rr": "RR", "riskratio": "RR", "relativerisk": "RR", "arr": "RR",
    "hr": "HR", "hazardratio": "HR", "ahr": "HR", "adjhr": "HR", "hazard": "HR", "irr": "IRR", "rateratio": "IRR",
    "incidencerateratio": "IRR", "rom": "ROM", "ratioofmeans": "ROM",
}  # fmt: skip
DIFFERENCES = {
    "md": "MD", "wmd": "MD", "meandifference": "MD", "meandiff": "MD", "rd": "RD", "riskdifference": "RD", "smd": "SMD", "g": "SMD",
    "hedgesg": "SMD", "hedges": "SMD", "d": "SMD", "cohend": "SMD", "cohensd": "SMD", "standardisedmeandifference": "SMD",
    "standardizedmeandifference": "SMD",
}  # fmt: skip
FISHER = ("z", "zr", "zi", "fisherz", "fishersz", "fisherzr", "zcor", "rz", "fz", "ztransformed", "esz", "yiz")
CORRELATIONS = ("r", "ri", "cor", "corr", "correlation", "pearson", "pearsonr", "rxy")
PLAIN = (
    "yi", "y", "es", "effect", "effects", "effectsize", "te", "estimate", "est", "beta", "b", "coef", "coefficient", "theta", "effectestimate",
)  # fmt: skip
EFFICACY = ("ve", "vaccineefficacy", "vaccineeffectiveness", "efficacy", "effectiveness")
LOGS = {prefix + name: measure for name, measure in RATIOS.items() for prefix in ("log", "ln", "l")}
NOISE = re.compile(r"(?<!\d)9[059](?!\d)|%|percent|\bpct\b")
SE = ("se", "sei", "stderr", "stderror", "standarderror", "sem", "std", "err")
VARIANCE = ("v", "vi", "var", "variance", "samplingvariance")
LOWER = ("lower", "low", "lo", "ll", "lcl", "lci", "lb", "lwr", "lcb", "l", "inf", "start")
UPPER = ("upper", "upp", "up", "ul", "ucl", "uci", "ub", "upr", "ucb", "u", "high", "hi", "h", "sup", "end")
AFFIXES = ("ci", "limit", "lim", "bound", "cl", "confint", "of", "for")


def squashed(name: str) -> str:
    """Return the letters and digits of a name in lower case, without the level of an interval."""
    return re.sub(r"[\W_]+", "", NOISE.sub(" ", name.casefold()))


def bases() -> dict[str, str | None]:
    """Return the names of effects, each with the measure that it says."""
    plain = dict.fromkeys((*PLAIN, *EFFICACY, ""))
    fisher, correlation = dict.fromkeys(FISHER, "ZCOR"), dict.fromkeys(CORRELATIONS, "COR")
    return {**plain, **correlation, **fisher, **DIFFERENCES, **LOGS, **RATIOS}


BASES = bases()


def bound_to(name: str, marks: Sequence[str]) -> str | None:
    """Return the effect whose standard error, variance or limit a name says, "" for the only one; None where it is none of these."""
    text = squashed(name)
    for mark in marks:
        for rest in (
            {text.removeprefix(mark) if text.startswith(mark) else None}
            | {text.removesuffix(mark) if text.endswith(mark) else None}
            | {text.replace("ci" + mark, "", 1) if "ci" + mark in text else None}
        ):
            if rest is None:
                continue
            for affix in ("", *AFFIXES):
                for left in {rest.removeprefix(affix), rest.removesuffix(affix)}:
                    if left in BASES:
                        return left
    return None


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with the columns of how sure it is."""

    fields: Mapping[str, Column]  # by Coppice's names
    measure: str | None
    is_log: bool
    reason: str

    def column(self) -> Column:
        """Return the column of the effect."""
        return self.fields.get("yi") or self.fields.get("estimate") or next(iter(self.fields.values()))


def complete(columns: Sequence[Column]) -> list[tuple[float, ...]]:
    """Return the rows in which all these columns have numbers."""
    rows = (
        tuple(number for number in row if number is not None) for row in zip(*(c.numbers for c in columns), strict=True)
    )
    return [row for row in rows if len(row) == len(columns)]


def is_interval(effect: Column, low: Column, high: Column) -> bool:
    """Return whether a value almost always lies within its limits."""
    rows = complete([effect, low, high])
    return bool(rows) and sum(a <= y <= b for y, a, b in rows) >= 0.9 * len(rows)


def is_symmetric_in_log(effect: Column, low: Column, high: Column) -> bool:
    """Return whether intervals are those of ratios: all positive, and the middle of the limits is that of their logs."""
    rows = complete([effect, low, high])
    if any(min(row) <= 0 for row in rows):
        return False
    return sum(abs(y - math.sqrt(a * b)) < abs(y - (a + b) / 2) for y, a, b in rows) > len(rows) / 2


def best(columns: Sequence[Column], marks: Sequence[str], base: str) -> Column | None:
    """Return the column of a standard error, variance or limit that belongs to an effect."""
    owners = {
        column.name: bound_to(column.name, marks)
        for column in columns
        if column.is_numeric and squashed(column.name) not in BASES.keys() - {"r", "d", "g"}
    }
    wanted = [
        base,
        base.removeprefix("log").removeprefix("ln"),
        base.removeprefix("es").removeprefix("yi"),
        *(("log" + base, "ln" + base) if base in RATIOS else ()),
        "",
    ]
    for name in [*wanted, *(PLAIN if base not in PLAIN else ())]:
        for column in columns:
            if column.name in owners and owners[column.name] == name:
                return column
    return None


def with_spread(columns: Sequence[Column], effect: Column, base: str) -> Effect | None:
    """Return an effect with its variance, standard error or interval; None where nothing says how sure it is."""
    others = [column for column in columns if column is not effect]
    variance, error = best(others, VARIANCE, base), best(others, SE, base)
    low, high = best(others, LOWER, base), best(others, UPPER, base)
    if not (low and high and low is not high and is_interval(effect, low, high)):
        low = high = None
    measure, is_ratio = BASES[base], base in RATIOS
    if is_ratio and any(number is not None and number <= 0 for number in effect.numbers):
        is_ratio = False  # it is called a ratio, and holds its logarithm
    if base in PLAIN and low and high and is_symmetric_in_log(effect, low, high):
        is_ratio = True
    if base in EFFICACY:
        fields = {"efficacy": effect, "ci_low": low, "ci_high": high} if low and high else {}
        return Effect(fields, "RR", False, "the efficacy of a vaccine, 1 - RR, with its interval") if fields else None
    is_log = base in LOGS or (base in RATIOS and not is_ratio)
    if is_ratio:
        if low and high:
            fields = {"estimate": effect, "ci_low": low, "ci_high": high}
        elif error:
            fields = {"estimate": effect, "se_log": error}
        else:
            return None
        return Effect(
            fields, measure, False, "a ratio with its interval" if low else "a ratio with the standard error of its log"
        )
    if variance or error:
        fields = {"yi": effect, "vi": variance} if variance else {"yi": effect, "sei": error}  # type: ignore[dict-item]
        return Effect(fields, measure, is_log, f"an effect with its {'variance' if variance else 'standard error'}")
    if low and high and measure in ("MD", "RD", "SMD"):
        return Effect(
            {"estimate": effect, "ci_low": low, "ci_high": high}, measure, False, "a difference with its interval"
        )
    return None


def effects_of(columns: Sequence[Column]) -> list[Effect]:
    """Return the effects of a table, those with the clearest names first."""
    effects = []
    for base in (name for name in BASES if name):
        for column in columns:
            if column.is_numeric and not column.is_constant and squashed(column.name) == base:
                effect = with_spread(columns, column, base)
                if effect:
                    effects.append(effect)
    return effects
