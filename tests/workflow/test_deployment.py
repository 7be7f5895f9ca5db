"""Coppice as a part of another workflow: as a module from a folder, and from a repository."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from coppice.core.results_layout import BATCHES

from .conftest import ROOT, Review, checkout, jobs_of
from .test_batches import many_units

pytestmark = pytest.mark.whole

DEPLOYED = """configfile: "config/config.yaml"

module coppice:
    snakefile: {snakefile}
    config: config
{options}
use rule * from coppice
"""
CONFIG = """review: {title: A small review}
studies: config/studies
analyses:
  os: {measure: HR, include: {design: [randomised]}}
figures: {funnel: false}
"""
STUDIES = ("E1910", "TOWER", "AALL1331-LR")
BIGGER = """configfile: "config/bigger.yaml"

rule all:
    input: "own.txt"

module coppice:
    snakefile: {snakefile}
    config: config["review"]
    prefix: "meta"

use rule * from coppice as coppice_*

rule own:
    input: "meta/results/pool/os.json"
    output: "own.txt"
    shell: "echo ${{{{OPENBLAS_CORETYPE:-mine}}}} > {{output}}"
"""
# What Snakemake asks of conda. An environment is one of Python's own, with the packages of the tests, without the library.
CONDA = """#!/bin/sh
set -e
for last; do :; done
case "$1" in
  --version) echo "conda 99.0.0" ;;
  info) echo '{{"conda_prefix": "{prefix}", "platform": "linux-64"}}' ;;
  config) echo '{{"get": {{"channel_priority": "strict"}}}}' ;;
  env)
    {python} -m venv --without-pip "$last"
    echo {packages} > "$("$last/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/packages.pth" ;;
esac
"""
# What Snakemake asks of Apptainer. A command runs where it is, without the library, as in an image that has its own.
APPTAINER = """#!/bin/sh
case "$1" in --version) echo "apptainer version 1.3.0"; exit ;; esac
for word; do
  shift
  case "$word" in *.sif) break ;; esac
done
echo "$word" >> "$CALLED"
APPTAINER_CONTAINER=$word exec "$@"
"""


def small_review(folder: Path) -> Path:
    """Make a folder with a configuration of its own, and nothing of Coppice."""
    (folder / "config" / "studies").mkdir(parents=True)
    (folder / "config" / "config.yaml").write_text(CONFIG, "utf-8")
    shutil.copy2(ROOT / "config" / "sources.yaml", folder / "config")
    for study in STUDIES:
        shutil.copy2(ROOT / "config" / "studies" / f"{study}.yaml", folder / "config" / "studies")
    return folder


def deployed(folder: Path, snakefile: str, options: str = "") -> Review:
    small_review(folder)
    (folder / "Snakefile").write_text(DEPLOYED.format(snakefile=snakefile, options=options), "utf-8")
    return Review(folder)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("source") / "coppice").folder


@pytest.fixture(scope="module")
def direct(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the results of the small review by `snakemake --directory`."""
    folder = small_review(tmp_path_factory.mktemp("direct") / "review")
    Review(source).snakemake("--directory", str(folder))
    return Review(folder).results()


