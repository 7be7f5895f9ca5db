"""Whole reviews: a configuration and a table of studies each, from the file to the digits that metafor prints.

expected.tsv of each names its page; reviews.R has the calls, and writes the tables and the digits anew.
"""

import csv
from pathlib import Path

import pytest

from coppice.explore.analysis import explore_analysis
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.analysis import pool_analysis
from coppice.tools.schema.results import EXPLORE, EXTRACT, POOL

HERE = Path(__file__).parent
REVIEWS = sorted(folder.name for folder in HERE.iterdir() if (folder / "config.yaml").is_file())
HALF_A_UNIT = 0.5e-4 * 1.0001  # of the fourth digit, as metafor rounds; a little more, as a tie may go either way


def expected(name):
    with (HERE / name / "expected.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


def pooled(name, monkeypatch):
    """Return the results of every analysis of a review, by the same steps as the workflow's."""
    monkeypatch.chdir(HERE / name)
    review = plan.load([Path("config.yaml")], {})
    extracts = {
        unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
    }
    return {
        analysis: pool_analysis(
            review.unit("pool", analysis=analysis), [extracts[unit] for unit in review.reads("pool", analysis=analysis)]
        )
        for analysis in review.review.analyses
    }


def value(result, path):
    for key in path.split("."):
        result = result[int(key)] if key.isdigit() else result[key]
    return result


def test_there_are_at_least_ten_reviews():
    assert len(REVIEWS) >= 10


@pytest.mark.parametrize("name", REVIEWS)
def test_a_review_gives_the_digits_that_metafor_prints(name, monkeypatch):
    results = pooled(name, monkeypatch)
    rows = expected(name)
    assert {row["analysis"] for row in rows} == set(results)
    different = [
        (row["analysis"], row["quantity"], float(row["expected"]), found)
        for row in rows
        if abs((found := value(results[row["analysis"]], row["quantity"])) - float(row["expected"])) > HALF_A_UNIT
    ]
    assert different == []


@pytest.mark.parametrize("name", REVIEWS)
def test_the_results_of_a_review_have_the_fields_of_the_contract_and_no_others(name, monkeypatch):
    monkeypatch.chdir(HERE / name)
    review = plan.load([Path("config.yaml")], {})
    extracts = {
        unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
    }
    for extract in extracts.values():
        assert list(EXTRACT.findings(canonical_json.rounded(extract | {"made_from": "a hash"}), ())) == []
    for analysis in review.review.analyses:
        inputs = [extracts[unit] for unit in review.reads("pool", analysis=analysis)]
        result = pool_analysis(review.unit("pool", analysis=analysis), inputs)
        assert list(POOL.findings(canonical_json.rounded(result), ())) == []
        explored = explore_analysis(review.unit("explore", analysis=analysis), result, inputs)
        assert list(EXPLORE.findings(canonical_json.rounded(explored), ())) == []
