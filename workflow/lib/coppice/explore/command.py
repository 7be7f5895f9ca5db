"""The command `explore`."""

from __future__ import annotations

import argparse

from coppice import jsonio
from coppice.explore.analysis import explore_analysis
from coppice.pool.extracts import read_extracts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the analysis, as JSON")
    parser.add_argument("--pool", required=True, help="its pooled result")
    parser.add_argument(
        "--extracts", nargs="*", default=[], help="the extracts of its outcome, where it has a multiverse"
    )
    parser.add_argument("--json", required=True, help="the result file")


def run(options: argparse.Namespace) -> None:
    """Explore one pooled analysis."""
    spec = jsonio.read(options.spec)
    extracts = read_extracts(spec["multiverse"]["pool"], options.extracts) if spec.get("multiverse") else ()
    jsonio.write(options.json, explore_analysis(spec, jsonio.read(options.pool), extracts))
