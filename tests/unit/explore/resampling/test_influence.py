"""What metafor gives for the same is in tests/reference/test_explore.py."""

import numpy as np
import pytest

from coppice.explore.resampling.influence import influence, influence_rows
from coppice.pool import pool
from coppice.pool.profiles import settings

YI = [-0.94, -0.36, -0.27, -1.11, -0.63]
VI = [0.063, 0.040, 0.042, 0.097, 0.065]
EFFECTS = [{"study": f"S{index}", "label": f"S{index}"} for index in range(5)]


@pytest.mark.parametrize("inference", ["wald", "HKSJ", "HKSJ-adhoc"])
def test_the_variance_ratio_is_that_of_two_fitted_models(inference):
    found = influence(YI, VI, settings({"profile": "metafor", "inference": inference}))
    whole = pool(YI, VI, profile="metafor", inference=inference).random
    for index, ratio in enumerate(found.cov_ratio):
        part = pool(np.delete(YI, index), np.delete(VI, index), profile="metafor", inference=inference).random
        assert ratio == pytest.approx((part["se"] / whole["se"]) ** 2, rel=1e-9)
        assert found.cook_d[index] == pytest.approx(
            ((part["estimate"] - whole["estimate"]) / whole["se"]) ** 2, rel=1e-8
        )


def test_leverages_are_the_weights():
    found = influence(YI, VI, settings())
    assert found.hat == pytest.approx(pool(YI, VI).weights_random / 100, rel=1e-9)


def test_a_study_far_from_the_others_is_marked():
    found = influence([0.1, 0.12, 0.09, 0.11, 0.1, 3.0], [0.02] * 6, settings({"profile": "metafor"}))
    assert list(found.is_influential()) == [False] * 5 + [True]


def test_rows_name_the_studies_in_the_order_of_the_effects():
    rows = influence_rows(EFFECTS, influence(YI, VI, settings()))
    assert [row["study"] for row in rows] == ["S0", "S1", "S2", "S3", "S4"]
    assert {"rstudent", "dffits", "cook_d", "cov_ratio", "tau2_del", "QE_del", "hat", "dfbetas"} <= set(rows[0])


def test_what_identical_effects_do_not_give_is_null():
    rows = influence_rows(
        EFFECTS[:3], influence([0.5] * 3, [0.1] * 3, settings({"profile": "metafor", "inference": "HKSJ"}))
    )
    assert all(row["cook_d"] is None and row["hat"] == pytest.approx(1 / 3) for row in rows)
