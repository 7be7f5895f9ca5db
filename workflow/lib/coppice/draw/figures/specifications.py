"""The specifications of a multiverse as they are drawn: a curve for each measure, since only those can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.common_methods import COMMON_METHODS
from coppice.core.contracts.explore import Specification
from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import MEASURES
from coppice.core.number_style import number, together
from coppice.core.printing import back, decimals_of, landmarks
from coppice.core.specifications import without_events
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, effect_limits
from coppice.draw.canvas.canvas import clean

CUT = "An interval that ends in an arrow goes on beyond the plot."
NAMES = {"tau2": "τ² by", "extract": "Effects", "risk_of_bias": "Risk of bias"}
MOST_SHOWN = 1000  # more are closer together than a printer can set them apart


@dataclass(frozen=True, slots=True)
class Curve:
    """The specifications of one measure that are drawn, in the order of their estimates."""

    measure: str
    rows: tuple[Specification, ...]
    main: int | None  # index of the main analysis; None on another measure than its own
    choices: dict[str, list[str]]  # those that vary, with their values
    count: int = 0  # all specifications of the measure, drawn or not
    notes: tuple[str, ...] = ()  # what is left out

    @property
    def measure_name(self) -> str:
        """Name of the measure as a heading."""
        return words.measure_name({"measure": self.measure})

    @property
    def limits(self) -> tuple[float, float]:
        """Limits of the axis of estimates."""
        measure = MEASURES.get(self.measure)
        columns = [[row[name] for row in self.rows] for name in ("estimate", "ci_low", "ci_high")]
        return effect_limits(*columns, null=measure.null if measure else None)


def curves_of(multiverse: Mapping[str, Any]) -> list[Curve]:
    """Return the specifications of each measure, that of the main analysis first; one empty curve without any."""
    every: list[Specification] = list(multiverse.get("specifications") or ())
    measures = dict.fromkeys(str(row["choices"]["measure"]) for row in every)
    curves = [_curve(measure, every, tuple(multiverse.get("choices") or ())) for measure in measures]
    return curves or [Curve("", (), None, {})]


def _curve(measure: str, every: Sequence[Specification], choices: Sequence[str]) -> Curve:
    """Return the specifications of one measure, or as many of them as can be distinguished."""
    rows = [row for row in every if row["choices"]["measure"] == measure]
    ordered = sorted(rows, key=lambda row: float(row["estimate"]))
    step = -(-len(ordered) // MOST_SHOWN) or 1
    drawn = [row for index, row in enumerate(ordered) if index % step == 0 or row is every[0]]
    notes = (f"Sorted, one of every {step} specifications is shown.",) if step > 1 else ()
    used = {name: list(dict.fromkeys(row["choices"][name] for row in rows)) for name in choices}
    varied = {name: values for name, values in used.items() if len(values) > 1}
    main = next((index for index, row in enumerate(drawn) if row is every[0]), None)
    return Curve(measure, tuple(drawn), main, varied, len(rows), notes)


def counted(count: int) -> str:
    """Count specifications: ``1 specification``."""
    return f"{count} specification{'' if count == 1 else 's'}"


def choice_name(choice: str) -> str:
    """Return what a choice is called."""
    return NAMES.get(choice, clean(choice).replace("_", " ").capitalize())


def model_name(choice: str, value: str) -> str:
    """Return what a value of a choice is called: a model by its kind, ``GLMM UM.FS``."""
    if choice != "model":
        return value
    if value in COMMON_METHODS:
        return f"common effect, {value}"
    return "random effects" if value == "random" else f"GLMM {value}" if value != "GLMM" else value


def notes_of(curve: Curve, multiverse: Mapping[str, Any], pool_result: PoolResult) -> list[str]:
    """Say what the specifications of a panel say together, from their summary in the result."""
    axis = Axis(*curve.limits, 0.0, 1.0)
    is_cut = any(any(axis.beyond(row["ci_low"], row["ci_high"])) for row in curve.rows)
    size = (pool_result.get("display") or {}).get("size")
    left_out = without_events(curve.rows)
    about = [*curve.notes, *([CUT] if is_cut else []), *([left_out] if left_out else [])]
    summary, notes = multiverse.get("summary") or {}, about
    part = (summary.get("by_measure") or {}).get(curve.measure) or {}
    if part.get("same_direction") is not None:
        notes.append(
            f"{part['same_direction']} of {counted(part['specifications'])} lie on the same side of no effect as the "
            "main analysis."
        )
    if spread := (summary.get("range") or {}).get(curve.measure):
        measure = MEASURES.get(curve.measure)
        low, middle, high = together(
            [back(measure, spread[name], size) for name in ("low", "median", "high")],
            decimals_of(pool_result if curve.measure == pool_result.get("measure") else {}, measure),
            landmarks(measure),
        )
        notes.append(f"Estimates from {low} to {high}, median {middle}.")
    if moved := (part.get("moved_by") or {}).get("shares"):
        ordered = sorted(moved.items(), key=lambda item: -item[1])
        shares = ", ".join(
            f"{choice_name(name).removesuffix(' by').lower()} {number(100 * share, 0)}%" for name, share in ordered
        )
        notes.append(f"Share of the variance between these estimates that each choice explains: {shares}.")
    return notes


def impossible(multiverse: Mapping[str, Any]) -> list[str]:
    """Say how many combinations of choices were not analysed."""
    count = sum(int(item.get("combinations", 1)) for item in multiverse.get("impossible") or ())
    return [f"{count} combinations are impossible or pool the same; the result file says why."] if count else []
