"""The command `extract`: one outcome of one study, or a batch of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from coppice import jsonio
from coppice.batch import run_batch
from coppice.extract.outcome import extract_outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the figures of one outcome of one study, or of a batch, as JSON")
    output = parser.add_mutually_exclusive_group(required=True)
    output.add_argument("--json", type=Path, help="the result file")
    output.add_argument("--index", type=Path, help="the index of a batch; its result files lie beside it")


def run(options: argparse.Namespace) -> None:
    """Extract one outcome of one study, or the stale ones of a batch."""
    spec = jsonio.read(options.spec)
    if options.index:
        run_batch(spec["units"], options.index, extract_outcome)
    else:
        jsonio.write(options.json, {**extract_outcome(spec), "made_from": jsonio.digest(spec)})
