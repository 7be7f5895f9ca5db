"""Which titles of analyses read as an event in a sentence."""

from __future__ import annotations

import pytest

from coppice.core.event_names import is_event
from coppice.core.roles import MAIN


@pytest.mark.parametrize("title", ["Death", "Cytokine release syndrome", "Infection of grade 3"])
def test_the_title_of_a_main_analysis_is_an_event(title: str) -> None:
    assert is_event(title, MAIN)
    assert not is_event(title, "sensitivity")


@pytest.mark.parametrize(
    "title", ["Infection, meta-regression", "Drug against placebo", "Death (all trials)", "Risk of death"]
)
def test_a_title_with_a_qualification_is_not_an_event(title: str) -> None:
    assert not is_event(title, MAIN)
