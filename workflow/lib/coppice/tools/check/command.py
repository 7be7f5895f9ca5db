"""The command `check`."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from coppice.core.errors import CoppiceError
from coppice.core.results_layout import FOLDER
from coppice.jobs import canonical_json
from coppice.tools.check.table import summary, table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--config",
        nargs="+",
        type=Path,
        default=[Path("config/config.yaml")],
        metavar="FILE",
        help="the configuration of a review (default: config/config.yaml)",
    )
    source.add_argument("--spec", help="the findings of a review that has been read, as JSON")


def run(options: argparse.Namespace) -> None:
    """Print the findings of a review as a table, and below it what can be pooled.

    The authors' sentences are held against the results of the last run, where there are any.
    """
    if options.spec:
        spec = canonical_json.read(options.spec)
    else:
        from coppice.plan import check, claims, extras
        from coppice.review import review

        complete = find_spec("statsmodels") is not None  # in Snakemake's own environment there is no numeric package
        checked = review.load(options.config, {}, stop_at_errors=False)
        extras.check(checked)
        spec = check.spec(checked, complete=complete)
        spec["findings"] += claims.findings(checked, Path(FOLDER))
    findings = spec["findings"]
    sys.stdout.write(table(findings) + "".join(f"{line}\n" for line in ["", *spec["pooled"]]))
    if any(item["severity"] == "error" and item["accepted"] is None for item in findings):
        raise CoppiceError(f"{summary(findings)}: correct the records, or `accept` what is right as it is")
