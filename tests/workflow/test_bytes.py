"""Same inputs, same bytes; every entry point gives the same results."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Review, checkout


@pytest.mark.whole
def test_another_folder_core_count_hash_seed_and_order_give_identical_files(finished: Review, tmp_path: Path) -> None:
    other = checkout(tmp_path / "another folder ü")
    folder = other.path("config/studies")
    texts = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    for name in texts:
        (folder / name).unlink()
    for name in sorted(texts, reverse=True):
        (folder / name).write_text(texts[name], "utf-8")
    other.path("matplotlibrc").write_text("axes.facecolor: red\nfont.size: 30\n", "utf-8")
    other.snakemake(cores=1, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    one, two = finished.results(), other.results()
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_no_result_names_the_folder_or_the_time(finished: Review) -> None:
    here = str(finished.folder.parent).encode()
    assert [name for name, content in finished.results().items() if here in content] == []


@pytest.mark.whole
def test_a_review_in_another_folder_is_run_with_directory(finished: Review, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(finished.path("config"), tmp_path / "mine/config")
    finished.snakemake("--directory", str(tmp_path / "mine"), "--until", "pool")
    made = {file.name: file.read_bytes() for file in (tmp_path / "mine/results/pool").iterdir()}
    assert made == {
        name.removeprefix("pool/"): content for name, content in finished.results().items() if name.startswith("pool/")
    }


def test_a_configuration_file_replaces_the_shipped_review(fresh: Review) -> None:
    fresh.path("mine.yaml").write_text(
        "review: {title: Mine}\nstudies: config/studies\nanalyses:\n  survival: {outcome: os, measure: HR, include: {design: [randomised]}}\n",
        "utf-8",
    )
    fresh.snakemake("--configfile", "mine.yaml", "--until", "pool")
    assert sorted(file.name for file in fresh.path("results/pool").iterdir()) == ["survival.csv", "survival.json"]


def test_a_value_from_the_command_line_keeps_the_shipped_review(fresh: Review) -> None:
    done = fresh.snakemake("--dry-run", "--config", "profile=metafor")
    assert "pool efs_children" in done.stdout + done.stderr
