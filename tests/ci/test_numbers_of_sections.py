"""Every number of the abstract, the summary of findings and the studies' sections is in a result or a record, or follows."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import yaml

from coppice.core.number_style import DEFAULT
from coppice.jobs import canonical_json

from .test_numbers import ESTIMATE, NUMBER, ROOT, absolute, leaves, mappings, printed, triples
from .test_report import ANALYSES, CONFIG, MAIN_ANALYSES, RESULTS, pooled

PAGE = "report.html"
STUDIES = sorted(path.stem for path in (ROOT / "config" / "studies").glob("*.yaml"))
SPELT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# per 1,000, the level, the value of no difference, few effects, and k and tau2 where the interval is another
FIXED = {"1,000", "95", "0", "1", "2", "10"}
PER_THOUSAND = re.compile(r"([\d,]+) on chemotherapy, ([\d,]+)\W? \(([\d,]+)\W? to ([\d,]+)\W?\) on blinatumomab")


def text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r'src="[^"]*"', "", markup))).split())


def between(begin: str, *ends: str) -> str:
    """Return the markup of the page from an id up to the first of the ends after it."""
    page = (RESULTS / "report" / PAGE).read_text("utf-8")
    start = page.index(f'id="{begin}"')
    return page[start : min(at for end in ends if (at := page.find(end, start)) > 0)]


def numbers_in(said: str) -> set[str]:
    return {match[0].rstrip(",") for match in NUMBER.finditer(said)}


def record(study: str) -> dict[str, Any]:
    file = ROOT / "config" / "studies" / f"{study}.yaml"
    return dict(yaml.safe_load(file.read_text("utf-8")))


def patients(result: dict[str, Any]) -> int:
    """Count the patients of an analysis from its effects and the records: those of the figure, or else of the arms."""
    total = 0
    for effect in result["effects"]:
        reported, arms = effect["reported"], record(effect["study"])["arms"]
        given = [reported.get("n_e"), reported.get("n_c")]
        total += sum(given if None not in given else [arm["n"] for arm in arms.values()])
    return total


def estimates(result: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return the pooled estimate with its interval, or those of the subgroups where there is none."""
    parts = [result["random"]] if result["random"] else [level["random"] for level in result["subgroups"]["levels"]]
    return {
        way for part in parts for way in triples(part["estimate"], part["ci_low"], part["ci_high"], result["scale"])
    }


def entry(name: str, markup: str, tag: str) -> str:
    """Return the item or row of an analysis."""
    found = [part for part in re.findall(rf"<{tag}>(.*?)</{tag}>", markup) if f'href="#analysis-{name}"' in part]
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("name", MAIN_ANALYSES)
def test_the_abstract_gives_the_estimate_studies_and_patients_of_each_analysis(name: str) -> None:
    result = pooled(name)
    said = text(entry(name, between("abstract", "<h2"), "li"))
    shown = {match.groups() for match in re.finditer(r"([\d.−]+) \(95% CI ([\d.−]+) to ([\d.−]+)\)", said)}
    assert shown and shown <= estimates(result)
    assert len(shown) == (1 if result["random"] else len(result["subgroups"]["levels"]))
    assert f"with {patients(result):,} patients" in said
    studies = len({effect["study"] for effect in result["effects"]})
    assert f"{SPELT[studies]} stud" in said.lower()
    title = numbers_in(CONFIG["analyses"][name]["title"])
    allowed = {number for way in estimates(result) for number in way} | {f"{patients(result):,}"}
    assert not numbers_in(said) - allowed - FIXED - title


def test_the_rest_of_the_abstract_counts_what_was_pooled() -> None:
    said = text(re.sub(r"<li>.*?</li>", "", between("abstract", "<h2")))
    found = {effect["study"] for name in ANALYSES for effect in pooled(name)["effects"]}
    designs: dict[str, int] = {}
    for study in found:
        design = re.sub("[_-]", " ", record(study)["design"])
        designs[design] = designs.get(design, 0) + 1
    assert f"{SPELT[len(found)].capitalize()} studies (" in said
    assert f"in {SPELT[len(ANALYSES)]} analyses" in said
    assert f"other {SPELT[len(STUDIES) - len(found)]} studies" in said
    assert all(f"{number} {design}" in said for design, number in designs.items())
    assert (
        not numbers_in(said)
        - {str(number) for number in designs.values()}
        - FIXED
        - numbers_in(json.dumps(CONFIG["review"]["question"]))
    )


