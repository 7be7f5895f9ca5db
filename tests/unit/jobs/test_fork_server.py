"""The fork server: jobs run as forks of it, and run alone where it fails them."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coppice.core.environment import JOBS_LOCK, RUN_VARIABLE
from coppice.jobs import fork_server
from coppice.jobs.fork_server import SERVE, STAGES, address, delegate, end_with_shell
from coppice.jobs.run_lock import jobs_ended
from coppice.jobs.serving import end_with

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")

SPEC = {
    "study": "S",
    "outcome": "os",
    "population": "S",
    "reported": [{"statistic": "hazard_ratio", "estimate": 0.7, "ci": [0.5, 0.98]}],
    "measures": {"HR": {"measure": "HR", "options": {}}},
}
LIBRARY = str(Path(__file__).resolve().parents[3] / "workflow/lib")


@pytest.fixture
def run() -> Iterator[subprocess.Popen[bytes]]:
    """Stand for a run of Snakemake: a process that is there."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def name_of(run: subprocess.Popen[bytes], secret: str = "secret") -> str:
    return f"{socket.gethostname()}:{run.pid}:{secret}"


def coppice(run: subprocess.Popen[bytes], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {RUN_VARIABLE: name_of(run), "PYTHONPATH": LIBRARY}
    return subprocess.run(
        [sys.executable, "-m", "coppice", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def extract(run: subprocess.Popen[bytes], folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    folder.joinpath("spec.json").write_text(json.dumps(SPEC), "utf-8")
    return coppice(run, folder, "extract", "--spec", "spec.json", "--json", f"{name}.json")


def server(run: subprocess.Popen[bytes], stage: int = 0) -> int | None:
    """Return the process that has opened the socket of a stage, or None."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        try:
            connection.connect(address(stage, run.pid))
        except OSError:
            return None
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int.from_bytes(credentials[:4], sys.byteorder)


def first_extract(run: subprocess.Popen[bytes], folder: Path) -> None:
    """Run the first job, which runs alone and starts the server, and wait until all stages can be asked."""
    first = extract(run, folder, "first")
    assert first.returncode == 0, first.stderr
    deadline = time.monotonic() + 30
    while any(server(run, stage) is None for stage in range(len(STAGES))):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gone(run: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if server(run) is None:
            return True
        time.sleep(0.05)
    return False


def test_a_later_job_gives_the_same_bytes_as_the_first(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    first_extract(run, tmp_path)
    later = extract(run, tmp_path, "later")
    assert later.returncode == 0, later.stderr
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "later.json").read_bytes()


def test_a_later_jobs_error_arrives_with_its_exit_code(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    first_extract(run, tmp_path)
    failed = coppice(run, tmp_path, "extract", "--spec", "missing.json", "--json", "x.json")
    assert failed.returncode == 1
    assert "missing.json" in failed.stderr
    wrong = coppice(run, tmp_path, "extract", "--nonsense")
    assert wrong.returncode == 2
    assert "--spec" in wrong.stderr


def test_a_job_runs_alone_when_the_process_was_killed(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    first_extract(run, tmp_path)
    for process in servers(run):
        os.kill(process, signal.SIGKILL)
    assert gone(run)
    assert extract(run, tmp_path, "later").returncode == 0
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "later.json").read_bytes()


def test_the_process_ends_with_its_run(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    first_extract(run, tmp_path)
    run.kill()
    run.wait()
    assert gone(run)


def test_a_job_of_another_machine_leaves_nothing_behind(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    tmp_path.joinpath("spec.json").write_text(json.dumps(SPEC), "utf-8")
    environment = os.environ | {RUN_VARIABLE: f"elsewhere:{run.pid}", "PYTHONPATH": LIBRARY}
    command = [sys.executable, "-m", "coppice", "extract", "--spec", "spec.json", "--json", "alone.json"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert server(run) is None
    assert (tmp_path / "alone.json").exists()


def servers(run: subprocess.Popen[bytes]) -> list[int]:
    """Return every process of the server of a run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = folder.joinpath("cmdline").read_bytes().split(b"\0")
            environment = folder.joinpath("environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if SERVE.encode() in command and f"{RUN_VARIABLE}={name_of(run)}".encode() in environment:
            found.append(int(folder.name))
    return found


def ends(process: int) -> bool:
    """Return whether a process is gone within some seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if "Z" in Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[:1]:
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_job_whose_run_was_killed_before_it_began_writes_nothing(
    run: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    tmp_path.joinpath(JOBS_LOCK).parent.mkdir(parents=True)
    assert extract(run, tmp_path, "alive").returncode == 0
    run.kill()
    run.wait()
    assert extract(run, tmp_path, "gone").returncode == 1
    assert tmp_path.joinpath("alive.json").exists() and not tmp_path.joinpath("gone.json").exists()


def test_a_process_that_waits_for_jobs_is_no_living_job(run: subprocess.Popen[bytes], tmp_path: Path) -> None:
    tmp_path.joinpath(JOBS_LOCK).parent.mkdir(parents=True)
    first_extract(run, tmp_path)
    assert jobs_ended(tmp_path, patience=2)


@pytest.mark.parametrize("is_later", [False, True], ids=["alone", "in the waiting process"])
def test_a_job_that_has_much_to_do_ends_when_its_run_is_killed(
    run: subprocess.Popen[bytes], tmp_path: Path, is_later: bool
) -> None:
    if is_later:
        first_extract(run, tmp_path)
    os.mkfifo(tmp_path / "pipe")  # whoever reads it waits for a writer
    command = [sys.executable, "-m", "coppice", "extract", "--spec", "pipe", "--json", "later.json"]
    environment = os.environ | {RUN_VARIABLE: name_of(run), "PYTHONPATH": LIBRARY}
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as job:
        with pytest.raises(subprocess.TimeoutExpired):
            job.wait(1)
        run.kill()
        run.wait()
        assert job.wait(10) == 1
    assert gone(run)


def test_a_job_ends_when_its_shell_is_killed() -> None:
    code = f"from coppice.jobs.fork_server import {end_with_shell.__name__} as end; end(); import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}; true"
    with subprocess.Popen(
        ["sh", "-c", command], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": LIBRARY}
    ) as shell:
        assert shell.stdout
        job = int(shell.stdout.readline())
        shell.kill()
        assert ends(job)


def test_a_job_in_the_waiting_process_ends_when_whoever_asked_is_killed() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    job = os.fork()
    if job == 0:
        here.close()
        end_with(there)
        time.sleep(60)
        os._exit(0)
    there.close()
    here.close()
    assert ends(job)
    os.waitpid(job, 0)


@pytest.fixture
def soon() -> Iterator[None]:
    """Fail a test that waits for ever."""

    def stop(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def listener(run: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Stand for whoever has taken the address on which the jobs of a run look for one another."""
    monkeypatch.setenv(RUN_VARIABLE, name_of(run))
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as taken:
        taken.bind(address(0, run.pid))
        taken.listen(0)
        yield taken


@pytest.mark.usefixtures("soon")
def test_a_job_says_nothing_to_a_process_of_another_user(
    run: subprocess.Popen[bytes], listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, ours = address(0, run.pid), os.getuid() + 1
    monkeypatch.setattr(fork_server, "address", lambda stage, process: there)
    monkeypatch.setattr(fork_server.os, "getuid", lambda: ours)
    assert delegate(["extract"], run.pid) is None
    connection, _ = listener.accept()
    assert connection.recv(1) == b""
    connection.close()


@pytest.mark.usefixtures("soon")
def test_a_job_does_not_wait_where_nobody_takes_it(run: subprocess.Popen[bytes], listener: socket.socket) -> None:
    waiting = []
    while True:  # until no more may wait
        waiting.append(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        waiting[-1].setblocking(False)
        try:
            waiting[-1].connect(address(0, run.pid))
        except BlockingIOError:
            break
    assert delegate(["extract"], run.pid) is None
    for connection in waiting:
        connection.close()


@pytest.mark.parametrize(("secret", "is_run"), [("secret", True), ("another", False)])
def test_a_job_of_another_run_with_the_same_number_is_not_taken(
    run: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, is_run: bool
) -> None:
    """As when the number of a killed run is given again, or two containers share a network."""
    first_extract(run, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, name_of(run, secret))
    code = delegate(["extract", "--spec", "spec.json", "--json", "later.json"], run.pid)
    assert (code, Path("later.json").exists()) == ((0, True) if is_run else (None, False))
