"""What stands beside a main estimate to show how far it depends on choices and on single studies.

The figure `robustness` draws these lines. They are made without matplotlib, so that the report knows whether there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from coppice.core.options import Option, by_code
from coppice.draw.figures.adjusted_lines import adjusted, is_estimate_of_choice, label_of, part_of

Part = Mapping[str, Any]
Values = tuple[float | None, float | None, float | None]  # estimate and limits, on the model's scale
LEAST_LINES = 2  # the main estimate by itself says nothing about its robustness
LEAST_ESTIMATES = 2  # for a range
INTERVALS = {"wald": "Wald", "HKSJ": "HKSJ"}

ROWS = by_code(
    Option("common", "the common-effect estimate", "Cochrane Handbook 6.5, 10.10.4.1"),
    Option("interval", "the estimate with the other interval", "Cochrane Handbook 6.5, 10.10.4.3"),
    Option("bayes", "the Bayesian estimate, where one is requested", "Roever 2020, doi:10.18637/jss.v093.i06"),
    Option("leave_one_out", "range without each study", "Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11"),
    Option("multiverse", "range over the multiverse", "Steegen et al. 2016, doi:10.1177/1745691616658637"),
    Option("small_study", "adjusted for small-study effects", "Cochrane Handbook 6.5, chapter 13"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate, or the range of several: then `values` has no estimate."""

    kind: Literal["main", "common", "estimate", "bayes", "range"]
    label: str
    values: Values
    caution: str = ""  # why it is unreliable


def robustness_lines(pooled: Part, explored: Part | None, rows: Iterable[str] = ROWS) -> list[Line]:
    """Return the main estimate and, of the `rows` that are keys of `ROWS`, the lines that the results hold."""
    main = pooled.get("random")
    if not main:
        return []
    wanted, parts = set(rows), explored or {}
    lines = [Line("main", "Main analysis", values_of(main))]
    return lines + [line for row, make in MAKERS.items() if row in wanted for line in make(pooled, parts)]


def values_of(part: Part) -> Values:
    """Return the estimate and the limits of a part of a result."""
    return part["estimate"], part["ci_low"], part["ci_high"]


def _common(pooled: Part, parts: Part) -> Iterator[Line]:
    if common := pooled.get("common"):
        yield Line("common", "Common effect", values_of(common))


def _intervals(pooled: Part, parts: Part) -> Iterator[Line]:
    main, others = pooled.get("random"), pooled.get("alternatives") or {}
    for code, name in INTERVALS.items():
        other: Any = others.get(code)
        if other and main and main["inference"] != code and other["ci_low"] is not None:
            yield Line("estimate", f"With {name} interval", values_of(other))


def _bayes(pooled: Part, parts: Part) -> Iterator[Line]:
    if bayes := pooled.get("bayes"):
        mu: Any = bayes["mu"]
        label = f"Bayesian, {bayes['tau_prior']['name']} prior"
        yield Line("bayes", label, (mu["median"], mu["shortest"]["low"], mu["shortest"]["high"]))


def _leave_one_out(pooled: Part, parts: Part) -> Iterator[Line]:
    rows = part_of(parts, "leave_one_out")
    estimates = [row["estimate"] for row in rows if row.get("estimate") is not None]
    if len(estimates) >= LEAST_ESTIMATES:
        yield Line("range", "Leave-one-out, range of estimates", (None, min(estimates), max(estimates)))


def _multiverse(pooled: Part, parts: Part) -> Iterator[Line]:
    summary, measure = part_of(parts, "multiverse", "summary"), pooled["measure"]
    spread, alike = part_of(summary, "range", measure), part_of(summary, "by_measure", measure)
    number = alike.get("specifications") or 0
    if number >= LEAST_ESTIMATES and spread.get("low") is not None:
        yield Line("range", f"Multiverse, range of {number:,} estimates", (None, spread["low"], spread["high"]))


def _small_study(pooled: Part, parts: Part) -> Iterator[Line]:
    for method, part, chosen in adjusted(parts):
        if is_estimate_of_choice(method, chosen=chosen):
            label = f"PET-PEESE ({method.name})" if chosen else label_of(method, part)
            yield adjusted_line(label, part)


def adjusted_line(label: str, part: Part) -> Line:
    """Return the line of an adjusted estimate, with the caution against it."""
    return Line("estimate", label, values_of(part), str(part.get("caution") or ""))


MAKERS: dict[str, Callable[[Part, Part], Iterator[Line]]] = {
    "common": _common,
    "interval": _intervals,
    "bayes": _bayes,
    "leave_one_out": _leave_one_out,
    "multiverse": _multiverse,
    "small_study": _small_study,
}
