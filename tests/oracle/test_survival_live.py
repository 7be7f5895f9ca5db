"""The pinned results of R's survival package are those of the R that is installed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "reference"

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with survival and jsonlite")


def test_survdiff_coxph_and_survfit_give_what_is_pinned(tmp_path: Path) -> None:
    done = subprocess.run(
        ["Rscript", str(REFERENCE / "survival.R")], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    live, pinned = (json.loads((folder / "survival.json").read_text("utf-8")) for folder in (tmp_path, REFERENCE))
    assert live["trials"].keys() == pinned["trials"].keys()
    for name, trial in live["trials"].items():
        for key, value in trial.items():
            assert value == pytest.approx(pinned["trials"][name][key], rel=1e-9, abs=1e-12), (name, key)
