"""Networks against netmeta, whose inputs and outputs are in netmeta.json (package and version stand there)."""

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.multivariate.network.contrasts import contrasts
from coppice.pool.multivariate.network.contribution import random_walk, shortest_paths
from coppice.pool.multivariate.network.evidence import Evidence
from coppice.pool.multivariate.network.inconsistency import decomposition, interaction
from coppice.pool.multivariate.network.model import fit
from coppice.pool.multivariate.network.ranking import p_scores
from coppice.pool.multivariate.network.results import heterogeneity, line, prediction
from coppice.pool.multivariate.network.tau2 import ESTIMATORS, Blocks

CASES = {case["name"]: case for case in json.loads((Path(__file__).parent / "netmeta.json").read_text())["cases"]}
FITS = [(name, method) for name, case in CASES.items() for method in case["fits"]]
CLOSE = {"rtol": 1e-6, "atol": 1e-9}


def data_of(name):
    given = CASES[name]["contrasts"]
    return contrasts(given["study"], given["one"], given["other"], given["yi"], np.square(given["se"]))


@pytest.fixture(params=FITS, ids="-".join)
def case(request):
    """Return a network, what netmeta gives for it, and the places of netmeta's treatments."""
    name, method = request.param
    data, expected = data_of(name), CASES[name]["fits"][method]
    places = [data.treatments.index(treatment) for treatment in expected["treatments"]]
    return data, expected, places, data.treatments.index(CASES[name]["reference"]), method


def models(data, expected):
    fits = {"common": fit(data), "random": fit(data, expected["tau2"])}
    return [(fits[model], expected[model]) for model in fits if model in expected]


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def places_of(data, comparison):
    one, other = comparison.split(":")
    return data.treatments.index(one), data.treatments.index(other)


def test_the_variance_between_studies_is_that_of_netmeta_or_more_likely(case):
    data, expected, _, _, method = case
    own = ESTIMATORS[method](fit(data))
    if method == "DL":
        assert own == pytest.approx(expected["tau2"], rel=1e-9, abs=1e-12)
        return
    blocks = Blocks(fit(data))  # netmeta stops at a tolerance, and leaves out the covariance of contrasts without arms
    assert blocks.pieces(own)[0] <= blocks.pieces(expected["tau2"])[0] + 1e-12


def test_effects_against_the_reference_are_those_of_netmeta(case):
    data, expected, places, base, _ = case
    for fitted, model in models(data, expected):
        np.testing.assert_allclose(fitted.effects[places, base], model["against_reference"], **CLOSE)
        np.testing.assert_allclose(np.sqrt(fitted.variances[places, base]), model["se"], **CLOSE)
        lines = [
            line(fitted.effects[place, base], fitted.variances[place, base], 0.95) for place in places if place != base
        ]
        others = [index for index, place in enumerate(places) if place != base]
        np.testing.assert_allclose([item["ci_low"] for item in lines], numbers(model["ci_low"])[others], **CLOSE)
        np.testing.assert_allclose([item["p"] for item in lines], numbers(model["p"])[others], rtol=1e-6, atol=1e-12)


def test_p_scores_are_those_of_netmeta(case):
    data, expected, places, _, _ = case
    for fitted, model in models(data, expected):
        np.testing.assert_allclose(p_scores(fitted, is_small_good=True)[places], model["p_score"], **CLOSE)


def test_prediction_intervals_have_the_degrees_of_freedom_of_q(case):
    data, expected, places, base, _ = case
    low = prediction(fit(data, expected["tau2"]), 0.95)[0][places, base]
    others = [index for index, place in enumerate(places) if place != base]
    np.testing.assert_allclose(low[others], numbers(expected["prediction_low"])[others], **CLOSE)


def test_i2_and_its_limits_are_those_of_netmeta(case):
    data, expected, _, _, _ = case
    part = heterogeneity(fit(data), expected["tau2"], 0.95)
    assert part["I2"] / 100 == pytest.approx(expected["I2"], rel=1e-8, abs=1e-12)
    own = [None if part[name] is None else part[name] / 100 for name in ("I2_low", "I2_high")]
    np.testing.assert_allclose(numbers(own), numbers(expected["I2_limits"]), **CLOSE)


