import numpy as np
import pytest

from coppice.explore.analysis import explore_analysis
from coppice.jobs import canonical_json
from coppice.pool import pool

YI = [-0.94, -0.36, -0.27, -1.11, -0.63]
VI = [0.063, 0.040, 0.042, 0.097, 0.065]
SPEC = {"analysis": "os"}


def pooled(yi, vi, **model):
    found = pool(yi, vi, **model)
    return {
        "measure": "HR",
        "k": len(yi),
        "level": 0.95,
        "random": found.random,
        "heterogeneity": found.heterogeneity,
        "common": found.common,
        "moderators": None,
        "reasons": found.reasons,
        "excluded": [],
        "settings": found.settings.as_dict(),
        "effects": [
            {"study": f"S{i}", "label": f"S{i}", "population": f"S{i}", "reported": None, "yi": y, "vi": v}
            for i, (y, v) in enumerate(zip(yi, vi, strict=True))
        ],
    }


def test_each_row_is_the_model_without_that_study():
    rows = explore_analysis(SPEC, pooled(YI, VI))["leave_one_out"]
    assert [row["study"] for row in rows] == ["S0", "S1", "S2", "S3", "S4"]
    for index, row in enumerate(rows):
        alone = pool(np.delete(YI, index), np.delete(VI, index), profile="metafor", inference="HKSJ")
        assert [row[key] for key in ("estimate", "se", "ci_low", "p")] == pytest.approx(
            [alone.random[key] for key in ("estimate", "se", "ci_low", "p")], rel=1e-10
        )
        assert [row[key] for key in ("tau2", "I2", "Q")] == pytest.approx(
            [alone.heterogeneity[key] for key in ("tau2", "I2", "Q")], rel=1e-9, abs=1e-12
        )


def test_a_model_for_each_of_very_many_effects_is_not_made_and_the_reason_is_given(monkeypatch):
    monkeypatch.setattr("coppice.explore.analysis.MOST_EFFECTS", 4)
    assert len(explore_analysis(SPEC, pooled(YI[:4], VI[:4]))["leave_one_out"]) == 4
    found = explore_analysis(SPEC, pooled(YI, VI))
    for name in ("leave_one_out", "cumulative", "influence"):
        assert found[name]["skipped"].startswith("not run for 5 effects (limit 4)")


def test_the_last_cumulative_row_is_the_main_model():
    main = pooled(YI, VI)
    rows = explore_analysis(SPEC, main)["cumulative"]
    assert rows[-1]["estimate"] == pytest.approx(main["random"]["estimate"], rel=1e-10)
    assert [row["k"] for row in rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("k", [0, 1, 2])
def test_too_few_studies_are_skipped_with_the_reason(k):
    result = explore_analysis(SPEC, pooled(YI[:k], VI[:k]))
    assert result["leave_one_out"]["skipped"] and canonical_json.dumps(result)


def test_without_an_overall_model_there_is_nothing_to_leave_out():
    main = pooled(YI, VI) | {"random": None, "reasons": {"random": "the analysis asks for its subgroups only"}}
    assert explore_analysis(SPEC, main)["leave_one_out"] == {"skipped": "the analysis asks for its subgroups only"}


def test_what_is_switched_off_is_there_with_the_reason():
    result = explore_analysis(SPEC | {"explore": {"influence": False}}, pooled(YI, VI))
    assert "switched off" in result["influence"]["skipped"] and "switched off" in result["gosh"]["skipped"]
    assert isinstance(result["leave_one_out"], list)


def test_cumulative_rows_by_precision_say_so_and_end_in_the_main_model():
    main = pooled(YI, VI)
    rows = explore_analysis(SPEC | {"explore": {"cumulative": {"by": "precision"}}}, main)["cumulative"]
    assert [row["study"] for row in rows] == ["S1", "S2", "S0", "S4", "S3"] and {row["by"] for row in rows} == {
        "precision"
    }
    assert rows[-1]["estimate"] == pytest.approx(main["random"]["estimate"], rel=1e-10)


def test_influence_rows_are_the_leave_one_out_rows_with_diagnostics():
    result = explore_analysis(SPEC, pooled(YI, VI))
    for left, row in zip(result["leave_one_out"], result["influence"], strict=True):
        assert left.items() <= row.items() and row["tau2_del"] == pytest.approx(left["tau2"], abs=1e-12)


def test_gosh_is_done_where_it_is_asked_for():
    result = explore_analysis(SPEC | {"explore": {"gosh": {"clusters": False}}}, pooled(YI, VI))["gosh"]
    assert result["subsets"] == result["of"] == 26 and canonical_json.dumps(result)
