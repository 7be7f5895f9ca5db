"""An interval of tau2 that holds no value is null with its reason, and not a very certain 0."""

from __future__ import annotations

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.kernel.heterogeneity import tau2_interval
from coppice.pool.kernel.kernel import studies
from coppice.pool.profiles import settings
from coppice.pool.subgroups import subgroup_analysis

ALIKE = np.array([0.20, 0.2001, 0.1999, 0.20, 0.2002])
VI = np.array([0.04, 0.05, 0.03, 0.06, 0.05])


@pytest.mark.parametrize("method", ["QP", "J", "BJ"])
def test_effects_more_alike_than_chance_would_have_it_have_no_interval_of_tau2(method):
    found = pool(ALIKE, VI, profile="metafor", tau2_interval=method)
    for name in ("tau2", "I2", "H2"):
        assert (found.heterogeneity[f"{name}_low"], found.heterogeneity[f"{name}_high"]) == (None, None)
    assert "lower critical value" in found.reasons["tau2_interval"]
    assert any("interval is empty" in warning for warning in found.warnings)


@pytest.mark.parametrize("method", ["QP", "J", "BJ", "PL"])
def test_an_interval_that_begins_at_0_stays(method):
    low, high = tau2_interval(studies([0.2, 0.5, 0.1, 0.4], VI[:4]), method=method)
    assert low[0] == 0.0
    assert high[0] > 0.0


def test_the_level_of_a_subgroup_has_the_reason_and_the_warning_of_its_own_empty_interval():
    effects = [
        {"yi": float(y), "vi": float(v), "subgroup": level, "reported": None, "label": "A"}
        for level, shift in (("alike", 1.0), ("apart", 9000.0))
        for y, v in zip(0.2 + (ALIKE - 0.2) * shift, VI, strict=True)
    ]
    part, _ = subgroup_analysis(effects, "setting", "GEN", settings({"profile": "metafor"}))
    alike, apart = part["levels"]
    assert "lower critical value" in alike["reasons"]["tau2_interval"]
    assert any("interval is empty" in warning for warning in alike["warnings"])
    assert "tau2_interval" not in apart["reasons"]
