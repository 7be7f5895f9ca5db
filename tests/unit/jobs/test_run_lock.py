from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coppice.jobs import run_lock

HOLDING = "import sys; from pathlib import Path; from coppice.jobs import run_lock; "
RUN = HOLDING + "run_lock.hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
JOB = (
    HOLDING
    + "import os; from coppice.jobs import fork_server; os.makedirs(Path(sys.argv[1]) / run_lock.FOLDER, exist_ok=True); "
)
JOB += "os.chdir(sys.argv[1]); fork_server.count_as_job(); print('held', flush=True); sys.stdin.read()"


@contextmanager
def alive(what: str, review: Path) -> Iterator[subprocess.Popen[str]]:
    """A run or a job of a review, in a process of its own, as long as the block lasts."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COPPICE_RUN": "here:1"}
    with subprocess.Popen(
        [sys.executable, "-c", what, str(review)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """What Snakemake leaves in a review's folder while it runs, and when it is killed."""
    file, lock = tmp_path / run_lock.MARKS / "0.output.lock", tmp_path / run_lock.FOLDER / run_lock.RUN
    for folder in (file.parent, lock.parent):
        folder.mkdir(parents=True)
    file.touch()
    lock.write_text(socket.gethostname())
    return file


def test_the_mark_of_a_killed_run_is_removed(mark: Path, tmp_path: Path) -> None:
    with alive(RUN, tmp_path):
        mark.touch()
    assert run_lock.hold(tmp_path)
    assert not mark.exists()


def test_the_mark_of_another_workflow_in_a_folder_where_this_one_never_ran_stays(mark: Path, tmp_path: Path) -> None:
    (tmp_path / run_lock.FOLDER / run_lock.RUN).unlink()
    assert not run_lock.hold(tmp_path)
    assert mark.exists()


def test_a_run_that_removes_nothing_is_seen_by_others(mark: Path, tmp_path: Path) -> None:
    with alive(RUN.replace("(Path(sys.argv[1]))", "(Path(sys.argv[1]), remove=False)"), tmp_path):
        assert mark.exists()
        assert not run_lock.hold(tmp_path)
    assert mark.exists()


def test_the_mark_of_a_living_run_stays(mark: Path, tmp_path: Path) -> None:
    with alive(RUN, tmp_path):
        mark.touch()
        assert not run_lock.hold(tmp_path)
    assert mark.exists()


def test_the_mark_stays_while_a_job_that_a_killed_run_left_is_alive(
    mark: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with alive(JOB, tmp_path):
        assert not run_lock.hold(tmp_path, patience=0.2)
    assert mark.exists()
    assert "waiting for the jobs" in capsys.readouterr().err


def test_jobs_do_not_wait_for_one_another(tmp_path: Path) -> None:
    with alive(JOB, tmp_path), alive(JOB, tmp_path):
        pass


def test_the_mark_of_a_run_on_another_machine_stays(mark: Path, tmp_path: Path) -> None:
    (tmp_path / run_lock.FOLDER / run_lock.RUN).write_text("elsewhere")
    assert not run_lock.hold(tmp_path)
    assert mark.exists()


def test_a_review_that_ended_on_another_machine_is_taken_over(tmp_path: Path) -> None:
    lock = tmp_path / run_lock.FOLDER / run_lock.RUN
    lock.parent.mkdir(parents=True)
    lock.write_text("elsewhere")
    assert run_lock.hold(tmp_path)
    assert lock.read_text() == socket.gethostname()


def test_a_command_outside_of_any_run_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COPPICE_RUN"}
    command = [sys.executable, "-m", "coppice", "--help"]
    subprocess.run(
        command,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be_written_is_left_to_snakemake(tmp_path: Path) -> None:
    (tmp_path / ".snakemake").write_text("a file where a folder should be")
    assert not run_lock.hold(tmp_path)


def test_a_run_that_meets_one_that_waits_for_jobs_does_not_go_on_unseen(tmp_path: Path) -> None:
    waiting = run_lock.opened(tmp_path, run_lock.RUN)
    assert run_lock.locked(waiting, shared=False)
    threading.Timer(0.2, os.close, [waiting]).start()
    assert not run_lock.hold(tmp_path, patience=5)
    later = run_lock.opened(tmp_path, run_lock.RUN)
    assert not run_lock.locked(later, shared=False)
    os.close(later)
