"""`check`: the findings of the shipped review, pinned, and the table that is printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from coppice.cli import main
from coppice.core.study import Study
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.plan.check import event_findings, of_review
from coppice.pool.analysis import pool_analysis
from coppice.review.analysis import Analysis
from coppice.tools.check.table import summary, table

ROOT = Path(__file__).resolve().parents[4]

SHIPPED = [
    ("TOWER", "cr", 1, "n_differs", "267 patients in the experimental arm in review, 271 in nejm2017"),
    ("TOWER", "cr", 2, "reports_differ", "nejm2017 and oncolive differ: experimental arm 34% and 39%; control arm 16% and 19%"),
    ("TOWER", "cr", 2, "reports_differ", "review and oncolive differ: experimental arm 91 of 267 and 39%"),
    ("TOWER", "cr_any", 1, "reports_differ", "nejm2017 and review differ: experimental arm 44% and 119 of 267"),
    ("TOWER", "cr_any", 1, "n_differs", "267 patients in the experimental arm in review, 271 in nejm2017"),
    ("TOWER", "remission_duration", 1, "reports_differ", "cruk and eviq differ: control arm 4.6 months and 4.4 months"),
    ("20120215", "efs", 2, "p_bound", "p is only a bound (<0.001), and nothing else gives the precision"),
    ("20120215", "os", 1, "n_differs", "54 patients in the control arm in jama2021, 57 in fda2025"),
    ("20120215", "mrd", 3, "interval_asymmetric", "0.691 is not the middle of 0.454 to 0.855 (0.654 on the model's scale)"),
    ("AALL1331-HRIR", "efs", 5, "reports_differ", "jama2021 and ash2019 differ: experimental arm 0.544 and 0.593; control arm 0.390 and 0.410"),
    ("AALL1331-HRIR", "os", 3, "reports_differ", "jama2021 and ash2019 differ: experimental arm 0.713 and 0.794; control arm 0.584 and 0.592"),
    ("AALL1331-HRIR", "os", 3, "p_repeated", "ash2019 prints p = 0.05 for efs and for os, although survival differs by 0.183 and by 0.202"),
    ("AALL1331-HRIR", "hsct", 3, "reports_differ", "jama2021 and ash2019 differ: experimental arm 74 of 105 and 79%; control arm 44 of 103 and 45%"),
    ("INFANT", "efs", 1, "survival_rises", "survival of the experimental arm rises from 0.816 at 2 years to 0.833 at 4 years"),
    ("BEIJING", "os", 0, "survival_at_bound", "survival of the experimental arm is exactly 1"),
    ("E1910", "os", 5, "reports_differ", "fda2024 and nejm2024 differ: control arm 0.690 and 0.68"),
    ("AALL1731", "efs", 4, "rmst_without_horizon", "the difference of 72 days has no horizon"),
]  # fmt: skip
ACCEPTED = [("20120215", "p_bound"), ("INFANT", "survival_rises")]


def test_the_findings_of_the_shipped_review_are_these() -> None:
    findings = of_review(plan.load([ROOT / "config/config.yaml"], {"studies": str(ROOT / "config/studies")}).review)
    found = [(item["study"], item["outcome"], item["figure"], item["check"]) for item in findings]
    assert found == [expected[:4] for expected in SHIPPED]
    for item, expected in zip(findings, SHIPPED, strict=True):
        assert item["sentence"].startswith(expected[4])
    assert {item["severity"] for item in findings} == {"warning"}
    assert [(item["study"], item["check"]) for item in findings if item["accepted"]] == ACCEPTED


def test_what_a_record_accepts_is_looked_up_among_its_own_findings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All findings for each study would be a hundred million looks in a review of ten thousand."""
    seen: list[tuple[str, str]] = []

    def look(study: Study, found: Sequence[Mapping[str, Any]], _: Sequence[str]) -> list[dict[str, Any]]:
        seen.extend((study.study, item["study"]) for item in found)
        return []

    monkeypatch.setattr("coppice.plan.check.check_accepts", look)
    of_review(plan.load([ROOT / "config/config.yaml"], {"studies": str(ROOT / "config/studies")}).review)
    assert len(seen) == len(SHIPPED)
    assert [pair for pair in seen if pair[0] != pair[1]] == []


