"""The command `diff`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

STANDARD_OUTPUT = Path("-")
FLIPPED = 3  # exit code: apart from 1, bad input, and 2, a misused command line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("old", help="results folder of the earlier run, or a revision of git, which is then run again")
    parser.add_argument("new", help="results folder of the later run, or a revision of git")
    parser.add_argument(
        "--markdown",
        type=Path,
        nargs="?",
        const=STANDARD_OUTPUT,
        help="write the comparison as Markdown; on standard output if no file is named",
    )
    parser.add_argument("--html", type=Path, help="write the comparison as a page")
    parser.add_argument("--json", type=Path, help="write the comparison as JSON")
    parser.add_argument(
        "--fail-on-flip",
        action="store_true",
        help=f"exit with {FLIPPED} if the interval of an analysis comes to lie elsewhere",
    )


def run(options: argparse.Namespace) -> None:
    """Compare two runs and write what changed."""
    from coppice.jobs import canonical_json
    from coppice.tools.diff.compare import compare, read_pools
    from coppice.tools.diff.replay import replay
    from coppice.tools.diff.revisions import results_of
    from coppice.tools.diff.words import to_data, to_html, to_markdown, to_text

    with tempfile.TemporaryDirectory(prefix="coppice-") as folder:
        old, new = (read_pools(results_of(name, Path(folder))) for name in (options.old, options.new))
    changes = compare(old, new, replay=replay)
    if options.html:
        canonical_json.write_text(options.html, to_html(changes))
    if options.json:
        canonical_json.write(options.json, to_data(changes))
    if options.markdown == STANDARD_OUTPUT:
        sys.stdout.write(to_markdown(changes))
    elif options.markdown:
        canonical_json.write_text(options.markdown, to_markdown(changes))
    elif not (options.html or options.json):
        sys.stdout.write(to_text(changes))
    if options.fail_on_flip and any(change.has_flipped for change in changes):
        raise SystemExit(FLIPPED)
