"""Every number that the report prints of an analysis is in its result files: taken from the text and looked up there."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from coppice.core.number_style import DEFAULT
from coppice.jobs import canonical_json

from .test_report import ANALYSES, CONFIG

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
NUMBER = re.compile("(?<![\\w.\N{MINUS SIGN}-])\N{MINUS SIGN}?\\d[\\d,]*(?:\\.\\d+)?")
ESTIMATE = re.compile(f"({NUMBER.pattern}) \\(({NUMBER.pattern}) to ({NUMBER.pattern})\\)")
LIMITS = (("ci_low", "ci_high"), ("low", "high"), ("pi_low", "pi_high"))
PLACES = (0, 1, 2, 3)
APART = (0.0, 1.0)  # what no other number prints as: none, no difference, all
# in sentences that are the same in every review: the value of no difference, the level, thresholds
FIXED = frozenset({"0", "1", "5", "10", "95", "1,000", "0.05"})
# the numbers of patients and events come from the records and are tested where they are counted
ELSEWHERE = re.compile("with [\\d,]+ patients|(?:Patients|Events): [\\d,]+|BMJ 2023;383|1,000\N{DAGGER}")


def section(name: str) -> str:
    """Return the text of an analysis in the report, labels of studies and the authors' own remarks left out."""
    page = (RESULTS / "report" / "report.html").read_text("utf-8")
    begin = page.index(f'id="analysis-{name}"')
    markup = re.sub(r"<h4>Data checks</h4>.*?(?=<h4>|$)", "", page[begin : page.index("</section>", begin)])
    # what the script looks up is tested beside runs with that configuration
    markup = re.sub(r"<script.*?</script>", "", markup, flags=re.DOTALL)
    markup = re.sub(r'src="[^"]*"|<code>.*?</code>|<a [^>]*>.*?</a>', "", markup)
    return ELSEWHERE.sub(" ", " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split()))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every number and text of a result with the name of its field."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, str(key)))
            yield path[-1] if path else "", str(key)
    elif isinstance(value, list):
        yield path[-1], len(value)
        for item in value:
            yield from leaves(item, path)
    elif value is not None and not isinstance(value, bool):
        yield path[-1], value


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from mappings(item)
    elif isinstance(value, list):
        for item in value:
            yield from mappings(item)


def printed(value: float) -> set[str]:
    """Return the ways in which a number of a result may be printed: as it is or as a share, to some decimals."""
    ways = {DEFAULT.number(value * times, places) for times in (1, 100) for places in PLACES}
    return ways | {f"{value:,.0f}", f"{1000 * value:,.0f}", f"{value:g}"}


def shown(value: float, scale: str) -> set[str]:
    """Return the ways to print a number that is on the scale of the model: back-transformed, or as a change in per cent."""
    if scale != "log" or abs(value) > 50:
        return printed(value)
    ratio = math.exp(value)
    apart = {DEFAULT.number(ratio, places, APART) for places in PLACES}
    return printed(value) | printed(ratio) | apart | {DEFAULT.number(100 * abs(1 - ratio), 0)} | printed(1 / ratio)


def of_analysis(name: str) -> tuple[set[str], set[tuple[str, str, str]], str]:
    """Return the numbers of an analysis' results, its estimates with their intervals, and all its texts."""
    outcome = CONFIG["analyses"][name]["outcome"]
    files = [RESULTS / "pool" / f"{name}.json", RESULTS / "explore" / f"{name}.json"]
    contents = [json.loads(file.read_text("utf-8")) for file in files]
    scale = contents[0]["scale"]
    contents += [canonical_json.read(file) for file in sorted((RESULTS / "extract").glob(f"*/{outcome}.json"))]
    numbers: set[str] = set()
    texts: list[str] = []
    for content in contents:
        for field, value in leaves(content):
            if isinstance(value, str):
                texts.append(value)
            else:
                numbers |= shown(float(value), scale)
                numbers |= printed(math.sqrt(value)) if field in ("vi", "tau2") and value >= 0 else set()
    estimates = of_choices(contents[1].get("multiverse") or {}, scale)
    numbers |= {number for triple in estimates for number in triple}
    for item in mappings(contents):
        for end in ("", "_e", "_c"):  # as reported, on no scale of ours
            reported = [item[key + end] for key in ("estimate", "median", "survival", "mean") if item.get(key + end)]
            if reported and isinstance(item.get("ci" + end), list):
                estimates |= {tuple(f"{value:g}" for value in (reported[0], *item["ci" + end]))}
                estimates |= triples(reported[0], *item["ci" + end], "as reported")
        for low, high in LIMITS:
            middle = next(
                (item[key] for key in ("estimate", "risk", "median", "yi") if item.get(key) is not None), None
            )
            if middle is not None and item.get(low) is not None and item.get(high) is not None:
                estimates |= triples(middle, item[low], item[high], scale)
    numbers |= {way for content in contents[2:] for value in distances(content) for way in shown(value, scale)}
    texts += [file.read_text("utf-8") for file in sorted((ROOT / "config").rglob("*.yaml"))]
    of_thousand = absolute(contents[0], CONFIG["analyses"][name].get("baselines") or [])
    numbers |= {number for item in of_thousand for number in item}
    numbers |= {number for item in estimates for number in item}
    return numbers, estimates | {item[1:] for item in of_thousand}, " ".join(texts)


