"""The command `extract`: one outcome of one study, or a batch of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import cast

from coppice.core import results_layout
from coppice.core.contracts.extract import ExtractSpec
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json, stale_batches
from coppice.jobs.batch import Unit, run_batch
from coppice.jobs.kept_results import make_unit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the figures of one outcome of one study, or of a batch, as JSON")
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--json", type=Path, help="the result file")
    output.add_argument("--index", type=Path, help="the index of a batch; its result files lie beside it")


def run(options: argparse.Namespace) -> None:
    """Extract one outcome of one study, or the stale ones of a batch."""
    spec = canonical_json.read(options.spec)
    if not options.index:
        stale_batches.leave(options.json.parent.parent)
        make_unit(Unit(options.json.stem, spec, (options.json,)), lambda: write(spec, options.json))
        return
    results = options.index.parent.parent
    units = (
        Unit(name, unit, (results / results_layout.file("extract", name),)) for name, unit in spec["units"].items()
    )
    run_batch(units, options.index, lambda unit: write(cast(ExtractSpec, unit.spec), *unit.writes))


def write(spec: ExtractSpec, file: Path) -> None:
    """Extract one outcome of one study into its result file."""
    canonical_json.write(file, {**extract_outcome(spec), "made_from": canonical_json.digest(spec)})
