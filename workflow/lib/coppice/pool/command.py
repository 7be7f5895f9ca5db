"""The command `pool`."""

from __future__ import annotations

import argparse

from coppice import jsonio
from coppice.pool.analysis import pool_analysis
from coppice.pool.extracts import read_extracts
from coppice.pool.table import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the analysis, as JSON")
    parser.add_argument(
        "--extracts",
        nargs="*",
        default=[],
        help="the extracts of its outcome, one file a study or the index of a batch",
    )
    parser.add_argument("--json", required=True, help="the result file")
    parser.add_argument("--csv", required=True, help="the same as a table")


def run(options: argparse.Namespace) -> None:
    """Pool the effects of one analysis."""
    spec = jsonio.read(options.spec)
    result = pool_analysis(spec, read_extracts(spec, options.extracts))
    jsonio.write_text(options.csv, table(result))
    jsonio.write(options.json, result)
