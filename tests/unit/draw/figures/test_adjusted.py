"""The summary of small-study effects: every adjusted estimate beside the main one, each with its assumption in five words."""

from __future__ import annotations

import pytest
from tests.unit.draw.fixtures import bcg
from tests.unit.draw.rendered import assert_clean, printed

from coppice.draw.figures.adjusted import draw_adjusted
from coppice.draw.figures.adjusted_lines import ADJUSTMENTS, UNADJUSTED
from coppice.draw.registry import FIGURES

LINE = {"estimate": -0.6, "ci_low": -1.0, "ci_high": -0.2}
SKIPPED = {"skipped": "at least 10 effects are needed"}
FULL = {
    "trim_and_fill": {"L0": LINE | {"missing": 2}, "R0": SKIPPED, "Q0": SKIPPED},
    "pet_peese": LINE | {"chosen": "PEESE", "PET": LINE, "PEESE": LINE},
    "selection_step": LINE,
    "selection_beta": LINE | {"caution": "The adjusted mean is above the largest effect of any study."},
    "limit": LINE,
    "copas": {"adjusted": LINE},
    "p_uniform": LINE,
}


@pytest.mark.parametrize("assumption", [UNADJUSTED, *(method.assumes for method in ADJUSTMENTS)])
def test_an_assumption_has_five_words(assumption):
    assert len(assumption.split()) == 5


def test_every_method_that_gave_an_estimate_has_a_row_with_its_assumption():
    figure = draw_adjusted(bcg(), {"small_study": FULL}, title="BCG", favours=["left", "right"])
    assert_clean(figure)
    texts = printed(figure)
    for method in ADJUSTMENTS:
        assert any(text.startswith(method.name) for text in texts), method.name
        assert method.assumes in texts
    assert "Trim and fill, 2 studies added" in texts
    assert "PEESE (selected)" in texts and "PET" in texts
    assert any(text.startswith("Selection model (beta) has no mark: ") for text in texts)


def test_a_method_that_was_not_used_has_no_row():
    parts = dict.fromkeys(FULL, SKIPPED) | {"limit": LINE, "copas": {"adjusted": SKIPPED}}
    texts = printed(draw_adjusted(bcg(), {"small_study": parts}))
    assert "Limit meta-analysis" in texts
    assert not any(text.startswith(("Copas", "PET", "Trim", "p-uniform")) for text in texts)


@pytest.mark.parametrize("explored", [{}, {"small_study": SKIPPED}, {"small_study": dict.fromkeys(FULL, SKIPPED)}])
def test_without_any_adjusted_estimate_the_figure_says_so(explored):
    reason = FIGURES["adjusted"].need({"pool": bcg(), "explore": explored})
    assert reason == "no method gave an estimate adjusted for small-study effects"
    without = bcg() | {"random": None, "reasons": {"random": "there are 600 effects"}}
    assert FIGURES["adjusted"].need({"pool": without, "explore": explored}) == "there are 600 effects"
