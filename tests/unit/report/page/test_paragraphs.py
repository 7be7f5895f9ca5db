"""The paragraphs to paste: the methods with their references, the results with the numbers of the result files."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from tests.unit.report import fixtures

from coppice.report.page import methods, paragraphs, prisma
from coppice.report.page.html_elements import plain
from coppice.report.page.references import Statement


@pytest.fixture
def judged(changed):
    """Return the small review with a flow, a search and judgements."""
    spec = fixtures.specification()
    flow = {"identified": {"MEDLINE": 100, "Embase": 20}, "screened": 90, "included_studies": 3}
    spec["review"] |= {"flow": flow, "searched": "2026-01-01", "registration": "CRD42"}
    spec["studies"][0]["risk_of_bias"] = {"tool": "RoB 2", "domains": {"D1": "low"}, "overall": "high"}
    spec["analyses"][0] |= {"certainty": {"level": "low", "reasons": []}, "event": "death"}
    return changed(spec=spec)


def test_the_methods_name_estimator_interval_search_and_judgements(judged):
    text = paragraphs.method(judged)
    for part in ("CRD42", "2026-01-01", "REML", "Hartung-Knapp-Sidik-Jonkman", "Q-profile", "RoB 2", "GRADE", "Snakemake"):  # fmt: skip
        assert part in text
    assert "Route" not in text


def test_every_number_in_brackets_is_that_of_a_cited_work(judged):
    numbers = [int(number) for part in re.findall(r"\[([\d, ]+)\]", paragraphs.method(judged)) for number in part.split(",")]  # fmt: skip
    listed = [int(number) for number in re.findall(r"(?:^| )(\d+)\. (?=[A-Z])", paragraphs.cited(judged))]
    assert list(dict.fromkeys(numbers)) == listed == list(range(1, len(listed) + 1))


def test_the_results_follow_prisma_from_the_flow_to_the_certainty(judged):
    text = paragraphs.results(judged)
    parts = (
        "120 records were identified, 90 records were screened and 3 studies were included.",
        "Three studies (3 randomised) were pooled in one analysis.",
        "The overall risk of bias (RoB 2) was high in 1 of three studies.",
        "of 0.62 (95% CI 0.41 to 0.94).",
        "Heterogeneity: τ² 0.014, I² 31%, Q = 2.61 on 2 df, p = 0.27; 95% prediction interval: 0.29 to 1.34;",
        "Blinatumomab may reduce death compared with chemotherapy (low certainty).",
        "No result could be pooled from BEIJING (Qi 2024).",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_every_number_of_the_results_is_one_of_the_review(judged):
    of_review = "120 90 3 2 837 95 0.62 0.41 0.94 0.014 31 2.61 0.27 0.29 1.34 1 2024"
    assert set(re.findall(r"\d+(?:\.\d+)?", paragraphs.results(judged))) <= set(of_review.split())


def test_what_nobody_stated_is_not_in_the_paragraphs(review):
    assert not re.search(r"not stated|not assessed|None|Risk of bias|GRADE", paragraphs.method(review) + paragraphs.results(review))  # fmt: skip


def test_each_paragraph_can_be_copied_by_itself(judged):
    html = paragraphs.paragraphs(judged)
    assert html.count('class="paste"') == 3
    assert paragraphs.results(judged) in plain(html)


def test_the_methods_of_other_kinds_than_pairwise_are_pasted_too(judged, monkeypatch):
    monkeypatch.setattr(methods, "other_kinds", lambda review: iter([Statement("A network was fitted.")]))
    assert "A network was fitted." in paragraphs.method(judged)


def test_a_network_without_each_study_counts_as_sensitivity_analysis():
    network = SimpleNamespace(explore={"leave_one_out": [{}]}, role="main")
    for item in ("13f", "20d"):
        row = next(entry for entry in prisma.CHECKLIST if entry.number == item)
        assert row.is_supplied(SimpleNamespace(everything=[network], analyses=()))
