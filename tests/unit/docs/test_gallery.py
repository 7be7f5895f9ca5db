"""The gallery shows every figure, in pictures that are there, small and drawn."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from coppice.draw.registry import FIGURES

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "gallery.md").read_text("utf-8")
SHOWN = re.findall(r"!\[[^]]*\]\((gallery/[a-z0-9_]+\.svg)\)", PAGE)
LARGEST = 60_000  # bytes: the page loads at once, and the history stays small


def test_every_figure_is_on_the_page_and_every_picture_belongs_to_it() -> None:
    assert {f"gallery/{name}.svg" for name in FIGURES} <= set(SHOWN), "run `make docs`"
    assert {file.relative_to(DOCS).as_posix() for file in (DOCS / "gallery").glob("*.svg")} == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_small_and_shows_what_it_is_for(name: str) -> None:
    content = (DOCS / name).read_bytes()
    assert len(content) < LARGEST
    assert ElementTree.fromstring(content).tag.endswith("svg")
    assert b"Not drawn" not in content
