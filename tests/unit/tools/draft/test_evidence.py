"""Figures are proposed only on evidence."""

from __future__ import annotations

import pytest

from coppice.tools.draft.context import Document
from coppice.tools.draft.reader import of_names, read

SIZES = "We assigned 204 patients to velotinib and 206 to placebo. "


def drafted(text: str) -> Document:
    """Return what a text of two arms gives."""
    return read(text, of_names({"experimental": ["velotinib"], "control": ["placebo"]}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The hazard ratio for death was 0.70 (95% CI, 0.75 to 0.99).", "the estimate lies outside its interval"),
        ("Death occurred in 41 of 40 patients on velotinib and 20 of 41 on placebo.", "more events than patients"),
    ],
)
def test_numbers_that_can_not_be_are_left_out_with_the_reason(text: str, reason: str) -> None:
    document = drafted(text)
    assert not document.proposals
    assert reason in [one.reason for one in document.seen]


def test_the_sizes_of_the_arms_show_whose_denominators_are_printed_in_the_other_order() -> None:
    document = drafted(SIZES + "Rash: 9/206 and 4/204.")
    counts = next(item for item in document.proposals if item.statistic == "counts")
    assert counts.fields == {"events_e": "4", "n_e": "204", "events_c": "9", "n_c": "206"}


def test_sizes_of_the_arms_are_facts() -> None:
    document = drafted(SIZES)
    assert {"n_e": "204", "n_c": "206"} in [item.fields for item in document.proposals]
