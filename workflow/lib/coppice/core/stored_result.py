"""The results that another program stored with its data, compared with those of this run: the check `stored_result`.

A value is the same if it differs by at most a millionth of itself, or by half a unit of the last digit that was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coppice.core.measures import MEASURES, NORMAL
from coppice.core.number_style import DASH, Style, decimals_apart
from coppice.core.number_style import DEFAULT as DEFAULT_STYLE
from coppice.core.printed_number import PrintedNumber
from coppice.core.printing import decimals_of, landmarks

MODELS = ("common", "random")
RELATIVE = 1e-6
SMALLEST = 1e-9  # a difference below it is 0 in any of these values
NAMES = {  # of the values besides estimate and interval
    "k": "number of studies",
    "Q": "Q",
    "df": "degrees of freedom",
    "I2": "I\N{SUPERSCRIPT TWO}",
    "tau2": "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}",
    "p": "p",
    "Q_between": "Q between subgroups",
}
OTHERS_SHOWN = 4  # significant digits of these values
Values = Mapping[str, float | None]
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a stored result: whether this run gives the same, and the sentence that says so."""

    agrees: bool
    sentence: str


def tolerance(stored: float) -> float:
    """Return by how much a value may differ from a stored one."""
    text = stored.text if isinstance(stored, PrintedNumber) else repr(stored)
    exponent = Decimal(text).as_tuple().exponent
    half = 0.5 * 10.0**exponent if isinstance(exponent, int) and exponent < 0 else 0.0
    return max(RELATIVE * abs(stored), half, SMALLEST)


def is_same(stored: float, computed: float | None) -> bool:
    """Return whether a computed value is the stored one."""
    return computed is not None and abs(stored - computed) <= tolerance(stored)


def stored_values(stored: Part) -> dict[str, float]:
    """Return the values of a stored result by name, the limits of its interval as `ci_low` and `ci_high`."""
    low, high = stored.get("ci") or (None, None)
    values = {"estimate": stored.get("estimate"), "ci_low": low, "ci_high": high}
    values |= {name: stored.get(name) for name in NAMES}
    return {name: value for name, value in values.items() if value is not None}


def computed_values(part: Part, displayed: Part, model: str) -> dict[str, float | None]:
    """Return the values of a part of a pooled result, an analysis or a level of its subgroups, by the same names."""
    line, heterogeneity = part.get(model) or {}, part.get("heterogeneity") or {}
    common = part.get("common") or {}
    q, df = common.get("Q", heterogeneity.get("Q")), common.get("Q_df", heterogeneity.get("df"))
    test = (part.get("subgroups") or {}).get("test_common" if model == "common" else "test") or {}
    return {
        **{name: (displayed.get(model) or {}).get(name) for name in ("estimate", "ci_low", "ci_high")},
        "k": common.get("k", part.get("k")) if model == "common" else part.get("k"),
        "Q": q,
        "df": df,
        "I2": None if q is None or df is None else max(0.0, (q - df) / q) * 100 if q > 0 else 0.0,
        "tau2": heterogeneity.get("tau2"),
        "p": line.get("p"),
        "Q_between": test.get("Q"),
    }


def of_one_study(pool: Part, level: str) -> dict[str, float | None]:
    """Return the values of a level with one study, which has no subtotal: the effect of the study, without heterogeneity."""
    for effect, displayed in zip(pool["effects"], pool["display"]["effects"], strict=True):
        if effect["subgroup"] == level:
            p = 2 * NORMAL.cdf(-abs(effect["yi"]) / effect["vi"] ** 0.5)
            line: dict[str, float | None] = {name: displayed[name] for name in ("estimate", "ci_low", "ci_high")}
            return line | {"k": 1, "df": 0, "Q": 0.0, "I2": 0.0, "tau2": 0.0, "p": p}
    return {}


