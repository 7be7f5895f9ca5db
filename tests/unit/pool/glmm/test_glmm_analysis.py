"""An analysis by a generalised linear mixed model, from its review to its result and its explorations."""

import contextlib
from pathlib import Path

import pytest

from coppice.explore.analysis import explore_analysis
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.analysis import pool_analysis
from coppice.pool.models.glmm.studies import with_counts
from coppice.pool.profiles import settings, settings_of

CONFIG = """
review: {title: Catheters}
studies: studies.csv
analyses:
  main: {outcome: infections, measure: OR, model: %s%s}
"""
# dat.nielweise2007 of metadat
TABLE = """study,author,year,ai,n1i,ci,n2i,period
1,Bach,1996,0,116,3,117,early
2,George,1997,1,44,3,35,early
3,Maki,1997,2,208,9,195,early
4,Raad,1997,0,130,7,136,early
5,Heard,1998,5,151,6,157,late
6,Collin,1999,1,98,4,139,late
7,Hannan,1999,1,174,3,177,late
8,Marik,1999,1,74,2,39,late
9,Pierce,2000,1,97,19,103,late
10,Sheng,2000,1,113,2,122,late
11,Chatzinikolaou,2003,0,66,7,64,late
12,Corral,2003,0,70,1,58,late
13,Brun-Buisson,2004,3,188,5,175,late
14,Leon,2004,6,187,11,180,late
15,Yucel,2004,0,118,0,105,late
16,Moretti,2005,0,252,1,262,late
17,Rupp,2005,1,345,3,362,late
18,Osma,2006,4,64,1,69,late
"""


def run(tmp_path, model, more="", table=TABLE):
    """Return the pooled and the explored result of one analysis."""
    (tmp_path / "config.yaml").write_text(CONFIG % (model, more), encoding="utf-8")
    (tmp_path / "studies.csv").write_text(table, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        review = plan.load([Path("config.yaml")], {})
        extracts = {
            unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
        }
        pooled = pool_analysis(
            review.unit("pool", analysis="main"), [extracts[unit] for unit in review.reads("pool", analysis="main")]
        )
        explored = explore_analysis(
            review.unit("explore", analysis="main"),
            pooled,
            [extracts[unit] for unit in review.reads("explore", analysis="main")],
        )
    return pooled, explored


def test_studies_with_zeros_enter_with_their_counts(tmp_path):
    pooled, _ = run(tmp_path, "{likelihood: binomial, glmm: UM.FS}")
    part = pooled["glmm"]
    assert (part["k"], part["informative"], part["zeros"], part["double_zeros"]) == (18, 17, 6, 1)
    assert len(pooled["effects"]) == 12  # the profile corrects no zeros
    assert len(part["counts_only"]) == 6
    # metafor 5.1.12, rma.glmm with model = "UM.FS" and nAGQ = 25, tight
    assert pooled["random"]["estimate"] == pytest.approx(-1.23649355, abs=2e-7)
    assert pooled["random"]["se"] == pytest.approx(0.28033750, rel=1e-5)
    assert pooled["heterogeneity"]["tau2"] == pytest.approx(0.31951297, rel=1e-6)
    assert pooled["heterogeneity"]["I2"] == pytest.approx(24.354131, rel=1e-5)
    assert part["likelihood_ratio"]["statistic"] == pytest.approx(28.7359061, rel=1e-8)
    assert part["wald"]["statistic"] == pytest.approx(11.9382545, rel=1e-8)


def test_the_estimate_does_not_depend_on_a_continuity_correction(tmp_path):
    plain, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.EL}")
    corrected, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.EL}", ", extract: {zero_cells: constant}")
    assert len(corrected["effects"]) > len(plain["effects"])
    assert corrected["random"] == plain["random"]
    assert corrected["glmm"]["corrected"] == plain["glmm"]["corrected"]


def test_the_result_says_what_the_usual_model_gives_with_a_correction(tmp_path):
    pooled, _ = run(tmp_path, "{likelihood: binomial}")
    usual, _ = run(tmp_path, "{}", ", extract: {zero_cells: constant, double_zeros: exclude}")
    assert pooled["glmm"]["corrected"]["line"]["estimate"] == pytest.approx(usual["random"]["estimate"], rel=1e-9)
    assert pooled["glmm"]["corrected"]["corrected"] == 5


def test_a_study_without_counts_does_not_enter_and_the_result_names_it():
    study = {"study": "A", "label": "A 2007"}
    effect = {**study, "reported": {"estimate": 0.5, "ci_low": 0.2, "ci_high": 1.25}}
    excluded = []
    assert with_counts({"measure": "OR", "studies": [study]}, [], [effect], excluded) == ([], [])
    assert excluded[0]["reason"] == "its effect is reported without the counts that a GLMM needs"


