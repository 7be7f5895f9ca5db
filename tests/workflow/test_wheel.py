"""The built package by itself: what an installation without the checkout can do."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

import coppice

from .conftest import ROOT

pytestmark = pytest.mark.whole

NOT_HERE = {"PYTHONPATH": "", "COLUMNS": "120"}  # nothing of the checkout is on the path of the installed one


def run(*command: str | Path, folder: Path) -> str:
    environment = {**os.environ, **NOT_HERE}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the source archive, and of the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, folder=ROOT)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source = folder / f"coppice-{coppice.__version__}"
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, folder=source)
    return folder


@pytest.fixture(scope="module")
def bin_folder(built: Path) -> Path:
    """Return the commands of an environment that has the wheel, and the other packages of this one."""
    environment = built / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run(uv, check=True)
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=built).strip()
    # a plain path: what .pth files name there, as this checkout, is not on it
    (Path(purelib) / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    assert Path(
        run(python, "-c", "import coppice; print(coppice.__file__)", folder=built).strip()
    ).parent.parent == Path(purelib)
    return python.parent


def test_the_wheel_holds_the_workflow_the_schemas_the_templates_and_the_types(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    folders = ("rules", "report", "envs", "notebooks", "schemas")
    of_workflow = [file for folder in folders for file in (ROOT / "workflow" / folder).iterdir() if file.is_file()]
    assert {f"coppice/{file.relative_to(ROOT).as_posix()}" for file in of_workflow} <= names
    template = ROOT / "workflow" / "lib" / "coppice" / "report" / "template"
    assert {
        file.relative_to(template.parents[1].parent).as_posix() for file in template.rglob("*") if file.is_file()
    } <= names
    assert {"coppice/workflow/Snakefile", "coppice/py.typed", "coppice/__init__.pyi"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_the_command_of_the_wheel_states_its_version(bin_folder: Path, tmp_path: Path) -> None:
    assert run(bin_folder / "coppice", "--version", folder=tmp_path) == f"coppice {coppice.__version__}\n"


def test_a_new_review_is_made_and_run_without_the_checkout(bin_folder: Path, tmp_path: Path) -> None:
    said = run(bin_folder / "coppice", "new-review", "mine", folder=tmp_path)
    assert "coppice run mine" in said
    assert str(ROOT) not in (tmp_path / "mine" / "Snakefile").read_text("utf-8")
    run(bin_folder / "coppice", "run", "mine", folder=tmp_path)
    page = (tmp_path / "mine" / "results" / "report" / "report.html").read_text("utf-8")
    assert "A review of my own" in page
    again = run(bin_folder / "coppice", "run", "mine", "--dry-run", folder=tmp_path)
    assert "Job " not in again


def test_a_review_without_a_snakefile_is_run_too(bin_folder: Path, tmp_path: Path) -> None:
    run(bin_folder / "coppice", "new-review", "mine", folder=tmp_path)
    (tmp_path / "mine" / "Snakefile").unlink()
    run(bin_folder / "coppice", "run", ".", folder=tmp_path / "mine")
    assert (tmp_path / "mine" / "results" / "report" / "report.html").is_file()


def test_the_library_of_the_wheel_pools_and_draws(bin_folder: Path, tmp_path: Path) -> None:
    code = "import coppice; coppice.pool([0.1, 0.4, 0.3], [0.1, 0.2, 0.1]).forest('forest.svg')"
    run(bin_folder / "python", "-c", code, folder=tmp_path)
    assert (tmp_path / "forest.svg").is_file()
