"""The command `import`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from coppice.tools.import_file.join import with_studies_of
from coppice.tools.import_file.parts_of_review import with_records
from coppice.tools.import_file.registry import FORMATS, read
from coppice.tools.import_file.write import write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="the file of another program")
    parser.add_argument(
        "--to", type=Path, default=Path(), metavar="DIR", help="the folder of the review (default: the current one)"
    )
    parser.add_argument("--format", choices=sorted(FORMATS), help="its format, where the file does not tell")


def run(options: argparse.Namespace) -> None:
    """Import a file, and say what was written, what to look at, and what was left out."""
    imported = with_records(options.to, with_studies_of(options.to, read(options.file, options.format)))
    sys.stdout.write("".join(f"{line}\n" for line in write(imported, options.to)))
