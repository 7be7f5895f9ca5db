"""The shipped review in an environment of the five packages that the project is built on, and what they bring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coppice.core.extras import EXTRAS

from .conftest import ROOT, Review

pytestmark = pytest.mark.whole

FIVE = ("snakemake", "pandas", "statsmodels", "matplotlib", "jupytext")
LOCK = ROOT / "requirements.lock"


def uv(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "uv", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment of the five packages alone, as a resolver completes them."""
    folder = tmp_path_factory.mktemp("five") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    wanted = folder.parent / "five.lock"
    compiled = ("--quiet", "--generate-hashes", "--no-emit-index-url", "--python", folder / "bin/python")
    (folder.parent / "five.in").write_text("\n".join(FIVE), "utf-8")
    uv("pip", "compile", *compiled, "--constraints", LOCK, folder.parent / "five.in", "-o", wanted)
    uv("pip", "install", "--quiet", "--python", folder / "bin/python", "--require-hashes", "-r", wanted)
    return folder / "bin/python"


def test_the_five_packages_bring_all_that_the_lock_of_a_review_holds(python: Path, tmp_path: Path) -> None:
    beside = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", beside], check=True)
    uv("pip", "install", "--quiet", "--python", beside / "bin/python", "--require-hashes", "--no-deps", "-r", LOCK)
    assert uv("pip", "freeze", "--python", python) == uv("pip", "freeze", "--python", beside / "bin/python")


def test_a_plain_run_in_it_makes_the_page_the_figures_and_the_notebook(
    python: Path, fresh: Review, finished: Review
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    plain = [str(python.with_name("snakemake")), "--cores", "all"]
    done = subprocess.run(plain, cwd=fresh.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    made = fresh.results()
    assert {"report/report.html", "report/report.ipynb", "draw/os/forest.svg"} <= set(made)
    # what is installed beside the five changes no byte
    assert made == finished.results()
    packages = json.loads(made["report/provenance.json"])["software"]
    assert not {item.package for item in EXTRAS.values()} & set(packages)
