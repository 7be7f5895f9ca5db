"""All figures of one analysis."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.draw.figures import figure_named
from coppice.draw.layout import Drawing
from coppice.draw.save import save
from coppice.draw.style import Style, style_from
from coppice.errors import nearest

Result = Mapping[str, Any]


def style_of(spec: Mapping[str, Any]) -> Style:
    """Return the style that a draw spec asks for."""
    return style_from(spec.get("style"))


def with_records(pool_result: Result, spec: Mapping[str, Any]) -> Result:
    """Return a pool result whose effects also hold what the spec says of the records of their studies."""
    values, assessed = spec.get("characteristics") or {}, spec.get("risk_of_bias") or {}
    if not values and not assessed:
        return pool_result
    effects = [
        {
            **effect,
            "values": {**values.get(effect["study"], {}), **(effect.get("values") or {})},
            "risk_of_bias": assessed.get(effect["study"]),
        }
        for effect in pool_result.get("effects", ())
    ]
    return {**pool_result, "effects": effects}


def draw_analysis(
    spec: Mapping[str, Any], pool_result: Result, explore_result: Result | None = None
) -> dict[str, Drawing]:
    """Draw every figure that the spec names.

    Parameters
    ----------
    spec : mapping
        A draw spec: ``title``, ``favours``, ``arms``, ``figures`` (name -> options), ``style``, and what columns show of
        the records: ``characteristics`` (study -> name -> value) and ``risk_of_bias`` (study -> assessment).
    pool_result, explore_result : mapping
        The results of the analysis.

    Returns
    -------
    dict of str to Drawing
        One figure a name.

    Raises
    ------
    ValueError
        If a figure, an option or a style value is not known.
    """
    results = {"pool": with_records(pool_result, spec), "explore": explore_result}
    common = {
        "style": style_of(spec),
        "title": spec.get("title"),
        "favours": spec.get("favours"),
        "arms": spec.get("arms"),
    }
    figures = spec.get("figures", {})
    return {name: figure_named(name).draw(results, common, options) for name, options in figures.items()}


def write_analysis(
    spec: Mapping[str, Any],
    pool_result: Result,
    explore_result: Result | None,
    paths: Sequence[str | os.PathLike[str]],
) -> None:
    """Draw the figures and write them; a file's name is its figure and its format, such as ``forest.svg``.

    Raises
    ------
    ValueError
        If a file's name is no figure of the spec, or its format is not known.
    """
    style = style_of(spec)
    figures = draw_analysis(spec, pool_result, explore_result)
    for path in paths:
        name = Path(path).stem
        if name not in figures:
            raise ValueError(f"'{path}' is no figure of this analysis: {nearest(name, figures)}")
        save(figures[name], path, style=style)
