"""Planning needs the standard library and yaml only: Snakemake plans a review in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coppice.plan import check, fingerprint, plan

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = ROOT / "workflow/lib"
BLOCKED = ("numpy", "scipy", "pandas", "matplotlib", "statsmodels", "formulaic", "sklearn", "PIL")
HOOK = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)
sys.meta_path.insert(0, Blocked())
"""
PLANNING = """
import sys
from pathlib import Path
before = set(sys.modules)
from coppice.plan import claims, plan
review = plan.load([Path(sys.argv[1])], {})
for verb in ("extract", "pool", "explore", "draw"):
    for unit in review.units(verb).values():
        review.spec(verb, **unit)
for arguments in ({"verb": "check"}, {"verb": "draw"}, {"verb": "report"}, *({"verb": "report", "format_": name} for name in ("csv", "pdf", "crate"))):
    review.spec(**arguments)
names = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(name for name in names - sys.stdlib_module_names if "cython" not in name))
"""
REVIEWS = [ROOT / "config/config.yaml", *sorted((ROOT / "tests/reviews").glob("*/config.yaml"))]


IN_SHORT = {ROOT.name, "bcg", "kalaian1996", "smokingcessation", "fish_ra"}  # the others are left to `make whole`


def folder_of(config: Path) -> Path:
    return ROOT if config.parent.name == "config" else config.parent


@pytest.fixture
def hook(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which no numeric package can be imported."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(HOOK, "utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "hook"), str(LIBRARY)])}


def run(*command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_blocked_packages_can_not_be_imported(hook: dict[str, str]) -> None:
    for name in BLOCKED:
        code = f"try:\n    import {name}\nexcept ModuleNotFoundError:\n    print('blocked')"
        assert run("-c", code, folder=ROOT, environment=hook).strip() == "blocked"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(
            config, id=folder_of(config).name, marks=[] if folder_of(config).name in IN_SHORT else [pytest.mark.whole]
        )
        for config in REVIEWS
    ],
)
def test_a_review_is_planned_and_checked_with_the_standard_library_and_yaml(config: Path, hook: dict[str, str]) -> None:
    folder = folder_of(config)
    printed = run("-c", PLANNING, str(config.relative_to(folder)), folder=folder, environment=hook)
    assert printed.strip() == "['coppice', 'yaml']"


def test_snakemake_plans_a_review_in_an_environment_of_its_own(tmp_path: Path, hook: dict[str, str]) -> None:
    for name in ("config", "workflow"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Snakefile", tmp_path)
    environment = hook | {"PYTHONPATH": str(tmp_path / "hook")}
    printed = run("-m", "snakemake", "-n", "--cores", "1", folder=tmp_path, environment=environment)
    assert "pool" in printed and "extract" in printed


CURVE = """
study: A
design: randomised
arms:
  experimental: {name: New, n: 60}
  control: {name: Old, n: 60}
reports: {main: {citation: A. 2020}}
outcomes:
  death:
    reported:
      - statistic: km_curve
        source: {report: main}
        unit: months
        times: [0, 6, 12, 18, 24]
        survival_e: [1, 0.9, 0.8, 0.7, 0.6]
        survival_c: [1, 0.8, 0.6, 0.5, 0.4]
        at_risk_times: [0, 12, 24]
        at_risk_e: [60, 48, 30]
        at_risk_c: [60, 36, 20]
      - statistic: means
        source: {report: main}
        n_e: 30
        n_c: 30
        median_e: 5
        median_c: 4
        q1_e: 3
        q3_e: 9
        q1_c: 2
        q3_c: 8
"""
CONFIG = """
review: {title: Curves}
studies: studies
analyses:
  survival: {outcome: death, measure: HR}
  restricted: {outcome: death, measure: RMSTD, extract: {horizon: 20}}
  means: {outcome: death, measure: MD}
"""


@pytest.fixture
def curves(tmp_path: Path) -> Path:
    """Return a review of a curve and of medians, whose effects need numeric packages."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies/A.yaml").write_text(CURVE, "utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    return tmp_path


def test_effects_that_need_numeric_packages_are_left_to_the_job(curves: Path, hook: dict[str, str]) -> None:
    assert run("-c", PLANNING, "config.yaml", folder=curves, environment=hook).strip() == "['coppice', 'yaml']"


def test_the_checks_say_which_effects_were_left_to_the_job(curves: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(curves)
    review = plan.load([Path("config.yaml")], {}).review
    left = [line for line in check.spec(review)["pooled"] if "not compared" in line]
    assert left == [
        "A, death: km_reconstruction, km_rmst, means_medians_qe not compared with the other figures here, but in the report"
    ]
    assert not [line for line in check.spec(review, complete=True)["pooled"] if "not compared" in line]


def test_what_is_planned_says_what_is_pooled_as_the_job_will(curves: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(curves)
    review = plan.load([Path("config.yaml")], {}).review
    lines = [line for line in check.spec(review)["pooled"] if "not compared" not in line]
    assert lines == check.spec(review, complete=True)["pooled"]


def test_a_check_that_is_accepted_and_left_to_the_job_is_not_called_unused(
    curves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(curves)
    Path("studies/A.yaml").write_text(CURVE + "accept: {routes_disagree: the curve was read roughly}\n", "utf-8")
    review = plan.load([Path("config.yaml")], {}).review
    assert "accept_unused" not in {item["check"] for item in check.of_review(review)}


def test_a_package_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fingerprint.PACKAGES, "pool", ("python", "a-package-that-is-not-installed"))
    fingerprint.versions.cache_clear()
    assert fingerprint.versions("pool")["a-package-that-is-not-installed"] is None
    fingerprint.versions.cache_clear()
