"""What the benchmarks count, and what they are taken on."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from coppice.review.record import read_study

BENCH = Path(__file__).resolve().parents[1] / "bench"
SECONDS = 0.4
# A process whose children the system removes, as the fork server's: one of them computes, after the command itself ended.
ORPHAN = f"""
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    if os.fork() == 0:
        while time.process_time() < {SECONDS}:
            pass
        time.sleep(0.1)
    os._exit(0)
print("done")
"""


def module(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module(name)


@pytest.mark.skipif(sys.platform != "linux", reason="control groups and /proc are Linux's")
@pytest.mark.parametrize("in_groups", [True, False])
def test_processor_time_counts_processes_that_no_parent_waits_for(
    in_groups: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_time = module("cpu_time", monkeypatch)
    if not in_groups:
        monkeypatch.setattr(cpu_time, "VERSIONS", ())
    used = cpu_time.measure([sys.executable, "-c", ORPHAN], tmp_path)
    assert used.code == 0 and used.output == "done\n"
    assert SECONDS <= used.of_processors + 0.05 < SECONDS + 0.5


def test_a_review_of_many_records_is_valid_and_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = module("records", monkeypatch)
    for name in ("one", "other"):
        records.write(tmp_path / name, 3)
    one, other = (sorted((tmp_path / name).rglob("*.yaml")) for name in ("one", "other"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    studies = [read_study(file) for file in one if file.parent.name == "studies"]
    assert len(studies) == 3 and all(len(study.outcomes["os"]["reported"]) == 2 for study in studies)
