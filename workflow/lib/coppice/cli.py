"""`python -m coppice <verb> ...`: one subcommand a verb, its implementation imported only when it runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from coppice import __version__
from coppice.core.errors import CoppiceError

VERBS = {
    "extract": "turn the reported figures of one outcome of one study into effects",
    "pool": "pool the effects of one analysis",
    "explore": "show how much the answer depends on choices",
    "draw": "draw the figures of one analysis",
    "report": "write the report",
}
TOOLS = {
    "new-review": "write a review of one's own, from a file or with an example",
    "run": "make the report of a review: Snakemake, with the workflow of this installation",
    "check": "list what does not add up in the studies, without pooling anything",
    "diff": "say what changed between two runs, and which change moved which estimate",
    "import": "turn a file of another program into records and a configuration",
    "new-study": "write an empty study record with comments",
    "draft": "propose a record from the words of a text",
    "accept": "move figures of a draft into the record of its study",
    "read": "propose figures from a text that no record quotes",
    "schema": "write the JSON schemas of the configuration and of the records",
}
FOLDERS = {"import": "import_file"}  # a keyword of Python can't be a folder of the library


def module_of(command: str) -> str:
    """Return the module that implements a command."""
    folder = "" if command in VERBS else "tools."
    return f"coppice.{folder}{FOLDERS.get(command, command.replace('-', '_'))}.command"


def parser(command: str | None) -> argparse.ArgumentParser:
    """Return the parser: all commands by name, the options of the one that is asked for."""
    top = argparse.ArgumentParser(
        prog="coppice",
        description="A reproducible meta-analysis workflow: from study records to a report. `coppice COMMAND --help` says what a command takes.",
        epilog=f"{', '.join(VERBS)} are the verbs: the workflow calls them, each with a spec that it has written.",
    )
    top.add_argument("--version", action="version", version=f"coppice {__version__}", help="print the version")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in (TOOLS | VERBS).items():
        subparser = commands.add_parser(name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}.")
        if name == command:
            importlib.import_module(module_of(name)).add_arguments(subparser)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name; that of the process by default.

    Returns
    -------
    int
        Exit code: 0, or 1 with one clear line on standard error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in given if word in VERBS | TOOLS), None)
    options = parser(command).parse_args(given)
    try:
        importlib.import_module(module_of(options.command)).run(options)
    except CoppiceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:  # of the disk, not of the program
        sys.stderr.write(f"{error.filename or options.command}: {error.strerror or error}\n")
        return 1
    return 0