def parts(stored: Part, pool: Part) -> Iterator[tuple[str, Part, Values]]:
    """Yield each stored result with its place, the whole analysis first, and the values of this run."""
    model = stored.get("model", MODELS[1])
    if "estimate" in stored:
        yield "", stored, computed_values(pool, pool["display"], model)
    levels = (pool.get("subgroups") or {}).get("levels") or []
    by_name = {level["level"]: index for index, level in enumerate(levels)}
    for name, subtotal in (stored.get("subgroups") or {}).items():
        if name not in by_name:
            yield name, subtotal, {}
        elif levels[by_name[name]]["k"] == 1 and not levels[by_name[name]].get(model):
            yield name, subtotal, of_one_study(pool, name)
        else:
            index = by_name[name]
            yield name, subtotal, computed_values(levels[index], pool["display"]["subgroups"][index], model)


def why(stored: Part, pool: Part) -> str:
    """Return the reason of a difference, where the results show one."""
    level = stored.get("level")
    if level is not None and abs(level - pool["level"]) > SMALLEST:
        return f" (its intervals have {100 * level:g}%, those of this run {100 * pool['level']:g}%)"
    if not pool["effects"]:
        return f" ({'; '.join(dict.fromkeys(pool['reasons'].values()))})" if pool["reasons"] else ""
    excluded = [item["label"] for item in pool["excluded"]]
    return f" (not pooled in this run: {', '.join(excluded)})" if excluded else ""


def compare(stored: Part, pool: Part, style: Style = DEFAULT_STYLE) -> Comparison:
    """Compare the stored result of an analysis with its pooled result."""
    sentences = []
    agrees = True
    for place, part, computed in parts(stored, pool):
        values = stored_values(part)
        different = [name for name, value in values.items() if not is_same(value, computed.get(name))]
        of_level = f" in {place}" if place else ""
        which = " for the common effect" if stored.get("model") == "common" and pool["random"] and not place else ""
        beginning = f"{stored['by']} printed {printed(values, pool, style)}{which}{of_level}"
        if not different:
            sentences.append(f"{beginning}; this run gives the same.")
            continue
        agrees = False
        line = [name for name in different if name not in NAMES]
        line_words = (
            [f"this run gives {printed(computed, pool, style, values)}"] if line else ["this run gives the same"]
        )
        others = [
            f"{NAMES[name]} {number(values[name])} there, {number(computed.get(name))} here"
            for name in different
            if name in NAMES
        ]
        sentences.append(
            f"{beginning}; {', but '.join([*line_words, *(['; '.join(others)] if others else [])])}{why(stored, pool)}."
        )
    return Comparison(agrees, " ".join(shortened(sentences, agrees=agrees)))


def shortened(sentences: Sequence[str], *, agrees: bool) -> Sequence[str]:
    """Return the sentences, or of several subtotals that are all the same the first with their number."""
    if not agrees or len(sentences) <= 1:
        return sentences
    others = len(sentences) - 1
    return [sentences[0], f"So {'does its subtotal' if others == 1 else f'do its {others} other results'} by subgroup."]


def printed(values: Values, pool: Part, style: Style, beside: Values | None = None) -> str:
    """Print an estimate with its interval, with as many decimals as tell it from another one."""
    measure = MEASURES.get(pool["measure"])
    line = [values.get(name) for name in ("estimate", "ci_low", "ci_high")]
    decimals = decimals_of(pool, measure)
    for other, value in zip(("estimate", "ci_low", "ci_high"), line, strict=True):
        stored = (beside or {}).get(other)
        if stored is not None and value is not None:
            decimals = max(decimals, decimals_apart((stored, value), decimals) or decimals)
    if line[0] is None:
        return "no estimate"
    return style.estimate(line[0], line[1], line[2], decimals, landmarks(measure))


def number(value: float | None) -> str:
    """Print another value."""
    return DASH if value is None else f"{value:.{OTHERS_SHOWN}g}"
