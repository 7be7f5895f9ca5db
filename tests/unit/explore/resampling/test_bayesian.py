"""The Bayesian model without each study."""

import numpy as np
import pytest

from coppice.core.measures import MEASURES
from coppice.explore.resampling.bayesian import bayes_leave_one_out, options_of
from coppice.pool.models.bayes.fit import posterior, summaries
from coppice.pool.models.bayes.part import bayes_part

YI, VI = [-0.94, -0.36, -0.27, -1.11, -0.63], [0.063, 0.040, 0.042, 0.097, 0.065]


def pooled(request, k=5):
    effects = [{"study": f"S{i}", "label": f"S{i}", "yi": YI[i], "vi": VI[i]} for i in range(k)]
    part, why = bayes_part(effects, request, MEASURES["OR"], level=0.95, thresholds={})
    return {"effects": effects, "bayes": part, "reasons": {"bayes": why} if why else {}}


@pytest.mark.parametrize(
    "request_",
    [
        {"tau_prior": {"half_normal": 0.5}},
        {"tau_prior": {"turner2015": {"outcome": "any"}}, "mu_prior": {"mean": 0, "sd": 1}},
    ],
)
def test_a_row_is_the_model_of_the_other_studies(request_):
    result = pooled(request_)
    rows = bayes_leave_one_out(result)
    for index, row in enumerate(rows):
        yi, vi = np.delete(YI, index), np.delete(VI, index)
        alone = summaries(posterior(yi, vi, options_of(result["bayes"])), 0.95)
        assert row["study"] == f"S{index}"
        assert [row["estimate"], row["tau"]] == pytest.approx([alone.mu.median[0], alone.tau.median[0]])
        assert [row["ci_low"], row["ci_high"]] == pytest.approx(alone.mu.central[0])


def test_it_says_why_there_are_no_rows():
    assert "improper" in bayes_leave_one_out(pooled({"tau_prior": "uniform"}, k=3))["skipped"]
    assert "nothing is left" in bayes_leave_one_out(pooled({"tau_prior": {"half_normal": 1}}, k=1))["skipped"]
    assert "improper" in bayes_leave_one_out(pooled({"tau_prior": "uniform"}, k=2))["skipped"]
