"""Absolute effects follow GRADE's formulas."""

from __future__ import annotations

import pytest
from tests.unit.report import fixtures

from coppice.report.page.absolute import baselines, risk_with_treatment


@pytest.mark.parametrize(
    ("measure", "risk", "effect", "with_treatment"),
    [
        ("RR", 0.20, 0.5, 0.10),
        ("OR", 0.20, 0.5, 1 / 9),  # odds 0.25 halved to 0.125
        ("HR", 0.36, 0.5, 0.20),  # survival 0.64, its square root 0.8
        ("RD", 0.20, -0.05, 0.15),
        ("RR", 0.80, 2.0, 1.0),
        ("RD", 0.02, -0.05, 0.0),
    ],
)
def test_the_risk_with_the_treatment(measure, risk, effect, with_treatment):
    assert risk_with_treatment(measure, risk, effect) == pytest.approx(with_treatment, rel=1e-12)


def test_without_risks_in_the_configuration_those_of_the_control_arms_stand(changed):
    effects = [fixtures.effect("TOWER") | {"risks": {"control": {"risk": risk}}} for risk in (0.4, 0.1, 0.2)]
    review = changed(effects=effects)
    assert [(item.name, item.risk) for item in baselines(review.analyses[0])] == [
        ("lowest observed risk", 0.1),
        ("median observed risk", 0.2),
        ("highest observed risk", 0.4),
    ]


def test_equal_control_arms_are_one_baseline(changed):
    review = changed(effects=[fixtures.effect("TOWER") | {"risks": {"control": {"risk": 0.0}}}] * 2)
    assert [item.name for item in baselines(review.analyses[0])] == ["observed risk"]


def test_a_hazard_ratio_without_a_given_risk_has_no_absolute_effect(analysis):
    assert baselines(analysis) == []


def test_the_risks_of_the_configuration_come_first(changed):
    spec = fixtures.specification()
    spec["analyses"][0]["baselines"] = [{"name": "low", "risk": 0.1, "time": "3 years"}]
    (baseline,) = baselines(changed(spec=spec).analyses[0])
    assert (baseline.name, baseline.risk, baseline.time) == ("low", 0.1, "3 years")
