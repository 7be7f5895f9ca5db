"""Risk of bias beside the effects of a forest plot: a light for each domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from string import ascii_uppercase
from typing import Any

from coppice.core import risk_of_bias as bias
from coppice.core.risk_of_bias import NO_TOOL, OVERALL, Assessment, Tool
from coppice.draw.canvas.canvas import Canvas, clean
from coppice.draw.figures.bias_symbols import draw_light
from coppice.draw.forest.cells import Column, Slot, TableContext
from coppice.draw.forest.rows import Kind, Row

Result = Mapping[str, Any]

SHARE = 0.68  # of a row: diameter of a light
LONGEST_NAME = 3  # letters: a longer name of a domain has a letter in its place, which the note explains
GROUP = "Risk of bias"


def _assessed(result: Result) -> list[Assessment]:
    return [effect["risk_of_bias"] for effect in result.get("effects", ()) if effect.get("risk_of_bias")]


def _domains(items: list[Assessment]) -> list[str]:
    """Return the short names of the domains of every tool, the overall judgement last."""
    names = [name for tool, mine in bias.by_tool(items) for name in bias.domains_of(tool, mine)]
    return sorted(dict.fromkeys(names), key=lambda name: name == OVERALL)


def _headings(result: Result) -> dict[str, str]:
    """Return the heading of each domain: its own name where all are short, else a letter."""
    domains = _domains(_assessed(result))
    if all(len(clean(name)) <= LONGEST_NAME for name in domains if name != OVERALL):
        return {name: "All" if name == OVERALL else clean(name) for name in domains}
    return dict(zip(domains, ascii_uppercase, strict=False))


def bias_columns(context: TableContext) -> list[Column]:
    """A light for each domain of the risk of bias, where a study is assessed."""
    if not _assessed(context.result):
        return []
    diameter = SHARE * context.style.row
    column = Column("bias", (), lambda row: (), (Slot("left", head=diameter),), group=GROUP, align="center")
    return [
        replace(column, key=f"bias_{index}", heading=(heading,), mark=partial(_draw, domain=name, diameter=diameter))
        for index, (name, heading) in enumerate(_headings(context.result).items())
    ]


def _draw(canvas: Canvas, x: float, y: float, row: Row, *, domain: str, diameter: float) -> None:
    if row.kind is Kind.STUDY:
        item = row.effects[0].get("risk_of_bias") or {}
        draw_light(canvas, x, y, bias.judged(bias.tool_of(item), item, domain), diameter=diameter)


def bias_note(result: Result) -> str:
    """Explain the headings and the lights, or say that nothing is assessed."""
    items = _assessed(result)
    if not items:
        return "Risk of bias: not assessed."
    tools, headings = bias.by_tool(items), _headings(result)
    blank: list[tuple[Tool, Assessment]] = [(Tool(NO_TOOL), {})] if len(items) < len(result["effects"]) else []
    names = {
        name: {bias.full_name(tool, name) for tool, mine in tools if name in bias.domains_of(tool, mine)}
        for name in headings
    }
    explained = [_explained(short, names[name]) for name, short in headings.items()]
    everyone = [*((tool, item) for tool, mine in tools for item in mine), *blank]
    keys = {bias.judged(tool, item, name) for tool, item in everyone for name in headings}
    lights = [
        f"{bias.shown_as(key).sign} {bias.shown_as(key).label.lower()}"
        if bias.shown_as(key).sign
        else "empty: not assessed"
        for key in bias.in_order(keys)
    ]
    by = ", ".join(clean(tool.name) for tool, _ in tools if tool.name != NO_TOOL)
    return f"Risk of bias{f' ({by})' if by else ''}: {', '.join([*filter(None, explained), *lights])}."


def _explained(short: str, names: set[str]) -> str:
    """Say what a heading stands for, unless it says so itself or tools differ in it."""
    if len(names) != 1 or short == "All":
        return ""
    name = clean(next(iter(names)))
    meaning = name.removeprefix(f"{short} ")
    return f"{short} {meaning[:1].lower()}{meaning[1:]}" if meaning != short else ""
