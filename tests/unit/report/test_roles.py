"""An analysis that supports another gives no result of its own in abstract and summary of findings."""

from __future__ import annotations

import copy

import pytest

from coppice.report.page import abstract, outcome, prisma, summary, tables, words
from coppice.report.page.html_elements import plain

from . import fixtures


def with_second(changed, **parts):
    spec = fixtures.specification()
    second = copy.deepcopy(spec["analyses"][0]) | {"title": "Overall survival, all designs", **parts}
    spec["analyses"].append(second)
    return changed(spec=spec)


@pytest.mark.parametrize(
    ("role", "name"), [("sensitivity", "sensitivity analysis"), ("meta-regression", "meta-regression")]
)
def test_a_supporting_analysis_is_not_in_abstract_and_summary_and_is_marked_elsewhere(changed, role, name):
    review = with_second(changed, role=role)
    assert "all designs" not in plain(abstract._results(review))
    assert "all designs" not in plain(summary.summary_of_findings(review))
    assert f"Overall survival, all designs ({name})" in plain(tables.summary(review))
    assert "not reported in the abstract" in plain(outcome.outcome(review, review.analyses[1]))
    assert "not reported in the abstract" not in plain(outcome.outcome(review, review.analyses[0]))


def test_a_main_analysis_is_in_both(changed):
    review = with_second(changed, role="main")
    assert "all designs" in plain(abstract._results(review))
    assert "all designs" in plain(summary.summary_of_findings(review))


def test_a_sensitivity_analysis_needs_no_certainty_and_fills_its_item_of_the_checklist(changed):
    judged = {"certainty": {"level": "low"}}
    spec = fixtures.specification()
    spec["analyses"][0] |= judged
    spec["analyses"].append(copy.deepcopy(spec["analyses"][0]) | {"role": "sensitivity", "certainty": None})
    review = changed(spec=spec)
    assert abstract.unjudged(review)["certainty of the evidence"]
    assert next(item for item in prisma.CHECKLIST if item.number == "20d").is_supplied(review)


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Infection", "infection"),
        ("Infection of grade 3 or higher", "infection of grade 3 or higher"),
        ("Infection, meta-regression", "an event"),
        ("Infection (trials only)", "an event"),
        ("Infection: sensitivity analysis", "an event"),
        ("Infection without TOWER", "an event"),
        ("Drug versus placebo", "an event"),
        ("BCG vaccine against tuberculosis", "an event"),
        ("infection_all", "an event"),
    ],
)
def test_a_title_is_an_event_only_without_a_qualification(changed, title, event):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RR", "title": title}
    (analysis,) = changed(spec=spec).analyses
    assert words.event(analysis) == event


def test_the_title_of_a_supporting_analysis_is_not_an_event_but_a_named_event_is(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RR", "title": "Infection", "role": "sensitivity"}
    assert words.event(changed(spec=spec).analyses[0]) == "an event"
    spec["analyses"][0] |= {"event": "infection", "title": "Infection, meta-regression"}
    assert words.event(changed(spec=spec).analyses[0]) == "infection"
