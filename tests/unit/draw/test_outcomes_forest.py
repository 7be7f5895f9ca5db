"""The forest plot of several outcomes: a block for each, legible, with what the model assumes and estimates."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from tests.unit.draw.rendered import outside, overlapping

from coppice.draw.canvas.style import DEFAULT
from coppice.draw.figures.outcomes_forest import notes
from coppice.draw.registry import FIGURES
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.kinds import pooling

REVIEW = Path(__file__).parents[2] / "reviews" / "kalaian1996"


@pytest.fixture(scope="module")
def result() -> Any:
    with contextlib.chdir(REVIEW):
        planned = plan.load([Path("config.yaml")], {})
        extracts = {
            unit: extract_outcome(planned.unit("extract", study=unit[0], outcome=unit[1])) for unit in planned.extracts
        }
    spec = planned.unit("pool", analysis="unstructured")
    return pooling(spec).pool(spec, [extracts[unit] for unit in planned.reads("pool", analysis="unstructured")])


def draw(result: Any) -> Any:
    return FIGURES["outcomes_forest"].draw({"pool": result, "explore": {}}, {"style": DEFAULT, "title": "Coaching"}, {})


def test_no_text_is_cut_or_covered(result):
    figure = draw(result)
    assert outside(figure) == []
    assert overlapping(figure) == []


def test_the_notes_say_what_was_set_what_was_estimated_and_what_is_missing(result):
    texts = notes(result, {"verbal": "verbal", "math": "math"})
    assert (
        texts[0]
        == "The sampling errors of two outcomes of a study correlate by \N{GREEK SMALL LETTER RHO} = 0.50, which was set."
    )
    assert (
        texts[1]
        == "Estimated correlation of the true effects between studies: verbal and math \N{MINUS SIGN}1.00 (at the bound)."
    )
    assert texts[-1] == "27 of 94 effects are not reported; the model takes those that are."


def test_without_effects_the_reason_stands_in_its_place(result):
    empty = {**result, "outcomes": [], "effects": [], "reasons": {"outcomes": "no study gives effects"}}
    assert "no study gives effects" in draw(empty).description
