"""Risk of bias beside the effects of a forest plot: a light for each domain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from string import ascii_uppercase
from typing import Any

from coppice.draw.cells import Cells, Column, Options, Slot
from coppice.draw.layout import Canvas, clean
from coppice.draw.risk_of_bias import JUDGEMENTS, OVERALL, domains_of, draw_light, judged, used
from coppice.draw.rows import Kind, Row

Result = Mapping[str, Any]

SHARE = 0.68  # of a row: diameter of a light
LONGEST_NAME = 3  # letters: a longer name of a domain has a letter in its place, which the note explains
GROUP = "Risk of bias"


def _assessed(result: Result) -> list[Mapping[str, Any]]:
    return [effect["risk_of_bias"] for effect in result.get("effects", ()) if effect.get("risk_of_bias")]


def _headings(result: Result) -> dict[str, str]:
    """Return the heading of each domain: its own name where all are short, else a letter."""
    domains = [*domains_of(_assessed(result)), OVERALL]
    if all(len(clean(name)) <= LONGEST_NAME for name in domains[:-1]):
        return {name: clean(name) for name in domains[:-1]} | {OVERALL: "All"}
    return dict(zip(domains, ascii_uppercase, strict=False))


def bias_columns(options: Options) -> list[Column]:
    """A light for each domain of the risk of bias, where a study is assessed."""
    if not _assessed(options.result):
        return []
    diameter = SHARE * options.style.row

    def none(row: Row) -> Cells:
        return ()

    return [
        Column(
            f"bias_{index}",
            (heading,),
            none,
            (Slot("left", head=diameter),),
            group=GROUP,
            align="center",
            mark=partial(_draw, domain=name, diameter=diameter),
        )
        for index, (name, heading) in enumerate(_headings(options.result).items())
    ]


def _draw(canvas: Canvas, x: float, y: float, row: Row, *, domain: str, diameter: float) -> None:
    if row.kind is Kind.STUDY:
        item = row.effects[0].get("risk_of_bias") or {}
        draw_light(canvas, x, y, judged(item, domain), diameter=diameter)


def bias_note(result: Result) -> str:
    """Explain the headings and the lights, or say that nothing is assessed."""
    items = _assessed(result)
    if not items:
        return "Risk of bias: not assessed."
    tools = dict.fromkeys(clean(item["tool"]) for item in items if item.get("tool"))
    headings = _headings(result)
    names = [f"{short} {clean(name).lower()}" for name, short in headings.items() if short != clean(name)]
    blank: list[Mapping[str, Any]] = [{}] if len(items) < len(result["effects"]) else []
    lights = [
        f"{JUDGEMENTS[key].sign} {JUDGEMENTS[key].label.lower()}" if JUDGEMENTS[key].sign else "empty: not assessed"
        for key in used([*items, *blank], list(headings))
    ]
    by = f" ({', '.join(tools)})" if tools else ""
    return f"Risk of bias{by}: {', '.join([*names, *lights])}."
