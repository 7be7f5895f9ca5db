import numpy as np
import pytest

from coppice.explore.analysis import explore_analysis
from coppice.explore.multiverse.multiverse import MAIN, multiverse
from coppice.jobs import canonical_json
from coppice.pool import pool
from coppice.pool.analysis import pool_analysis

YI = [-0.94, -0.36, -0.27, -1.11, -0.63]
VI = [0.063, 0.040, 0.042, 0.097, 0.065]
NAMES = [f"S{index}" for index in range(5)]


def candidate(study, yi, vi, route="counts", population=None):
    return {
        **dict.fromkeys(("label", "use", "note", "reported", "report")),
        "route": route,
        "statistic": "counts",
        "yi": yi,
        "vi": vi,
        "population": population or study,
        "source": {},
        "assumptions": [],
        "notes": [],
    }


def extract(study, yi, vi, *more):
    candidates = [candidate(study, yi, vi), *more]
    rd = {"candidates": [candidate(study, yi / 4, vi / 16)], "chosen": [0], "why": ""}
    return {"study": study, "measures": {"RR": {"candidates": candidates, "chosen": [0], "why": ""}, "RD": rd}}


def extracts():
    found = [extract(*row) for row in zip(NAMES, YI, VI, strict=True)]
    other = candidate("S1", -0.8, 0.05, "curve")
    found[1] = extract("S1", YI[1], VI[1], candidate("S1", -2.0, 0.5, "curve", "S1/stratum"), other)
    return found


def pool_spec(**options):
    studies = [{"study": name, "label": name, "year": 2000} for name in NAMES]
    return {"analysis": "a", "outcome": "a", "measure": "RR", "studies": studies, "excluded": [], "model": {}} | options


def asked(**options):
    effects = [{"measure": "RR", "extract": MAIN, "effect": "RR"}]
    return {"pool": pool_spec() | {"effect": "RR"}, "effects": effects} | options


def done(**options):
    pooled = pool_analysis(pool_spec(), extracts())
    return multiverse(asked(**options), pooled, extracts()), pooled


def rows_where(found, **choices):
    return [row for row in found["specifications"] if choices.items() <= row["choices"].items()]


def test_the_main_analysis_is_the_first_specification():
    found, pooled = done(tau2=["DL"], inference=["wald"])
    first = found["specifications"][0]
    assert first["choices"]["tau2"] == "REML" and first["choices"]["inference"] == "HKSJ"
    keys = ("estimate", "se", "ci_low", "ci_high", "p")
    assert [first[key] for key in keys] == pytest.approx([pooled["random"][key] for key in keys], rel=1e-10)
    assert len(found["specifications"]) == found["combinations"] == 4


def test_every_specification_is_the_model_fitted_alone():
    found, _ = done(
        tau2=["DL", "PM", "ML"], inference=["wald", "PL"], studies={"without S3": [n for n in NAMES if n != "S3"]}
    )
    for row in found["specifications"]:
        kept = [index for index, name in enumerate(NAMES) if name != "S3" or row["choices"]["studies"] == MAIN]
        model = {"tau2": row["choices"]["tau2"], "inference": row["choices"]["inference"]}
        alone = pool(np.array(YI)[kept], np.array(VI)[kept], profile="metafor", **model)
        keys = ("estimate", "ci_low", "ci_high", "p")
        assert [row[key] for key in keys] == pytest.approx([alone.random[key] for key in keys], rel=1e-7)
        assert row["tau2"] == pytest.approx(alone.heterogeneity["tau2"], rel=1e-8, abs=1e-12)


def test_combinations_that_are_not_defined_are_listed_with_the_reason():
    found, _ = done(tau2=["ML"], inference=["PL", "KR"])
    assert not rows_where(found, tau2="REML", inference="PL") and rows_where(found, tau2="ML", inference="PL")
    reasons = {(item["choices"]["tau2"], item["choices"]["inference"]): item["reason"] for item in found["impossible"]}
    assert "only for tau2: ML" in reasons["REML", "PL"] and "only for tau2: REML" in reasons["ML", "KR"]


def test_specifications_and_impossible_combinations_are_all_combinations():
    found, _ = done(
        tau2=["ML", "DL"],
        inference=["PL", "wald"],
        route=["curve", "nowhere"],
        studies={"one": ["S0"], "two": ["S0", "S1"], "same": NAMES},
        risk_of_bias={"low": []},
    )
    pairs = [
        (item, row)
        for item in found["impossible"]
        for row in found["specifications"]
        if item["choices"].items() <= row["choices"].items()
    ]
    assert not pairs
    # the same combination may be impossible for two reasons
    assert (
        len(found["specifications"]) + sum(item["combinations"] for item in found["impossible"])
        >= found["combinations"]
    )
    reasons = " / ".join(item["reason"] for item in found["impossible"])
    for part in (
        "no study has this judgement",
        "1 effect to pool",
        "the same effects",
        "no study has another figure for the route nowhere",
    ):
        assert part in reasons


def test_a_route_replaces_the_chosen_figure_of_the_same_patients_only():
    found, _ = done(route=["curve"])
    row = rows_where(found, route="curve")[0]
    alone = pool([YI[0], -0.8, *YI[2:]], [VI[0], 0.05, *VI[2:]], profile="metafor", inference="HKSJ")
    assert row["estimate"] == pytest.approx(alone.random["estimate"], rel=1e-8)


def test_another_measure_has_its_own_effects_and_range():
    effects = [{"measure": "RR", "extract": MAIN, "effect": "RR"}, {"measure": "RD", "extract": MAIN, "effect": "RD"}]
    found, _ = done(effects=effects)
    assert found["summary"]["range"]["RD"]["median"] == pytest.approx(
        found["summary"]["range"]["RR"]["median"] / 4, rel=1e-6
    )
    assert found["summary"]["moved_by"] is None  # each measure has one specification, and nothing varies within it
    assert [part["specifications"] for part in found["summary"]["by_measure"].values()] == [1, 1]


def test_a_study_without_the_measure_is_not_pooled():
    effects = [{"measure": "RR", "extract": MAIN, "effect": "RR"}, {"measure": "OR", "extract": MAIN, "effect": "OR"}]
    found, _ = done(effects=effects)
    assert [item["choices"]["measure"] for item in found["impossible"]] == ["OR"]
    assert "nothing is reported" in found["impossible"][0]["reason"]


def test_an_analysis_without_a_multiverse_says_so():
    pooled = pool_analysis(pool_spec(), extracts())
    assert "multiverse" in explore_analysis({"analysis": "a"}, pooled)["multiverse"]["skipped"]


def test_too_many_specifications_are_refused():
    rules = {str(number): NAMES for number in range(40_000)}
    assert "the limit is" in done(studies=rules, tau2=["DL"])[0]["skipped"]


def test_the_result_can_be_written():
    canonical_json.dumps(done(tau2=["DL"], studies={"few": ["S0", "S1"]})[0])  # every number is finite
