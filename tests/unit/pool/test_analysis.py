import csv
import io
import math

import pytest

from coppice.core.errors import BadInput
from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.pool.table import table

from .fixtures import EXTRACTS, FIVE, LEVELS, extract, spec

DESIGN_KEYS = {
    "analysis",
    "measure",
    "scale",
    "k",
    "level",
    "settings",
    "common",
    "random",
    "alternatives",
    "prediction",
    "heterogeneity",
    "effects",
    "subgroups",
    "moderators",
    "excluded",
    "warnings",
    "display",
    "reasons",
}


@pytest.fixture
def result():
    return pool_analysis(spec(FIVE), EXTRACTS)


def test_the_result_has_every_part_of_the_contract_and_can_be_written(result):
    assert set(result) >= DESIGN_KEYS
    canonical_json.dumps(result)  # every number is finite


def test_effects_keep_the_order_of_the_studies_and_where_they_came_from(result):
    assert [effect["study"] for effect in result["effects"]] == list(FIVE)
    assert {"route", "reported", "report", "source", "population", "year", "why"} <= set(result["effects"][0])


def test_the_order_of_the_extracts_does_not_matter(result):
    assert canonical_json.dumps(pool_analysis(spec(FIVE), EXTRACTS[::-1])) == canonical_json.dumps(result)


def test_weights_are_percent_and_sum_to_one_hundred(result):
    for line in ("common", "random"):
        assert sum(effect[f"weight_{line}"] for effect in result["effects"]) == pytest.approx(100)


def test_display_is_back_transformed(result):
    assert result["display"]["random"]["estimate"] == pytest.approx(math.exp(result["random"]["estimate"]))
    assert result["display"]["effects"][0]["ci_low"] == pytest.approx(math.exp(result["effects"][0]["ci_low"]))


def test_exchanging_the_arms_flips_every_estimate(result):
    flipped = pool_analysis(spec(FIVE), [extract(name, -yi, vi) for name, (yi, vi) in FIVE.items()])
    assert flipped["random"]["estimate"] == pytest.approx(-result["random"]["estimate"])
    assert flipped["random"]["ci_low"] == pytest.approx(-result["random"]["ci_high"])
    assert flipped["prediction"]["high"] == pytest.approx(-result["prediction"]["low"])
    assert flipped["heterogeneity"] == pytest.approx(result["heterogeneity"])


def test_subgroups_have_their_own_models_and_a_test_between_them():
    part = pool_analysis(spec(FIVE, levels=LEVELS, subgroups="setting"), EXTRACTS)["subgroups"]
    assert [(level["level"], level["k"]) for level in part["levels"]] == [("first line", 2), ("first relapse", 3)]
    assert part["levels"][0]["random"]["inference"] == "wald"
    assert part["test"]["df"] == 1 and part["test"]["method"] == "wald"
    assert part["test_common_tau2"]["method"] == "common tau2"
    lines = [level["alternatives"]["wald"] for level in part["levels"]]
    difference = lines[0]["estimate"] - lines[1]["estimate"]
    assert part["test"]["Q"] == pytest.approx(difference**2 / (lines[0]["se"] ** 2 + lines[1]["se"] ** 2))


def test_with_one_tau2_for_all_levels_the_test_is_that_of_a_meta_regression():
    model = {"profile": "metafor", "subgroup_tau2": "common"}
    part = pool_analysis(spec(FIVE, levels=LEVELS, subgroups="setting", model=model), EXTRACTS)["subgroups"]
    assert part["test"]["Q"] == pytest.approx(part["test_common_tau2"]["Q"])
    assert len({level["heterogeneity"]["tau2"] for level in part["levels"]}) == 1


@pytest.mark.parametrize(("inference", "tau2"), [("KR", "REML"), ("PL", "ML")])
def test_an_inference_for_a_mean_leaves_the_test_with_one_tau2_to_wald(inference, tau2):
    wald, part = (
        pool_analysis(
            spec(
                FIVE, levels=LEVELS, subgroups="setting", model={"profile": "metafor", "tau2": tau2, "inference": used}
            ),
            EXTRACTS,
        )["subgroups"]
        for used in ("wald", inference)
    )
    assert part["test_common_tau2"] == wald["test_common_tau2"]
    assert [level["random"]["inference"] for level in part["levels"]] == [inference, inference]


