"""Moderators of dependent effects, on the trials of Berkey et al. (1998): two outcomes in each of five."""

import copy

import pytest
from tests.unit.pool.fixtures import extract, spec

from coppice.core.errors import BadInput
from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.pool.table import table

BERKEY = {  # year, then effect and variance of probing depth and of attachment level: dat.berkey1998 of metadat
    "Pihlstrom": (1983, (0.47, 0.0075), (-0.32, 0.0077)),
    "Lindhe": (1982, (0.20, 0.0057), (-0.60, 0.0008)),
    "Knowles": (1979, (0.40, 0.0021), (-0.12, 0.0014)),
    "Ramfjord": (1987, (0.26, 0.0029), (-0.31, 0.0015)),
    "Becker": (1988, (0.56, 0.0148), (-0.39, 0.0304)),
}
CHE = {"method": "che", "rho": 0.6}


def review(**changes):
    """Return the spec and the extracts of the trials, the outcome being a characteristic of each figure."""
    extracts = []
    for name, (_, *outcomes) in BERKEY.items():
        made = extract(name, 0.0, 1.0, measure="MD")
        part = made["measures"]["MD"]
        candidate = part["candidates"][0]
        part["candidates"] = [
            candidate | {"yi": yi, "vi": vi, "use": outcome, "characteristics": {"outcome": outcome}}
            for outcome, (yi, vi) in zip(("PD", "AL"), outcomes, strict=True)
        ]
        part["chosen"] = [0, 1]
        extracts.append(made)
    asked = {"measure": "MD", "model": {"profile": "metafor"}, "dependence": CHE, "moderators": "outcome + since"}
    made = spec(BERKEY, **asked, **changes)
    for study in made["studies"]:
        study["values"] = {"outcome": None, "since": BERKEY[study["study"]][0] - 1983}
    return made, extracts


@pytest.fixture(scope="module")
def result():
    return pool_analysis(*review())


def test_a_regression_of_dependent_effects_is_metafors(result):
    # metafor 3.8-1, V = vcalc(vi, cluster = trial, obs = esid, rho = 0.6): robust(rma.mv(yi, V, mods = ~ outcome +
    # I(year - 1983), random = ~ 1 | trial/esid), cluster = trial, clubSandwich = TRUE)
    part = result["moderators"]
    rows = {row["name"]: row for row in part["coefficients"]}
    expected = {
        "intercept": (-0.33948977, 0.10767940, 2.94, 0.05250839, -0.68595358, 0.00697404),
        "outcome[T.PD]": (0.70941369, 0.07697686, 3.87, 0.00089361, 0.49294219, 0.92588519),
        "since": (-0.00161380, 0.02184304, 2.12, 0.94748355, -0.09060034, 0.08737274),
    }
    for name, values in expected.items():
        found = [rows[name][key] for key in ("estimate", "se", "p", "ci_low", "ci_high")]
        assert found == pytest.approx([*values[:2], *values[3:]], rel=1e-5, abs=1e-7), name
        assert rows[name]["df"] == pytest.approx(values[2], abs=0.0051)
    assert [part["QM"], part["QM_df"], part["QM_p"]] == pytest.approx([124.809, 2, 0.00702951], rel=1e-5)
    assert part["QM_df2"] == pytest.approx(2.06, abs=0.0051)
    assert [part["tau2_between"], part["tau2_within"]] == pytest.approx([0.01929995, 0.01292529], rel=1e-5)
    assert [part["QE"], part["QE_df"]] == pytest.approx([149.55917141, 7])
    wald = part["alternatives"]["wald"]
    assert [row["se"] for row in wald["coefficients"]] == pytest.approx([0.08797424, 0.07900745, 0.02384505], rel=1e-5)
    assert wald["QM"] == pytest.approx(80.712, rel=1e-5)


def test_the_part_says_what_a_reader_must_know_and_what_other_correlations_give(result):
    part = result["moderators"]
    assert (
        part["k"] == 10 and part["studies"] == 5 and part["inference"] == "CR2" and part["formula"] == "outcome + since"
    )
    assert [row["rho"] for row in part["over_rho"]] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert part["over_rho"][3]["QM"] == pytest.approx(part["QM"], rel=1e-9)
    assert "There are 5 studies for 2 coefficients" in part["warnings"][0]
    assert part["warnings"][1].startswith("Fewer than 4 degrees of freedom: intercept, outcome[T.PD], since.")
    assert canonical_json.dumps(result) and table(result)


def test_a_single_numeric_moderator_gives_a_line_with_its_bands_and_what_is_asked_of_it():
    wanted, extracts = review(regression={"at": [{"since": 2}], "contrasts": {"three years": {"since": 3}}})
    part = pool_analysis(wanted | {"moderators": "since"}, extracts)["moderators"]
    line, place = part["predictions"], part["at"][0]
    assert line[0]["value"] == -4 and line[-1]["value"] == 5
    assert line[0]["pi_low"] < line[0]["ci_low"] < line[0]["estimate"] < line[0]["ci_high"] < line[0]["pi_high"]
    slope = part["coefficients"][1]
    assert place["estimate"] == pytest.approx(part["coefficients"][0]["estimate"] + 2 * slope["estimate"])
    assert part["contrasts"][0]["se"] == pytest.approx(3 * slope["se"])


def test_aggregated_effects_do_not_take_what_differs_within_a_study():
    wanted, extracts = review()
    wanted["dependence"] = {"method": "aggregate", "rho": 0.6}
    with pytest.raises(BadInput, match="effects of Pihlstrom differ in 'outcome', so they can't be combined into one"):
        pool_analysis(wanted, extracts)
    wanted["moderators"] = "since"
    for study in wanted["studies"]:
        del study["values"]["outcome"]
    assert pool_analysis(wanted, extracts)["moderators"]["k"] == 5


def test_no_more_studies_than_coefficients_give_a_reason_in_place_of_a_regression():
    wanted, extracts = review()
    wanted["studies"] = wanted["studies"][:3]
    found = pool_analysis(wanted, extracts)
    assert found["moderators"] is None
    assert found["reasons"]["moderators"] == "3 studies are too few for 3 coefficients with cluster-robust inference"


def test_a_coefficient_that_one_study_decides_has_no_standard_error():
    wanted, extracts = review()
    extracts = copy.deepcopy(extracts)
    extracts[0]["measures"]["MD"]["candidates"][0]["characteristics"] = {"outcome": "other"}
    part = pool_analysis(wanted | {"moderators": "outcome"}, extracts)["moderators"]
    alone = next(row for row in part["coefficients"] if row["name"] == "outcome[T.other]")
    assert alone["estimate"] and alone["se"] is None and part["QM"] is None
    assert any(text.startswith("A single study determines outcome[T.other]") for text in part["warnings"])
