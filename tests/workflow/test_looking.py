"""Commands that only look at a review change nothing outside Snakemake's own folder, whatever state the results are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Review, jobs_of
from .test_batches import many_units

LOOKING = [
    ("--dry-run",),
    ("--summary",),
    ("--detailed-summary",),
    ("--lint",),
    ("--dag",),
    ("--rulegraph",),
    ("--list-rules",),
    ("--list-input-changes",),
    ("--list-params-changes",),
    ("--list-code-changes",),
]


def tree(review: Review) -> dict[str, tuple[int, bytes]]:
    """Return the time and content of each file outside .snakemake."""
    return {
        file.relative_to(review.folder).as_posix(): (file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(review.folder.rglob("*"))
        if file.is_file() and ".snakemake" not in file.parts and "__pycache__" not in file.parts
    }


def damage(review: Review) -> None:
    """Edit a result, cut a figure short, delete a table, and shorten the list of analyses."""
    explored, drawn = review.path("results/explore/os.json"), review.path("results/draw/os/forest.svg")
    explored.write_text(explored.read_text("utf-8") + "\n", "utf-8")
    drawn.write_bytes(drawn.read_bytes()[:100])
    review.path("results/report/tables/effects.csv").unlink()


@pytest.mark.whole
def test_looking_at_a_damaged_review_changes_nothing_and_a_run_repairs_it(review: Review) -> None:
    before = review.results()
    damage(review)
    damaged, edited = tree(review), review.results()
    for options in LOOKING:
        review.snakemake(*options, check=False)
        assert tree(review) == damaged, options
    dry = review.snakemake("--dry-run")
    assert "results/explore/os.json was edited: a run makes it again" in dry.stderr
    real = review.snakemake()
    assert jobs_of(real) == jobs_of(dry)
    after = review.results()
    aside = {"explore/os.edited.json": "explore/os.json", "draw/os/forest.edited.svg": "draw/os/forest.svg"}
    assert {name: after.pop(name) for name in aside} == {name: edited[of] for name, of in aside.items()}
    assert after == before
    assert not review.jobs()


def test_an_edit_that_is_taken_back_leaves_nothing_aside(review: Review) -> None:
    before, file = review.results(), review.path("results/explore/os.json")
    file.write_text("{}", "utf-8")
    assert review.jobs()
    file.write_bytes(before["explore/os.json"])
    review.snakemake()
    assert review.results() == before


@pytest.mark.whole
def test_looking_at_batches_that_lost_a_file_or_are_batches_no_more_changes_nothing(tmp_path: Path) -> None:
    review = many_units(tmp_path / "review")
    review.snakemake("--until", "draw_batch")
    review.path("results/explore/a5.json").unlink()
    for threshold in ("THRESHOLD = 5", "THRESHOLD = 100"):
        review.edit("workflow/lib/coppice/jobs/batch.py", "THRESHOLD = 5", threshold)
        damaged = tree(review)
        for options in LOOKING[:4]:
            review.snakemake(*options, check=False)
            assert tree(review) == damaged, options
        assert review.jobs()
