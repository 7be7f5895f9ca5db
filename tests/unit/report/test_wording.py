"""Words that a whole report has to get right: one name of an arm, one full stop, captions of what is drawn."""

import re
from dataclasses import replace

import pytest

from coppice.report.page import figures, outcome, page, summary
from coppice.report.page.html_elements import plain

from . import fixtures

SECTIONS = (page.structured_abstract, page.findings, page.results, page.sources, page.limits)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Standard care", "standard care"),
        ("BCG vaccine", "BCG vaccine"),
        ("CBT", "CBT"),
        ("Low-dose aspirin", "low-dose aspirin"),
        ("Usual care", "usual care"),
        ("PD-1 inhibitor", "PD-1 inhibitor"),
    ],
)
def test_an_arm_is_named_in_one_way_in_every_sentence(changed, name, shown):
    spec = fixtures.specification()
    spec["analyses"][0] |= {
        "arms": {"experimental": name, "control": "placebo"},
        "favours": [f"Favours {shown}", "Favours placebo"],
    }
    review = changed(spec=spec)
    text = plain(outcome.outcome(review, review.analyses[0])) + plain(page.structured_abstract(review))
    assert f"{shown} versus placebo" in text
    assert f"in favour of {shown}" in text
    found = set(re.findall(rf"(?<=[a-z] ){re.escape(name)}|(?<= \(){re.escape(name)}", text, flags=re.IGNORECASE))
    assert found == {shown}


def test_a_label_that_ends_with_a_full_stop_ends_no_sentence_twice(changed):
    spec, pool = fixtures.specification(), fixtures.pooled()
    for item in (*spec["studies"], *pool["effects"]):
        item["label"] = f"{item['study']} et al."
    review = changed(spec=spec, pool=pool)
    assert ".." not in "".join(plain(section(review)) for section in SECTIONS)


def test_the_caption_of_a_funnel_plot_names_contours_only_where_they_are_drawn(analysis, tmp_path):
    analysis = replace(analysis, figures={"funnel": tmp_path / "funnel.svg"})
    analysis.figures["funnel"].write_text(fixtures.SVG, "utf-8")
    assert "contours" not in figures.caption_of(analysis, "funnel")
    drawn = fixtures.SVG.replace("<rect", '<g id="contour-95"/><rect')
    analysis.figures["funnel"].write_text(drawn, "utf-8")
    assert "contours" in figures.caption_of(analysis, "funnel")


def test_numbers_per_1000_are_explained_only_where_there_are_any(changed):
    spec = fixtures.specification()
    spec["analyses"][0]["measure"] = "MD"
    text = plain(summary.summary_of_findings(changed(spec=spec)))
    assert "per 1,000" not in text
    assert "baseline risk" not in text


def test_a_plot_of_no_effect_is_not_said_to_lack_one(changed):
    review = changed(effects=[], random=None)
    assert "fewer than 1" not in plain(outcome.outcome(review, review.analyses[0]))
