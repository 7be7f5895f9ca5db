"""Each edit of the table of reruns, for real: the jobs that the dry run names are those that run, and then there is nothing to do."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workflow.conftest import Review, checkout, jobs_of
from tests.workflow.test_reruns import EDITS

from coppice.cli import VERBS
from coppice.plan.fingerprint import modules

# runs a command and then says which modules of the library are there, those that functions imported too
LISTING = (
    "import json, sys; from coppice.cli import main; code = main(sys.argv[1:]); "
    "print(json.dumps([name for name in sys.modules if name.split('.')[0] == 'coppice'])); sys.exit(code)"
)
SIZE = os.environ.get("COPPICE_SURROUNDINGS", "small")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the shipped review after one complete run."""
    review = checkout(tmp_path_factory.mktemp("shipped") / "review")
    review.snakemake()
    return review


@pytest.mark.parametrize("name", EDITS if SIZE == "full" else ["one OS figure of E1910"])
def test_an_edit_reruns_for_real_what_it_affects_and_nothing_else(
    shipped: Review, tmp_path: Path, held: Callable[[str], None], name: str
) -> None:
    change, expected = EDITS[name]
    review = shipped.copy(tmp_path / "review")
    change(review)
    assert jobs_of(review.snakemake()) == Counter(expected)
    assert review.jobs() == Counter()
    held("edit of the shipped review, its jobs counted")


def test_what_each_command_really_imports_is_in_its_fingerprint(
    shipped: Review, tmp_path: Path, held: Callable[[str], None]
) -> None:
    """One command of each kind: each verb, each format of the report."""
    review = shipped.copy(tmp_path / "review")
    dry = review.snakemake("--dry-run", "--forceall", "--printshellcmds")
    commands = re.findall(
        r'^Shell command: "\$COPPICE_PYTHON" -m coppice (.*) 2> \S+$', dry.stdout + dry.stderr, re.MULTILINE
    )
    kinds = {(command.split()[0], *re.findall(r"--pool|specs/report/\w+", command)): command for command in commands}
    assert {kind[0] for kind in kinds} == set(VERBS)
    for (verb, *_), command in kinds.items():
        done = subprocess.run(
            f"{sys.executable} -c {shlex.quote(LISTING)} {command}",
            shell=True,
            cwd=review.folder,
            env=os.environ
            | {
                "PYTHONPATH": str(review.path("workflow/lib")),
                "COPPICE_NOTEBOOK": str(review.path("workflow/notebooks/report.py")),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(json.loads(done.stdout.splitlines()[-1]))
        assert loaded <= set(modules(verb)), (command, loaded - set(modules(verb)))
        held("command whose imports are in its fingerprint")
