"""The columns of a forest plot that show what each arm reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coppice.core.number_style import number
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.forest.cells import Cells, Column, Slot, TableContext, decimals_needed, interval_cells, interval_slots
from coppice.draw.forest.rows import Kind, Row


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of an arm as reported: its heading, its field without the arm's letter, and how it is printed."""

    heading: str
    field: str
    decimals: int = 0
    adds_up: bool = True
    is_count: bool = True


EVENTS, TOTAL, TIME = Quantity("Events", "events"), Quantity("Total", "n"), Quantity("Time", "time", 1, is_count=False)
MEANS = (Quantity("Mean", "mean", 2, adds_up=False), Quantity("SD", "sd", 2, adds_up=False), Quantity("n", "n"))
QUANTITIES: dict[str, tuple[Quantity, ...]] = {"counts": (EVENTS, TOTAL), "person_time": (EVENTS, TIME), "means": MEANS}
OF_ONE_GROUP = QUANTITIES | {"correlation": (Quantity("r", "r", 2, adds_up=False), Quantity("n", "n"))}
SHOWS_RISKS = frozenset({"RD"})  # where an arm may have no event at all, its risk says more than the difference
ARMS = {"experimental": ("e", "Experimental"), "control": ("c", "Control")}


def arm_columns(context: TableContext, *, with_risks: bool = False) -> list[Column]:
    """What each arm reported; also the exact risk in each arm where they are configured, and where risks are subtracted."""
    with_risks = with_risks or context.result.get("measure") in SHOWS_RISKS
    for quantities in QUANTITIES.values():
        needed = [f"{quantity.field}_{letter}" for quantity in quantities for letter, _ in ARMS.values()]
        if any(all(name in item for name in needed) for item in context.reported):
            columns: list[Column] = []
            for arm, (letter, default) in ARMS.items():
                name = clean(context.arms.get(arm) or arm)
                name = default if name == arm else name  # its role, where the studies agree on no name
                columns.extend(_arm_column(quantity, f"_{letter}", name, context) for quantity in quantities)
                columns.extend(_risk_columns(arm, name, context) if with_risks else [])
            return columns
    for quantities in OF_ONE_GROUP.values():
        if any(all(quantity.field in item for quantity in quantities) for item in context.reported):
            return [_arm_column(quantity, "", "", context) for quantity in quantities]
    return []


def _arm_column(quantity: Quantity, suffix: str, name: str, context: TableContext) -> Column:
    field = quantity.field + suffix
    decimals = context.column_decimals.get(quantity.field, _decimals(quantity, context))

    def cells(row: Row) -> Cells:
        values = [(effect.get("reported") or {}).get(field) for effect in row.effects]
        if row.kind is Kind.STUDY:
            return (_plain(values[0] if values else None, decimals),)
        adds_up = quantity.adds_up and row.kind in (Kind.SUBTOTAL, Kind.RANDOM) and all(v is not None for v in values)
        return (_plain(sum(values), decimals),) if adds_up and values else ()

    slot = Slot("right" if quantity.is_count and not decimals else "decimal")
    return Column(field, (quantity.heading,), cells, (slot,), group=name)


def _decimals(quantity: Quantity, context: TableContext) -> int:
    """Return the decimals that a figure needs in any arm, so that the arms are printed alike."""
    fields = [quantity.field, *(f"{quantity.field}_{letter}" for letter, _ in ARMS.values())]
    values = [item[field] for item in context.reported for field in fields if item.get(field) is not None]
    return decimals_needed(values, quantity.decimals)


def _plain(value: Any, decimals: int) -> str:
    if not decimals and isinstance(value, int | float) and not float(value).is_integer():
        return number(value, 1)
    return number(value, decimals)


def _risk_columns(arm: str, name: str, context: TableContext) -> list[Column]:
    """The exact risk in an arm, in percent with its interval, where the result has it."""
    if not any(effect.get("risks") for effect in context.effects):
        return []

    def cells(row: Row) -> Cells:
        if row.kind is not Kind.STUDY:
            return ()
        risk = (row.effects[0].get("risks") or {}).get(arm)
        if not risk:
            return ()
        middle, low, high = (None if risk.get(part) is None else 100 * risk[part] for part in ("risk", "low", "high"))
        return interval_cells((middle, low, high), 1, context.style)

    heading = ("Risk, %", f"({words.percent_level(context.result)} CI)")
    return [Column(f"risk_{arm}", heading, cells, interval_slots(context.style), group=name, align="center")]
