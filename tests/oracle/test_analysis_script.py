"""The script for R that comes with a report repeats its main estimates in metafor, and stops where one differs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan.plan import Plan, load
from coppice.pool.analysis import pool_analysis
from coppice.report.data.r_script import SAME_IN_METAFOR, TESTS, r_script
from coppice.report.read import read_review
from coppice.report.report_data import ReviewView

ROOT = Path(__file__).resolve().parents[2]
REVIEW = [ROOT / "config/config.yaml"]
STUDIES = {"studies": str(ROOT / "config/studies")}

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


def results(plan: Plan, folder: Path) -> ReviewView:
    """Write what the script needs of the results of a review, and read it as the report does."""
    extracts = {
        unit: extract_outcome(plan.content("extract", study=unit[0], outcome=unit[1])) for unit in plan.extracts
    }
    for (study, outcome), content in extracts.items():
        canonical_json.write(folder / "extract" / study / f"{outcome}.json", content)
    for name in plan.review.analyses:
        pooled = pool_analysis(
            plan.content("pool", analysis=name), [extracts[unit] for unit in plan.reads("pool", analysis=name)]
        )
        canonical_json.write(folder / "pool" / f"{name}.json", pooled)
        canonical_json.write(folder / "explore" / f"{name}.json", {})
    return read_review(plan.content("report"), folder)


def rscript(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "analysis.R"
    file.write_text(script, "utf-8")
    return subprocess.run(["Rscript", str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("profile", ["cochrane2025", "revman5", "metafor"])
def test_metafor_gives_every_main_estimate_of_the_shipped_review(profile: str, tmp_path: Path) -> None:
    review = results(load(REVIEW, STUDIES | {"profile": profile}), tmp_path)
    done = rscript(r_script(review), tmp_path)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    pooled = [analysis.name for analysis in review.analyses if analysis.pool.get("random")]
    assert all(f"{name}: estimate" in done.stdout for name in pooled)


def test_the_script_stops_where_an_estimate_differs(tmp_path: Path) -> None:
    script = r_script(results(load(REVIEW, STUDIES), tmp_path))
    value = script.split('same("os: estimate", ')[1].split(",")[0]
    done = rscript(
        script.replace(f'same("os: estimate", {value}', f'same("os: estimate", {float(value) + 1e-4}'), tmp_path
    )
    assert done.returncode != 0
    assert "os: estimate" in done.stdout


@pytest.mark.parametrize("inference", sorted(TESTS))
@pytest.mark.parametrize("tau2", sorted(SAME_IN_METAFOR))
def test_metafor_repeats_every_estimator_and_inference_that_the_script_holds(
    tau2: str, inference: str, tmp_path: Path
) -> None:
    """The script holds these, so that it must run to its end and print each comparison."""
    model = {"tau2": tau2, "inference": inference, "prediction": "t_k-1"}
    review = results(load(REVIEW, STUDIES | {"profile": "metafor", "model": model}), tmp_path)
    script = r_script(review)
    done = rscript(script, tmp_path)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    assert "os: tau2" in done.stdout
    assert "os: prediction low" in done.stdout


def test_what_metafor_has_not_is_named_in_a_comment(tmp_path: Path) -> None:
    for inference, tau2 in (("KR", "REML"), ("PL", "ML"), ("HKSJ-ci", "REML"), ("wald", "DL2")):
        model = {"tau2": tau2, "inference": inference}
        review = results(load(REVIEW, STUDIES | {"profile": "metafor", "model": model}), tmp_path / inference)
        assert f"# metafor has no counterpart of {tau2} with {inference}." in r_script(review)
