"""The hierarchical-effects model: its moments, and what an analysis of it reports."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.pool.test_correlated_effects import STUDY, V, Y, analysed

from coppice.pool.dependence.options import dependence_of
from coppice.pool.hierarchical_effects import hierarchical_effects, moment_variances


def test_both_variances_are_found_on_average():
    """400 reviews of 12 studies with four effects each: variances 0.09 between and 0.04 within studies."""
    random = np.random.default_rng(7)
    study = np.repeat(np.arange(12), 4)
    found = []
    for _ in range(400):
        v = random.gamma(4.0, 0.01, 48) + 0.01
        y = 0.2 + random.normal(0, 0.3, 12)[study] + random.normal(0, 0.2, 48) + random.normal(0, np.sqrt(v))
        found.append(moment_variances(y, v, study))
    means, errors = np.mean(found, axis=0), np.std(found, axis=0) / 20
    assert (np.abs(means - [0.09, 0.04]) < 4 * errors + 0.002).all()  # cut at 0, they are a little too large


def test_without_several_effects_in_a_study_all_variance_is_between_studies():
    v = np.full(6, 0.01)
    between, within = moment_variances([0.1, 0.5, -0.2, 0.8, 0.3, 0.0], v, range(6))
    assert within == 0.0 and between > 0


def test_an_analysis_reports_both_variances_and_no_correlations():
    result, direct = analysed({"method": "he"}), hierarchical_effects(Y, V, STUDY)
    assert result["random"]["estimate"] == pytest.approx(float(direct.params[0]))
    assert result["random"]["inference"] == "CR2" and result["settings"]["tau2"] == "HTJ"
    spread = result["heterogeneity"]
    assert [spread["tau2_between"], spread["tau2_within"]] == pytest.approx(direct.sigma2)
    assert result["over_rho"] == []


def test_it_takes_no_correlation():
    with pytest.raises(ValueError, match="he has independent sampling errors and takes no rho; ce has correlated ones"):
        dependence_of({"method": "he", "rho": 0.5})
