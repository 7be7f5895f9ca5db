"""The layout of the library: which folder may import which, and that nothing imports in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import coppice

ROOT = Path(coppice.__file__).parent
# each folder imports those before it; jobs and the five verbs know nothing of the review or its plan
ORDER = ["core", "jobs", "extract", "pool", "explore", "draw", "report", "review", "plan", "api", "tools"]
MODULES = {
    ".".join(("coppice", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): file
    for file in ROOT.rglob("*.py")
}
LONGEST = 300  # lines of a module


def imports(name: str) -> set[str]:
    """Return the modules of the library that a module imports, within functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {item if item in MODULES else str(node.module) for item in full}
    return {item for item in names if item in MODULES and item != name}


GRAPH = {name: imports(name) for name in MODULES}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that are left when those without imports are taken away again and again: none without a circle."""
    left = {name: set(targets) for name, targets in graph.items()}
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def folder(name: str) -> str:
    return name.split(".")[1] if name.count(".") else ""


def test_no_module_imports_in_a_circle() -> None:
    assert circle(GRAPH) == []


def test_folders_import_only_what_comes_before_them() -> None:
    upwards = [
        (name, target)
        for name, targets in GRAPH.items()
        for target in targets
        if folder(name) in ORDER and folder(target) in ORDER and ORDER.index(folder(target)) > ORDER.index(folder(name))
    ]
    assert upwards == []


def test_core_imports_nothing_else_of_the_library() -> None:
    assert {folder(target) for name in GRAPH if folder(name) == "core" for target in GRAPH[name]} <= {"core"}


def test_at_most_three_modules_lie_beside_the_folders() -> None:
    assert {file.name for file in ROOT.glob("*.py")} == {"__init__.py", "__main__.py", "cli.py"}
    assert {file.parent.name for file in ROOT.glob("*/__init__.py")} == set(ORDER)


@pytest.mark.parametrize("verb", ["extract", "pool", "explore", "draw", "report"])
def test_a_verb_has_two_to_four_folders(verb: str) -> None:
    assert 2 <= len([path for path in (ROOT / verb).iterdir() if (path / "__init__.py").exists()]) <= 4


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    assert {
        name: n for name, file in MODULES.items() if (n := len(file.read_text("utf-8").splitlines())) > LONGEST
    } == {}
