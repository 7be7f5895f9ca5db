"""A run prints a line per verb, and what went wrong."""

from __future__ import annotations

import logging

import pytest

from coppice.jobs.progress import Lines, shorten

JOBS = {1: "extract", 2: "extract", 3: "pool_batch", 4: "draw_review"}


def record(level: int, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"levelno": level, "msg": "text"})
    made.__dict__.update(extra)
    return made


def test_a_line_is_printed_when_all_jobs_of_a_verb_are_done(capsys: pytest.CaptureFixture[str]) -> None:
    lines, printed = Lines(JOBS), []
    for job in (1, 3, 2, 4):
        assert not lines.filter(record(logging.INFO, event="job_finished", job_id=job))
        printed.append(capsys.readouterr().err)
    assert printed == ["", "pool: 1 job done\n", "extract: 2 jobs done\n", "draw review: 1 job done\n"]


def test_warnings_and_errors_are_printed_and_other_lines_are_not() -> None:
    lines = Lines(JOBS)
    assert lines.filter(record(logging.ERROR, event="job_error"))
    assert lines.filter(record(logging.WARNING))
    assert not lines.filter(record(logging.INFO, event="job_info"))


@pytest.mark.parametrize(("quiet", "is_short"), [(["host", "reason"], True), (["host"], False), ([], False)])
def test_what_the_user_asks_for_is_printed_instead(quiet: list[str], is_short: bool) -> None:
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler())
    shorten(logger, quiet, JOBS)
    assert bool(logger.handlers[0].filters) == is_short


def test_the_log_file_holds_everything(tmp_path: object) -> None:
    logger = logging.Logger("test")
    logger.addHandler(logging.FileHandler(f"{tmp_path}/log"))
    shorten(logger, ["host", "reason"], JOBS)
    assert not logger.handlers[0].filters
