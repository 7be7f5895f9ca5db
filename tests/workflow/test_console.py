"""What a run says at its end, in the default profile and in a quiet one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import PARTS, ROOT, Review, shutil

CONFIG = """
review: {title: t}
studies: config/studies.csv
analyses:
  rti: {measure: RR, outcome: x}
  hr: {measure: HR, outcome: x}
"""
STUDIES = "study,events_e,n_e,events_c,n_c,proportion\nA,4,20,6,20,0.2\nB,3,25,5,25,0.1\nJacobs,0,60,14,61,0\n"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--quiet", "host", "reason"), id="default"),
        pytest.param(("--quiet", "all"), id="quiet", marks=pytest.mark.whole),
        pytest.param(("--quiet", "host"), id="everything", marks=pytest.mark.whole),
    ],
)
def test_the_end_of_a_run_names_once_what_could_not_be_pooled(options: tuple[str, ...], tmp_path: Path) -> None:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir() and part != "config":
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        elif source.is_file():
            shutil.copy(source, tmp_path / part)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text(CONFIG)
    (tmp_path / "config/studies.csv").write_text(STUDIES)
    done = Review(tmp_path).snakemake("results/pool/rti.json", "results/pool/hr.json", *options)
    printed = (done.stdout + done.stderr).splitlines()
    for line in (
        "rti: 2 of 3 studies pooled; not Jacobs: no event in the experimental arm",
        "WARNING: hr: NOTHING POOLED, 0 of 3 studies; A, B and Jacobs: no hazard ratio can be computed from counts",
    ):
        assert printed.count(line) == 1
    assert any(line.startswith("config/studies.csv: proportion: taken for a characteristic") for line in printed)
