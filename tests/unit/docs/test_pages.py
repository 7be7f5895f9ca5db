"""The pages on routes and checks are what the registries say."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from docs.pages import PAGES, checks_page, linked, routes_page

from coppice.extract.checks.registry import CHECKS
from coppice.extract.registry import ROUTES

DOCS = Path(__file__).resolve().parents[3] / "docs"


SLOW = {"bad_input.md"}  # each of its examples is read again


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.whole] * (name in SLOW)) for name in PAGES])
def test_a_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


def test_every_route_has_its_formula_assumptions_source_and_rank() -> None:
    page = routes_page()
    for route in ROUTES.values():
        part = page.split(f"### `{route.name}`\n")[1].split("\n#")[0]
        assert f"rank {route.rank}" in part and f"`{route.formula}`" in part
        assert all(assumption in part for assumption in route.assumptions)
        assert route.source.split(";")[0] in part


def test_every_check_has_its_sentence_severity_and_what_it_allows() -> None:
    page = checks_page()
    for check in CHECKS.values():
        part = page.split(f"### `{check.name}`\n")[1].split("\n#")[0]
        assert all(
            text in part for text in (check.sentence, f"Severity: {check.severity}", f"Allows for: {check.allows}")
        )


def test_an_identifier_with_angle_brackets_is_a_link_all_the_same() -> None:
    text = linked("Parmar 1998; 10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8")
    assert text.endswith(
        "(https://doi.org/10.1002/%28SICI%291097-0258%2819981230%2917:24%3C2815::AID-SIM110%3E3.0.CO;2-8)"
    )


def test_the_page_on_methods_names_no_source_that_the_library_does_not_name() -> None:
    page = (DOCS / "methods.md").read_text("utf-8")
    named = set(re.findall(r"\[`(10\.\d{4,9}/[^`]+)`\]", page))
    library = "\n".join(file.read_text("utf-8") for file in (DOCS.parent / "workflow" / "lib").rglob("*.py"))
    assert len(named) > 40
    assert sorted(doi for doi in named if doi not in library) == []


def test_every_link_of_the_page_on_methods_is_to_the_source_that_it_shows() -> None:
    page = (DOCS / "methods.md").read_text("utf-8")
    links = re.findall(r"\[`(10\.[^`]+)`\]\(https://doi\.org/([^)\s]+)\)", page)
    assert links and [doi for doi, link in links if unquote(link) != doi] == []
