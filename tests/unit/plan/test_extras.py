"""Packages of one format or feature: named in a line where the configuration asks for them and they are missing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coppice.core import extras as packages
from coppice.core.errors import BadInput, CoppiceError
from coppice.core.extras import EXTRAS
from coppice.explore.resampling.clusters import clusters_part
from coppice.explore.resampling.gosh import gosh
from coppice.plan import extras, plan
from coppice.report.formats import FORMATS, write_format
from coppice.review.tables import read_table
from coppice.review.tables.grid import READERS
from coppice.review.tables.request import TableRequest

ROOT = Path(__file__).resolve().parents[3]
MODULES = {name: item.module for name, item in EXTRAS.items()}
EDITS = [
    ({"report": {"formats": ["csv", "xlsx"]}}, None, ""),
    ({"report": {"formats": ["csv", "pdf"]}}, "pdf", r"config/config\.yaml:\d+: report\.formats\.1: 'pdf'"),
    ({"report": {"formats": ["docx"]}}, "docx", r"config/config\.yaml:\d+: report\.formats\.0: 'docx'"),
    ({"explore": {"gosh": True}}, "clusters", r"config/config\.yaml:\d+: explore\.gosh: with `clusters`"),
    ({"explore": {"gosh": {"clusters": False}}}, None, ""),
    ({"explore": {"gosh": {"subsets": 5000}}}, "clusters", r".*: explore\.gosh: with `clusters`"),
    (
        {"analyses": {"os": {"explore": {"gosh": True}}}},
        "clusters",
        r".*: analyses\.os\.explore\.gosh: with `clusters`",
    ),
]


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def without_extras(monkeypatch):
    monkeypatch.setattr(packages, "is_installed", lambda module: module not in MODULES.values())


def load(overrides):
    return plan.load([Path("config/config.yaml")], overrides)


def test_the_shipped_review_needs_no_extra(without_extras):
    extras.check(load({}).review)


@pytest.mark.parametrize(
    ("overrides", "extra", "line"), EDITS, ids=lambda value: json.dumps(value) if isinstance(value, dict) else None
)
def test_a_missing_package_is_named_with_the_key_that_asks_for_it_and_how_to_install_it(
    without_extras, overrides, extra, line
):
    review = load(overrides).review
    if extra is None:
        extras.check(review)
        return
    with pytest.raises(BadInput) as refused:
        extras.check(review)
    first = str(refused.value).splitlines()[0]
    assert re.match(line, first)
    assert f"needs the Python package {EXTRAS[extra].package}, which is not installed" in first
    assert first.endswith(f"run `make extras`, or `python -m pip install '{EXTRAS[extra].requirement}'`")


def test_an_environment_of_snakemake_alone_is_not_asked_for_extras(monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: False)
    monkeypatch.setattr(packages, "is_installed", lambda module: False)
    extras.check(load({"report": {"formats": ["pdf"]}}).review)


def test_snakemake_stops_with_that_line_before_any_job(tmp_path):
    hidden = f"import sys; sys.modules.update(dict.fromkeys({list(MODULES.values())}))"
    (tmp_path / "sitecustomize.py").write_text(hidden, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "--config", "report={formats: [pdf]}"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "needs the Python package typst" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted({".xlsx", ".ods", ".parquet"} & set(READERS)))
def test_a_table_says_which_package_its_kind_of_file_needs(without_extras, tmp_path, name):
    file = tmp_path / f"studies{name}"
    file.write_bytes(b"PK")
    problems = read_table(file, file.name, TableRequest()).problems
    assert [EXTRAS[name[1:]].requirement in str(item) for item in problems] == [True]


def test_a_format_and_clusters_that_are_made_without_their_package_say_so(without_extras, tmp_path):
    for name in ("pdf", "docx"):
        with pytest.raises(CoppiceError, match=f"the format {name} needs the Python package {EXTRAS[name].package}"):
            write_format({"format": name}, files=[tmp_path / "report" / name])
    with pytest.raises(CoppiceError, match="scikit-learn"):
        clusters_part([], gosh([0.1, 0.2, 0.4], [0.1, 0.1, 0.1], tau2="REML", most=1000, seed=1), 1)


def test_a_unit_depends_on_the_extras_that_it_asks_for_and_no_other():
    review = load({})
    for verb, unit in (("explore", {"analysis": "os"}), ("report", {}), ("report", {"format_": "csv"})):
        named = json.loads(review.spec(verb, **unit))["versions"]
        assert not {item.package for item in EXTRAS.values()} & set(named)
    assert "scikit-learn" in json.loads(load({"explore": {"gosh": True}}).spec("explore", analysis="os"))["versions"]
    asked = json.loads(load({"report": {"formats": ["pdf"]}}).spec("report"))["versions"]
    assert "typst" in asked and "pypandoc_binary" not in asked
    assert "pypandoc_binary" in json.loads(review.spec("report", format_="docx"))["versions"]


def test_each_extra_is_an_optional_dependency_of_the_same_name():
    optional = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {name: lines for name, lines in optional.items() if name not in {"dev", "site", "slurm"}} == {
        name: [item.requirement] for name, item in EXTRAS.items()
    }
    assert {form.extra for form in FORMATS.values()} - {None} <= set(EXTRAS)
