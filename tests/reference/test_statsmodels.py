"""statsmodels' own random-effects model, `combine_effects`, is another witness of DL and PM with Wald and HKSJ."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from coppice.pool import pool

YI = np.array([-0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01, -0.47])
VI = np.array([0.33, 0.19, 0.42, 0.02, 0.05, 0.01, 0.22, 0.004, 0.06])


# a tighter tolerance than 1e-9 makes it step below the root, where it gives up and returns a tau2 of 0
@pytest.mark.filterwarnings("ignore:`use_t=True` requires")
@pytest.mark.parametrize(("tau2", "method"), [("DL", "dl"), ("PM", "iterated")])
@pytest.mark.parametrize(("inference", "row"), [("wald", "random effect"), ("HKSJ", "random effect wls")])
def test_combine_effects_gives_the_same_where_q_is_above_its_degrees_of_freedom(tau2, method, inference, row):
    use_t = inference == "HKSJ"
    theirs = combine_effects(YI, VI, method_re=method, use_t=use_t, **({"atol": 1e-9} if method == "iterated" else {}))
    found = pool(YI, VI, profile="metafor", tau2=tau2, inference=inference)
    expected = theirs.summary_frame(use_t=use_t).loc[row]
    assert found.heterogeneity["tau2"] == pytest.approx(theirs.tau2, rel=1e-8)
    assert found.random["estimate"] == pytest.approx(expected["eff"], rel=1e-8)
    assert found.random["se"] == pytest.approx(expected["sd_eff"], rel=1e-8)
    assert (found.random["ci_low"], found.random["ci_high"]) == pytest.approx(
        (expected["ci_low"], expected["ci_upp"]), rel=1e-8
    )


def test_combine_effects_does_not_truncate_dl_at_0():
    alike = np.array([0.20, 0.21, 0.19, 0.22])
    assert combine_effects(alike, VI[:4], method_re="dl").tau2 < 0
    assert pool(alike, VI[:4], profile="metafor", tau2="DL").heterogeneity["tau2"] == 0
