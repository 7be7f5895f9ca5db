"""The gallery shows every figure, in pictures that are there, small and drawn."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docs import pictures

from coppice.draw.canvas.save import save
from coppice.draw.registry import FIGURES, REVIEW_FIGURES

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "gallery.md").read_text("utf-8")
SHOWN = re.findall(r"!\[[^]]*\]\((gallery/[a-z0-9_]+\.svg)\)", PAGE)
PICTURES = list(pictures.pictures())
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


def test_the_page_has_the_lines_of_every_picture() -> None:
    assert pictures.page(PICTURES) == PAGE, "run `make docs`"
    assert [f"gallery/{picture.name}.svg" for picture in PICTURES] == SHOWN


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_lines_under_a_picture_are_a_review_that_has_the_figure(picture: pictures.Picture) -> None:
    unit = {} if picture.figure in REVIEW_FIGURES else {"analysis": picture.base.analysis}
    with contextlib.chdir(pictures.ROOT):
        assert picture.figure in pictures.planned(picture.config).content("draw", **unit)["figures"]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_links_under_a_picture_lead_somewhere(picture: pictures.Picture) -> None:
    headings = re.findall(r"^#+ (.+)$", (DOCS.parent / "config" / "README.md").read_text("utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    options, source = re.findall(r"\]\(([^)]+)\)", picture.links)
    assert options.partition("#")[2] in anchors
    assert (DOCS / source).is_file()


@pytest.mark.whole
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_what_its_lines_draw(picture: pictures.Picture, tmp_path: Path) -> None:
    with contextlib.chdir(pictures.ROOT):
        save(picture.draw(), tmp_path / "drawn.svg")
    assert (tmp_path / "drawn.svg").read_bytes() == (DOCS / "gallery" / f"{picture.name}.svg").read_bytes()