@pytest.mark.parametrize("variances", ["separate", "common"])
def test_levels_that_explain_the_effects_wholly_leave_no_scale_to_test_by(variances):
    model = {"profile": "metafor", "inference": "HKSJ", "subgroup_tau2": variances}
    same = [extract(study, 0.0 if LEVELS[study] == "first line" else 0.25, 0.25) for study in FIVE]
    part = pool_analysis(spec(FIVE, levels=LEVELS, subgroups="setting", model=model), same)["subgroups"]
    assert part["test_common_tau2"] is None
    canonical_json.dumps(part)  # every number is finite


def test_a_level_of_one_study_has_no_subtotal_and_enters_the_test():
    levels = LEVELS | {"A": "relapsed or refractory"}
    part = pool_analysis(spec(FIVE, levels=levels, subgroups="setting"), EXTRACTS)["subgroups"]
    alone = next(level for level in part["levels"] if level["level"] == "relapsed or refractory")
    assert (
        alone["random"] is None
        and alone["heterogeneity"] is None
        and "more than one study" in alone["reasons"]["random"]
    )
    assert part["test"]["df"] == 2


def test_a_study_without_the_characteristic_has_a_level_of_its_own():
    part = pool_analysis(spec(FIVE, levels=LEVELS | {"A": None}, subgroups="setting"), EXTRACTS)["subgroups"]
    assert "not reported" in [level["level"] for level in part["levels"]]


def test_without_an_overall_model_the_subgroups_stand_alone():
    result = pool_analysis(spec(FIVE, levels=LEVELS, subgroups="setting", overall=False), EXTRACTS)
    assert (
        result["random"] is None
        and result["common"] is None
        and "without an overall model" in result["reasons"]["random"]
    )
    first = [effect["weight_random"] for effect in result["effects"] if effect["subgroup"] == "first line"]
    assert sum(first) == pytest.approx(100)
    assert result["subgroups"]["levels"][1]["random"] is not None
    canonical_json.dumps(result)  # every number is finite
    assert table(result).endswith("\n")


def test_a_study_without_a_usable_figure_is_excluded_with_the_reason():
    none = extract("B", 0.0, 0.1)
    none["measures"]["HR"] = {"candidates": [], "chosen": [], "why": "control value not reported"}
    result = pool_analysis(
        spec(["A", "B"], excluded=[{"study": "X", "label": "X", "reason": "by choice"}]), [EXTRACTS[0], none]
    )
    assert [(item["study"], item["reason"]) for item in result["excluded"]] == [
        ("X", "by choice"),
        ("B", "control value not reported"),
    ]
    assert result["k"] == 1


@pytest.mark.parametrize("vi", [0.0, None, math.inf])
def test_a_study_whose_variance_can_not_be_used_is_excluded(vi):
    result = pool_analysis(spec(["A", "B"]), [EXTRACTS[0], extract("B", 0.1, vi)])
    assert result["k"] == 1 and "variance" in result["excluded"][0]["reason"]


def test_no_study_at_all_still_gives_a_result_file():
    result = pool_analysis(spec([], subgroups="setting"), [])
    assert result["k"] == 0 and result["random"] is None and result["reasons"]["random"]
    canonical_json.dumps(result)  # every number is finite
    assert len(table(result).splitlines()) == 1


def test_a_route_that_the_analysis_asks_for_is_taken():
    both = extract("A", -0.94, 0.063)
    both["measures"]["HR"]["candidates"].append(
        both["measures"]["HR"]["candidates"][0] | {"route": "survival", "yi": -0.5}
    )
    result = pool_analysis(spec(["A", "B"], route="survival"), [both, EXTRACTS[1]])
    assert [effect["yi"] for effect in result["effects"]] == [-0.5]
    assert "survival" in result["excluded"][0]["reason"]


