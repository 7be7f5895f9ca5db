"""What became of the figures that a study reports of an outcome: for the map of routes, and the table beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Extract = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What became of a study's figures of one outcome: its legend, and whether its dot is filled and has an edge."""

    label: str
    is_filled: bool
    has_dot: bool = True


STATES: dict[str, State] = {
    "entered": State("Gives an effect, by the route below the dot", True),
    "unused": State("Reported, but not as an effect", False),
    "nothing": State("Looked for, nothing usable reported", False, has_dot=False),
}


def route_name(route: str) -> str:
    """Name a route in words: ``hazard_ratio_ci`` reads `hazard ratio with CI`."""
    words = route.replace("_", " ")
    return words.removesuffix(" ci").removesuffix(" se") + {" ci": " with CI", " se": " with SE"}.get(words[-3:], "")


def state_of(extract: Extract) -> tuple[str, list[str]]:
    """Return the key of a state, and the routes that were chosen, in words."""
    measures = list((extract.get("measures") or {}).values())
    routes = [
        str(measure["candidates"][index]["route"]) for measure in measures for index in measure.get("chosen") or ()
    ]
    if routes:
        return "entered", [route_name(route) for route in dict.fromkeys(routes)]
    has_figures = extract.get("unused") or any(measure.get("candidates") for measure in measures)
    return ("unused" if has_figures else "nothing"), []
