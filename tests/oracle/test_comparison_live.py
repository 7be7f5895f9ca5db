"""The numbers of metafor in docs/comparison.json are those that R gives."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


def test_the_page_of_numbers_side_by_side_has_what_metafor_gives() -> None:
    done = subprocess.run(["Rscript", "docs/comparison.R"], cwd=ROOT, capture_output=True, text=True, check=True)
    live, stored = json.loads(done.stdout), json.loads((ROOT / "docs" / "comparison.json").read_text("utf-8"))
    assert live.keys() == stored.keys()
    for call, numbers in stored.items():
        assert live[call] == pytest.approx(numbers, rel=1e-7, abs=1e-9)
