"""Wherever a review is run: the same bytes, or one clear error and nothing half-written.

Namespaces of the system's kernel stand for a machine without a network and for a disk that is full: as root, or where
users may make namespaces of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.faults.small import anew, small
from tests.workflow.conftest import Review

SIZE = os.environ.get("COPPICE_SURROUNDINGS", "small")
NAMESPACE = ["unshare"] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
PATIENCE_SECONDS = 300
LOCALES = {"tr_TR": "UTF-8", "ja_JP": "UTF-8", "de_DE": "ISO-8859-1"}


@dataclass(frozen=True)
class Surroundings:
    """What is unusual about a run: what it is started by, its environment, its cores, its folder."""

    prefix: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    cores: int = 2
    folder: str = "review"


def umask(mask: str) -> tuple[str, ...]:
    return ("sh", "-c", f'umask {mask}; exec "$@"', "sh")


def mounted(options: str, folder: str) -> tuple[str, ...]:
    """Put a small file system in a folder's place, for one command alone."""
    return (*NAMESPACE, "--mount", "sh", "-c", f'mount -t tmpfs -o {options} none {folder} && exec "$@"', "sh")


NO_NETWORK = (*NAMESPACE, "--net")
NO_HOME = ("env", "--unset=HOME", "--unset=USER", "--unset=LOGNAME")
ODD_FOLDER = "my reviews/\N{LATIN SMALL LETTER U WITH DIAERESIS}ber $HOME; 'x' \N{CJK UNIFIED IDEOGRAPH-6587}"
SINGLE = {
    "no HOME": Surroundings(prefix=NO_HOME),
    # Snakemake keeps a cache there, without which it does not start: the one thing that must be said to it
    "a HOME that can not be written": Surroundings(
        environment={"HOME": "/proc/nowhere", "XDG_CACHE_HOME": str(Path(tempfile.gettempdir(), "coppice-faults"))}
    ),
    "no network": Surroundings(prefix=NO_NETWORK),
    "another time zone": Surroundings(environment={"TZ": "Asia/Kathmandu"}),
    "the locale C": Surroundings(environment={"LC_ALL": "C"}),
    **{f"the locale {name}": Surroundings(environment={"LC_ALL": f"{name}.{LOCALES[name]}"}) for name in LOCALES},
    "files that nobody else may read": Surroundings(prefix=umask("077")),
    "a folder with spaces, quotes and other scripts": Surroundings(folder=ODD_FOLDER),
    "one core": Surroundings(cores=1),
    "eight cores": Surroundings(cores=8),
}
TOGETHER = {
    "all of it at once, on one core": Surroundings(
        prefix=NO_NETWORK + NO_HOME + umask("077"),
        environment={"TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8"},
        cores=1,
        folder=ODD_FOLDER,
    ),
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the small review after a run in the usual surroundings."""
    review = small(tmp_path_factory.mktemp("surroundings") / "usual")
    review.snakemake()
    return review


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the locales that are tried, which few machines have, in a folder of their own."""
    folder = tmp_path_factory.mktemp("locales")
    for name, charset in LOCALES.items():
        command = ["localedef", "-i", name, "-f", charset, str(folder / f"{name}.{charset}")]
        subprocess.run(command, check=True, capture_output=True)
    return folder


def run(review: Review, surroundings: Surroundings, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [*surroundings.prefix, sys.executable, "-m", "snakemake", "--cores", str(surroundings.cores)],
        cwd=review.folder,
        env=inherited | surroundings.environment | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def is_clear(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Return whether a run that failed says what is wrong in one line, without a traceback."""
    said = done.stdout + done.stderr
    lines = [line for line in said.splitlines() if all(word in line for word in words)]
    return done.returncode != 0 and bool(lines) and "Traceback" not in said


@pytest.mark.parametrize("name", SINGLE if SIZE == "full" else TOGETHER)
def test_unusual_surroundings_give_the_same_bytes(
    usual: Review, locales: Path, tmp_path: Path, held: Callable[[str], None], name: str
) -> None:
    surroundings = (SINGLE | TOGETHER)[name]
    review = anew(usual, tmp_path / surroundings.folder)
    done = run(review, surroundings, LOCPATH=str(locales))
    assert done.returncode == 0, done.stderr[-3000:]
    results, expected = review.results(), usual.results()
    assert sorted(results) == sorted(expected)
    assert [file for file in expected if results[file] != expected[file]] == []
    held(f"same bytes: {name}")


@pytest.mark.parametrize("kilobytes", [8, 40, 64, 128, 400, 800] if SIZE == "full" else [64])
def test_a_full_disk_is_said_in_one_line_and_the_next_run_goes_on(
    usual: Review, tmp_path: Path, held: Callable[[str], None], kilobytes: int
) -> None:
    review = anew(usual, tmp_path / "review")
    review.path("results").mkdir()
    full = run(review, Surroundings(prefix=mounted(f"size={kilobytes}k", "results")))
    assert is_clear(full, "results/", "No space left on device"), full.stderr[-3000:]
    review.snakemake()
    assert review.results() == usual.results()
    held("one clear line, then the same bytes: a disk that is full")


@pytest.mark.parametrize("folder", ["results", "logs", ".snakemake"])
def test_a_folder_that_is_read_only_is_said_in_one_line(
    usual: Review, tmp_path: Path, held: Callable[[str], None], folder: str
) -> None:
    review = anew(usual, tmp_path / "review")
    review.path(folder).mkdir()
    done = run(review, Surroundings(prefix=mounted("ro", folder)))
    assert is_clear(done, folder, "Read-only file system"), done.stdout + done.stderr
    held("one clear line: a folder that is read-only")


@pytest.mark.parametrize("name", ["results/extract/T1/os.json", "config/studies/T1.yaml"])
def test_an_input_that_is_removed_while_the_review_runs_is_said_or_not_missed(
    usual: Review, tmp_path: Path, held: Callable[[str], None], name: str
) -> None:
    review = anew(usual, tmp_path / "review")
    content = usual.path(name).read_bytes()
    with subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "1"],
        cwd=review.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        while running.poll() is None and not review.path("results/extract/T1/os.json").exists():
            time.sleep(0.01)
        review.path(name).unlink()
        said, _ = running.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in said
    assert running.returncode == 0 or Path(name).name in said, said
    if name.startswith("config"):
        review.path(name).write_bytes(content)
    review.snakemake()
    assert review.results() == usual.results()
    held("said or not missed, then the same bytes: an input removed in mid-run")
