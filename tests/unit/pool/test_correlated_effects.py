"""The correlated-effects model as an analysis has it; tests/oracle compares it with robumeta."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.pool.fixtures import extract, spec

from coppice.pool import pool
from coppice.pool.analysis import pool_analysis
from coppice.pool.correlated_effects import correlated_effects, moment_tau2
from coppice.report.page.dependence import three_level

Y = np.array([0.1, 0.3, -0.2, 0.5, 0.6, 0.9, 0.2, -0.4])
V = np.array([0.04, 0.05, 0.03, 0.06, 0.05, 0.08, 0.04, 0.03])
STUDY = ["A", "A", "B", "C", "C", "C", "D", "E"]


def analysed(dependence, **more):
    names = list(dict.fromkeys(STUDY))
    found = []
    for name in names:
        inside = [index for index, study in enumerate(STUDY) if study == name]
        item = extract(name, Y[inside[0]], V[inside[0]], measure="HR")
        part = item["measures"]["HR"]
        first = part["candidates"][0]
        part["candidates"] = [
            first | {"yi": float(Y[index]), "vi": float(V[index]), "label": f"{name} {index}"} for index in inside
        ]
        part["chosen"] = list(range(len(inside)))
        found.append(item)
    return pool_analysis(spec(names, dependence=dependence, **more), found)


def test_one_effect_a_study_gives_the_estimate_of_dersimonian_and_laird():
    found = correlated_effects(Y, V, range(8), rho=0.8)
    alone = pool(Y, V, profile="metafor", tau2="DL", inference="wald")
    assert found.sigma2[0] == pytest.approx(alone.tau2, rel=1e-12)
    assert [found.params[0], found.bse[0]] == pytest.approx([alone.random["estimate"], alone.random["se"]])


def test_tau2_is_at_least_0():
    assert moment_tau2([0.3] * 8, V, STUDY, rho=0.5) == 0.0


@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_an_analysis_with_ce_has_the_model_with_its_rho(rho):
    result, direct = analysed({"method": "ce", "rho": rho}), correlated_effects(Y, V, STUDY, rho=rho)
    assert result["settings"]["tau2"] == "HTJ" and result["settings"]["inference"] == "CR2"
    assert result["heterogeneity"]["tau2"] == pytest.approx(direct.sigma2[0])
    line = result["random"]
    assert [line["estimate"], line["se"], line["df"]] == pytest.approx(
        [float(getattr(direct.robust, key)[0]) for key in ("estimate", "se", "df")]
    )
    assert result["over_rho"] and not any("can't be told apart" in text for text in result["warnings"])
    weights = [effect["weight_random"] for effect in result["effects"]]
    assert weights == pytest.approx(list(100 / np.diag(direct.covariance) / (1 / np.diag(direct.covariance)).sum()))


def test_ce_needs_rho():
    with pytest.raises(Exception, match="ce needs rho"):
        analysed({"method": "ce"})


def test_the_methods_name_the_estimator_by_moments():
    settings = {"dependence": "ce", "rho": "0.8", "tau2": "HTJ", "inference": "CR2"}
    text = " ".join(statement.text for statement in three_level(settings, "", "95%"))
    assert "correlated-effects model" in text and "method of moments" in text and "three-level" not in text
