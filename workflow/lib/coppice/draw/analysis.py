"""All figures of one analysis."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.extract import Curve
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import ArmsCompared
from coppice.core.errors import allowed_values_hint, entry_named
from coppice.core.importance import band, importance_of
from coppice.core.measures import MEASURES, Measure
from coppice.core.reported_fields import ARMS
from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.save import save
from coppice.draw.canvas.style import Style, style_from
from coppice.draw.registry import EVERY_FIGURE

Spec = Mapping[str, Any]


def style_of(spec: Spec) -> Style:
    """Return the style that a draw spec asks for."""
    return style_from(spec.get("style"))


def with_records(pool_result: PoolResult, spec: Spec) -> PoolResult:
    """Return a pool result whose effects, and studies left out, also hold what the spec says of their records."""
    values, assessed = spec.get("characteristics") or {}, spec.get("risk_of_bias") or {}
    if not values and not assessed:
        return pool_result
    result = cast(dict[str, Any], dict(pool_result))
    for name in ("effects", "excluded"):
        result[name] = [
            {
                **item,
                "values": values.get(item["study"], {}) | (item.get("values") or {}),
                "risk_of_bias": assessed.get(item["study"]),
            }
            for item in result.get(name) or ()
        ]
    return cast(PoolResult, result)


def with_compared_curves(extract: Mapping[str, Any], sides: ArmsCompared) -> dict[str, Any]:
    """Return an extract with the curves of one comparison alone, each with its experimental arm first."""
    curves: list[Curve] = []
    for curve in extract.get("curves") or ():
        one, other = curve.get("compares") or ARMS.values()
        if one in sides["experimental"] and other in sides["control"]:
            curves.append(curve)
        elif one in sides["control"] and other in sides["experimental"]:
            arms = curve.get("arms")
            turned = {"arms": {"experimental": arms["control"], "control": arms["experimental"]}} if arms else {}
            curves.append(cast(Curve, {**curve, **turned}))
    return {**extract, "curves": curves}


def draw_analysis(
    spec: Spec,
    pool_result: PoolResult,
    explore_result: ExploreResult | None = None,
    extracts: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Drawing]:
    """Draw every figure that the spec names.

    Parameters
    ----------
    spec : mapping
        A draw spec: ``title``, ``favours``, ``arms``, ``important``, ``figures`` (name -> options), ``style``, and what columns show of
        the records: ``characteristics`` (study -> name -> value) and ``risk_of_bias`` (study -> assessment); where the
        analysis chooses arms, also ``compared`` (study -> its arms on both sides).
    pool_result, explore_result : mapping
        The results of the analysis.
    extracts : sequence of mapping
        What was extracted of its studies, where a figure reads it.
    """
    common = {name: spec.get(name) for name in ("title", "favours", "arms")}
    common |= _thresholds(spec.get("important"), MEASURES.get(pool_result.get("measure", "")))
    if "compared" in spec:
        extracts = [with_compared_curves(extract, spec["compared"][extract["study"]]) for extract in extracts]
    results = {"pool": with_records(pool_result, spec), "explore": explore_result, "extracts": extracts}
    return draw_figures(spec, results, common)


def draw_figures(spec: Spec, results: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Drawing]:
    """Draw every figure that a spec names from what figures read, with values for their common options."""
    common = {"style": style_of(spec), **common}
    return {
        name: entry_named(EVERY_FIGURE, name, "figure").draw(results, common, options)
        for name, options in (spec.get("figures") or {}).items()
    }


def _thresholds(important: Any, measure: Measure | None) -> dict[str, tuple[float, float]]:
    """Return where an effect begins to be important, and to be large, as printed and in both directions."""
    sizes = importance_of(important, measure) if measure else None
    if measure is None or sizes is None:
        return {}
    large = {} if sizes.large is None else {"large": band(sizes.large, measure)}
    return {"important": band(sizes.small, measure), **large}


def write_figures(figures: Mapping[str, Drawing], paths: Sequence[str | os.PathLike[str]], *, style: Style) -> None:
    """Write figures; a file's name is its figure and its format, such as ``forest.svg``."""
    for path in paths:
        name = Path(path).stem
        if name not in figures:
            raise ValueError(f"'{path}' is no figure that the spec names: {allowed_values_hint(name, figures)}")
        save(figures[name], path, style=style)
