"""The functions for Python users: the same numbers as the workflow and as R, in the order of the data."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
import yaml

import coppice
from coppice.extract.outcome import extract_outcome
from coppice.jobs.canonical_json import rounded
from coppice.plan import plan
from coppice.pool.kinds import pooling

ROOT = Path(__file__).parents[3]
REVIEWS = ROOT / "tests" / "reviews"
METAFOR = json.loads((ROOT / "tests" / "reference" / "metafor.json").read_text(encoding="utf-8"))["cases"]
SAME = {"rel": 1e-8, "abs": 1e-11}
LINE = ("estimate", "se", "ci_low", "ci_high", "statistic", "p")
PARTS = ("random", "common", "prediction", "heterogeneity")


def table(name):
    settings = yaml.safe_load((REVIEWS / name / "config.yaml").read_text(encoding="utf-8"))
    with (REVIEWS / name / settings["studies"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}


def bcg():
    columns = table("bcg")
    numeric = ("year", "tpos", "tneg", "cpos", "cneg", "ablat")
    return {name: [int(cell) for cell in column] if name in numeric else column for name, column in columns.items()}


@pytest.fixture(scope="module")
def effects():
    return coppice.effect_size("RR", bcg(), study=["author", "year"], ai="tpos", bi="tneg", ci="cpos", di="cneg")


@pytest.fixture(scope="module")
def result(effects):
    return coppice.pool(effects)


def of_workflow(folder, name, monkeypatch, **overrides):
    """Return the settings of a review and one of its pooled results, by the steps of the workflow."""
    monkeypatch.chdir(REVIEWS / folder)
    made = plan.load([Path("config.yaml")], overrides)
    spec = made.content("pool", analysis=name)
    units = made.reads("pool", analysis=name)
    extracts = [extract_outcome(made.content("extract", study=study, outcome=outcome)) for study, outcome in units]
    return made.review.settings, pooling(spec).pool(spec, extracts)


def close(value):
    if isinstance(value, dict):
        return {key: close(item) for key, item in value.items()}
    if isinstance(value, list):
        return [close(item) for item in value]
    return pytest.approx(value, **SAME) if isinstance(value, float) else value


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("bcg", "latitude_and_allocation"),
        ("bcg", "mantel_haenszel_or"),
        ("konstantopoulos2011", "three_levels"),
        ("nielweise2008_rates", "irln"),
        ("pritz1997", "rebleeding"),
    ],
)
def test_a_table_in_memory_gives_the_numbers_of_the_workflow(folder, name, monkeypatch):
    settings, expected = of_workflow(folder, name, monkeypatch)
    shared = {key: settings[key] for key in ("columns", "profile") if key in settings}
    own = dict(settings["analyses"][name])
    model = (settings.get("model") or {}) | own.pop("model", {})
    found = coppice.analyse(table(folder), **own, **model, **shared)
    for part in (*PARTS, "moderators", "settings"):
        assert found.content.get(part) == close(expected.get(part)), part


def test_the_defaults_are_those_of_the_workflow(result, monkeypatch):
    _, expected = of_workflow("bcg", "reml", monkeypatch, profile="cochrane2025")
    for part in (*PARTS, "settings", "warnings"):
        assert result.content[part] == close(expected[part]), part


def test_effect_sizes_are_those_of_metafor(effects):
    assert effects.yi == pytest.approx(METAFOR["bcg_rr"]["yi"], rel=1e-9)
    assert effects.vi == pytest.approx(METAFOR["bcg_rr"]["vi"], rel=1e-9)


@pytest.mark.parametrize("inference", ["wald", "HKSJ"])
@pytest.mark.parametrize("tau2", ["REML", "DL", "PM"])
def test_estimates_and_predictions_are_those_of_metafor(tau2, inference):
    case = METAFOR["bcg_rr"]
    expected = case["random"][tau2]["inference"][inference]
    found = coppice.pool(case["yi"], case["vi"], profile="metafor", tau2=tau2, inference=inference)
    assert [getattr(found, key) for key in ("estimate", "se", "statistic", "p")] == [
        pytest.approx(expected[key], **SAME) for key in ("estimate", "se", "statistic", "p")
    ]
    assert found.ci == pytest.approx((expected["ci_low"], expected["ci_high"]), **SAME)
    assert found.prediction == pytest.approx((expected["pi_low"], expected["pi_high"]), **SAME)
    assert found.tau2 == pytest.approx(case["random"][tau2]["tau2"], rel=1e-6)


def test_leaving_one_out_gives_the_rows_of_metafor():
    case = METAFOR["bcg_rr"]
    found = coppice.pool(case["yi"], case["vi"], profile="metafor").leave_one_out()
    assert [row["estimate"] for row in found] == pytest.approx(
        [row["estimate"] for row in case["leave_one_out"]], rel=1e-6
    )


def test_standard_errors_are_another_way_to_give_variances():
    yi, vi = METAFOR["bcg_rr"]["yi"], METAFOR["bcg_rr"]["vi"]
    assert coppice.pool(yi, sei=np.sqrt(vi)).estimate == pytest.approx(coppice.pool(yi, vi).estimate, rel=1e-12)


@pytest.mark.parametrize(
    "data",
    [pd.DataFrame(bcg()), bcg(), [dict(zip(bcg(), row, strict=True)) for row in zip(*bcg().values(), strict=True)]],
    ids=["data frame", "columns", "rows"],
)
def test_data_frames_columns_and_rows_are_the_same_data(data, effects):
    found = coppice.effect_size("RR", data, study=["author", "year"], ai="tpos", bi="tneg", ci="cpos", di="cneg")
    assert (found.yi == effects.yi).all()
    assert found.studies == effects.studies


def test_results_stand_in_the_order_of_the_data(effects, result):
    names = [f"{author} {year}" for author, year in zip(bcg()["author"], bcg()["year"], strict=True)]
    assert [row["label"] for row in result.effects] == effects.studies == names
    assert [row["label"] for row in result.leave_one_out()] == effects.studies


def test_cumulative_pooling_adds_studies_by_year_by_precision_or_by_a_column(result):
    years = sorted(bcg()["year"])
    latitude = dict(zip([row["label"] for row in result.effects], bcg()["ablat"], strict=True))
    assert [int(row["label"][-4:]) for row in result.cumulative()] == years
    assert [latitude[row["label"]] for row in result.cumulative("ablat")] == sorted(bcg()["ablat"])
    assert result.cumulative("precision")[0]["label"] == "TPT Madras 1980"
    assert result.cumulative()[-1]["estimate"] == pytest.approx(result.estimate)


def test_a_row_without_an_effect_stays_in_its_place_with_the_reason():
    found = coppice.effect_size("OR", ai=[4, None, 3], n1i=[10, 10, 10], ci=[1, 2, 2], n2i=[10, 10, 10])
    assert np.isnan(found.yi).tolist() == [False, True, False]
    assert found.rows[1]["reason"]
    pooled = coppice.pool(found)
    assert pooled.k == 2
    assert [item["label"] for item in pooled.excluded] == ["Study 2"]


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA])
def test_missing_effects_are_left_out_with_the_reason(missing):
    found = coppice.pool([0.1, missing, 0.3], [0.01, 0.02, 0.03], study=["A", "B", "C"])
    assert found.k == 2
    assert "not pooled: B" in found.summary()


def test_several_effects_of_a_study_are_pooled_by_the_dependence_that_is_named():
    found = coppice.pool(
        [0.1, 0.2, 0.3], [0.01] * 3, study=["A", "A", "B"], dependence={"method": "aggregate", "rho": 0.5}
    )
    assert found.k == 2
    assert found.effects[0]["yi"] == pytest.approx(0.15)


def test_effect_sizes_of_one_study_in_several_rows_stay_rows():
    found = coppice.effect_size(
        "MD", study=["A", "A"], m1i=[1, 2], sd1i=[1, 1], n1i=[10, 10], m2i=[0, 0], sd2i=[1, 1], n2i=[9, 9]
    )
    assert found.yi.tolist() == [1, 2]


def test_the_summary_names_estimates_heterogeneity_moderators_and_subgroups(effects):
    text = str(coppice.pool(effects, moderators="ablat", subgroups="alloc"))
    for part in (
        "log RR",
        "tau2  0.3132",
        "I2    92.22%",
        "new study",
        "Meta-regression on ablat",
        "Subgroups by alloc",
        "QM",
    ):
        assert part in text, part


def test_the_summary_names_the_bayesian_model_and_how_dependent_effects_were_handled():
    bayes = coppice.pool([0.1, 0.2, 0.5], [0.1] * 3, bayes={"tau_prior": {"half_normal": 0.5}})
    assert "prior of tau: half-normal(0.5)" in bayes.summary()
    che = {"method": "che", "rho": 0.5}
    dependent = coppice.pool([0.1, 0.2, 0.5, 0.4], [0.1] * 4, study=["A", "A", "B", "C"], dependence=che)
    assert "dependence: che; rho: 0.5; tau2: REML; inference: CR2" in dependent.summary()
    assert [row["label"] for row in dependent.effects] == ["A: row 1", "A: row 2", "B", "C"]


def test_a_notebook_shows_results_and_rows_as_tables(result):
    assert result._repr_html_() == f"<pre>{result.summary().replace('<', '&lt;')}</pre>"
    assert result.leave_one_out()._repr_html_().startswith("<pre>label")


def test_the_dictionary_has_the_keys_and_numbers_of_the_result_file(result):
    content = result.to_dict()
    assert json.loads(json.dumps(content)) == content == rounded(result.content)
    schema = json.loads((ROOT / "workflow" / "schemas" / "pool.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, schema)


def test_the_data_frame_has_a_row_for_each_effect_and_each_estimate(result):
    frame = result.to_frame()
    assert frame["row"].tolist() == ["effect"] * 13 + ["common", "random", "prediction"]


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_figures_are_written_by_their_ending_and_shown_by_a_notebook(result, tmp_path, ending):
    picture = result.forest(tmp_path / f"forest.{ending}")
    assert (tmp_path / f"forest.{ending}").stat().st_size > 1000
    assert picture._repr_svg_().startswith("<?xml")
    assert picture.description


@pytest.mark.parametrize("name", ["funnel", "baujat", "influence", "leave_one_out", "cumulative", "labbe", "radial"])
def test_every_figure_of_the_workflow_can_be_drawn(result, name):
    assert result.figure(name).figure.axes is not None


def test_a_network_is_analysed_as_the_workflow_does():
    data = {
        "study": ["A", "B", "C", "D"],
        "experimental": ["drug", "drug", "other", "other"],
        "control": ["placebo", "placebo", "placebo", "drug"],
        "yi": [-0.5, -0.3, -0.2, 0.1],
        "vi": [0.05, 0.04, 0.06, 0.05],
    }
    found = coppice.analyse(data, "OR", network={"reference": "placebo"})
    assert found.kind == "network"
    assert found.figure("league").title is not None


def test_importing_the_package_imports_no_numpy():
    code = "import coppice, sys; dir(coppice); assert not {'numpy', 'pandas', 'matplotlib', 'coppice.api'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_folder_of_the_pool_verb_can_be_called_whichever_is_imported_first():
    code = "import coppice.pool.options, coppice; assert coppice.pool([1, 2], [1, 1]).k == 2; from coppice import pool; pool([1], [1])"
    subprocess.run([sys.executable, "-c", code], check=True)
