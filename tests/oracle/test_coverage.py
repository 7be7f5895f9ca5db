"""Coverage by simulation, and the same intervals by metafor on the first replicates of each cell."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood
from coppice.pool.kernel.tau2 import estimate_tau2

from . import coverage_glmm
from .coverage_table import REPLICATES, before_glmm, cells, covered, simulate

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/coverage.md"
MAKE = "python tests/oracle/coverage_table.py > docs/coverage.md"
# replicates of each cell that metafor repeats: the intervals are compared one by one, so that few are enough for every day
IN_R = int(os.environ.get("COPPICE_REPLICATES_IN_R", "60"))
# a cell of each model that takes seconds is simulated again every day, and all cells, which take minutes, every night
QUICK = [(None, 3, 0.5), ("UM.FS", 3, 0.5), ("UM.RS", 3, 0.5), ("CM.EL", 10, 0.0), ("CM.AL", 10, 0.5)]
GLMM_CELLS = coverage_glmm.cells() if "COPPICE_REPLICATES_IN_R" in os.environ else QUICK
MOST_DIFFERENT = 0.002  # of the replicates of a cell in which metafor may end at a lower maximum of the likelihood


@pytest.mark.parametrize(("k", "i2", "kind"), [cell for cell in cells() if cell[2] == "equal"])
def test_hartung_knapp_covers_to_within_a_point_and_a_half_where_variances_are_equal(k, i2, kind):
    assert 100 * covered(k, i2, kind)["HKSJ"].mean() == pytest.approx(95, abs=1.5)


def test_the_page_of_the_documentation_is_what_the_simulation_gives():
    written = PAGE.read_text("utf-8")
    start = before_glmm() + coverage_glmm.HEAD + "\n"
    assert written.startswith(start), MAKE
    rows = written.removeprefix(start).splitlines()
    labels = [f"| {model or 'one group'} | {k} | {tau:g} |" for model, k, tau in coverage_glmm.cells()]
    assert [row.startswith(label) for row, label in zip(rows, labels, strict=True)] == [True] * len(labels), MAKE
    places = [coverage_glmm.cells().index(cell) for cell in GLMM_CELLS]
    assert [rows[place] for place in places] == [coverage_glmm.row(*cell) for cell in GLMM_CELLS], MAKE


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
        *held, tau2 = np.array(theirs, dtype=float).T
        yi, vi, *_ = simulate(*cell, REPLICATES)
        same = same_maximum(studies(yi[:IN_R], vi), tau2)
        ours = covered(*cell)
        for name, column in zip(("HKSJ", "wald", "DL-wald", "prediction"), held, strict=True):
            assert (ours[name][:IN_R] == column.astype(bool))[same].all(), (cell, name)


def same_maximum(data, tau2):
    """Return where metafor's tau2 is ours; elsewhere ours has the higher likelihood, and is at a boundary that it stops short of."""
    ours = estimate_tau2(data, "REML").tau2
    same = np.isclose(ours, tau2, rtol=1e-5, atol=1e-7)
    heights = [log_likelihood(data, value, restricted=True) for value in (ours, tau2)]
    assert (heights[0] >= heights[1] - 1e-12)[~same].all()
    assert (~same).sum() <= MOST_DIFFERENT * len(same)
    return same
