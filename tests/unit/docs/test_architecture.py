"""The pages about the layout of the library name what exists, and their picture shows the imports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs import layout

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md")
LIBRARY = ROOT / "workflow" / "lib" / "coppice"
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
MADE_BY_A_RUN = "results/"


def paths(page: str) -> set[str]:
    names = set(PATH.findall((ROOT / page).read_text("utf-8")))
    return {name for name in names if "/" in name and not name.startswith(MADE_BY_A_RUN)}


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_the_page_names_exists(page: str) -> None:
    named = paths(page)
    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).exists() and not (LIBRARY / name).exists()) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_name_that_the_page_places_in_a_module_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`(\w+)` (?:in|of) `([\w/]+\.py)`", text)
    assert named
    assert [pair for pair in named if not re.search(rf"\b{pair[0]}\b", (LIBRARY / pair[1]).read_text("utf-8"))] == []


def test_the_picture_of_the_folders_shows_their_imports() -> None:
    text = layout.PAGE.read_text("utf-8")
    assert layout.with_picture(text) == text, "run `make docs`"


def test_the_picture_leaves_out_only_what_a_chain_of_arrows_says() -> None:
    assert layout.direct({("c", "b"), ("b", "a"), ("c", "a"), ("d", "a")}) == {("c", "b"), ("b", "a"), ("d", "a")}
