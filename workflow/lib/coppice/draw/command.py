"""The command `draw`."""

from __future__ import annotations

import argparse

from coppice import jsonio
from coppice.draw.analysis import write_analysis
from coppice.errors import BadInput, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="what to draw and how, as JSON")
    parser.add_argument("--pool", required=True, help="the pool result")
    parser.add_argument("--explore", help="the explore result")
    parser.add_argument(
        "--out", nargs="+", required=True, help="the files, such as forest.svg: a figure and its format"
    )


def run(options: argparse.Namespace) -> None:
    """Draw the figures of one analysis."""
    spec = jsonio.read(options.spec)
    explored = jsonio.read(options.explore) if options.explore else None
    try:
        write_analysis(spec, jsonio.read(options.pool), explored, options.out)
    except ValueError as error:
        raise BadInput([Problem(f"analysis {spec.get('analysis', '')}", 0, "figures", str(error))]) from error
