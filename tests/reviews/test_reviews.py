"""Whole reviews: a configuration and a table of studies each, from the file to the digits that metafor prints.

expected.tsv of each names its page; reviews.R has the calls, and renews the tables and the digits.
"""

import contextlib
import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from coppice.core.kinds import kind_in
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.kinds import pooling
from coppice.tools.schema.results import CONTRACTS, EXTRACT

HERE = Path(__file__).parent
REVIEWS = sorted(folder.name for folder in HERE.iterdir() if (folder / "config.yaml").is_file())
HALF_A_UNIT = 0.5e-4 * 1.0001  # of the fourth digit, as metafor rounds; a little more, as a tie may go either way


def expected(name):
    with (HERE / name / "expected.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


@dataclass(frozen=True)
class Results:
    """What the steps of the workflow give for one review."""

    name: str
    review: plan.Plan
    extracts: dict
    pools: dict

    def inputs(self, analysis):
        return [self.extracts[unit] for unit in self.review.reads("pool", analysis=analysis)]


@pytest.fixture(scope="module", params=REVIEWS)
def results(request):
    """Return the results of one review, made once for all tests of it."""
    with contextlib.chdir(HERE / request.param):
        review = plan.load([Path("config.yaml")], {})
        extracts = {
            unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
        }
        made = Results(request.param, review, extracts, {})
        for analysis in review.review.analyses:
            spec = review.unit("pool", analysis=analysis)
            made.pools[analysis] = pooling(spec).pool(spec, made.inputs(analysis))
        yield made


def value(result, path):
    for key in path.split("."):
        result = result[int(key)] if key.isdigit() else result[key]
    return result


def test_there_are_at_least_ten_reviews():
    assert len(REVIEWS) >= 10


def test_a_review_gives_the_digits_that_metafor_prints(results):
    rows = expected(results.name)
    assert {row["analysis"] for row in rows} == set(results.pools)
    different = [
        (row["analysis"], row["quantity"], float(row["expected"]), found)
        for row in rows
        if abs((found := value(results.pools[row["analysis"]], row["quantity"])) - float(row["expected"])) > HALF_A_UNIT
    ]
    assert different == []


def test_the_results_of_a_review_have_the_fields_of_the_contract_and_no_others(results):
    for extract in results.extracts.values():
        assert list(EXTRACT.findings(canonical_json.rounded(extract | {"made_from": "a hash"}), ())) == []
    for analysis, result in results.pools.items():
        pool, explore = CONTRACTS[kind_in(result)]
        assert list(pool.findings(canonical_json.rounded(result), ())) == []
        spec = results.review.unit("explore", analysis=analysis)
        explored = exploring(result)(spec, result, results.inputs(analysis))
        assert list(explore.findings(canonical_json.rounded(explored), ())) == []
