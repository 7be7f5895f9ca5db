"""The parts of results/explore/<analysis>.json that say what it would take to overturn a conclusion."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from coppice.core.contracts.small_study import Method
from coppice.core.contracts.values import AtLeastOne, Count, Fraction


class EValues(Method):
    """E-values of the pooled estimate and of the confidence limit nearer to no effect."""

    estimate: Annotated[float, "E-value of the estimate"]
    limit: Annotated[float, "E-value of the limit nearer to no effect; 1 where the interval includes it"]
    risk_ratio: Annotated[float, "The estimate as a risk ratio, by the conversion"]
    conversion: Annotated[str, "How the estimate became a risk ratio"]


class ChangedArm(TypedDict):
    """The patients of one arm whose event status is changed."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    arm: Annotated[Literal["experimental", "control"], "Arm"]
    events: Annotated[int, "Events that are added, or below 0 removed"]


class Fragility(Method):
    """The fragility index of the meta-analysis."""

    index: Annotated[AtLeastOne, "Number of patients whose event status is changed"]
    patients: Annotated[Count, "Patients of all studies"]
    excludes_null: Annotated[bool, "Whether the interval excludes no effect before the changes"]
    changes: Annotated[list[ChangedArm], "The changes by arm, in the order of the effects"]
    estimate: Annotated[float, "The estimate after the changes, on the model's scale"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]


class Equivalence(Method):
    """Two one-sided tests of the pooled effect against the bounds of important effects."""

    low: Annotated[float, "Lower bound, on the model's scale"]
    high: Annotated[float, "Upper bound"]
    alpha: Annotated[Fraction, "Level of each test"]
    df: Annotated[float | None, "Degrees of freedom; null for the normal distribution"]
    statistic_low: Annotated[float, "z or t of the test that the effect is not below the lower bound"]
    p_low: Annotated[Fraction, "Its one-sided p value"]
    statistic_high: Annotated[float, "z or t of the test that the effect is not above the upper bound"]
    p_high: Annotated[Fraction, "Its one-sided p value"]
    p: Annotated[Fraction, "p value of equivalence: the larger of both"]
    ci_low: Annotated[float, "Lower limit of the interval that belongs to the tests, of level 1 - 2 alpha"]
    ci_high: Annotated[float, "Upper limit"]


class OneSided(TypedDict):
    """A combination of one-sided p values."""

    statistic: Annotated[float, "Its statistic; of Simes the p value itself"]
    p: Annotated[Fraction, "Combined p value"]


class CombinedPRow(Method):
    """One way to combine p values, in both directions."""

    method: Annotated[str, "Code of the method"]
    greater: Annotated[OneSided, "Whether any effect lies above no effect"]
    less: Annotated[OneSided, "Whether any effect lies below"]


class CombinedP(Method):
    """Combined p values."""

    k: Annotated[Count, "Number of effects"]
    methods: Annotated[list[CombinedPRow], "By method"]
