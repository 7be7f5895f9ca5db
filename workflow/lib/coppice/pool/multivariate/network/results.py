"""The parts of the result of a network, from its fits: treatments, comparisons, heterogeneity, inconsistency, contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import chdtrc

from coppice.core.contracts.network import (
    Comparison,
    Contributions,
    Inconsistency,
    InteractionTest,
    NetworkHeterogeneity,
    NetworkLine,
    OfDesign,
    TestOfQ,
    Treatment,
)
from coppice.pool.kernel.heterogeneity import i2_limits
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.multivariate.network.contrasts import Contrasts, Integers
from coppice.pool.multivariate.network.contribution import METHODS
from coppice.pool.multivariate.network.evidence import Evidence
from coppice.pool.multivariate.network.inconsistency import Part, decomposition, interaction
from coppice.pool.multivariate.network.mantel_haenszel import Counted
from coppice.pool.multivariate.network.model import Fit
from coppice.pool.multivariate.network.ranking import p_scores, rank_probabilities, sucra

CONTRIBUTION = "randomwalk"


@cache
def normal_quantile(level: float) -> float:
    """Return the quantile of intervals, which all lines of a network share."""
    return float(two_sided_quantile(level, np.inf))


def line(estimate: float, variance: float, level: float) -> NetworkLine:
    """Return an estimate with its interval and test by the normal distribution."""
    se = float(variance) ** 0.5
    half = normal_quantile(level) * se
    statistic = estimate / se if se > 0 else 0.0
    return {
        "estimate": float(estimate),
        "se": se,
        "ci_low": float(estimate - half),
        "ci_high": float(estimate + half),
        "statistic": float(statistic),
        "p": float(two_sided_p(statistic, np.inf)),
    }


def treatments(
    common: Fit, main: Fit, spec: Mapping[str, Any], members: Mapping[str, Sequence[str]]
) -> list[Treatment]:
    """Return the treatments with their sizes and ranks; `members` are the studies that enter with each."""
    data, is_small_good = common.data, spec["network"]["small_values"] == "good"
    called = {item["treatment"]: item["name"] for item in spec["treatments"]}
    sizes = {study["study"]: study["sizes"] for study in spec["studies"]}
    scores = [p_scores(each, is_small_good=is_small_good) for each in (main, common)]
    ranks = rank_probabilities(main, is_small_good=is_small_good)
    areas = sucra(ranks)
    return [
        {
            "treatment": name,
            "name": called[name],
            "studies": len(members[name]),
            "patients": total([sizes[study].get(name) for study in members[name]]),
            "p_score": float(scores[0][place]),
            "p_score_common": float(scores[1][place]),
            "ranks": ranks[place].tolist(),
            "sucra": float(areas[place]),
        }
        for place, name in enumerate(data.treatments)
    ]


def total(numbers: Sequence[float | None]) -> int | None:
    """Return the sum of numbers of patients; None where one is not known."""
    stated = [int(number) for number in numbers if number is not None]
    return sum(stated) if len(stated) == len(numbers) else None


def prediction(fitted: Fit, level: float) -> tuple[Array, Array] | None:
    """Return the limits of the prediction intervals (n, n), with t quantiles on the degrees of freedom of Q.

    Higgins et al. 2009, doi:10.1111/j.1467-985X.2008.00552.x; None without degrees of freedom.
    """
    if fitted.data.degrees < 1:
        return None
    half = two_sided_quantile(level, fitted.data.degrees) * np.sqrt(fitted.variances + fitted.tau2)
    return fitted.effects - half, fitted.effects + half


def comparisons(common: Fit, random: Fit | None, level: float) -> list[Comparison]:
    """Return all pairs of treatments, the first against the second, in the order of the treatments."""
    data, main = common.data, random or common
    pairs = np.array(list(combinations(range(data.n), 2)), dtype=np.int64)
    one, other = pairs.T
    evidence, paths = Evidence(main), Evidence(common)
    edge_of = {tuple(edge): place for place, edge in enumerate(evidence.edges.tolist())}
    lengths, parallel = paths.mean_path(one, other), paths.parallel_paths(one, other)
    limits = prediction(main, level)
    rows: list[Comparison] = []
    for place, (a, b) in enumerate(pairs.tolist()):
        predicted = (None, None) if limits is None else tuple(float(side[a, b]) for side in limits)
        edge, whole = edge_of.get((a, b)), line(main.effects[a, b], main.variances[a, b], level)
        rows.append(
            {
                "treatments": [data.treatments[a], data.treatments[b]],
                "k": 0 if edge is None else int(evidence.numbers[edge]),
                "common": line(common.effects[a, b], common.variances[a, b], level),
                "random": None
                if random is None
                else {**whole, "prediction_low": predicted[0], "prediction_high": predicted[1]},
                **split(evidence, edge, whole, level),  # type: ignore[typeddict-item]
                "mean_path": float(lengths[place]),
                "parallel": float(parallel[place]),
            }
        )
    return rows


def split(evidence: Evidence, edge: int | None, whole: NetworkLine, level: float) -> dict[str, Any]:
    """Return direct and indirect evidence on a comparison, and their difference."""
    if edge is None:
        return {"share": 0.0, "direct": None, "indirect": whole, "difference": None}
    share = float(evidence.shares[edge])
    estimates = [(float(side[0][edge]), float(side[1][edge])) for side in (evidence.direct, evidence.indirect)]
    direct = line(*estimates[0], level)
    if share >= 1:
        return {"share": share, "direct": direct, "indirect": None, "difference": None}
    indirect = line(*estimates[1], level)
    difference = line(estimates[0][0] - estimates[1][0], estimates[0][1] + estimates[1][1], level)
    return {"share": share, "direct": direct, "indirect": indirect, "difference": difference}


def test_of(part: Part) -> TestOfQ:
    """Return a part of Q with its test."""
    return {"Q": part.q, "df": part.df, "p": float(chdtrc(part.df, part.q)) if part.df > 0 else None}


def heterogeneity(common: Fit, tau2: float, level: float) -> NetworkHeterogeneity:
    """Return how much the contrasts differ beyond chance."""
    q, df = common.q, common.data.degrees
    test = test_of(Part(q, df))
    if df < 1 or q <= 0:
        return {**test, "tau2": tau2, "I2": None, "I2_low": None, "I2_high": None}
    limits = (float(side[0]) for side in i2_limits(np.array([q]), np.array([float(df)]), level))
    low, high = (side if np.isfinite(side) else None for side in limits)
    return {**test, "tau2": tau2, "I2": 100 * max(0.0, (q - df) / q), "I2_low": low, "I2_high": high}


def inconsistency(data: Contrasts) -> Inconsistency | None:
    """Return Q within and between designs; None where no evidence is both direct and indirect."""
    parts = decomposition(data)
    if parts.between.df < 1:
        return None
    random = interaction(data)
    test: InteractionTest = {**test_of(Part(random.q, random.df)), "tau2": random.tau2}
    designs: list[OfDesign] = [
        {
            "treatments": [data.treatments[arm] for arm in design.arms],
            "studies": [data.studies[study] for study in design.studies],
            "within": test_of(within),
            "detached": None if detached is None else test_of(detached),
        }
        for design, within, detached in zip(parts.designs, parts.within, parts.detached, strict=True)
    ]
    whole = Part(sum(part.q for part in parts.within), sum(part.df for part in parts.within))
    return {"within": test_of(whole), "between": test_of(parts.between), "interaction": test, "designs": designs}


def between_designs(data: Contrasts, counts: Counted) -> Inconsistency | None:
    """Return Q between designs that were pooled at once; None where no evidence is both direct and indirect.

    `data` has each design as one study of its treatments.
    """
    parts = decomposition(data)
    if parts.between.df < 1:
        return None
    designs: list[OfDesign] = [
        {
            "treatments": (names := [data.treatments[arm] for arm in design.arms]),
            "studies": list(counts.designs[tuple(names)]),
            "within": None,
            "detached": None if detached is None else test_of(detached),
        }
        for design, detached in zip(parts.designs, parts.detached, strict=True)
    ]
    return {"within": None, "between": test_of(parts.between), "interaction": None, "designs": designs}


def contributions(random: Fit, reference: str) -> Contributions:
    """Return what each direct comparison contributes to the comparisons with the reference, in the random-effects model."""
    data, evidence = random.data, Evidence(random)
    base = data.treatments.index(reference)
    others: Integers = np.array([place for place in range(data.n) if place != base], dtype=np.int64)
    flows = evidence.hat(others, np.full(len(others), base))
    make = METHODS[CONTRIBUTION]
    shares = [make(flow, evidence.edges, int(place), base, data.n) for flow, place in zip(flows, others, strict=True)]
    return {
        "method": CONTRIBUTION,
        "edges": [[data.treatments[place] for place in edge] for edge in evidence.edges],
        "numbers": [int(number) for number in evidence.numbers],
        "treatments": [data.treatments[place] for place in others],
        "shares": [share.tolist() for share in shares],
    }
