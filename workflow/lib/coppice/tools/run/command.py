"""The command `run`: the report of a review by one command, wherever Coppice is installed.

`pipx` and `uvx` put the commands of a package on the path and not those of the packages that it needs, so that `snakemake` is not there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from coppice.core.errors import CoppiceError
from coppice.core.installed import snakefile

OWN = ("Snakefile", "workflow/Snakefile")  # where a review may have a Snakefile, as Snakemake looks for it
CORES = ("--cores", "-c", "--jobs", "-j", "--profile", "--executor", "-e", "--help", "-h", "--version", "-v")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder of the review; by default this one",
    )
    parser.add_argument(
        "options",
        nargs=argparse.REMAINDER,
        metavar="...",
        help="files to make and options of Snakemake, after DIR, such as --dry-run; `--cores all` unless they say otherwise",
    )


def run(options: argparse.Namespace) -> None:
    """Run Snakemake in the folder of a review; a review without a Snakefile takes the one of Coppice."""
    folder: Path = options.folder
    command = arguments(folder, options.options)
    process = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:  # Snakemake has had the signal too, and ends its jobs
            continue
    if code:
        sys.exit(code)


def arguments(folder: Path, given: list[str]) -> list[str]:
    """Return the command that makes a review in a folder; CoppiceError where the folder is no review."""
    own = [name for name in OWN if (folder / name).is_file()]
    if not own and not (folder / "config" / "config.yaml").is_file():
        raise CoppiceError(
            f"{os.fspath(folder)}: is not a review: it has neither a Snakefile nor config/config.yaml; `coppice new-review DIR` writes one"
        )
    which = [] if own else ["--snakefile", os.fspath(snakefile())]
    told = any(word.partition("=")[0] in CORES or word[:2] in ("-c", "-j") for word in given)
    return [sys.executable, "-m", "snakemake", *which, *([] if told else ["--cores", "all"]), *given]
