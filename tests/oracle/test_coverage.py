"""Coverage by simulation, and the same intervals by metafor on the first replicates of each cell."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from .coverage_table import REPLICATES, cells, covered, page, simulate

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/coverage.md"
IN_R = 60  # replicates of each cell that metafor repeats: the intervals agree one by one, so that few are enough


@pytest.mark.parametrize(("k", "i2", "kind"), [cell for cell in cells() if cell[2] == "equal"])
def test_hartung_knapp_covers_to_within_a_point_and_a_half_where_variances_are_equal(k, i2, kind):
    assert 100 * covered(k, i2, kind)["HKSJ"].mean() == pytest.approx(95, abs=1.5)


def test_the_page_of_the_documentation_is_what_the_simulation_gives():
    assert PAGE.read_text("utf-8") == page(), "python tests/oracle/coverage_table.py > docs/coverage.md"


def test_dersimonian_laird_with_wald_rejects_too_often():
    assert (1 - covered(5, 0.5, "equal")["DL-wald"].mean()) > 0.08


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor and jsonlite")
def test_every_interval_of_every_cell_covers_where_metafors_does(tmp_path):
    written = []
    for k, i2, kind in cells():
        yi, vi, _, new = simulate(k, i2, kind, REPLICATES)
        written.append({"yi": yi[:IN_R].tolist(), "vi": vi.tolist(), "new": new[:IN_R].tolist()})
    (tmp_path / "cells.json").write_text(json.dumps(written), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "coverage.R", str(tmp_path / "cells.json")], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for cell, theirs in zip(cells(), json.loads(done.stdout), strict=True):
        ours = covered(*cell)
        for name, column in zip(
            ("HKSJ", "wald", "DL-wald", "prediction"), np.array(theirs, dtype=float).T, strict=True
        ):
            known = ~np.isnan(column)
            assert (ours[name][:IN_R][known] == column[known].astype(bool)).all(), (cell, name)
