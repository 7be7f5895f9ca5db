"""Every command that a page shows is run, or is listed here with the reason why it is not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.docs.test_coming_from import FILES
from tests.unit.test_readme import STAND_INS, checkout  # noqa: F401 - a fixture
from tests.unit.tools.import_file.test_revman5 import text as revman

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^```(sh|csv|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TUTORIALS = sorted(file for file in (ROOT / "docs" / "tutorials").glob("*.md") if file.name != "index.md")
PAGES = sorted(
    file.relative_to(ROOT).as_posix()
    for file in (
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "config/README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "README.md",
    )
)
# pages whose commands another test runs
RUN_BY = {
    "README.md": "tests/unit/test_readme.py",
    "docs/coming_from.md": "tests/unit/docs/test_coming_from.py",
    "docs/start.md": "tests/site/test_commands.py",
    **{file.relative_to(ROOT).as_posix(): "tests/examples/test_examples.py" for file in TUTORIALS},
}
# by a pattern of the first line of the block
NOT_RUN = {
    r"pip install --require-hashes --no-deps -r profiles/slurm/requirements\.lock": "needs a cluster; tests/slurm has one",
    r"uvx --from coppice-\S+\.whl coppice new-review my-review --from studies\.csv": "needs an index of packages; tests/workflow/test_wheel.py installs the wheel",
    r"podman build --tag coppice \.": "needs podman; the job `container` of nightly.yml builds and runs the image",
    r"podman save --output coppice\.tar coppice": "needs podman and Apptainer; tests/workflow/test_deployment.py has a stand-in",
}
MADE = shutil.ignore_patterns("__pycache__", "results", "logs", ".snakemake")
(PICTURE, *_) = re.findall(
    r"^```yaml\n(.*?)^```", (ROOT / "docs" / "gallery.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
PAPER = """Results. At a median follow-up of 30 months, overall survival was longer with velotinib than with placebo
(hazard ratio for death, 0.70; 95% CI, 0.55 to 0.89; P=0.004). Death occurred in 120 of 300 patients (40.0%) in the velotinib group
and in 150 of 298 patients (50.3%) in the placebo group. The hazard ratio for progression was 0.62 (95% CI, 0.51 to 0.75).
"""
# git and make with the network left out; a push goes to a repository in a folder
ON_THE_PAGE_START = """
set -euo pipefail
make() { test "$1" = setup; mkdir -p .venv/bin; echo "PATH=$PYTHON_FOLDER:\\$PATH" > .venv/bin/activate; }
git() {
  case "$1" in
    clone) cp -r "$CHECKOUT" coppice ;;
    remote) command git init --quiet --bare "$REMOTE"; command git remote add origin "$REMOTE" ;;
    *) command git -c user.name=Me -c user.email=me@example.org "$@" ;;
  esac
}
"""


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


def first(block: str) -> str:
    return block.split("\n", maxsplit=1)[0]


def reasons(block: str) -> list[str]:
    """Return the patterns that say why a block is not run."""
    return [pattern for pattern in NOT_RUN if re.fullmatch(pattern, first(block))]


SHOWN = [(page, block) for page in PAGES if page not in RUN_BY for block in blocks(page) if not reasons(block)]


@pytest.mark.parametrize(("page", "block"), SHOWN, ids=[f"{page}: {first(block)}" for page, block in SHOWN])
def test_every_command_of_a_page_works_in_a_checkout(page, block, checkout):  # noqa: F811
    for name, content in FILES.items():
        (checkout / name).write_text(content, "utf-8")
    revman_file = revman()
    (checkout / "review.rm5").write_bytes(revman_file if isinstance(revman_file, bytes) else revman_file.encode())
    (checkout / "paper.txt").write_text(PAPER, "utf-8")
    (checkout / "my.yaml").write_text(PICTURE, "utf-8")
    shutil.copytree(ROOT / "results", checkout / "results")
    for folder in ("docs", "examples", "tests/published", "tests/reviews"):  # copies, as a run writes into them
        shutil.copytree(ROOT / folder, checkout / folder, ignore=MADE)
    done = subprocess.run(
        ["bash", "-c", STAND_INS + block],
        cwd=checkout,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/local/bin:/usr/bin:/bin",
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


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda file: file.stem)
def test_a_tutorial_runs_the_review_that_make_examples_runs(tutorial):
    (block,) = blocks(tutorial.relative_to(ROOT).as_posix())
    assert block == f"cd examples/{tutorial.stem}\nsnakemake --cores all\n"
    assert (ROOT / "examples" / tutorial.stem / "Snakefile").is_file()


def test_no_reason_is_left_over_from_a_command_that_no_page_shows():
    used = {pattern for page in PAGES for block in blocks(page) for pattern in reasons(block)}
    assert used == set(NOT_RUN)
    assert set(RUN_BY) <= set(PAGES) and all((ROOT / test).is_file() for test in RUN_BY.values())


def test_the_page_start_leads_from_a_table_to_a_pushed_review(tmp_path):
    page = (ROOT / "docs" / "start.md").read_text("utf-8")
    checkout_ = tmp_path / "checkout"
    for name in ("workflow", "profiles"):
        shutil.copytree(ROOT / name, checkout_ / name, ignore=shutil.ignore_patterns("__pycache__"))
    script = [ON_THE_PAGE_START]
    names = {"csv": "studies.csv", "yaml": "config/config.yaml"}
    for language, content in STEP.findall(page):
        script.append(content if language == "sh" else f"cat > {names[language]} <<'END'\n{content}END\n")
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=tmp_path,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PYTHON_FOLDER": str(Path(sys.executable).parent),
            "PYTHONPATH": str(tmp_path / "coppice" / "workflow" / "lib"),
            "CHECKOUT": str(checkout_),
            "REMOTE": str(tmp_path / "remote.git"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for line in re.findall(r"^guessed: .*$", page, re.MULTILINE):
        assert line in done.stdout
    report = (tmp_path / "my-review/results/report/report.html").read_text("utf-8")
    estimate = re.search(r"risk ratio of (0\.\d+) \(95% CI (0\.\d+) to (0\.\d+)\)", page)
    prediction = re.search(r"prediction interval from (\d\.\d+) to (\d\.\d+)", page)
    assert estimate and "Risk ratio {} (95% CI {} to {})".format(*estimate.groups()) in re.sub(
        r"<[^>]+>|\s+", " ", report
    ).replace("  ", " ")
    assert prediction and "prediction interval: {} to {}".format(*prediction.groups()) in report
    assert "- config/studies.csv" not in report
    listing = ["git", "--git-dir", str(tmp_path / "remote.git"), "ls-tree", "-r", "--name-only", "main"]
    pushed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
    assert {"config/config.yaml", "config/studies.csv", "Snakefile", ".github/workflows/review.yml"} <= set(pushed)
    assert not [name for name in pushed if name.startswith(("results/", ".snakemake/", "logs/"))]
    workflow = (tmp_path / "my-review/.github/workflows/review.yml").read_text("utf-8")
    assert "OWNER/" not in workflow.split("jobs:")[1] and "publish: true" in workflow
