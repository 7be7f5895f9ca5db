"""Bad input: one line for each problem, all of them together, before any job, and nothing written."""

from __future__ import annotations

import pytest

from .conftest import Review

EFS_OF_AALL1731 = "estimate: 0.39\n        ci: [0.24, 0.64]"

EDITS = {
    "a misspelt key": (
        "config/config.yaml",
        "subgroups: setting",
        "subgruops: setting",
        "config/config.yaml:{line}: analyses.efs.subgruops: no such key; did you mean 'subgroups'?",
    ),
    "an unknown measure": (
        "config/config.yaml",
        "measure: RD",
        "measure: RDD",
        "analyses.crs.measure: 'RDD' is not known; did you mean 'RD'?",
    ),
    "a study without the outcome": (
        "config/studies/HODDER.yaml",
        "  efs:\n",
        "  efs_other:\n",
        "HODDER has no outcome 'efs'",
    ),
    "a CI whose limits are swapped": (
        "config/studies/AALL1731.yaml",
        "[0.24, 0.64]",
        "[0.64, 0.24]",
        "AALL1731: outcomes.efs.reported",
    ),
    "events above n": (
        "config/studies/TOWER.yaml",
        "events_e: 65",
        "events_e: 650",
        "TOWER: outcomes.hsct.reported.0.events_e: 650 events among 271 patients",
    ),
    "an unknown study": ("config/config.yaml", "TOWER: >-", "TOWR: >-", "no study 'TOWR'; did you mean 'TOWER'?"),
    "an unknown option": (
        "config/config.yaml",
        "model: {}",
        "model: {tau2: RML}",
        "model.tau2: 'RML' is not known; did you mean 'REML'?",
    ),
    "a value that no study has": (
        "config/config.yaml",
        "[randomised]",
        "[randomized]",
        "no study has 'randomized' there; did you mean 'randomised'?",
    ),
    "invalid YAML in a record": (
        "config/studies/QUEST.yaml",
        "arms:",
        "arms: [",
        "config/studies/QUEST.yaml:{line}: not valid YAML",
    ),
    "invalid YAML in the configuration": ("config/config.yaml", "analyses:", "analyses: [", "not valid YAML"),
    "an empty file": ("config/studies/QUEST.yaml", None, "", "config/studies/QUEST.yaml"),
}


def broken(review: Review, name: str) -> str:
    file, old, new, message = EDITS[name]
    if old is None:
        review.path(file).write_text(new, "utf-8")
    else:
        review.edit(file, old, new)
    return message.split("{line}")[-1]


IN_SHORT = {"a misspelt key", "events above n", "invalid YAML in a record"}  # the others are left to `make whole`


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in IN_SHORT else [pytest.mark.whole]) for name in EDITS]
)
def test_each_bad_input_gives_its_line_before_any_job(fresh: Review, name: str) -> None:
    message = broken(fresh, name)
    done = fresh.snakemake(check=False)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if "profile" not in line.lower()]
    assert any(message in line for line in lines), done.stderr
    assert all(line.startswith("config/") for line in lines), done.stderr
    assert "Traceback" not in done.stderr
    assert not fresh.path("results").exists()


def test_all_problems_are_reported_together(fresh: Review) -> None:
    names = [
        "a misspelt key",
        "an unknown measure",
        "a CI whose limits are swapped",
        "events above n",
        "an unknown option",
        "invalid YAML in a record",
    ]
    messages = [broken(fresh, name) for name in names]
    error = fresh.snakemake(check=False).stderr
    assert [message for message in messages if message not in error] == []


def test_two_records_of_the_same_patients_are_refused(fresh: Review) -> None:
    text = fresh.path("config/studies/TOWER.yaml").read_text("utf-8")
    fresh.path("config/studies/TOWER-again.yaml").write_text(
        text.replace("study: TOWER", "study: TOWER-again", 1), "utf-8"
    )
    done = fresh.snakemake(check=False)
    assert done.returncode != 0
    assert "TOWER and TOWER-again have the same patients (TOWER)" in done.stderr


def test_a_missing_folder_of_studies_is_named(fresh: Review) -> None:
    fresh.edit("config/config.yaml", "studies: config/studies", "studies: config/studeis")
    assert "config/studeis: studies: no such folder" in fresh.snakemake(check=False).stderr
