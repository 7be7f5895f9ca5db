"""The command `explore`: one analysis, or a batch of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.core import results_layout
from coppice.explore.kinds import exploring
from coppice.jobs import canonical_json, stale_batches
from coppice.jobs.batch import Unit, run_batch
from coppice.jobs.kept_results import make_unit
from coppice.pool.extracts import files_of, files_of_units, read_extracts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the analysis, or those of a batch, as JSON")
    parser.add_argument("--pool", required=True, type=Path, help="its pooled result, or the index of a batch")
    parser.add_argument(
        "--extracts", nargs="*", default=[], help="the extracts of its outcome, where it has a multiverse"
    )
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--json", type=Path, help="the result file")
    output.add_argument("--index", type=Path, help="the index of a batch; its result files lie beside it")


def run(options: argparse.Namespace) -> None:
    """Explore one pooled analysis, or the stale ones of a batch."""
    spec = canonical_json.read(options.spec)
    if not options.index:
        stale_batches.leave(options.json.parent)
        reads = (options.pool, *map(Path, options.extracts))
        unit = Unit(options.json.stem, spec, (options.json,), reads)
        make_unit(unit, lambda: write(spec, options.pool, options.extracts, options.json))
        return
    units = units_of(spec["units"], options.extracts, options.index.parent.parent)
    run_batch(units, options.index, lambda unit: write(unit.spec, unit.reads[0], unit.reads[1:], *unit.writes))


def units_of(specs: Mapping[str, Mapping[str, Any]], extracts: Sequence[str], results: Path) -> Iterator[Unit]:
    """Yield the analyses of a batch with what each reads: its pooled result, then the extracts of its multiverse."""
    files = files_of_units(extracts)
    for name, spec in specs.items():
        varied = files_of(spec["multiverse"]["pool"], files) if spec.get("multiverse") else ()
        pooled, explored = (results / results_layout.file(verb, name) for verb in ("pool", "explore"))
        yield Unit(name, spec, (explored,), (pooled, *varied))


def write(spec: Mapping[str, Any], pooled: Path, extracts: Sequence[str | Path], result_file: Path) -> None:
    """Explore one analysis into its result file."""
    read = read_extracts(spec["multiverse"]["pool"], map(str, extracts)) if spec.get("multiverse") else ()
    result = canonical_json.read(pooled)
    canonical_json.write(result_file, exploring(result)(spec, result, read))
