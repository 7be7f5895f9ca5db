"""An interval of tau2 that holds no value is null with its reason, and not a very certain 0."""

from __future__ import annotations

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.kernel.heterogeneity import tau2_interval
from coppice.pool.kernel.kernel import studies

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
