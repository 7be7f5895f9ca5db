"""Networks: which studies enter, what is refused, and how long a large one takes."""

from __future__ import annotations

import time
from copy import deepcopy

import numpy as np
import pytest

from coppice.core.errors import BadInput
from coppice.core.network_lines import against_reference, by_pair
from coppice.explore.kinds import exploring
from coppice.pool.kinds import pooling
from coppice.pool.multivariate.network.contrasts import NotANetwork, check_variances, contrasts

from .conftest import ANALYSIS, invented


def pooled(spec, extracts):
    return pooling(spec).pool(spec, extracts)


def test_three_hundred_studies_of_forty_treatments_are_pooled_in_seconds():
    spec, extracts = invented(40, 300)
    start = time.process_time()
    result = pooled(spec, extracts)
    assert time.process_time() - start < 6  # 1.2 s on an idle machine
    assert len(result["comparisons"]) == 780
    assert max(sum(item["ranks"]) for item in result["treatments"]) == pytest.approx(1.0)


def test_the_order_of_studies_and_extracts_changes_nothing():
    spec, extracts = invented(6, 20)
    one, other = pooled(spec, extracts), pooled(spec, extracts[::-1])
    assert one == other


def test_a_study_that_lacks_a_comparison_of_its_arms_is_left_out_with_the_reason():
    spec, extracts = invented(5, 30)
    study = next(item for item in spec["studies"] if len(item["pairs"]) == 3)
    lacking = deepcopy(extracts)
    next(item for item in lacking if item["study"] == study["study"])["measures"].pop(next(iter(study["pairs"])))
    result = pooled(spec, lacking)
    assert [item["study"] for item in result["excluded"]] == [study["study"]]
    assert "not all of its arms can be compared" in result["excluded"][0]["reason"]


def test_a_network_in_parts_is_refused_with_its_parts():
    spec, extracts = invented(4, 3)
    spec["studies"], extracts = spec["studies"][:1], extracts[:1]
    more = deepcopy(extracts[0])
    pair = [item["treatment"] for item in spec["treatments"][2:4]]
    key = next(iter(more["measures"]))
    more["study"] = "OTHER"
    spec["studies"].append({**spec["studies"][0], "study": "OTHER", "label": "OTHER", "pairs": {key: pair}})
    with pytest.raises(BadInput, match="not connected, its 2 parts are"):
        pooled(spec, [*extracts, more])


def test_comparisons_of_a_study_that_contradict_one_another_are_refused():
    data = contrasts(["a"] * 3, ["A", "A", "B"], ["B", "C", "C"], [1.0, 0.5, 1.0], [0.04, 0.04, 0.04])
    with pytest.raises(NotANetwork, match=r"a \(A, B, C\) contradict one another: A against B and B against C make 2"):
        check_variances(data)


def test_standard_errors_that_no_arms_have_are_refused():
    data = contrasts(["a"] * 3, ["A", "A", "B"], ["B", "C", "C"], [1.0, 2.0, 1.0], [0.01, 0.9, 0.01])
    with pytest.raises(NotANetwork, match="standard errors of the comparisons of a"):
        check_variances(data)


def test_two_comparisons_of_three_arms_are_refused():
    with pytest.raises(NotANetwork, match="it lacks B with C"):
        contrasts(["a"] * 2, ["A", "A"], ["B", "C"], [1.0, 2.0], [0.1, 0.1])


def test_a_comparison_reads_the_same_from_either_side(network):
    pairs = by_pair(network.pool["comparisons"])
    for (one, other), item in pairs.items():
        turned = pairs[other, one]["random"]
        assert (item["random"]["estimate"], item["random"]["ci_low"]) == (-turned["estimate"], -turned["ci_high"])
    assert {item["treatments"][1] for item in against_reference(network.pool)} == {"no contact"}


def test_contributions_sum_to_one_and_ranks_follow_from_what_is_good(network):
    assert np.allclose([sum(shares) for shares in network.pool["contributions"]["shares"]], 1.0)
    scores = {item["treatment"]: item["p_score"] for item in network.pool["treatments"]}
    assert min(scores, key=scores.get) == "no contact"  # large values are good


def test_the_network_is_pooled_again_without_each_study_treatment_and_comparison(network):
    assert len(network.explore["leave_one_out"]) == network.pool["k"]
    assert [row["left_out"] for row in network.explore["leave_treatment_out"]] == [["self-help"], ["individual counselling"], ["group counselling"]]  # fmt: skip
    assert all(row["reason"] is None for row in network.explore["leave_comparison_out"])
    assert "not requested" in network.explore["multiverse"]["skipped"]


def test_a_multiverse_of_a_network_has_each_estimator_common_effects_and_counts(network):
    explored = exploring(network.pool)({"analysis": ANALYSIS, "models": True}, network.pool, ())
    rows = {row["label"]: row for row in explored["multiverse"]}
    assert list(rows) == [
        "Random effects, REML",
        "Random effects, ML",
        "Random effects, DL",
        "Common effects",
        "Mantel-Haenszel",
    ]
    main = {item["treatments"][0]: item for item in against_reference(network.pool)}
    for name, label in (("random", "Random effects, REML"), ("common", "Common effects")):
        for line in rows[label]["lines"]:
            assert line["estimate"] == pytest.approx(main[line["treatment"]][name]["estimate"], rel=1e-6)
    assert rows["Mantel-Haenszel"]["k"] == 23  # one design has no event with no contact
    assert rows["Common effects"]["tau2"] is None
