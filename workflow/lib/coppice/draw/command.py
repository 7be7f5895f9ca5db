"""The command `draw`: the figures of one analysis, of a batch of them, or of the whole review."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.core import results_layout
from coppice.core.errors import BadInput, Problem
from coppice.core.results_layout import REVIEW_FOLDER
from coppice.draw.analysis import draw_analysis, style_of, write_figures
from coppice.draw.review import draw_review, read_extracts, read_results
from coppice.jobs import canonical_json, stale_batches
from coppice.jobs.batch import Unit, run_batch
from coppice.jobs.kept_results import make_unit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="what to draw and how, as JSON")
    parser.add_argument(
        "--pool",
        type=Path,
        help="the pool result, or the index of a batch; without it the figures of the whole review are drawn",
    )
    parser.add_argument("--explore", type=Path, help="the explore result, or the index of a batch")
    parser.add_argument(
        "--results", type=Path, help="folder of the results; by default the one above the folder of the figures"
    )
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--out", nargs="+", help="the files, such as forest.svg: a figure and its format")
    output.add_argument("--index", type=Path, help="the index of a batch; its figures lie in folders beside it")


def run(options: argparse.Namespace) -> None:
    """Draw the figures of one analysis, of the stale ones of a batch, or of the whole review."""
    spec = canonical_json.read(options.spec)
    results = options.results or results_of(options.index or Path(options.out[0]))
    if options.index:

        def draw(unit: Unit) -> None:
            pooled, explored, *_ = unit.reads
            write(unit.spec, results, pooled, explored, unit.writes)

        run_batch(units_of(spec["units"], results), options.index, draw)
    else:
        if "analysis" in spec:
            stale_batches.leave(results / "draw")
        unit = Unit(
            spec.get("analysis", REVIEW_FOLDER), spec, tuple(map(Path, options.out)), read_by(options, results, spec)
        )
        make_unit(unit, lambda: write(spec, results, options.pool, options.explore, options.out))


def read_by(options: argparse.Namespace, results: Path, spec: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the results that the figures of one analysis, or of the whole review, are drawn from."""
    named = [*(entry["pool"] for entry in spec.get("analyses") or ()), *(spec.get("extracts") or ())]
    return tuple(file for file in (options.pool, options.explore) if file) + tuple(results / name for name in named)


def units_of(specs: Mapping[str, Mapping[str, Any]], results: Path) -> Iterator[Unit]:
    """Yield the analyses of a batch with the results that each reads: pooled, explored, then extracts."""
    for name, spec in specs.items():
        reads = [results_layout.file("pool", name), results_layout.file("explore", name), *(spec.get("extracts") or ())]
        writes = results_layout.files("draw", name, spec["figures"], spec["formats"])
        yield Unit(name, spec, tuple(results / file for file in writes), tuple(results / file for file in reads))


def write(
    spec: Mapping[str, Any], results: Path, pooled: Path | None, explored: Path | None, files: Sequence[str | Path]
) -> None:
    """Draw the figures of one analysis, or those of the whole review where there is no pooled result."""
    try:
        style = style_of(spec)
        with style.applied():
            if pooled is None:
                figures = draw_review(spec, read_results(spec, results))
            else:
                exploration = canonical_json.read(explored) if explored else None
                figures = draw_analysis(spec, canonical_json.read(pooled), exploration, read_extracts(spec, results))
            write_figures(figures, files, style=style)
    except ValueError as error:
        where = f"analysis {spec['analysis']}" if "analysis" in spec else "the review"
        raise BadInput([Problem(where, 0, "figures", str(error))]) from error


def results_of(file: Path) -> Path:
    """Return the folder of the results that a figure lies in, or that of the figure where it lies in none."""
    return next((parent.parent for parent in file.parents if parent.name == "draw"), file.parent)
