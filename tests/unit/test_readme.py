"""The README says nothing that does not work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coppice.review.record import read_study

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock", "requirements-site.lock")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
# A block runs as it stands. What would take minutes or the network is stood in for: make and snakemake plan without
# doing, conda has to be given a file that is there, and the environment exists already.
STAND_INS = """
set -eu
make() { command make --dry-run "$@" >/dev/null; }
snakemake() { "$PYTHON" -m snakemake --dry-run --quiet all "$@"; }
python() { "$PYTHON" "$@"; }
uv() { test "$1 $2" = "run snakemake" && shift 2 && snakemake "$@"; }
conda() { case "$1 $2" in "env create") test -s "$4" ;; "activate coppice") grep -qx 'name: coppice' environment.yml ;; *) return 2 ;; esac; }
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    copy = tmp_path / "coppice"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("workflow", "config", "profiles"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignore)
    for name in ("Snakefile", "Makefile", "environment.yml", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, copy)
    (copy / "studies.csv").write_text("study,events_e,n_e,events_c,n_c\nAsh,12,100,20,102\nElm,8,80,9,79\n", "utf-8")
    activate = copy / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.touch()
    return copy


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_every_command_of_the_readme_works_in_a_fresh_checkout(block: str, checkout: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", STAND_INS + block],
        cwd=checkout,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(checkout.parent),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(checkout / "workflow" / "lib"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_code_block_of_the_readme_is_of_a_kind_that_is_tested() -> None:
    kinds = re.findall(r"^```(.*)\n(?:.*\n)*?```", README, re.MULTILINE)
    assert len(BLOCKS) > 1
    assert set(kinds) == {"sh"}


def test_the_readme_fits_one_screen() -> None:
    assert len(README.splitlines()) <= 60


def test_the_record_that_the_keys_are_explained_by_is_a_valid_record(tmp_path: Path) -> None:
    keys = (ROOT / "config" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(study: E1910\n.*?)^```", keys, re.MULTILINE | re.DOTALL)
    file = tmp_path / "E1910.yaml"
    file.write_text(example, "utf-8")
    assert len(read_study(file).outcomes["os"]["reported"]) == len(re.findall("- statistic:", example))


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= targets


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert not [link for link in links if link and not (ROOT / link).exists()]


def test_the_page_on_dependencies_says_why_each_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    extras = [group for name, group in project["optional-dependencies"].items() if name not in {"dev", "site", "slurm"}]
    lines = [line for group in (project["dependencies"], *extras) for line in group]
    names = [re.split(r"[<>=\[;]", line)[0] for line in lines]
    assert not [name for name in names if f"**{name}**" not in page]
