"""A run or a job that is killed at any moment loses nothing: the next run ends with the same bytes, without unlocking by hand.

COPPICE_FAULTS is the number of kills; their moments follow from COPPICE_FAULTS_SEED. Processes are found in /proc: on Linux only.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.small import anew, small
from tests.workflow.conftest import Review

from coppice.jobs import run_lock

CASES = int(os.environ.get("COPPICE_FAULTS", "5"))
SEED = os.environ.get("COPPICE_FAULTS_SEED", "0")
PATIENCE_SECONDS = 300
LEFTOVER_SECONDS = 10  # a process that waits for jobs looks every fifth of a second whether its run is there
EDIT = ("config/config.yaml", "model: {tau2: REML}", "model: {tau2: PM, level: 0.9}")


@dataclass(frozen=True)
class Undisturbed:
    """The small review before and after an edit, each run in peace."""

    before: Review
    after: Review
    seconds: float

    def results(self, *, edited: bool) -> dict[str, bytes]:
        return (self.after if edited else self.before).results()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    before = small(folder / "before")
    begun = time.monotonic()
    before.snakemake()
    seconds = time.monotonic() - begun
    after = before.copy(folder / "after")
    after.edit(*EDIT)
    after.snakemake()
    assert before.results() != after.results()
    return Undisturbed(before, after, seconds)


def start(review: Review) -> subprocess.Popen[str]:
    """Start a run in a session of its own, by which all its processes are known, whoever their parents are."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=review.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, its_session = folder.joinpath("stat").read_text("utf-8").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(folder.name))
    return sorted(found)


def kill_run(run: subprocess.Popen[str], source: random.Random) -> None:
    run.kill()


def kill_all(run: subprocess.Popen[str], source: random.Random) -> None:
    os.killpg(run.pid, signal.SIGKILL)


def interrupt(run: subprocess.Popen[str], source: random.Random) -> None:
    """Do what Ctrl-C does in a terminal: every process of the run is told."""
    os.killpg(run.pid, signal.SIGINT)


def terminate(run: subprocess.Popen[str], source: random.Random) -> None:
    run.terminate()


def kill_job(run: subprocess.Popen[str], source: random.Random) -> None:
    """Kill any process below the run, as soon as there is one: a shell, a job, one that waits for jobs."""
    while run.poll() is None:
        below = [process for process in processes(run.pid) if process != run.pid]
        if below:
            try:
                os.kill(source.choice(below), signal.SIGKILL)
            except ProcessLookupError:
                continue
            return
        time.sleep(0.01)


WAYS: dict[str, Callable[[subprocess.Popen[str], random.Random], None]] = {
    "kill -9 of Snakemake": kill_run,
    "kill -9 of a job": kill_job,
    "kill -9 of everything": kill_all,
    "Ctrl-C": interrupt,
    "terminated": terminate,
}


def disturb(review: Review, way: str, moment: float, source: random.Random) -> subprocess.Popen[str]:
    """Run a review and disturb it at a moment, in seconds from its start; return the run, which has ended."""
    run = start(review)
    try:
        run.wait(moment)
    except subprocess.TimeoutExpired:
        WAYS[way](run, source)
    if way == "kill -9 of Snakemake":
        run.wait(PATIENCE_SECONDS)  # its jobs live on, and hold its standard error
    else:
        run.communicate(timeout=PATIENCE_SECONDS)
    return run


@pytest.mark.parametrize("number", range(CASES))
def test_after_a_kill_the_next_run_ends_with_the_same_bytes(
    undisturbed: Undisturbed, tmp_path: Path, held: Callable[[str], None], number: int
) -> None:
    source = random.Random(f"{SEED}/{number}")
    way = list(WAYS)[number % len(WAYS)]
    begun_before, taken_back = source.choice([(False, False), (True, False), (True, True)])
    if begun_before:
        review = undisturbed.before.copy(tmp_path / "review")
        review.edit(*EDIT)
    else:
        review = anew(undisturbed.before, tmp_path / "review")
    run = disturb(review, way, source.uniform(0, undisturbed.seconds), source)
    if taken_back:
        review.edit(EDIT[0], EDIT[2], EDIT[1])
    review.snakemake()
    results, expected = review.results(), undisturbed.results(edited=begun_before and not taken_back)
    assert sorted(results) == sorted(expected)
    assert [name for name in expected if results[name] != expected[name]] == []
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while (left := processes(run.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
    held(way)


def test_a_second_run_beside_a_living_one_is_refused_and_does_no_harm(
    undisturbed: Undisturbed, tmp_path: Path, held: Callable[[str], None]
) -> None:
    review = anew(undisturbed.before, tmp_path / "review")
    run = start(review)
    while run.poll() is None and not list(review.path(str(run_lock.MARKS)).glob("*.lock")):
        time.sleep(0.05)
    assert run.poll() is None, "the first run was over before the second asked"
    run.send_signal(signal.SIGSTOP)  # alive, and not done before the second has looked
    try:
        second = review.snakemake(check=False)
    finally:
        run.send_signal(signal.SIGCONT)
    _, said = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 0, said
    assert second.returncode != 0
    assert "lock" in second.stderr
    assert review.results() == undisturbed.results(edited=False)
    held("a second run beside a living one")
