"""Subgroups of dependent effects: a three-level model in each level, or one for all, and a test of differences.

A study may have effects in several levels. Subtotals then depend on one another, so that the test is cluster-robust,
with the studies as clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from coppice.core.contracts.pool import DifferenceTest, OverallModel, Subgroups
from coppice.core.contracts.pool import Level as LevelPart
from coppice.pool.dependence.model import (
    NO_COMMON,
    SMALLEST_NUMBER_OF_STUDIES,
    DependentModel,
    Effects,
    fit_effects,
    multilevel_parts,
    names_of,
    parts_of,
    weights_of,
)
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.dependence.robust import Robust, cluster_robust
from coppice.pool.effects import levels_of
from coppice.pool.kernel.kernel import Array
from coppice.pool.subgroups import FEW_STUDIES, level_means

ONE_STUDY = "a subtotal needs more than one study"
NOT_TESTED = "Left out of the cluster-robust test of differences between subgroups, as they have one study"


@dataclass(frozen=True, slots=True)
class Level:
    """One level: the positions of its effects, its part of the result file and its marginal covariance.

    `part` and `covariance` are None where it has a single study.
    """

    name: str
    inside: Array
    part: OverallModel | None
    covariance: Array | None


def dependent_subgroups(effects: Effects, by: str, model: DependentModel) -> tuple[Subgroups, Array, list[str]]:
    """Return the subgroups' part of the result file, the effects' weights within their level, and warnings.

    `subgroup_tau2` of the model decides whether the variances between and within studies are each level's own or
    shared.
    """
    names = list(dict.fromkeys(levels_of(effects)))
    joint = _joint(effects, model) if len(names) > 1 else None
    one_variance = model.settings.subgroup_tau2 == "common" and joint is not None
    levels = [_level(effects, name, model, joint if one_variance else None) for name in names]
    few = min(_studies_of(effects, name) for name in names) < FEW_STUDIES
    tested = [index for index, level in enumerate(levels) if level.part is not None]
    of_joint = None if joint is None else _difference(joint.robust, tested, len(names))
    weights = np.full(len(effects), 100.0)
    for level in levels:
        weights[level.inside] = 100.0 / len(level.inside) if level.covariance is None else weights_of(level.covariance)
    alone = [level.name for level in levels if level.part is None]
    return (
        {
            "by": by,
            "levels": [_level_part(level) for level in levels],
            "test": of_joint if one_variance else _separate_test(effects, levels, model),
            "test_common": None,
            "test_common_tau2": of_joint if few and not one_variance else None,
        },
        weights,
        [f"{NOT_TESTED}: {', '.join(alone)}."] if alone and len(names) > 1 else [],
    )


def _studies_of(effects: Effects, name: str) -> int:
    return len({effect["study"] for effect in effects if effect["subgroup"] == name})


def _joint(effects: Effects, model: DependentModel) -> MultilevelResults | None:
    """Fit one model with a mean for each level; None where there are no more studies than levels."""
    design = level_means(levels_of(effects))
    if len(set(names_of(effects))) <= design.shape[1]:
        return None
    return fit_effects(effects, model, design=design)


def _level(effects: Effects, name: str, model: DependentModel, joint: MultilevelResults | None) -> Level:
    inside = np.array([index for index, effect in enumerate(effects) if effect["subgroup"] == name])
    if _studies_of(effects, name) < SMALLEST_NUMBER_OF_STUDIES:
        return Level(name, inside, None, None)
    own = [effects[int(index)] for index in inside]
    if joint is None:
        return Level(name, inside, *multilevel_parts(own, model))
    row = level_means(levels_of(effects))[inside[0]].tolist()
    covariance = joint.covariance[np.ix_(inside, inside)]
    return Level(name, inside, parts_of(joint, row, own, model), covariance)


def _level_part(level: Level) -> LevelPart:
    if level.part is not None:
        return cast(LevelPart, {**level.part, "level": level.name, "k": len(level.inside)})
    reasons = dict.fromkeys(("random", "prediction", "heterogeneity"), ONE_STUDY) | NO_COMMON
    empty = dict.fromkeys(("common", "random", "alternatives", "prediction", "heterogeneity"))
    return cast(LevelPart, {"level": level.name, "k": len(level.inside), **empty, "reasons": reasons, "warnings": []})


def _separate_test(effects: Effects, levels: list[Level], model: DependentModel) -> DifferenceTest | None:
    """Test whether the subtotals differ, each by its own model.

    As a working covariance, effects in different levels are independent; the clusters find out what they share.
    """
    kept = [level for level in levels if level.covariance is not None]
    if len(kept) < 2:
        return None
    positions = np.concatenate([level.inside for level in kept])
    working, start = np.zeros((len(positions), len(positions))), 0
    for level in kept:
        stop = start + len(level.inside)
        working[start:stop, start:stop] = level.covariance
        start = stop
    chosen = [effects[int(index)] for index in positions]
    if len(set(names_of(chosen))) <= len(kept):
        return None
    robust = cluster_robust(
        [effect["yi"] for effect in chosen],
        working,
        names_of(chosen),
        design=level_means(levels_of(chosen)),
        method=model.dependence.robust,
        level=model.settings.level,
    )
    return _difference(robust, list(range(len(kept))), len(kept))


def _difference(robust: Robust | None, tested: list[int], p: int) -> DifferenceTest | None:
    """Return the test that the means of several levels, by their positions among p, are the same; None if undefined."""
    if robust is None or len(tested) < 2:
        return None
    units = np.eye(p)
    test = robust.wald([units[index] - units[tested[0]] for index in tested[1:]])
    if test.f is None:
        return None
    return {
        "method": f"wald, {robust.method}", "Q": test.f, "df": test.df, "df2": test.df2, "p": test.p, "statistic": "F",
    }  # fmt: skip
