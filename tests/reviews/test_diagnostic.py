"""Whole diagnostic reviews: from a table of counts to the results, their report and the script for R."""

import contextlib
from pathlib import Path

import pytest

from coppice.core.contracts.diagnostic import DiagnosticExplored, DiagnosticResult
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.kinds import pooling
from coppice.report.data.r_script import r_script
from coppice.report.page import page
from coppice.report.page.abstract import question_line
from coppice.report.page.html_elements import plain
from coppice.report.read import read_review
from coppice.tools.schema.results import fixed_of

HERE = Path(__file__).parent / "diagnostic"
# mada 0.5.12: reitsma(skin_tests, method = "reml"), its summary, to four digits; no cell is empty
MADA = {"sensitivity": [0.2588, 0.1189, 0.4746], "specificity": [0.9701, 0.9240, 0.9886]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the plan of the review of skin tests and its results, written as the workflow writes them."""
    folder = tmp_path_factory.mktemp("results")
    with contextlib.chdir(HERE / "skin_tests"):
        review = plan.load([Path("config.yaml")], {})
        extracts = {
            unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
        }
        for (study, outcome), extract in extracts.items():
            canonical_json.write(folder / "extract" / study / f"{outcome}.json", extract)
        results = {}
        for name in review.review.analyses:
            spec = review.unit("pool", analysis=name)
            pooled = pooling(spec).pool(spec, [extracts[unit] for unit in review.reads("pool", analysis=name)])
            explored = exploring(pooled)(review.unit("explore", analysis=name), pooled, [])
            results[name] = (pooled, explored)
            canonical_json.write(folder / "pool" / f"{name}.json", pooled)
            canonical_json.write(folder / "explore" / f"{name}.json", explored)
        yield review, results, read_review(review.content("report"), folder)


def test_a_table_with_tp_fp_fn_and_tn_is_read_as_the_counts_of_studies(made):
    pooled = made[1]["accuracy"][0]
    assert pooled["k"] == 10
    first = pooled["effects"][0]
    assert [first[name] for name in ("tp", "fp", "fn", "tn")] == [8, 3, 1, 184]


def test_the_results_have_the_fields_of_the_contract_and_no_others(made):
    for pooled, explored in made[1].values():
        assert list(fixed_of(DiagnosticResult).findings(canonical_json.rounded(pooled), ())) == []
        assert list(fixed_of(DiagnosticExplored).findings(canonical_json.rounded(explored), ())) == []


def test_the_normal_model_gives_the_summary_point_that_mada_prints(made):
    point = made[1]["normal"][0]["point"]
    for side, expected in MADA.items():
        printed = [point[side][key] for key in ("estimate", "ci_low", "ci_high")]
        assert printed == pytest.approx(expected, abs=0.51e-4)


def test_each_study_is_left_out_once_and_each_model_is_compared(made):
    explored = made[1]["accuracy"][1]
    assert len(explored["leave_one_out"]) == 10
    assert [row["k"] for row in explored["leave_one_out"]] == [9] * 10
    labels = [row["label"] for row in explored["multiverse"]]
    assert len(labels) == 3  # the exact model and, without an empty cell, the normal one by REML and by ML


def test_the_report_gives_the_summary_point_its_consequences_and_the_method(made):
    review = made[2]
    text = "\n".join(
        plain(section(review) or "") for section in (page.structured_abstract, page.findings, page.results, page.method)
    )
    assert "10 studies with 2,901 participants, 169 of whom had allergy to beta-lactams" in text
    assert "summary sensitivity of 24.7% (95% CI 10.8 to 47.2)" in text
    assert "Of 1,000 people tested, at a prevalence of 2%, 20 have" in text
    assert "exact binomial likelihood" in text
    assert "Clopper" in plain(page.references(review))


def test_the_r_script_repeats_the_normal_model_in_metafor_and_names_mada(made):
    script = r_script(made[2])
    assert "rma.mv(yi, vi, mods = ~ 0 + side" in script
    assert "mada::reitsma(data.frame(TP = tp" in script
    assert "lme4::glmer" in script


def test_a_review_of_test_accuracy_asks_how_accurate_the_test_is(made):
    review = made[2]
    review.about["question"] = {"population": "adults", "intervention": "skin tests", "comparator": "provocation"}
    assert question_line(review) == "In adults, how accurate is skin tests compared with provocation?"
