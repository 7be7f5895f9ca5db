"""The tutorials' reviews, built by `make examples`: their results beside R's, and their pages beside their reports."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.kinds import pooling
from coppice.report.page import page as sections_of_page
from coppice.report.read import read_review

from .pages import FOLDER, NAMES, page, sections, squeezed, text_of

SHOWS, SAME, NEXT = "What the page shows", "The same in R", "What to try next"
# a number with decimals that is no part of a DOI, an address or code
DECIMALS = re.compile(r"(?<![\w./-])\N{MINUS SIGN}?\d[\d,]*\.\d+(?![\w/]|\.\d)")


def expected(name: str) -> list[dict[str, str]]:
    with (FOLDER / name / "expected.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def result(name: str, file: str) -> Any:
    return json.loads((FOLDER / name / "results" / f"{file}.json").read_text("utf-8"))


def value(content: Any, path: str) -> float:
    for key in path.split("."):
        content = content[int(key)] if isinstance(content, list) else content[key]
    return float(content)


@cache
def report(name: str) -> str:
    return text_of((FOLDER / name / "results" / "report" / "report.html").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_results_are_those_of_r(name: str) -> None:
    rows = expected(name)
    assert len(rows) > 3
    different = [
        (*row.values(), found)
        for row in rows
        if abs((found := value(result(name, row["result"]), row["quantity"])) - float(row["expected"]))
        > float(row["within"])
    ]
    assert different == []


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_and_table_of_a_page_is_in_the_report(name: str) -> None:
    shows = sections(name)[SHOWS]
    quoted = shows.quotes + ["".join(row) for row in shows.rows]
    assert len(shows.quotes) > 1
    assert [text for text in quoted if squeezed(text) not in report(name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_the_prose_of_a_page_is_in_its_report_or_from_r(name: str) -> None:
    prose = "".join(section.text for heading, section in sections(name).items() if heading not in (SAME, NEXT))
    prose = re.sub(r"^```.*?^```$|`[^`]*`|\]\([^)]*\)", "", prose, flags=re.DOTALL | re.MULTILINE)
    from_r = {row["expected"] for row in expected(name)}
    missing = [number for number in DECIMALS.findall(prose) if number not in report(name) and number not in from_r]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_that_a_page_gives_for_r_are_those_that_r_gave(name: str) -> None:
    from_r = {(row["result"], row["quantity"]): row["expected"] for row in expected(name)}
    rows = sections(name)[SAME].rows
    assert rows
    different = []
    for _, file, quantity, number, *_ in rows:
        place = (file.strip("`"), quantity.strip("`"))
        if from_r.get(place) != number.replace("\N{MINUS SIGN}", "-"):
            different.append((*place, number, from_r.get(place)))
    assert different == []


EDITS = [
    pytest.param(name, code, quotes, id=f"{name}-{index}")
    for name in NAMES
    for index, (code, quotes) in enumerate(sections(name)[NEXT].edits())
]


@pytest.mark.parametrize(("name", "code", "quotes"), EDITS)
def test_an_edit_that_a_page_proposes_gives_what_the_page_says(
    name: str, code: str, quotes: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert quotes
    monkeypatch.chdir(FOLDER / name)
    edited = plan.load([Path("config/config.yaml")], yaml.safe_load(code))
    extracts = {
        unit: extract_outcome(edited.unit("extract", study=unit[0], outcome=unit[1])) for unit in edited.extracts
    }
    for (study, outcome), extract in extracts.items():
        canonical_json.write(tmp_path / "extract" / study / f"{outcome}.json", extract)
    for analysis in edited.review.analyses:
        spec = edited.unit("pool", analysis=analysis)
        pooled = pooling(spec).pool(spec, [extracts[unit] for unit in edited.reads("pool", analysis=analysis)])
        canonical_json.write(tmp_path / "pool" / f"{analysis}.json", pooled)
        canonical_json.write(tmp_path / "explore" / f"{analysis}.json", {})
    review = read_review(edited.content("report"), tmp_path)
    text = "".join(text_of(section(review) or "") for section in (sections_of_page.findings, sections_of_page.results))
    assert [quote for quote in quotes if squeezed(quote) not in text] == []


def test_the_pages_name_their_sources() -> None:
    assert [name for name in NAMES if "doi.org/" not in page(name)] == []
