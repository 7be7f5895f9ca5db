"""Subgroups of dependent effects: a three-level model in each level, or one for all, and a test of differences.

A study may have effects in several levels. Subtotals then depend on one another, so that the test is cluster-robust,
with the studies as clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coppice.pool.dependence.model import (
    NO_COMMON,
    SMALLEST_NUMBER_OF_STUDIES,
    Effects,
    Handling,
    fit_effects,
    heterogeneity_of,
    multilevel_parts,
    names_of,
    prediction_about,
    robust_line,
    weights_of,
)
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.dependence.robust import Robust, cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.options import NO_PREDICTION
from coppice.pool.parts import Part, line
from coppice.pool.subgroups import FEW_STUDIES, level_means

ONE_STUDY = "one study: no subtotal"
NOT_TESTED = "Of one study, and so not in the cluster-robust test of differences between subgroups"
NO_VARIANCE = {"common": NO_COMMON}


@dataclass(frozen=True, slots=True)
class Level:
    """One level: the positions of its effects, its part of the result file and its marginal covariance.

    `part` and `covariance` are None where it has a single study.
    """

    name: str
    inside: Array
    part: Part | None
    covariance: Array | None


def dependent_subgroups(effects: Effects, by: str, handling: Handling) -> tuple[Part, Array, list[str]]:
    """Return the subgroups' part of the result file, the effects' weights within their level, and warnings.

    Parameters
    ----------
    effects : sequence of mapping
        With `study`, `subgroup` (the level), `yi`, `vi`, `reported` and `statistic`.
    by : str
        The characteristic.
    handling : Handling
        Its option `subgroup_tau2` says whether the variances between and within studies are those of each level or of
        all.
    """
    names = list(dict.fromkeys(effect["subgroup"] for effect in effects))
    joint = _joint(effects, handling) if len(names) > 1 else None
    one_variance = handling.options.subgroup_tau2 == "common" and joint is not None
    levels = [_level(effects, name, handling, joint if one_variance else None) for name in names]
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
            "levels": [_level_part(effects, level) for level in levels],
            "test": of_joint if one_variance else _separate_test(effects, levels, handling),
            "test_common": None,
            "test_common_tau2": of_joint if few and not one_variance else None,
        },
        weights,
        [f"{NOT_TESTED}: {', '.join(alone)}."] if alone and len(names) > 1 else [],
    )


def _studies_of(effects: Effects, name: str) -> int:
    return len({effect["study"] for effect in effects if effect["subgroup"] == name})


def _joint(effects: Effects, handling: Handling) -> MultilevelResults | None:
    """Fit one model with a mean for each level; None where there are no more studies than levels."""
    design = level_means([effect["subgroup"] for effect in effects])
    if len(set(names_of(effects))) <= design.shape[1]:
        return None
    return fit_effects(effects, handling, design=design)


def _level(effects: Effects, name: str, handling: Handling, joint: MultilevelResults | None) -> Level:
    inside = np.array([index for index, effect in enumerate(effects) if effect["subgroup"] == name])
    if _studies_of(effects, name) < SMALLEST_NUMBER_OF_STUDIES:
        return Level(name, inside, None, None)
    own = [effects[int(index)] for index in inside]
    if joint is None:
        part = multilevel_parts(own, handling)
        return Level(name, inside, part, part.pop("covariance"))
    row = level_means([effect["subgroup"] for effect in effects])[inside[0]].tolist()
    main, options = robust_line(joint, row), handling.options
    wanted = options.prediction_method != NO_PREDICTION
    part = {
        "random": main,
        "common": None,
        "alternatives": {"wald": line(joint.model, options.level, "wald", row.index(1.0)), "HKSJ": None},
        "prediction": prediction_about(main, float(joint.sigma2.sum()), options) if wanted else None,
        "heterogeneity": heterogeneity_of(joint.sigma2, np.ones((len(own), 1)), own, handling),
        "reasons": NO_VARIANCE,
        "warnings": [],
    }
    return Level(name, inside, part, joint.covariance[np.ix_(inside, inside)])


def _level_part(effects: Effects, level: Level) -> Part:
    about = {"level": level.name, "k": len(level.inside)}
    if level.part is not None:
        return about | level.part
    nothing = dict.fromkeys(("common", "random", "alternatives", "prediction", "heterogeneity"))
    reasons = dict.fromkeys(("random", "prediction", "heterogeneity"), ONE_STUDY) | NO_VARIANCE
    return about | nothing | {"reasons": reasons, "warnings": []}


def _separate_test(effects: Effects, levels: list[Level], handling: Handling) -> Part | None:
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
    found = cluster_robust(
        [effect["yi"] for effect in chosen],
        working,
        names_of(chosen),
        design=level_means([effect["subgroup"] for effect in chosen]),
        method=handling.how.robust,
        level=handling.options.level,
    )
    return _difference(found, list(range(len(kept))), len(kept))


def _difference(found: Robust | None, tested: list[int], p: int) -> Part | None:
    """Return the test that the means of several levels, by their positions among p, are the same; None if undefined."""
    if found is None or len(tested) < 2:
        return None
    units = np.eye(p)
    test = found.wald([units[index] - units[tested[0]] for index in tested[1:]])
    if test.f is None:
        return None
    return {
        "method": f"wald, {found.method}", "Q": test.f, "df": test.df, "df2": test.df2, "p": test.p, "statistic": "F",
    }  # fmt: skip
