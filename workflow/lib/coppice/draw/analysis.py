"""All figures of one analysis."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.core.errors import allowed_values_hint, entry_named
from coppice.core.importance import band, importance_of
from coppice.core.measures import MEASURES, Measure
from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.save import save
from coppice.draw.canvas.style import Style, style_from
from coppice.draw.registry import EVERY_FIGURE

Result = Mapping[str, Any]


def style_of(spec: Mapping[str, Any]) -> Style:
    """Return the style that a draw spec asks for."""
    return style_from(spec.get("style"))


def with_records(pool_result: Result, spec: Mapping[str, Any]) -> Result:
    """Return a pool result whose effects, and studies left out, also hold what the spec says of their records."""
    values, assessed = spec.get("characteristics") or {}, spec.get("risk_of_bias") or {}
    if not values and not assessed:
        return pool_result

    def told(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                **item,
                "values": {**values.get(item["study"], {}), **(item.get("values") or {})},
                "risk_of_bias": assessed.get(item["study"]),
            }
            for item in items
        ]

    more = {name: told(pool_result[name]) for name in ("effects", "excluded") if pool_result.get(name)}
    return {**pool_result, **more}


def draw_analysis(
    spec: Mapping[str, Any],
    pool_result: Result,
    explore_result: Result | None = None,
    extracts: Sequence[Result] = (),
) -> dict[str, Drawing]:
    """Draw every figure that the spec names.

    Parameters
    ----------
    spec : mapping
        A draw spec: ``title``, ``favours``, ``arms``, ``important``, ``figures`` (name -> options), ``style``, and what columns show of
        the records: ``characteristics`` (study -> name -> value) and ``risk_of_bias`` (study -> assessment).
    pool_result, explore_result : mapping
        The results of the analysis.
    extracts : sequence of mapping
        What was extracted of its studies, where a figure reads it.

    Returns
    -------
    dict of str to Drawing
        One figure a name.

    Raises
    ------
    ValueError
        If a figure, an option or a style value is not known.
    """
    results = {"pool": with_records(pool_result, spec), "explore": explore_result, "extracts": extracts}
    common = {
        "style": style_of(spec),
        "title": spec.get("title"),
        "favours": spec.get("favours"),
        "arms": spec.get("arms"),
        **_thresholds(spec.get("important"), MEASURES.get(pool_result.get("measure", ""))),
    }
    figures = spec.get("figures", {})
    return {
        name: entry_named(EVERY_FIGURE, name, "figure").draw(results, common, options)
        for name, options in figures.items()
    }


def _thresholds(important: Any, measure: Measure | None) -> dict[str, tuple[float, float]]:
    """Return where an effect begins to be important, and to be large, as printed and in both directions."""
    found = importance_of(important, measure) if measure else None
    if measure is None or found is None:
        return {}
    large = {} if found.large is None else {"large": band(found.large, measure)}
    return {"important": band(found.small, measure), **large}


def write_analysis(
    spec: Mapping[str, Any],
    pool_result: Result,
    explore_result: Result | None,
    paths: Sequence[str | os.PathLike[str]],
    extracts: Sequence[Result] = (),
) -> None:
    """Draw the figures and write them; a file's name is its figure and its format, such as ``forest.svg``.

    Raises
    ------
    ValueError
        If a file's name is no figure of the spec, or its format is not known.
    """
    write_figures(draw_analysis(spec, pool_result, explore_result, extracts), paths, style=style_of(spec))


def write_figures(figures: Mapping[str, Drawing], paths: Sequence[str | os.PathLike[str]], *, style: Style) -> None:
    """Write figures to files that are named by them.

    Raises
    ------
    ValueError
        If a file's name is none of the figures, or its format is not known.
    """
    for path in paths:
        name = Path(path).stem
        if name not in figures:
            raise ValueError(f"'{path}' is no figure that the spec names: {allowed_values_hint(name, figures)}")
        save(figures[name], path, style=style)
