"""The search of the site finds every key, statistic, route, check, measure, option, figure, field and message."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from docs.site import registries

import coppice
from coppice.core import schema
from coppice.core.measures import MEASURES
from coppice.core.options import Option
from coppice.core.reported_statistics import STATISTICS
from coppice.draw.registry import EVERY_FIGURE
from coppice.extract.checks.registry import CHECKS
from coppice.extract.registry import ROUTES
from coppice.pool.options import PROFILE_OPTIONS
from coppice.pool.profiles import PROFILES
from coppice.report.formats import FORMATS
from coppice.review.keys.config import CONFIG
from coppice.review.record import RECORD
from coppice.tools.schema.results import CONTRACTS, EXTRACT

from .conftest import SITE

DOCS = Path(__file__).resolve().parents[2] / "docs"
# the rows of one figure, and what a multiverse combines of the others
ELSEWHERE = {"coppice.draw.options", "coppice.explore.multiverse.options"}
# best first, as the page lists them
RESULTS = """(queries) => queries.map((query) => {
  const [words, ...terms] = Search._parseQuery(query);
  return Search._performSearch(words, ...terms).reverse().map((result) => result[0]);
})"""


def keys_of(shape: object) -> set[str]:
    """Return the names of all keys within a shape."""
    match shape:
        case schema.Object():
            return {name for key in shape.keys for name in {key.name} | keys_of(key.shape)}
        case schema.Nullable() | schema.ListOf():
            return keys_of(shape.item)
        case schema.MapOf():
            return keys_of(shape.item) | keys_of(schema.Object(tuple(shape.own)))
        case schema.OneOf():
            return {name for item in shape.items for name in keys_of(item)}
    return set()


RESULT_SHAPES = [EXTRACT, *(shape for shapes in CONTRACTS.values() for shape in shapes)]
MESSAGES = re.findall(r"^\| ([^|`]+) \| ", (DOCS / "bad_input.md").read_text("utf-8"), re.MULTILINE)
FAMILIES = re.findall(r"^## (.+)$", (DOCS / "bad_input.md").read_text("utf-8"), re.MULTILINE)
# what is looked for, and where it must be among the results
WANTED = {
    "keys of the configuration": (sorted(keys_of(CONFIG)), r"reference/config"),
    "keys of a record": (sorted(keys_of(RECORD)), r"reference/records"),
    "statistics": (list(STATISTICS), r"reference/statistics"),
    "routes": (list(ROUTES), r"routes"),
    "checks": (list(CHECKS), r"checks"),
    "measures": (list(MEASURES), r"reference/measures"),
    "options": ([option.name for _, options in registries.OPTIONS.values() for option in options.values()], r"reference/options"),
    "profiles": (list(PROFILES), r"reference/profiles"),
    "figures": (list(EVERY_FIGURE), r"reference/figures"),
    "formats": (list(FORMATS), r"reference/formats"),
    "fields of results": (sorted({name for shape in RESULT_SHAPES for name in keys_of(shape)}), r"reference/result_.*"),
    "messages": ([text.strip() for text in MESSAGES if text.strip() != "what is wrong"], r"bad_input"),
    "families of messages": (FAMILIES, r"bad_input"),
}  # fmt: skip


@pytest.fixture(scope="module")
def search(browser):
    page = browser.new_context(offline=True).new_page()
    page.goto((SITE / "search.html").as_uri())
    page.wait_for_function("() => typeof Search !== 'undefined' && Search.hasIndex()")
    yield lambda queries: page.evaluate(RESULTS, queries)
    page.context.close()


@pytest.mark.parametrize("kind", WANTED)
def test_search_finds_each_of_them_by_its_name(search, kind) -> None:
    names, page = WANTED[kind]
    assert names
    lost = [
        name
        for name, results in zip(names, search(names), strict=True)
        if not any(re.fullmatch(page, result) for result in results)
    ]
    assert lost == []


def test_a_key_is_among_the_first_results_with_its_place(search) -> None:
    for query in ("model.tau2", "dependence.rho", "explore.gosh", "review.question.population"):
        (results,) = search([query])
        assert "reference/config" in results[:5], (query, results)


def test_search_finds_nothing_where_there_is_nothing(search) -> None:
    assert search(["zyxwvut_nothing"]) == [[]]


def test_the_reference_has_every_registry_of_options() -> None:
    shown = {id(option) for _, options in registries.OPTIONS.values() for option in options.values()}
    shown |= {id(option) for option in PROFILE_OPTIONS.values()}
    modules = [item.name for item in pkgutil.walk_packages(coppice.__path__, "coppice.")]
    left_out = []
    for name in (name for name in modules if name.endswith(("options", "common_methods")) and name not in ELSEWHERE):
        for registry, options in vars(importlib.import_module(name)).items():
            if isinstance(options, dict) and options and all(isinstance(item, Option) for item in options.values()):
                left_out += [f"{name}.{registry}: {code}" for code, item in options.items() if id(item) not in shown]
    assert left_out == []
