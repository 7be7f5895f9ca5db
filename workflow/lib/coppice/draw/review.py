"""All figures of the review as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coppice.draw.analysis import Spec, draw_figures
from coppice.draw.canvas.canvas import Drawing
from coppice.jobs import canonical_json


def read_extracts(spec: Spec, results: Path) -> list[dict[str, Any]]:
    """Return the extracts that a draw spec names, each with the label of its study."""
    labels = spec.get("labels") or {}
    extracts = [canonical_json.read(results / path) for path in spec.get("extracts") or ()]
    return [{**extract, "label": labels.get(extract["study"])} for extract in extracts]


def read_results(spec: Spec, results: Path) -> dict[str, Any]:
    """Return what the figures of a review read, by name; the paths of the spec are relative to the folder of results."""
    return {
        "pools": [canonical_json.read(results / entry["pool"]) for entry in spec.get("analyses") or ()],
        "extracts": read_extracts(spec, results),
        "counts": spec.get("counts") or {},
        "assessments": spec.get("assessments") or [],
        "flow": spec.get("flow") or {},
    }


def draw_review(spec: Spec, results: Mapping[str, Any]) -> dict[str, Drawing]:
    """Draw every figure that the spec of a review names, from what `read_results` returns.

    An analysis that ``only_weighs`` gives weights and has no place in the summary.
    """
    analyses = spec.get("analyses") or ()
    titles = {entry["analysis"]: entry["title"] for entry in analyses if not entry.get("only_weighs")}
    sides = {entry["analysis"]: entry.get("favours") for entry in analyses}
    certainty = {entry["analysis"]: entry["certainty"] for entry in analyses if entry.get("certainty")}
    outcomes = {entry["outcome"]: entry["title"] for entry in spec.get("outcomes") or ()}
    return draw_figures(spec, results, {"titles": titles, "sides": sides, "certainty": certainty, "outcomes": outcomes})