def test_the_command_prints_every_finding_without_pooling(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check", "--config", "config/config.yaml"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split() == ["study", "outcome", "figure", "check", "finding"]
    assert "\n0 errors, 15 warnings, 2 accepted\n\nefs: all 5 studies pooled\n" in shown
    assert "accepted: the value at 2 years is lower because of early censoring" in " ".join(shown.split())


def test_the_command_imports_nothing_that_fits_models() -> None:
    code = (
        "import sys; from coppice.cli import main; main(['check', '--config', 'config/config.yaml']); "
        "print(sorted({'pandas', 'statsmodels', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": "workflow/lib"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def inverted(tmp_path: Path) -> Path:
    """The shipped review with an inverted hazard ratio that is not marked as one."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    file = tmp_path / "config/studies/AALL1331-HRIR.yaml"
    file.write_text(file.read_text("utf-8").replace("        inverted: true\n", "", 1), "utf-8")
    return tmp_path


def test_an_error_is_listed_and_fails_the_command(
    inverted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inverted)
    assert main(["check", "--config", "config/config.yaml"]) == 1
    shown = capsys.readouterr()
    assert "hazard_ratio_inverted" in shown.out and "RMST" not in shown.out
    assert shown.err.startswith("1 error, ")


def test_an_error_stops_the_review_before_anything_is_computed(inverted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(inverted)
    with pytest.raises(
        Exception,
        match=r"AALL1331-HRIR\.yaml:\d+: AALL1331-HRIR: outcomes\.efs\.reported\.1: the hazard ratio 1\.43 contradicts",
    ):
        plan.load([Path("config/config.yaml")], {})


def finding(**fields: object) -> dict[str, object]:
    return {
        "check": "p_zero",
        "severity": "error",
        "study": "S",
        "outcome": "o",
        "figure": 0,
        "sentence": "word " * 40,
        "accepted": None,
    } | fields


def test_the_table_wraps_its_last_column_and_counts_figures_from_one() -> None:
    lines = table([finding()], width=100).splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[1].split()[:5] == ["error", "S", "o", "1", "p_zero"]


def test_an_event_that_the_title_cannot_name_is_asked_for() -> None:
    counts = {"measure": "RR", "outcome": "infection"}
    settings: dict[str, dict[str, Any]] = {
        "plain": counts | {"title": "Infection"},
        "qualified": counts | {"title": "Infection, adults"},
        "named": counts | {"title": "Infection, adults", "event": "infection"},
        "supporting": counts | {"title": "Infection", "role": "sensitivity"},
        "times": {"measure": "HR", "title": "Overall survival, adults"},
    }
    findings = event_findings([Analysis(name, content, (), ()) for name, content in settings.items()])
    assert [item["sentence"].partition(":")[0] for item in findings] == ["qualified", "supporting"]
    assert {(item["severity"], item["study"]) for item in findings} == {("warning", None)}
    assert "`event: death`" in " ".join(table(findings, width=400).split())


def test_the_summary_counts_what_is_not_accepted() -> None:
    items = [finding(), finding(severity="warning"), finding(severity="warning"), finding(accepted="because")]
    assert summary(items) == "1 error, 2 warnings, 1 accepted"
    assert table([]) == "nothing found\n"


def test_sentences_of_the_authors_are_held_against_the_results_that_are_there(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "tests/reviews/hine1989", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "config.yaml"
    claim = "  interpretation: Lidocaine does not change mortality.\n"
    file.write_text(file.read_text("utf-8").replace("studies: ", f"{claim}studies: ", 1), "utf-8")
    monkeypatch.chdir(tmp_path)
    main(["check", "--config", "config.yaml"])
    assert "claim_of_no_difference" not in capsys.readouterr().out
    review = plan.load([file], {})
    extracts = {
        unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
    }
    for name in review.review.analyses:
        reads = [extracts[unit] for unit in review.reads("pool", analysis=name)]
        canonical_json.write(
            tmp_path / f"results/pool/{name}.json", pool_analysis(review.unit("pool", analysis=name), reads)
        )
    main(["check", "--config", "config.yaml"])
    printed = " ".join(capsys.readouterr().out.split())
    assert "claim_of_no_difference" in printed
    assert "'Lidocaine does not change mortality.'" in printed
