"""A review of metadat's tables, through the whole workflow: to the digits that metafor prints."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, checkout

FOLDER = ROOT / "tests/reviews/collins1985b"
HALF_A_UNIT = 0.5e-4 * 1.0001  # of the fourth digit


@pytest.mark.whole
def test_a_review_in_a_folder_of_its_own_runs_through_to_the_report(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "mine")
    project = checkout(tmp_path / "project")
    project.snakemake("--configfile", str(tmp_path / "mine/config.yaml"), "--directory", str(tmp_path / "mine"))
    assert (tmp_path / "mine/results/report/report.html").stat().st_size > 0
    with (FOLDER / "expected.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    assert len(rows) > 20
    for row in rows:
        found = json.loads((tmp_path / f"mine/results/pool/{row['analysis']}.json").read_text("utf-8"))
        part, key = row["quantity"].split(".")
        assert abs(found[part][key] - float(row["expected"])) <= HALF_A_UNIT, row
