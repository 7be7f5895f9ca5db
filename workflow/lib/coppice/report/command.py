"""The command `report`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeVar

from coppice.core.errors import CoppiceError

T = TypeVar("T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, type=Path, help="what the report is about, as JSON")
    parser.add_argument("--notebook", type=Path, help="the report's source, a jupytext notebook")
    parser.add_argument("--html", type=Path, help="the page to write")
    parser.add_argument("--ipynb", type=Path, help="the executed notebook to write")
    parser.add_argument("--out", nargs="+", type=Path, help="the files of another format, which the spec names")
    parser.add_argument("--results", type=Path, help="folder of the results; by default the one above the report's own")


def run(options: argparse.Namespace) -> None:
    """Write the report, or one of its other formats."""
    from coppice.jobs import canonical_json

    if options.out:
        from coppice.report.formats import write_format

        write_format(canonical_json.read(options.spec), results=options.results, files=options.out)
        return
    from coppice.report.build import build_report
    from coppice.report.orphans import remove_orphans

    html = _given(options.html, "--html")
    results = options.results or html.parent.parent
    notebook, ipynb = _given(options.notebook, "--notebook"), _given(options.ipynb, "--ipynb")
    build_report(options.spec, notebook=notebook, results=results, html=html, ipynb=ipynb)
    remove_orphans(canonical_json.read(options.spec), results)


def _given(value: T | None, option: str) -> T:
    if value is None:
        raise CoppiceError(f"report: {option} is needed")
    return value
