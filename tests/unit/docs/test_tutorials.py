"""The pages of the tutorials beside the reviews that they are about; what the reports say, `make examples` compares."""

from __future__ import annotations

import re

import pytest
from tests.examples.pages import FOLDER, NAMES, PAGES, page, sections

from coppice.tools.new_review.scaffold import SNAKEFILE

HEADINGS = [
    "The data and how they get in", "The configuration", "Run it", "What the page shows", "What to conclude, and what not", "The same in R",
    "What to try next",
]  # fmt: skip


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def test_each_example_has_a_page_that_the_list_names_and_no_page_is_without_example():
    assert sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "index") == NAMES
    assert sorted(re.findall(r"\]\((\w+)\.md\)", (PAGES / "index.md").read_text("utf-8"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_the_parts_of_a_tutorial(name):
    assert list(sections(name)) == HEADINGS
    assert f"cd examples/{name}\nsnakemake --cores all" in page(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_configuration_and_data_that_a_page_shows_is_in_the_review(name):
    files = [path for path in (FOLDER / name / "config").rglob("*") if path.is_file()]
    there = set().union(*(lines(path.read_text("utf-8")) for path in files))
    parts = [sections(name)[heading] for heading in HEADINGS[:2]]
    shown = set().union(*(lines(block) for part in parts for kind in ("yaml", "csv") for block in part.blocks(kind)))
    assert shown - there == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_r_that_a_page_shows_is_in_the_script_that_gave_its_numbers(name):
    shown = set().union(*map(lines, sections(name)["The same in R"].blocks("r")))
    assert shown
    assert shown - lines((FOLDER / name / "same.R").read_text("utf-8")) == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_snakefile_of_an_example_is_that_of_a_new_review(name):
    parts = {"explanation": "", "import_": "", "snakefile": '"../../workflow/Snakefile"'}
    assert lines((FOLDER / name / "Snakefile").read_text("utf-8")) == lines(SNAKEFILE.format(**parts))