@pytest.mark.parametrize("name", MAIN_ANALYSES)
def test_the_summary_of_findings_holds_the_results_and_what_follows_from_them(name: str) -> None:
    result = pooled(name)
    row = entry(name, between("table-findings", "</table>"), "tr")
    said = text(row)
    studies = len({effect["study"] for effect in result["effects"]})
    assert f"{patients(result):,} ({studies})" in said
    # `<` and `>` end what belongs together: an estimate of the effect, then numbers per 1,000
    relative, per_thousand = re.findall(r"<td[^>]*>(.*?)</td>", row)[1:3]
    shown = {match.groups() for match in ESTIMATE.finditer(text(relative))}
    assert shown and shown <= estimates(result)
    worked_out = absolute(result, CONFIG["analyses"][name].get("baselines") or [])
    printed_ones = {match.groups() for match in PER_THOUSAND.finditer(text(per_thousand))}
    assert printed_ones <= worked_out and bool(printed_ones) is bool(worked_out)
    if worked_out:
        fold = text(between(f"analysis-{name}-absolute", "</details>"))
        assert {match.groups() for match in PER_THOUSAND.finditer(fold)} == worked_out
    baselines = numbers_in(json.dumps(CONFIG["analyses"][name].get("baselines") or []))
    allowed = {number for item in (*worked_out, *shown) for number in item} | {f"{patients(result):,}", str(studies)}
    assert not numbers_in(said) - allowed - baselines - numbers_in(CONFIG["analyses"][name]["title"])


@pytest.mark.parametrize("name", ANALYSES)
def test_the_table_of_all_analyses_holds_the_results(name: str) -> None:
    result = pooled(name)
    said = text(entry(name, between("table-summary", "</table>"), "tr"))
    assert {match.groups() for match in ESTIMATE.finditer(said)} <= estimates(result)
    allowed = {f"{patients(result):,}", str(len(result["effects"])), *numbers_in(CONFIG["analyses"][name]["title"])}
    for part in (result["random"], result["prediction"], result["heterogeneity"]):
        for _, value in leaves(part or {}):
            if isinstance(value, int | float):
                allowed |= printed(value) | (
                    printed(math.exp(value)) if result["scale"] == "log" and value < 9 else set()
                )
    allowed |= {number for way in estimates(result) for number in way}
    assert not numbers_in(said) - allowed


def figures(value: Any) -> Iterator[float]:
    """Yield the numbers of a record, each also as a share of a hundred, and the differences between its arms."""
    for item in mappings(value):
        for number in item.values():
            for one in number if isinstance(number, list) else [number]:
                if isinstance(one, int | float) and not isinstance(one, bool):
                    yield from (one, 100 * one)
        if {"survival_e", "survival_c"} <= {key for key, given in item.items() if given is not None}:
            yield item["survival_e"] - item["survival_c"]


@pytest.mark.parametrize("study", STUDIES)
def test_every_number_of_a_studys_section_is_in_its_record(study: str) -> None:
    said = text(between(f"study-{study.casefold()}", "</section>"))
    file = (ROOT / "config" / "studies" / f"{study}.yaml").read_text("utf-8")
    known = set(re.findall(r"\d[\d,]*(?:\.\d+)?", file + (ROOT / "config" / "sources.yaml").read_text("utf-8")))
    known |= set(
        re.findall(r"\d[\d,]*(?:\.\d+)?", json.dumps([analysis["title"] for analysis in CONFIG["analyses"].values()]))
    )
    for value in figures(record(study)):
        known |= {DEFAULT.number(value, places) for places in range(4)} | {f"{value:g}"}
    for extract in (RESULTS / "extract" / study).glob("*.json"):
        known |= {
            number
            for item in canonical_json.read(extract).get("findings") or []
            for number in numbers_in(item["sentence"])
        }
    assert len(numbers_in(said)) > 3
    assert not {number.rstrip(",") for number in numbers_in(said)} - {number.rstrip(",") for number in known} - {"95"}


def test_a_number_that_follows_from_nothing_is_found() -> None:
    result = pooled("os_children")
    given = CONFIG["analyses"]["os_children"]["baselines"]
    assert ("204", "118", "86", "161") in absolute(result, given)
    assert ("204", "119", "86", "161") not in absolute(result, given)


@pytest.mark.parametrize("name", sorted(set(ANALYSES) - set(MAIN_ANALYSES)))
@pytest.mark.parametrize(("part", "end"), [("abstract", "<h2"), ("table-findings", "</table>")])
def test_a_sensitivity_analysis_is_no_result_of_its_own(name: str, part: str, end: str) -> None:
    assert f'href="#analysis-{name}"' not in between(part, end)