def test_strata_of_one_trial_enter_side_by_side():
    strata = extract("A", -0.94, 0.063, population="A/average", label="A, average risk")
    second = extract("A", -0.3, 0.05, population="A/high", label="A, high risk")["measures"]["HR"]["candidates"]
    strata["measures"]["HR"]["candidates"] += second
    strata["measures"]["HR"]["chosen"] = [0, 1]
    result = pool_analysis(spec(["A"]), [strata])
    assert [effect["label"] for effect in result["effects"]] == ["A, average risk", "A, high risk"]


@pytest.mark.parametrize("other", ["A", "A/high"])
def test_the_same_patients_are_never_pooled_twice(other):
    with pytest.raises(BadInput, match="patients"):
        pool_analysis(spec(["A", "B"]), [EXTRACTS[0], extract("B", 0.1, 0.1, population=other)])


def test_an_unknown_option_is_bad_input():
    with pytest.raises(BadInput, match="did you mean 'REML'"):
        pool_analysis(spec(FIVE, model={"tau2": "REMLL"}), EXTRACTS)


def test_counts_bring_the_exact_risk_of_each_arm():
    # Clopper-Pearson, as R's binom.test(0, 109) and binom.test(13, 267)
    counts = {"events_e": 13, "n_e": 267, "events_c": 0, "n_c": 109}
    result = pool_analysis(spec(["A"], measure="RD"), [extract("A", 0.05, 0.001, measure="RD", reported=counts)])
    arms = result["effects"][0]["risks"]
    assert arms["control"] == pytest.approx({"risk": 0, "low": 0, "high": 0.0332766648}, rel=1e-8)
    assert [arms["experimental"][key] for key in ("low", "high")] == pytest.approx(
        [0.02617626763, 0.08182087777], rel=1e-9
    )


def test_the_table_has_a_row_an_effect_and_a_row_a_summary(result):
    rows = list(csv.DictReader(io.StringIO(table(result))))
    assert [row["row"] for row in rows] == ["effect"] * 5 + ["common", "random", "prediction"]
    assert float(rows[6]["estimate_display"]) == pytest.approx(result["display"]["random"]["estimate"], rel=1e-11)


def test_text_that_a_spreadsheet_would_run_is_guarded():
    names = spec(["A"])
    names["studies"][0]["label"] = "=HYPERLINK(1)"
    assert "'=HYPERLINK(1)" in table(pool_analysis(names, EXTRACTS))


@pytest.mark.parametrize("by", ["{0.__class__}", "{unknown}", "{", "{}"])
def test_a_characteristic_whose_name_holds_braces_stands_in_the_table_as_it_is(by):
    named = spec(FIVE, levels=LEVELS, subgroups=by)
    for study in named["studies"]:
        study["values"] = {by: study["values"]["setting"]}
    assert f"subgroup random by {by}," in table(pool_analysis(named, EXTRACTS))


def several(**changes):
    """Three studies with two effects each, on the same patients."""
    extracts = []
    for name, (yi, vi) in list(FIVE.items())[:4]:
        both = extract(name, yi, vi, label=f"{name}, first")
        both["measures"]["HR"]["candidates"] += extract(name, yi + 0.2, vi)["measures"]["HR"]["candidates"]
        both["measures"]["HR"]["chosen"] = [0, 1]
        extracts.append(both)
    return spec(list(FIVE)[:4], **changes), extracts


def test_several_effects_of_the_same_patients_are_refused_unless_the_analysis_says_how():
    with pytest.raises(BadInput, match="patients"):
        pool_analysis(*several())


def test_aggregated_effects_are_one_a_study():
    result = pool_analysis(*several(dependence={"method": "aggregate", "rho": 0.5}))
    assert result["k"] == 4 and result["effects"][0]["yi"] == pytest.approx(-0.84)
    assert result["effects"][0]["vi"] == pytest.approx(0.063 * 0.75)
    assert [row["rho"] for row in result["over_rho"]] == [0, 0.2, 0.4, 0.6, 0.8]
    assert result["settings"]["dependence"] == "aggregate" and result["settings"]["rho"] == 0.5
    canonical_json.dumps(result)  # every number is finite
    assert table(result).endswith("\n")


