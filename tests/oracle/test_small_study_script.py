"""The script for R repeats the methods of small-study effects that are used on request."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.part import ENTRIES
from coppice.report.data.r_script import HEADER, TOLERANCE
from coppice.report.data.r_small_study import LINES, small_study_lines

CASES = json.loads((Path(__file__).parents[1] / "reference/limit_copas.json").read_text(encoding="utf-8"))["cases"]

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


def test_r_gives_what_the_script_compares(tmp_path: Path) -> None:
    case = next(case for case in CASES if case["name"] == "bangertdrowns2004_smd")
    yi, sei = np.array(case["yi"]), np.array(case["sei"])
    data = Evidence("GEN", 0.0, yi, sei**2, None, None, "REML", "wald", 0.95, case["random"], case["tau2"], 0.0)
    parts = {code: ENTRIES[code].run(data, {}) for code in LINES}
    lines = small_study_lines(
        {"small_study": parts}, case["tau2"], lambda name, there, here: f'same("{name}", {here!r}, {there})'
    )
    effects = f"effects <- data.frame(yi = c({', '.join(map(repr, yi.tolist()))}), vi = c({', '.join(map(repr, (sei**2).tolist()))}))"
    file = tmp_path / "script.R"
    file.write_text("\n".join([HEADER.replace("TOLERANCE", TOLERANCE), effects, *lines]), "utf-8")
    done = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(
        name in done.stdout for name in ("limit meta-analysis", "Copas log-likelihood", "p-uniform* log-likelihood")
    )
