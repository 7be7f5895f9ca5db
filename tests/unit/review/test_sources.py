"""The places where figures were read: each key of `read_in` is one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_input.examples.case import CONFIGURATION, RECORD, yaml_of

from coppice.core.errors import BadInput
from coppice.plan.check import of_review
from coppice.plan.plan import Plan, load


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    record = yaml_of(RECORD).replace("source: {report: p}", "source: {report: p, read_in: P-SPS}")
    (tmp_path / "studies/ONE.yaml").write_text(record, "utf-8")
    (tmp_path / "config.yaml").write_text(yaml_of(CONFIGURATION), "utf-8")
    return tmp_path


def plan() -> Plan:
    return load([Path("config.yaml")], {})


def test_a_place_that_is_not_listed_is_found_with_the_nearest_key(folder: Path) -> None:
    (folder / "sources.yaml").write_text("P-SP: a page\n", "utf-8")
    (found,) = of_review(plan().review)
    assert (found["check"], found["study"], found["outcome"], found["figure"]) == ("read_in_unknown", "ONE", "os", 0)
    assert found["sentence"] == "read_in 'P-SPS' is not a key of sources.yaml; did you mean 'P-SP'? allowed: P-SP"


@pytest.mark.parametrize("text", [None, "", "P-SPS: a page\n"], ids=["no file", "empty", "listed"])
def test_nothing_is_found_where_it_is_listed_or_nothing_is(folder: Path, text: str | None) -> None:
    if text is not None:
        (folder / "sources.yaml").write_text(text, "utf-8")
    assert of_review(plan().review) == []
    assert plan().review.sources == ({"P-SPS": "a page"} if text else {})


def test_what_is_wrong_with_the_list_is_said_with_all_else(folder: Path) -> None:
    (folder / "sources.yaml").write_text("P-SPS: [a, b]\n", "utf-8")
    (folder / "studies/ONE.yaml").write_text("study: ONE\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        plan()
    lines = str(caught.value).splitlines()
    assert "sources.yaml:1: P-SPS: ['a', 'b'] is not text; write text" in lines and len(lines) > 1
