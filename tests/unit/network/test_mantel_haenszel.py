"""Networks of odds ratios by Mantel-Haenszel: from counts, with common effects."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from coppice.core.errors import BadInput
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.pool.kinds import pooling
from coppice.pool.multivariate.network.contrasts import contrasts
from coppice.pool.multivariate.network.mantel_haenszel import by_design, counted, pooled_design
from coppice.pool.multivariate.network.model import fit
from coppice.report.data.data_tables import frames
from coppice.report.data.r_script import r_script
from coppice.report.page import page
from coppice.report.read import read_review

from .conftest import ANALYSIS, Network, load


@pytest.fixture(scope="module")
def network() -> Network:
    planned = load(analyses={ANALYSIS: {"network": {"method": "MH"}}})
    extracts = {
        unit: extract_outcome(planned.unit("extract", study=unit[0], outcome=unit[1])) for unit in planned.extracts
    }
    spec = planned.unit("pool", analysis=ANALYSIS)
    pooled = pooling(spec).pool(spec, [extracts[unit] for unit in planned.reads("pool", analysis=ANALYSIS)])
    explored = exploring(pooled)(planned.unit("explore", analysis=ANALYSIS), pooled, ())
    return Network(planned, extracts, canonical_json.rounded(pooled), canonical_json.rounded(explored))


def test_studies_of_two_treatments_are_pooled_as_by_mantel_and_haenszel():
    x, n = np.array([[3.0, 0.0], [5.0, 2.0], [0.0, 4.0]]), np.array([[40.0, 50.0], [60.0, 55.0], [20.0, 80.0]])
    effects, variances = pooled_design(x, n - x)
    own = StratifiedTable(np.array([[x[:, 0], (n - x)[:, 0]], [x[:, 1], (n - x)[:, 1]]]))
    assert effects[0, 1] == pytest.approx(own.logodds_pooled, rel=1e-12)
    assert variances[0, 1] ** 0.5 == pytest.approx(own.logodds_pooled_se, rel=1e-12)


def test_designs_of_one_study_each_make_the_network_by_inverse_variance():
    arms = {"one": "AB", "two": "ABC", "three": "BCD", "four": "AD"}
    random = np.random.default_rng(5)
    cells = {
        study: {name: (float(random.integers(5, 40)), float(random.integers(20, 90))) for name in names}
        for study, names in arms.items()
    }
    rows = [
        (
            study,
            a,
            b,
            np.log(own[a][0] / own[a][1]) - np.log(own[b][0] / own[b][1]),
            sum(1 / v for v in (*own[a], *own[b])),
        )
        for study, own in cells.items()
        for a in own
        for b in own
        if a < b
    ]
    expected, own = fit(contrasts(*zip(*rows, strict=True))), fit(by_design(counted(cells, "ABCD"), "ABCD"))
    np.testing.assert_allclose(own.effects, expected.effects, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(own.variances, expected.variances, rtol=1e-10)


def test_standard_errors_of_many_small_studies_are_those_of_repeated_samples():
    random = np.random.default_rng(1)
    n = random.integers(2, 9, (150, 3))
    odds = np.exp(random.normal(-1, 1, 150)[:, None] + np.array([0.0, 0.5, -0.4]))
    samples = [
        pooled_design(x, n - x) for x in (random.binomial(n, odds / (1 + odds)).astype(float) for _ in range(600))
    ]
    effects, variances = (np.array([sample[part] for sample in samples]) for part in (0, 1))
    for pair in ((0, 1), (0, 2), (1, 2)):
        assert variances[:, *pair].mean() == pytest.approx(effects[:, *pair].var(), rel=0.15)


def test_the_treatments_in_another_order_have_the_same_effects():
    x, n = np.array([[3.0, 0.0, 2.0], [1.0, 2.0, 0.0]]), np.array([[40.0, 50.0, 45.0], [60.0, 55.0, 50.0]])
    (one, spread), order = pooled_design(x, n - x), [2, 0, 1]
    other, own = pooled_design(x[:, order], (n - x)[:, order])
    np.testing.assert_allclose(other, one[np.ix_(order, order)], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(own, spread[np.ix_(order, order)], rtol=1e-12, atol=1e-14)


def test_studies_without_events_tell_nothing_and_a_treatment_without_events_has_no_odds_ratio():
    data = counted(
        {
            "silent": {"A": (0, 10), "B": (0, 12)},
            "all": {"A": (9, 0), "B": (8, 0)},
            "one": {"A": (1, 20), "B": (0, 22)},
            "two": {"A": (2, 20), "B": (3, 19)},
            "lost": {"A": (2, 30), "C": (0, 33)},
        },
        "ABC",
    )
    assert by_design(data, "ABC").treatments == ("A", "B")
    assert {study: set(own) for studies in data.designs.values() for study, own in studies.items()} == {
        "one": {"A", "B"},
        "two": {"A", "B"},
    }
    assert all(
        data.without[study].startswith("no patient, or every patient, of its arms") for study in ("silent", "all")
    )
    assert data.without["lost"].startswith("no patient, or every patient, with C has the event")


def test_a_design_goes_on_without_a_treatment_that_has_no_event():
    data = counted({"one": {"A": (0, 10), "B": (2, 8), "C": (3, 7)}, "two": {"B": (1, 9), "C": (4, 6)}}, "ABC")
    assert list(data.designs) == [("B", "C")]
    assert set(data.designs["B", "C"]) == {"one", "two"}
    assert data.silent == [
        "A has no odds ratio in one, where no patient with it, or every one, has the event: these studies enter with their other treatments."
    ]


def test_a_network_by_mantel_haenszel_has_common_effects_alone(network):
    pool = network.pool
    assert all(item["random"] is None for item in pool["comparisons"])
    assert pool["heterogeneity"] is None and pool["settings"]["method"] == "MH" and pool["settings"]["tau2"] is None
    # the only study of no contact against group counselling has no event with no contact
    assert [item["study"] for item in pool["excluded"]] == ["S15"]
    assert sum(item["k"] for item in pool["comparisons"]) == len(pool["effects"]) == 27
    assert pool["k"] == 23
    assert (
        pool["inconsistency"]["between"]["df"]
        == sum(len(item["treatments"]) - 1 for item in pool["inconsistency"]["designs"]) - 3
    )
    assert all(row["tau2"] is None and row["reason"] is None for row in network.explore["leave_one_out"])


def test_the_report_of_counts_says_what_it_assumes(network, tmp_path):
    spec = network.plan.content("report")
    spec["analyses"] = [entry for entry in spec["analyses"] if entry["analysis"] == ANALYSIS]
    canonical_json.write(tmp_path / "pool" / f"{ANALYSIS}.json", network.pool)
    canonical_json.write(tmp_path / "explore" / f"{ANALYSIS}.json", network.explore)
    for (study, outcome), extract in network.extracts.items():
        canonical_json.write(tmp_path / "extract" / study / f"{outcome}.json", {**extract, "made_from": "x"})
    review = read_review(spec, tmp_path)
    text = str(page.results(review))
    assert "Heterogeneity: not estimated, as Mantel-Haenszel assumes common effects." in text
    assert "common effects (Mantel-Haenszel)" in text and "Prediction interval" not in text
    assert "10.1002/sim.8158" in str(page.method(review)) + str(page.references(review))
    assert "netmeta::netmetabin(" in r_script(review)
    assert all(
        row[-1] is not None for row in {frame.name: frame for frame in frames(review)}["network_comparisons"].rows
    )


def test_mantel_haenszel_is_refused_for_other_measures_and_with_a_variance_between_studies():
    with pytest.raises(BadInput, match="Mantel-Haenszel is for networks of odds ratios"):
        load(analyses={ANALYSIS: {"measure": "RR", "network": {"method": "MH"}}})
    with pytest.raises(BadInput, match="has common effects, without a variance between studies"):
        load(analyses={"moments": {"network": {"method": "MH"}}})
