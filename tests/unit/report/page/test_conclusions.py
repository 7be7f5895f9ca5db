"""A line at the analysis for each method that says what would overturn its conclusion, and a sentence of methods."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coppice.report.page import conclusions
from coppice.report.page.html_elements import plain
from coppice.report.page.outcome import outcome

E_VALUES = {
    "name": "E-values",
    "source": "",
    "estimate": 3.214,
    "limit": 1.72,
    "risk_ratio": 0.5,
    "conversion": "the conversion of the hazard ratio for a common outcome",
}
FRAGILITY = {
    "index": 3,
    "patients": 1200,
    "excludes_null": True,
    "changes": [
        {"study": "A", "label": "First", "arm": "experimental", "events": 2},
        {"study": "B", "label": "Second", "arm": "control", "events": -1},
    ],
    "estimate": -0.2,
    "ci_low": -0.41,
    "ci_high": 0.01,
}
EQUIVALENCE = {"low": -0.2231436, "high": 0.2231436, "alpha": 0.05, "p": 0.031, "ci_low": -0.1, "ci_high": 0.21}
SIDE = {"statistic": 2.0, "p": 0.02}
COMBINED = {"k": 5, "methods": [{"method": "fisher", "name": "Fisher's method", "greater": SIDE, "less": {"p": 0.98}}]}
PARTS = {"combined_p": COMBINED, "e_values": E_VALUES, "fragility": FRAGILITY, "equivalence": EQUIVALENCE}


def text_of(analysis, parts):
    return plain(conclusions.lines(replace(analysis, explore=analysis.explore | parts)))


def test_each_method_has_its_line(analysis):
    text = text_of(analysis, PARTS)
    assert "by risk ratios of 3.21 each to explain the estimate away, and of 1.72 to make" in text
    assert "the conversion of the hazard ratio for a common outcome" in text
    assert (
        "Fragility index 3: with another outcome of three patients of 1,200, the confidence interval would include 1: 0.82 (0.66 to 1.01)"
        in text
    )
    assert "2 more in the experimental arm of First and 1 fewer in the control arm of Second" in text
    assert "Equivalence within 0.80 to 1.25: p = 0.03 by two one-sided tests; the 90% confidence interval" in text
    assert "0.90 to 1.23, lies within these bounds" in text
    assert (
        "One-sided p values of 5 effects, combined: above 1 Fisher's method p = 0.02; below 1 Fisher's method" in text
    )


def test_an_interval_with_no_effect_in_it_needs_no_confounder(analysis):
    text = text_of(analysis, {"e_values": E_VALUES | {"limit": 1.0, "conversion": "a risk ratio"}})
    assert "the confidence interval already includes 1" in text and "As a risk ratio" not in text


@pytest.mark.parametrize("code", PARTS)
def test_a_method_that_was_requested_in_vain_says_why(analysis, code):
    assert "given: why." in text_of(analysis, {code: {"skipped": "why"}}) or code in ("equivalence", "combined_p")
    assert list(conclusions.requested([replace(analysis, explore={code: {"skipped": "why"}})])) == []


def test_the_methods_name_their_sources(analysis):
    statements = list(conclusions.requested([replace(analysis, explore=PARTS), analysis]))
    assert len(statements) == len(PARTS)
    assert all("doi:10." in source for statement in statements for source in statement.cites)


def test_the_page_has_them_where_they_are_requested_and_nowhere_else(review, analysis):
    assert "What would overturn the conclusion" not in outcome(review, analysis)
    requested = replace(analysis, explore=analysis.explore | PARTS)
    assert "What would overturn the conclusion" in outcome(review, requested)