def test_direct_and_indirect_evidence_are_split_as_in_netmeta(case):
    data, expected, _, _, _ = case
    for fitted, model in models(data, expected):
        evidence = Evidence(fitted)
        edges = {tuple(edge): place for place, edge in enumerate(evidence.edges.tolist())}
        for comparison, *values in model["split"]:
            one, other = places_of(data, comparison)
            sign, edge = (1, edges[one, other]) if one < other else (-1, edges[other, one])
            (direct, variance), (indirect, own) = (
                (side[0][edge], side[1][edge]) for side in (evidence.direct, evidence.indirect)
            )
            np.testing.assert_allclose([sign * direct, variance**0.5], numbers(values[:2]), **CLOSE)
            np.testing.assert_allclose([sign * indirect, own**0.5], numbers(values[2:4]), **CLOSE)
            if not np.isnan(indirect):
                p = line(direct - indirect, variance + own, 0.95)["p"]
                np.testing.assert_allclose(p, values[4], **CLOSE)


def test_contributions_by_random_walks_are_those_of_netmeta(case):
    data, expected, _, _, _ = case
    for fitted, model in models(data, expected):
        evidence = Evidence(fitted)
        edges = {tuple(edge): place for place, edge in enumerate(evidence.edges.tolist())}
        for comparison, values in model.get("randomwalk", {"rows": {}})["rows"].items():
            one, other = places_of(data, comparison)
            flow = evidence.hat(np.array([one]), np.array([other]))[0]
            shares = random_walk(flow, evidence.edges, one, other, data.n)
            columns = [edges[tuple(sorted(places_of(data, name)))] for name in model["randomwalk"]["cols"]]
            np.testing.assert_allclose(shares[columns], values, rtol=1e-6, atol=1e-9)
            assert shares.sum() == pytest.approx(1.0)
            assert shortest_paths(flow, evidence.edges, one, other, data.n).sum() == pytest.approx(1.0)


def test_q_is_split_by_designs_as_in_netmeta(case):
    data, expected, _, _, method = case
    if method != "DL":
        return
    parts = decomposition(data)
    assert fit(data).q == pytest.approx(expected["Q"], rel=1e-8)
    assert data.degrees == expected["df"]
    if (
        expected["Q_within"] is None
    ):  # netmeta splits nothing where two treatments make one design: all of Q is within it
        assert sum(part.q for part in parts.within) == pytest.approx(expected["Q"], rel=1e-8)
    else:
        assert sum(part.q for part in parts.within) == pytest.approx(expected["Q_within"], rel=1e-8)
        assert sum(part.df for part in parts.within) == expected["df_within"]
    if expected["df_between"]:
        assert (parts.between.q, parts.between.df) == pytest.approx(
            (expected["Q_between"], expected["df_between"]), rel=1e-7
        )
    by_arms = {frozenset(data.treatments[arm] for arm in design.arms): part for design, part in zip(parts.designs, parts.detached, strict=True)}  # fmt: skip
    for design, (q, df) in expected.get("detached", {}).items():
        part = by_arms[frozenset(design.split(":"))]
        assert (part.q, part.df) == pytest.approx((q, df), rel=1e-6, abs=1e-9)
    if None not in expected.get("interaction", [None]):
        test = interaction(data)
        assert [test.q, test.df, test.tau2**0.5] == pytest.approx(expected["interaction"], rel=1e-7, abs=1e-12)


def test_measures_of_the_evidence_are_those_of_netmeta(case):
    data, expected, _, _, _ = case
    measures, evidence = expected.get("measures"), Evidence(fit(data))
    if not measures:
        return
    edges = {tuple(edge): place for place, edge in enumerate(evidence.edges.tolist())}
    pairs = np.array([places_of(data, name) for name in measures["meanpath"]])
    one, other = pairs.T
    shares = [
        evidence.shares[edges[pair]] if (pair := tuple(sorted(each))) in edges else 0.0 for each in pairs.tolist()
    ]
    np.testing.assert_allclose(shares, list(measures["proportion"].values()), **CLOSE)
    np.testing.assert_allclose(evidence.mean_path(one, other), list(measures["meanpath"].values()), **CLOSE)
    np.testing.assert_allclose(evidence.parallel_paths(one, other), list(measures["minpar"].values()), **CLOSE)
    np.testing.assert_allclose(evidence.parallel_studies(one, other), list(measures["minpar_study"].values()), **CLOSE)


def test_adjusted_weights_are_those_of_netmeta(case):
    data, expected, _, _, method = case
    if method == "DL":
        given = CASES[next(name for name, item in CASES.items() if method in item["fits"] and item["fits"][method] is expected)]["contrasts"]  # fmt: skip
        order = np.argsort([data.studies.index(study) for study in given["study"]], kind="stable")
        np.testing.assert_allclose(fit(data).weights, np.array(expected["weight_common"])[order], **CLOSE)
        np.testing.assert_allclose(
            fit(data, expected["tau2"]).weights, np.array(expected["weight_random"])[order], **CLOSE
        )
