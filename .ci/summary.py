"""Count the tests of all steps and print them in one line, the last, as pytest does.

Usage: summary.py FOLDER STEP:passed|failed:SECONDS ...
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path


def count(report: Path) -> Counter[str]:
    """Count the outcomes in one JUnit report."""
    totals: Counter[str] = Counter()
    for suite in ET.parse(report).getroot().iter("testsuite"):
        tests, failed, errors, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
        totals.update(passed=tests - failed - errors - skipped, failed=failed, errors=errors, skipped=skipped)
    return totals


def main(folder: str, *outcomes: str) -> int:
    """Print a line a step and the line of all; return the exit code."""
    totals: Counter[str] = Counter()
    duration = 0
    for outcome in outcomes:
        step, result, seconds = outcome.split(":")
        report = Path(folder, f"{step}.xml")
        counted = count(report) if report.exists() else Counter()
        # a step that pytest does not count, or that failed outside of pytest, counts as one
        if not counted or (result == "failed" and not counted["failed"] + counted["errors"]):
            counted[result] += 1
        totals += counted
        duration += int(seconds)
        print(f"{step:8} {result:7} {seconds:>5} s")
    order = ("failed", "errors", "passed", "skipped")
    told = ", ".join(f"{totals[name]} {name}" for name in order if totals[name])
    print(f" {told} in {duration}s ".center(100, "="))
    return 1 if totals["failed"] or totals["errors"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
