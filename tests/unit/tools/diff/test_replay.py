"""Whole reviews with an edit each: the replay of one change alone is the model that the edit gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.analysis import pool_analysis
from coppice.tools.diff.compare import compare
from coppice.tools.diff.replay import replay
from coppice.tools.diff.words import to_data, to_markdown

REVIEWS = Path(__file__).resolve().parents[3] / "reviews"


@pytest.fixture
def pooled(monkeypatch):
    """Return a function that pools one analysis of a review as the workflow does, with other settings."""

    def results(review, analysis, **settings):
        monkeypatch.chdir(REVIEWS / review)
        planned = plan.load([Path("config.yaml")], {"analyses": {analysis: settings}})
        extracts = [
            extract_outcome(planned.unit("extract", study=study, outcome=outcome))
            for study, outcome in planned.reads("pool", analysis=analysis)
        ]
        return {analysis: canonical_json.rounded(pool_analysis(planned.unit("pool", analysis=analysis), extracts))}

    return results


def only(old, new):
    (found,) = compare(old, new, replay=replay)
    canonical_json.dumps(to_data([found]))  # every number is finite
    return found


EDITS = {
    "three levels to correlated": ("konstantopoulos2011", "three_levels", {}, {"dependence": {"method": "che", "rho": 0.5}}),
    "another correlation": ("assink2016", "aggregated", {}, {"dependence": {"rho": 0.2}}),
    "one effect a study": ("konstantopoulos2011", "three_levels", {}, {"dependence": {"method": "aggregate", "rho": 0.5}}),
    "given weights": ("bcg", "reml", {"model": {"tau2": "DL"}}, {"model": {"tau2": "GENQ", "tau2_weights": "ablat"}}),
    "estimator about Mantel-Haenszel": ("bcg", "mantel_haenszel", {}, {"model": {"tau2": "DL"}}),
    "Peto to inverse variance": ("yusuf1985", "mortality", {}, {"model": {"common": "IV", "tau2": "DL"}}),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_one_setting_does_by_itself_is_the_whole_shift(pooled, edit):
    review, analysis, before, after = EDITS[edit]
    old, new = pooled(review, analysis, **before), pooled(review, analysis, **after)
    found = only(old, new)
    assert {change.kind for change in found.changes} == {"setting"}
    whole = found.after["estimate"] - found.before["estimate"]
    assert sum(change.shift for change in found.changes) + found.together == pytest.approx(whole, abs=1e-8)
    if len([change for change in found.changes if change.shift]) == 1:
        assert found.together == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize(
    ("review", "analysis"),
    [("konstantopoulos2011", "three_levels"), ("bcg", "mantel_haenszel"), ("yusuf1985", "mortality")],
)
def test_a_study_less_is_told_with_all_its_effects(pooled, review, analysis):
    old = pooled(review, analysis)
    study = old[analysis]["effects"][0]["study"]
    new = pooled(review, analysis, exclude={study: "by protocol"})
    found = only(old, new)
    assert {change.kind for change in found.changes} == {"removed"}
    assert len(found.changes) == sum(effect["study"] == study for effect in old[analysis]["effects"])
    assert all(change.shift is not None for change in found.changes)
    if len(found.changes) == 1:
        assert found.together == pytest.approx(0, abs=1e-8)


def test_another_measure_is_one_change_and_is_not_compared_in_size(pooled):
    found = only(pooled("bcg", "reml"), pooled("bcg", "reml", measure="OR"))
    assert [(change.what, change.before, change.after) for change in found.changes] == [("measure", "RR", "OR")]
    assert (found.changes[0].shift, found.together) == (None, None)
    assert "RR 0.49" in to_markdown([found])
    assert "OR 0.47" in to_markdown([found])


def test_subgroups_and_moderators_are_settings_that_move_no_average(pooled):
    found = only(pooled("bcg", "reml"), pooled("bcg", "reml", subgroups="alloc", moderators="ablat"))
    assert [(change.what, change.shift) for change in found.changes] == [("moderators", 0.0), ("subgroups", 0.0)]


def test_nothing_is_attributed_where_the_replay_is_not_the_model(pooled):
    old, new = pooled("bcg", "reml"), pooled("bcg", "reml", model={"tau2": "PM"})
    old["reml"]["random"]["estimate"] += 0.01
    found = only(old, new)
    assert [(change.what, change.shift) for change in found.changes] == [("tau2", None)]
