"""The permutation test of a pooled effect: by exchanging the signs of the effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.pool import Permutation, PooledAnalysis, SelectedEffect
from coppice.core.measures import MEASURES
from coppice.pool.dependence.options import is_three_level
from coppice.pool.effects import moment_weights
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.profiles import Settings


def permutation_options(request: Any) -> dict[str, Any] | None:
    """Return the options of the permutation test that an analysis requests by true or by options, or None."""
    if not request:
        return None
    return {} if request is True else dict(request)


def sign_test(
    result: PooledAnalysis, effects: Sequence[SelectedEffect], options: Settings, test_options: Mapping[str, Any]
) -> tuple[Permutation | None, str | None]:
    """Return the test of the pooled effect by exchanging the signs of the effects, or None with the reason.

    ValueError is raised if an option of the test is wrong.
    """
    measure = MEASURES[result["measure"]]
    if is_three_level(result["settings"]):
        return None, "a permutation test is for independent effects"
    if result["random"] is None or len(effects) < 2:
        return None, "a permutation test needs an overall model of two effects or more"
    if measure.null != 0.0:
        return None, f"the measure {measure.code} has no effect of 0 to test"
    test = permutation_test(
        np.array([effect["yi"] for effect in effects]),
        np.array([effect["vi"] for effect in effects]),
        tau2=options.tau2,
        inference=result["random"]["inference"],
        moment_weights=moment_weights(effects, options),
        **test_options,
    )
    return {"p": float(test.p[0]), **test.as_dict()}, None