def test_a_module_of_another_workflow_gives_the_same_results(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")))
    review.snakemake()
    assert review.results() == direct
    assert not review.jobs()


def test_a_module_with_a_prefix_keeps_its_results_apart(source: Path, direct: dict[str, bytes], tmp_path: Path) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")), '    prefix: "meta"\n')
    review.snakemake()
    assert Review(review.folder / "meta").results() == direct
    assert not (review.folder / "results").exists()


def test_a_module_from_a_repository_runs_with_the_installed_library(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    git = ["git", "-C", str(source), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], check=True)
    review = deployed(tmp_path / "mine", f'gitfile("{source}", path="workflow/Snakefile", ref="main")')
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    installed = environment | {"PYTHONPATH": str(source / "workflow" / "lib")}
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    done = subprocess.run(command, cwd=review.folder, capture_output=True, text=True, env=installed, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert review.results() == direct


def test_a_module_leaves_the_target_the_names_and_the_environment_of_a_bigger_workflow_alone(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    folder = small_review(tmp_path / "mine")
    (folder / "config" / "config.yaml").unlink()
    nested = "".join(f"  {line}\n" for line in CONFIG.splitlines())
    (folder / "config" / "bigger.yaml").write_text(f"samples: [a, b]\nreview:\n{nested}", "utf-8")
    snakefile = repr(str(source / "workflow" / "Snakefile"))
    (folder / "Snakefile").write_text(BIGGER.format(snakefile=snakefile), "utf-8")
    done = Review(folder).snakemake()
    assert "localrules" not in done.stderr
    assert (folder / "own.txt").read_text("utf-8") == "mine\n"
    assert (folder / "meta/results/pool/os.json").read_bytes() == direct["pool/os.json"]
    assert not (folder / "meta/results/report").exists()


def test_a_module_without_a_configuration_reads_its_own_and_not_that_of_the_workflow_around_it(
    source: Path, tmp_path: Path
) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")))
    review.path("config/bigger.yaml").write_text("samples: [a, b]\n", "utf-8")
    review.edit("Snakefile", "config/config.yaml", "config/bigger.yaml")
    review.edit("Snakefile", "    config: config\n", "")
    assert review.jobs()["pool os"] == 1


def test_a_module_does_not_remove_the_lock_of_the_workflow_around_it(source: Path, tmp_path: Path) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")))
    mark, last = review.path(".snakemake/locks/0.output.lock"), review.path(".snakemake/coppice/run.lock")
    for file, text in ((mark, "results/pool/os.json\n"), (last, socket.gethostname())):
        file.parent.mkdir(parents=True)
        file.write_text(text, "utf-8")
    assert "lock" in review.snakemake(check=False).stderr
    assert mark.exists()


def test_a_module_with_a_prefix_makes_a_lost_unit_of_a_batch_again(tmp_path: Path) -> None:
    many = many_units(tmp_path / "coppice")
    review = deployed(tmp_path / "mine", repr(str(many.folder / "workflow" / "Snakefile")), '    prefix: "meta"\n')
    shutil.rmtree(review.path("config"))
    shutil.copytree(many.path("config"), review.path("config"))
    batches = [review.path(f"meta/results/pool/_{digit}.json") for digit in BATCHES]
    batches[0].parent.mkdir(parents=True)
    for index in batches:
        index.write_text("{}", "utf-8")
    jobs = jobs_of(review.snakemake("--dry-run"))
    assert all(index.exists() for index in batches)  # looking changes nothing
    assert sum(number for name, number in jobs.items() if name.startswith("pool batch")) > 1


def test_jobs_in_an_environment_of_conda_find_the_library(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    folder, conda = small_review(tmp_path / "mine"), tmp_path / "conda" / "bin"
    conda.mkdir(parents=True)
    packages = sysconfig.get_path("purelib")
    (conda / "conda").write_text(CONDA.format(prefix=conda.parent, python=sys.executable, packages=packages), "utf-8")
    (conda / "conda").chmod(0o755)
    (conda / "activate").write_text('PATH="$1/bin:$PATH"\n', "utf-8")
    options = ("--directory", str(folder), "--sdm", "conda", "--until", "pool")
    Review(source).snakemake(*options, PATH=f"{conda}{os.pathsep}{os.environ['PATH']}")
    (environment,) = (folder / ".snakemake" / "conda").glob("*_/bin")
    assert (environment / "python").exists()
    assert (folder / "results/pool/os.json").read_bytes() == direct["pool/os.json"]


def test_jobs_run_in_an_image_where_snakemake_is_asked_for_containers(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    folder, tools, called = small_review(tmp_path / "mine"), tmp_path / "tools", tmp_path / "called"
    tools.mkdir()
    (tools / "apptainer").write_text(APPTAINER, "utf-8")
    (tools / "apptainer").chmod(0o755)
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
    options = ("--directory", str(folder), "--until", "pool")
    Review(source).snakemake(*options, "--sdm", "apptainer", PATH=path, CALLED=str(called))
    assert set(called.read_text("utf-8").split()) == {"coppice.sif"}
    assert (folder / "results/pool/os.json").read_bytes() == direct["pool/os.json"]


def test_without_containers_another_image_reruns_nothing_and_none_is_looked_for(source: Path, tmp_path: Path) -> None:
    options = ("--directory", str(small_review(tmp_path / "mine")), "--until", "pool")
    Review(source).snakemake(*options)
    done = Review(source).snakemake(*options, "--dry-run", COPPICE_IMAGE="docker://registry.invalid/coppice")
    assert not jobs_of(done) and "mage" not in done.stdout + done.stderr


def test_a_run_that_ignores_which_files_a_result_was_made_from_warns_that_edits_can_be_missed(
    source: Path,
) -> None:
    said = [Review(source).snakemake("--dry-run", *options) for options in (("--rerun-triggers", "mtime"), ())]
    assert ["an edit of the review" in done.stdout + done.stderr for done in said] == [True, False]
