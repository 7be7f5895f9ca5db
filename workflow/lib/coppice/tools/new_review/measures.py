"""The measure of a table's figures: what the effects that stand beside them were computed as, what a column says, the usual one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from coppice.core.measures import MEASURES as ALL
from coppice.tools.new_review.effects import BASES, RATIOS, squashed
from coppice.tools.new_review.forms import MEASURES, Form
from coppice.tools.new_review.table import Column

AGREE = 0.02  # largest difference of a printed effect, relative or absolute, from the one that the figures give
Numbers = dict[str, float]


def hedges(row: Numbers) -> float:
    """Return the standardised mean difference by the pooled SD; its small-sample correction is within what is compared."""
    df = row["n_e"] + row["n_c"] - 2
    pooled = math.sqrt(((row["n_e"] - 1) * row["sd_e"] ** 2 + (row["n_c"] - 1) * row["sd_c"] ** 2) / df)
    return (row["mean_e"] - row["mean_c"]) / pooled * (1 - 3 / (4 * df - 1))


def risks(row: Numbers) -> tuple[float, float]:
    """Return the risks of two arms."""
    if "ai" in row:
        return row["ai"] / (row["ai"] + row["bi"]), row["ci"] / (row["ci"] + row["di"])
    return row["events_e"] / row["n_e"], row["events_c"] / row["n_c"]


def odds(risk: float) -> float:
    """Return the odds of a risk."""
    return risk / (1 - risk)


FORMULAS: dict[str, dict[str, Callable[[Numbers], float]]] = {
    "counts": {
        "OR": lambda row: math.log(odds(risks(row)[0]) / odds(risks(row)[1])),
        "RR": lambda row: math.log(risks(row)[0] / risks(row)[1]),
        "RD": lambda row: risks(row)[0] - risks(row)[1],
    },
    "means": {"MD": lambda row: row["mean_e"] - row["mean_c"], "SMD": hedges},
}


def computed(form: Form, measure: str) -> list[float | None]:
    """Return the effect of each row, None where it has none."""
    effects: list[float | None] = []
    for numbers in zip(*(column.numbers for column in form.fields.values()), strict=True):
        try:
            row = {name: number for name, number in zip(form.fields, numbers, strict=True) if number is not None}
            effects.append(FORMULAS[form.name][measure](row))
        except (KeyError, ValueError, ZeroDivisionError):
            effects.append(None)
    return effects


def agrees(effects: Sequence[float | None], column: Column, sign: int, *, ratio: bool) -> bool:
    """Return whether a column holds these effects, or their ratios, in almost all rows."""
    pairs = [
        (sign * effect, number)
        for effect, number in zip(effects, column.numbers, strict=True)
        if effect is not None and number is not None
    ]
    if len(pairs) < 3:
        return False
    close = 0
    for effect, number in pairs:
        value = math.exp(min(effect, 50)) if ratio else effect
        close += abs(value - number) <= AGREE * max(abs(value), 0.25)
    return close >= 0.8 * len(pairs)


def printed_effect(form: Form, columns: Sequence[Column]) -> tuple[str, Column, bool] | None:
    """Return the measure of the column that holds the effects of the figures, and whether it has the arms the other way round."""
    own = {column.name for column in form.fields.values()}
    for column in columns:
        if not column.is_numeric or column.name in own or column.is_constant:
            continue
        for measure in FORMULAS.get(form.name, ()):
            effects = computed(form, measure)
            ratios = (False, True) if measure in ("OR", "RR") else (False,)
            for sign in (1, -1):
                if any(agrees(effects, column, sign, ratio=ratio) for ratio in ratios):
                    return measure, column, sign < 0
    return None


def named_measure(form: Form, columns: Sequence[Column]) -> tuple[str, str] | None:
    """Return the measure that a cell or a column's name says, with the column."""
    for column in columns:
        for text in column.levels if len(column.levels) <= 3 else ():
            words = squashed(text)
            code = text.upper() if text.upper() in ALL else RATIOS.get(words) or BASES.get(words)
            if code in MEASURES[form.name] and {"measure", "effect", "metric"} & set(column.words):
                return str(code), column.name
    own = {column.name for column in form.fields.values()}
    for column in (column for column in columns if column.name not in own):
        code = BASES.get(squashed(column.name))
        if code in MEASURES[form.name] and len(squashed(column.name)) > 1:
            return str(code), column.name
    return None


def is_on_several_scales(form: Form, columns: Sequence[Column]) -> bool:
    """Return whether means were measured by several instruments: a column names them, or they differ by orders of magnitude."""
    named = any(
        {"scale", "instrument", "questionnaire"} & set(column.words)
        and not column.is_numeric
        and len(column.levels) > 1
        for column in columns
    )
    spreads = [
        number
        for name in ("sd_e", "sd")
        for number in (form.fields[name].numbers if name in form.fields else ())
        if number
    ]
    return named or (len(spreads) > 2 and max(spreads) > 20 * min(spreads))


def measure_of(form: Form, columns: Sequence[Column]) -> tuple[Form, str, str]:
    """Return the figures, with the arms as printed effects have them, their measure and the reason for it."""
    if form.measure:
        return form, form.measure, "as the names of the columns say"
    if printed := printed_effect(form, columns):
        measure, column, is_swapped = printed
        return form.swapped() if is_swapped else form, measure, f"the column {column.name} holds it"
    if named := named_measure(form, columns):
        return form, named[0], f"the column {named[1]} says so"
    if form.name == "means" and is_on_several_scales(form, columns):
        return form, "SMD", "the means are on several scales"
    return form, MEASURES[form.name][0], "the usual one"
