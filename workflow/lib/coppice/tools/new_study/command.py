"""The command `new-study`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from coppice.core.errors import CoppiceError
from coppice.jobs.canonical_json import write_text
from coppice.review.record import ID
from coppice.tools.new_study.record import empty_record

SCHEMA = (
    Path(__file__).parents[4] / "schemas" / "study.schema.json"
)  # beside the library in a checkout; absent where it is installed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("study", help="the study's id: letters, digits, - and _")
    parser.add_argument(
        "--folder", type=Path, default=Path("config/studies"), help="the folder of records (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> None:
    """Write an empty record, unless there is one."""
    for _, message in ID.findings(options.study, ()):
        raise CoppiceError(f"{options.study}: {message}")
    if not options.folder.is_dir():
        raise CoppiceError(f"{options.folder}: no such folder; name the folder of records with --folder")
    file = options.folder / f"{options.study}.yaml"
    if file.exists():
        raise CoppiceError(f"{file}: is there already, and is left as it is")
    schema = Path(os.path.relpath(SCHEMA, options.folder)).as_posix() if SCHEMA.exists() else None
    write_text(file, empty_record(options.study, schema))
    sys.stdout.write(f"{file}: fill it in; `coppice check` then says what does not add up\n")
