"""Processor time of a command and of everything that it started, whoever waited for those processes.

The jobs of a run are forks of a process that lets the system remove them, so that no parent is told what they used. A control
group counts them; where none can be made, the processes of the command's session are looked at again and again, and of each
what it used in the end is missed.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
NANOSECONDS, MICROSECONDS = 1e9, 1e6
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 10  # for processes that end a moment after the command
FIELDS_BEFORE_SESSION, USER_TIME, SYSTEM_TIME, STARTED = 3, 11, 12, 19  # of /proc/<process>/stat, after the name


@dataclass(frozen=True, slots=True)
class Used:
    """What a command took: seconds on the clock, and of processors; its return code and what it printed."""

    seconds: float
    of_processors: float
    code: int
    output: str


def version_1() -> Path:
    """Return a new control group of the first version."""
    return CGROUPS / "cpuacct" / f"coppice-bench-{os.getpid()}"


def version_2() -> Path:
    """Return a new control group of the second version, within the one of this process."""
    own = next(
        line.removeprefix("0::")
        for line in Path("/proc/self/cgroup").read_text().splitlines()
        if line.startswith("0::")
    )
    return CGROUPS / own.strip("/") / f"coppice-bench-{os.getpid()}"


def seconds_of_version_1(group: Path) -> float:
    """Return the processor time of a control group of the first version."""
    return int((group / "cpuacct.usage").read_text()) / NANOSECONDS


def seconds_of_version_2(group: Path) -> float:
    """Return the processor time of a control group of the second version."""
    usage = next(line for line in (group / "cpu.stat").read_text().splitlines() if line.startswith("usage_usec"))
    return int(usage.split()[1]) / MICROSECONDS


VERSIONS = ((version_1, seconds_of_version_1), (version_2, seconds_of_version_2))


def new_group() -> tuple[Path, Callable[[Path], float]] | None:
    """Return a new control group with the function that reads its time; None where none can be made."""
    for place, seconds in VERSIONS:
        with suppress(OSError, StopIteration):
            group = place()
            group.mkdir()
            try:
                seconds(group)  # a folder that is not a control group has nothing to read
            except OSError:
                group.rmdir()
                continue
            return group, seconds
    return None


def in_group(command: Sequence[str], cwd: Path, group: Path, seconds: Callable[[Path], float]) -> Used:
    """Run a command in a control group, wait until the group is empty, and remove it."""
    entering = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(group), *command]
    begun = time.perf_counter()
    done = subprocess.run(entering, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - begun
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (group / "cgroup.procs").read_text() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    used = Used(elapsed, seconds(group), done.returncode, done.stdout + done.stderr)
    with suppress(OSError):  # somebody is still in it
        group.rmdir()
    return used


def times_in(session: int) -> dict[tuple[str, str], float]:
    """Return the processor time so far of each process of a session, by its number and its start."""
    times = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
            if int(fields[FIELDS_BEFORE_SESSION]) == session:
                ticks = int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])
                times[folder.name, fields[STARTED]] = ticks / os.sysconf("SC_CLK_TCK")
    return times


def in_session(command: Sequence[str], cwd: Path) -> Used:
    """Run a command in a session of its own, and add up what was last seen of each of its processes."""
    seen: dict[tuple[str, str], float] = {}
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:  # a pipe that nobody reads would fill up
        process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        while process.poll() is None:
            seen |= times_in(process.pid)
            time.sleep(LOOK_SECONDS)
        elapsed = time.perf_counter() - begun
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (alive := times_in(process.pid)) and time.monotonic() < deadline:
            seen |= alive
            time.sleep(LOOK_SECONDS)
        output.seek(0)
        return Used(elapsed, sum(seen.values()), process.returncode, output.read())


def measure(command: Sequence[str], cwd: Path) -> Used:
    """Run a command to its end, and return what it and all that it started used."""
    group = new_group()
    return in_group(command, cwd, *group) if group else in_session(command, cwd)
