"""The command `docs`."""

from __future__ import annotations

import argparse
from pathlib import Path

from coppice.docs.pages import PAGES
from coppice.jsonio import write_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where to write the pages; docs if not said")


def run(options: argparse.Namespace) -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        write_text(options.folder / name, page())