@pytest.mark.parametrize(("asked", "used"), [("REML", "REML"), ("ML", "ML"), ("DL", "REML"), (0.3, "REML")])
def test_a_three_level_model_says_by_what_its_variances_are(asked, used):
    result = pool_analysis(*several(dependence={"method": "multilevel"}, model={"tau2": asked}))
    assert result["settings"]["tau2"] == used
    assert any("by REML, not by" in text for text in result["warnings"]) == (asked != used)


@pytest.mark.parametrize("how", [{"method": "multilevel"}, {"method": "che", "rho": 0.6}])
def test_three_level_models_give_a_robust_line_and_both_variances(how):
    result = pool_analysis(*several(dependence=how))
    assert result["random"]["inference"] == "CR2" and result["common"] is None and result["reasons"]["common"]
    found = result["heterogeneity"]
    assert found["tau2"] == pytest.approx(found["tau2_between"] + found["tau2_within"])
    assert [row["rho"] for row in result["over_rho"]] == [0, 0.2, 0.4, 0.6, 0.8]
    assert sum(effect["weight_random"] for effect in result["effects"]) == pytest.approx(100)
    canonical_json.dumps(result)  # every number is finite
    assert table(result).endswith("\n")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"method": "agregate", "rho": 0.5}, "did you mean 'aggregate'"),
        ({"method": "che"}, "needs rho"),
        ({"method": "che", "rho": 0.5, "robst": "CR2"}, "did you mean 'robust'"),
    ],
)
def test_a_wrong_way_of_handling_dependence_is_bad_input(how, message):
    with pytest.raises(BadInput, match=message):
        pool_analysis(*several(dependence=how))


def arms(study, *, events_e, events_c, yi=None, use=None):
    """An extract of counts; without yi they give no effect."""
    reported = {"events_e": events_e, "n_e": 40, "events_c": events_c, "n_c": 41}
    made = extract(study, yi or 0.0, 0.3, measure="RR", reported=reported)
    part = made["measures"]["RR"]
    part["candidates"][0] |= {"statistic": "counts", "use": use}
    if yi is None:
        unused = part["candidates"].pop() | {"reason": "a zero cell"}
        part |= {"chosen": [], "why": "a zero cell"}
        made["unused"] = [unused]
    return made


def test_mantel_haenszel_takes_the_counts_of_studies_without_an_effect():
    extracts = [
        arms("A", events_e=5, events_c=9, yi=-0.6),
        arms("B", events_e=0, events_c=4),
        arms("C", events_e=3, events_c=7, yi=-0.8),
        arms("D", events_e=0, events_c=0),
    ]
    result = pool_analysis(spec("ABCD", measure="RR", model={"profile": "metafor", "common": "MH"}), extracts)
    # metafor 3.8-1: rma.mh(measure = "RR", ai = c(5, 0, 3), n1i = 40, ci = c(9, 4, 7), n2i = 41)
    assert result["common"]["estimate"] == pytest.approx(-0.8915981192838, rel=1e-10)
    assert result["common"]["k"] == 3 and result["k"] == 2
    reasons = {item["study"]: item["reason"] for item in result["excluded"]}
    assert [item["study"] for item in result["excluded"] if "reported" in item] == ["B"]
    assert reasons["B"] == "a zero cell; its counts enter the MH common effect"
    assert reasons["D"] == "a zero cell; without events in either arm it has no weight in the MH common effect"


def test_effects_against_one_control_arm_get_its_covariance_and_the_result_says_so():
    extracts = []
    for name in "ABC":
        both = arms(name, events_e=8, events_c=9, yi=-0.2, use="low dose")
        other = arms(name, events_e=5, events_c=9, yi=-0.5, use="high dose")
        both["measures"]["RR"]["candidates"] += other["measures"]["RR"]["candidates"]
        both["measures"]["RR"]["chosen"] = [0, 1]
        extracts.append(both)
    result = pool_analysis(spec("ABC", measure="RR", dependence={"method": "aggregate", "rho": 0.0}), extracts)
    covariance = 1 / 9 - 1 / 41
    assert result["effects"][0]["vi"] == pytest.approx((0.3 + covariance) / 2)
    assert "share a control arm" in result["warnings"][-1]
    three = pool_analysis(spec("ABC", measure="RR", dependence={"method": "multilevel"}), extracts)
    assert three["effects"][0]["label"] == "A (2020): low dose" and "share a control arm" in three["warnings"][-1]


