"""The command `pool`: one analysis, or a batch of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.core import results_layout
from coppice.jobs import canonical_json, stale_batches
from coppice.jobs.batch import Unit, run_batch
from coppice.jobs.kept_results import make_unit
from coppice.pool.extracts import files_of, files_of_units, read_extracts
from coppice.pool.kinds import pooling


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the analysis, or those of a batch, as JSON")
    parser.add_argument(
        "--extracts",
        nargs="*",
        default=[],
        help="the extracts of its outcome, one file a study or the index of a batch",
    )
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--json", type=Path, help="the result file")
    output.add_argument("--index", type=Path, help="the index of a batch; its result files lie beside it")
    parser.add_argument("--csv", type=Path, help="the same as a table; by default beside the result file")


def run(options: argparse.Namespace) -> None:
    """Pool the effects of one analysis, or of the stale ones of a batch."""
    spec = canonical_json.read(options.spec)
    if not options.index:
        stale_batches.leave(options.json.parent)
        writes = (options.json, options.csv or options.json.with_suffix(".csv"))
        unit = Unit(options.json.stem, spec, writes, tuple(map(Path, options.extracts)))
        make_unit(unit, lambda: write(spec, options.extracts, *writes))
        return
    units = units_of(spec["units"], options.extracts, options.index.parent.parent)
    run_batch(units, options.index, lambda unit: write(unit.spec, list(map(str, unit.reads)), *unit.writes))


def units_of(specs: Mapping[str, Mapping[str, Any]], extracts: Sequence[str], results: Path) -> Iterator[Unit]:
    """Yield the analyses of a batch with the extracts that each reads."""
    files = files_of_units(extracts)
    for name, spec in specs.items():
        writes = tuple(results / file for file in results_layout.files("pool", name))
        yield Unit(name, spec, writes, files_of(spec, files))


def write(spec: Mapping[str, Any], extracts: Sequence[str], result_file: Path, table_file: Path) -> None:
    """Pool one analysis into its result file and its table."""
    kind = pooling(spec)
    result = kind.pool(spec, read_extracts(spec, extracts))
    canonical_json.write_text(table_file, kind.table(result))
    canonical_json.write(result_file, result)