def distances(extract: dict[str, Any]) -> Iterator[float]:
    """Yield how far each candidate of an extract lies from each that entered, on the scale of the model."""
    for part in extract["measures"].values():
        effects = [candidate["yi"] for candidate in part["candidates"] if candidate.get("yi") is not None]
        yield from (value - part["candidates"][index]["yi"] for index in part["chosen"] for value in effects)


def absolute(pool: dict[str, Any], baselines: list[dict[str, Any]]) -> set[tuple[str, str, str, str]]:
    """Work out the patients of 1,000 with an event, without the treatment and with it, at the risks stated or observed."""
    parts = [(pool["random"], pool["effects"])]
    if not pool["random"]:
        parts = [
            (level["random"], [effect for effect in pool["effects"] if effect["subgroup"] == level["level"]])
            for level in pool["subgroups"]["levels"]
        ]
    found = set()
    for part, effects in parts:
        observed = sorted(effect["risks"]["control"]["risk"] for effect in effects if effect.get("risks"))
        risks = [float(item["risk"]) for item in baselines]
        risks = risks or ([observed[0], median(observed), observed[-1]] if observed else [])
        for risk in risks:
            ends = [part[key] for key in ("estimate", "ci_low", "ci_high")]
            with_it = [_with(pool["measure"], risk, end) for end in ends]
            found.add(tuple(f"{1000 * min(1, max(0, value)):,.0f}" for value in (risk, *with_it)))
    return found


def _with(measure: str, risk: float, end: float) -> float:
    if measure == "RD":
        return risk + end
    return 1 - (1 - risk) ** math.exp(end) if measure == "HR" else risk * math.exp(end)


def of_choices(multiverse: dict[str, Any], scale: str) -> set[tuple[str, str, str]]:
    """Return the median and the range of the estimates with each single choice, and with all of them."""
    by_choice: dict[tuple[str, str], list[float]] = {}
    for specification in multiverse.get("specifications") or []:
        for choice in specification["choices"].items():
            by_choice.setdefault(choice, []).append(specification["estimate"])
    return {ways for values in by_choice.values() for ways in triples(median(values), min(values), max(values), scale)}


def triples(middle: float, low: float, high: float, scale: str) -> set[tuple[str, str, str]]:
    """Return the ways to print an estimate with its interval."""
    found = set()
    for transform in (lambda x: x, math.exp if scale == "log" else lambda x: x, lambda x: 100 * x):
        if max(map(abs, (middle, low, high))) < 700:
            values = [transform(value) for value in (middle, low, high)]
            found |= {tuple(DEFAULT.number(value, places) for value in values) for places in PLACES}
            found |= {tuple(DEFAULT.together(values, places, APART)) for places in PLACES}
    return found


@pytest.mark.parametrize("name", ANALYSES)
def test_every_estimate_with_its_interval_is_in_the_results(name: str) -> None:
    _, estimates, texts = of_analysis(name)
    printed_ones = {match.groups() for match in ESTIMATE.finditer(section(name))}
    assert len(printed_ones) > 2
    assert not printed_ones - estimates - {match.groups() for match in ESTIMATE.finditer(texts)}


@pytest.mark.parametrize("name", ANALYSES)
def test_every_other_number_is_in_the_results_or_in_what_the_authors_say(name: str) -> None:
    numbers, _, texts = of_analysis(name)
    found = {match[0].rstrip(",") for match in NUMBER.finditer(section(name))}
    assert len(found) > 40
    said = {match[0].rstrip(",") for match in re.finditer(r"\d[\d,]*(?:\.\d+)?", texts)}
    assert not found - numbers - FIXED - said


def test_a_number_that_is_in_no_result_is_found() -> None:
    numbers, estimates, _ = of_analysis(ANALYSES[0])
    assert ("0.54", "0.36", "0.84") not in estimates
    assert "0.777" not in numbers
