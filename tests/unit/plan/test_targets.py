"""What the rules ask for, from the plan of the shipped review."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coppice.plan.plan import load
from coppice.plan.targets import NEVER, Targets

ROOT = Path(__file__).parents[3]


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Targets:
    monkeypatch.chdir(tmp_path)
    plan = load([ROOT / "config/config.yaml"], {"studies": str(ROOT / "config/studies")})
    return Targets(plan, str(ROOT / "workflow/notebooks/report.py"), str(ROOT / "workflow/Snakefile"))


def test_each_job_has_a_spec_of_its_own_and_every_result_is_made_by_one_job(targets: Targets) -> None:
    jobs = list(targets.jobs())
    assert len({job.spec for job in jobs}) == len(jobs)
    made = [file for job in jobs for file in job.files]
    assert len(made) == len(set(made))
    assert set(targets.every_result()) == set(made)


def test_a_format_of_the_report_that_is_not_asked_for_costs_no_spec(targets: Targets) -> None:
    list(targets.jobs())
    written = {file.parent.name for file in Path(".snakemake/coppice/specs/report").glob("*/*.json")}
    assert written == {"page", *targets.plan.review.settings["report"]["formats"]}


def test_wildcards_take_the_names_of_units_and_nothing_else(targets: Targets) -> None:
    assert re.fullmatch(targets.one_of("pool"), "os")
    assert not re.fullmatch(targets.one_of("pool"), "oss")
    assert re.fullmatch(targets.one_of("extract", part=1), "os")
    assert not re.match(NEVER, "os")


def test_what_is_no_result_gets_the_nearest_name(targets: Targets) -> None:
    unknown = re.compile(targets.unknown())
    assert unknown.fullmatch("pool/oss.json") and not unknown.fullmatch("pool/os.json")
    assert not unknown.fullmatch("report/report.docx")  # not asked for by the configuration, but made where it is named
    assert targets.advice("results/pool/oss.json").endswith("the nearest is results/pool/os.json")
