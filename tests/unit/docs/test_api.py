"""The examples of docs/api.md and of the functions' docstrings do what they show."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import coppice
import coppice.api

ROOT = Path(__file__).parents[3]
MODULES = [f"coppice.api.{module.name}" for module in pkgutil.iter_modules(coppice.api.__path__)]


def test_the_examples_of_the_page_do_what_they_show(tmp_path, monkeypatch):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "api.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, globs={"coppice": coppice}, encoding="utf-8")
    assert (failed, tried > 30) == (0, True)
    assert {file.name for file in tmp_path.iterdir()} == {"examples", "forest.svg", "funnel.png", "league.svg"}


@pytest.mark.parametrize("name", ["coppice", *MODULES, "coppice.pool.results"])
def test_the_examples_of_docstrings_do_what_they_show(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", [name for name in dir(coppice) if not name.startswith("_")])
def test_every_name_for_users_is_on_the_page(name):
    assert name in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