def test_effects_of_a_model_of_counts_have_no_weights(tmp_path):
    pooled, _ = run(tmp_path, "{likelihood: binomial}")
    assert {effect["weight_random"] for effect in pooled["effects"]} == {None}


def test_leaving_one_out_covers_the_studies_with_counts_alone(tmp_path):
    pooled, explored = run(tmp_path, "{likelihood: binomial, glmm: CM.AL}")
    rows = {row["study"]: row for row in explored["leave_one_out"]}
    assert len(rows) == 18
    # without a study that says nothing, the model is that of all
    assert rows["15"]["estimate"] == pytest.approx(pooled["random"]["estimate"], rel=1e-7)
    without = "\n".join(line for line in TABLE.splitlines() if not line.startswith("9,")) + "\n"
    alone, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.AL}", table=without)
    assert rows["9"]["estimate"] == pytest.approx(alone["random"]["estimate"], rel=1e-7)
    assert rows["9"]["ci_low"] == pytest.approx(alone["random"]["ci_low"], rel=1e-6)


def test_each_level_of_the_subgroups_is_a_model_of_its_own_counts(tmp_path):
    pooled, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.AL}", ", subgroups: period")
    late = next(level for level in pooled["subgroups"]["levels"] if level["level"] == "late")
    only = "\n".join(line for line in TABLE.splitlines() if not line.endswith("early")) + "\n"
    alone, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.AL}", table=only)
    assert late["k"] == 14
    assert late["random"]["estimate"] == pytest.approx(alone["random"]["estimate"], rel=1e-8)


def test_a_moderator_of_two_levels_gives_the_effects_of_the_levels_where_tau2_is_fixed(tmp_path):
    pooled, _ = run(
        tmp_path, "{likelihood: binomial, glmm: CM.AL, tau2: 0.3}", ", moderators: period, subgroups: period", TABLE
    )
    rows = {row["name"]: row["estimate"] for row in pooled["moderators"]["coefficients"]}
    levels = {level["level"]: level["random"]["estimate"] for level in pooled["subgroups"]["levels"]}
    assert rows["intercept"] == pytest.approx(levels["early"], rel=1e-6)
    slope = next(value for name, value in rows.items() if name != "intercept")
    assert rows["intercept"] + slope == pytest.approx(levels["late"], rel=1e-6)


def test_the_multiverse_puts_the_models_for_rare_events_beside_one_another(tmp_path):
    more = ", multiverse: {model: [random, IV, MH, Peto, CM.EL]}"
    pooled, explored = run(tmp_path, "{likelihood: binomial, glmm: CM.AL, common: MH}", more)
    rows = {row["choices"]["model"]: row for row in explored["multiverse"]["specifications"]}
    assert explored["multiverse"]["specifications"][0]["choices"]["model"] == "CM.AL"
    assert rows["CM.AL"]["estimate"] == pooled["random"]["estimate"]
    assert rows["MH"]["estimate"] == pytest.approx(pooled["common"]["estimate"], rel=1e-12)
    assert set(rows) == {"CM.AL", "random", "IV", "MH", "Peto", "CM.EL"}


def test_a_profile_interval_is_where_the_likelihood_falls_by_half_the_quantile(tmp_path):
    pooled, _ = run(tmp_path, "{likelihood: binomial, glmm: CM.AL, inference: PL}")
    line = pooled["random"]
    assert line["inference"] == "PL" and line["statistic"] is None
    assert line["ci_low"] == pytest.approx(-2.1414382, abs=1e-6)  # of its own: where the profile reaches 1.92
    assert line["ci_high"] == pytest.approx(-0.6817850, abs=1e-6)


def test_counts_without_an_event_in_one_arm_have_no_estimate_and_a_reason(tmp_path):
    rows = ["study,author,year,ai,n1i,ci,n2i", *(f"{i},S{i},200{i},0,50,{i},50" for i in range(1, 5))]
    pooled, explored = run(tmp_path, "{likelihood: binomial}", table="\n".join(rows) + "\n")
    assert pooled["random"] is None
    assert "no event in any study" in pooled["reasons"]["random"]
    assert "skipped" in explored["leave_one_out"]


def test_options_that_a_result_shows_are_read_back_as_they_were():
    options = settings({"likelihood": "binomial", "glmm": "CM.EL", "inference": "t"})
    assert settings_of(options.as_dict()) == options


@pytest.mark.parametrize("option", [{"tau2": "REML"}, {"inference": "HKSJ"}, {"tau2_interval": "QP"}, {"glmm": "UM"}])
def test_options_that_counts_have_not_are_refused(option):
    with pytest.raises(ValueError, match=r"GLMM|glmm"):
        settings({"likelihood": "binomial", **option})
