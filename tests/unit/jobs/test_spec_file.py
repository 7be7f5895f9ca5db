"""A spec is named by its content, and kept as long as it is needed or may be again."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from coppice.jobs import spec_file


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_same_content_has_the_same_name_and_is_written_once() -> None:
    name = spec_file.written("pool", "{}")
    os.utime(name, (1, 1))
    assert spec_file.written("pool", "{}") == name
    assert (Path(name).read_text("utf-8"), Path(name).stat().st_mtime) == ("{}", 1)
    assert spec_file.written("pool", "[]") != name
    assert len(list(Path(name).parent.iterdir())) == 2


def test_a_spec_goes_when_it_is_old_and_no_job_needs_it() -> None:
    needed, young, old = (spec_file.written("pool", text) for text in "abc")
    long_ago = time.time() - spec_file.KEPT_SECONDS - 1
    for name in (needed, old):
        os.utime(name, (long_ago, long_ago))
    spec_file.drop_old({needed})
    assert [Path(name).exists() for name in (needed, young, old)] == [True, True, False]


def test_where_there_are_none_nothing_happens(folder: Path) -> None:
    spec_file.drop_old(set())
    assert not list(folder.iterdir())
