"""The specifications of a multiverse as they are drawn: a curve for each measure, since only those can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Specification = Mapping[str, Any]

MOST_SHOWN = 1000  # more are closer together than a printer can set them apart


@dataclass(frozen=True, slots=True)
class Curve:
    """The specifications of one measure that are drawn, in the order of their estimates.

    Attributes
    ----------
    measure : str
        Their measure.
    rows : tuple of mapping
        The specifications.
    main : int or None
        Which of them is the main analysis; None on another measure than that of the main analysis.
    choices : dict
        The choices that vary among them, with their values.
    count : int
        How many specifications the measure has, those that are not drawn among them.
    notes : tuple of str
        What is left out.
    """

    measure: str
    rows: tuple[Specification, ...]
    main: int | None
    choices: dict[str, list[str]]
    count: int = 0
    notes: tuple[str, ...] = ()


def curves_of(found: Mapping[str, Any]) -> list[Curve]:
    """Return the specifications of each measure, that of the main analysis first; one empty curve where there are none."""
    every = list(found.get("specifications") or ())
    measures = dict.fromkeys(str(row["choices"]["measure"]) for row in every)
    curves = [_curve(measure, every, tuple(found.get("choices") or ())) for measure in measures]
    return curves or [Curve("", (), None, {})]


def _curve(measure: str, every: Sequence[Specification], choices: Sequence[str]) -> Curve:
    """Return the specifications of one measure, or as many of them as can be distinguished."""
    rows = [row for row in every if row["choices"]["measure"] == measure]
    ordered = sorted(rows, key=lambda row: float(row["estimate"]))
    step = -(-len(ordered) // MOST_SHOWN) or 1
    shown = [row for index, row in enumerate(ordered) if index % step == 0 or row is every[0]]
    notes = (f"Sorted, one of every {step} specifications is shown.",) if step > 1 else ()
    used = {name: list(dict.fromkeys(row["choices"][name] for row in rows)) for name in choices}
    varied = {name: values for name, values in used.items() if len(values) > 1}
    main = next((index for index, row in enumerate(shown) if row is every[0]), None)
    return Curve(measure, tuple(shown), main, varied, len(rows), notes)