def test_a_shared_control_arm_without_covariance_is_refused_unless_the_model_handles_it():
    extracts = []
    for name in "ABC":
        both = arms(name, events_e=8, events_c=9, yi=-0.2, use="low dose")
        other = arms(name, events_e=5, events_c=9, yi=-0.5, use="high dose")
        both["measures"]["PETO"] = both["measures"].pop("RR")
        both["measures"]["PETO"]["candidates"] += other["measures"]["RR"]["candidates"]
        both["measures"]["PETO"]["chosen"] = [0, 1]
        extracts.append(both)
    with pytest.raises(BadInput, match="covariance is not known for PETO there; use che or aggregate"):
        pool_analysis(spec("ABC", measure="PETO", dependence={"method": "multilevel"}), extracts)
    found = pool_analysis(spec("ABC", measure="PETO", dependence={"method": "che", "rho": 0.5}), extracts)
    assert "so rho is used: A, B, C." in found["warnings"][-1]


def test_moderators_and_given_weights_come_from_the_values_of_the_studies():
    wanted = spec(FIVE, moderators="dose", model={"tau2": "GENQ", "tau2_weights": "n"})
    for number, study in enumerate(wanted["studies"]):
        study["values"] = {"dose": float(number), "n": 10.0 + number}
    result = pool_analysis(wanted, EXTRACTS)
    assert result["moderators"]["coefficients"][1]["name"] == "dose"
    assert result["settings"]["tau2_weights"] == "n"
    del wanted["studies"][2]["values"]["n"]
    with pytest.raises(BadInput, match="C has no number above 0 as its weight 'n'"):
        pool_analysis(wanted, EXTRACTS)
    wanted["studies"][2]["values"]["n"] = 1e30
    with pytest.raises(
        BadInput, match=r"the weights 'n' are too far apart for reliable computation: from 10 to 1e\+30"
    ):
        pool_analysis(wanted, EXTRACTS)


NAMED = {"first relapse": "First relapse", "first line": "Newly diagnosed"}


@pytest.mark.parametrize("more", [{}, {"overall": False}, {"dependence": {"method": "multilevel"}}])
def test_levels_stand_by_their_names_in_the_order_of_the_names_and_have_the_numbers_of_plain_ones(more):
    plain = pool_analysis(spec(FIVE, levels=LEVELS, subgroups="setting", **more), EXTRACTS)
    named = pool_analysis(spec(FIVE, levels=LEVELS | {}, subgroups="setting", **more) | {"levels": NAMED}, EXTRACTS)
    assert [level["level"] for level in named["subgroups"]["levels"]] == list(NAMED.values())
    assert [effect["subgroup"] for effect in named["effects"]] == [
        NAMED[effect["subgroup"]] for effect in plain["effects"]
    ]
    by_level = {NAMED[level["level"]]: level for level in plain["subgroups"]["levels"]}
    for level, display in zip(named["subgroups"]["levels"], named["display"]["subgroups"], strict=True):
        assert {**by_level[level["level"]], "level": level["level"]} == level
        place = list(by_level).index(level["level"])
        assert display == plain["display"]["subgroups"][place]
    assert named["subgroups"]["test"] == plain["subgroups"]["test"]
    assert [item["weight_random"] for item in named["effects"]] == [item["weight_random"] for item in plain["effects"]]


def test_a_level_without_a_name_follows_those_that_have_one():
    some = spec(FIVE, levels=LEVELS, subgroups="setting") | {"levels": {"first relapse": "Relapse"}}
    assert [level["level"] for level in pool_analysis(some, EXTRACTS)["subgroups"]["levels"]] == [
        "Relapse",
        "first line",
    ]
