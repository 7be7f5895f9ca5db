"""One network: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy.stats import chi2, norm
from scipy.stats import t as student

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import (
    Comparison,
    NetworkEffect,
    NetworkHeterogeneity,
    NetworkLine,
    NetworkResult,
    NetworkSettings,
    Treatment,
)
from coppice.core.errors import BadInput, Problem
from coppice.core.measures import MEASURES
from coppice.pool.kernel.kernel import Array
from coppice.pool.network.contrasts import Contrasts, NotANetwork, check_connected, check_variances, contrasts
from coppice.pool.network.effects import select
from coppice.pool.network.model import Fit, fit
from coppice.pool.network.tau2 import ESTIMATORS

DEFAULT_LEVEL = 0.95
NO_EFFECTS = "no study gives effects"


def pool_network(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> NetworkResult:
    """Pool the contrasts of one network, and return the content of its result file.

    `spec` is what `pool` reads of the analysis; `extracts` are those of its outcome, in any order. BadInput is raised
    where the studies make no network: parts that are not connected, or contrasts of a multi-arm study that contradict.
    """
    settings = settings_of(spec["model"])
    effects, excluded = select(spec, extracts, settings["level"])
    result: NetworkResult = {
        "kind": "network",
        "analysis": spec["analysis"],
        "outcome": spec["outcome"],
        "measure": spec["measure"],
        "scale": MEASURES[spec["measure"]].scale.name,
        "level": settings["level"],
        "settings": settings,
        "reference": spec["network"]["reference"],
        "small_values": spec["network"]["small_values"],
        "k": len({effect["study"] for effect in effects}),
        "treatments": [],
        "comparisons": [],
        "heterogeneity": None,
        "effects": effects,
        "excluded": excluded,
        "reasons": {},
        "warnings": [],
    }
    if not effects:
        return {**result, "reasons": {"comparisons": NO_EFFECTS}}
    try:
        data = data_of(effects, spec)
        check_connected(data)
        check_variances(data)
        if spec["network"]["reference"] not in data.treatments:
            raise NotANetwork(f"no study that could be pooled has the reference '{spec['network']['reference']}'")
    except NotANetwork as error:
        raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "network", str(error))]) from error
    common = fit(data)
    random = fit(data, tau2_of(data, settings["tau2"]))
    result["treatments"] = treatments(data, spec)
    result["comparisons"] = comparisons(common, random, settings["level"])
    result["heterogeneity"] = heterogeneity(common, random.tau2)
    return result


def settings_of(model: Mapping[str, Any]) -> NetworkSettings:
    """Return the options of the model of a network, from those of an analysis."""
    return {
        "profile": str(model.get("profile")),
        "tau2": model.get("tau2", "REML"),
        "inference": "wald",
        "prediction": "t_df",
        "level": float(model.get("level", DEFAULT_LEVEL)),
    }


def tau2_of(data: Contrasts, how: str | float) -> float:
    """Return tau2 by an estimator, or as it is given."""
    return ESTIMATORS[how](data) if isinstance(how, str) else float(how)


def data_of(effects: Sequence[NetworkEffect], spec: Mapping[str, Any]) -> Contrasts:
    """Return effects as arrays; the treatments in the order of the spec."""
    return contrasts(
        [effect["label"] for effect in effects],
        [effect["treatments"][0] for effect in effects],
        [effect["treatments"][1] for effect in effects],
        [effect["yi"] for effect in effects],
        [effect["vi"] for effect in effects],
        order=[item["treatment"] for item in spec["treatments"]],
    )


def treatments(data: Contrasts, spec: Mapping[str, Any]) -> list[Treatment]:
    """Return the treatments with their sizes."""
    called = {item["treatment"]: item["name"] for item in spec["treatments"]}
    studies = np.bincount(np.concatenate(data.arms), minlength=data.n)
    size: dict[str, int | None] = dict.fromkeys(data.treatments, 0)
    pooled = set(data.studies)
    for study in spec["studies"]:
        for name, number in study["sizes"].items() if study["label"] in pooled else ():
            before = size.get(name)
            size[name] = None if before is None or number is None else before + number
    return [
        {"treatment": name, "name": called[name], "studies": int(number), "patients": size[name]}
        for name, number in zip(data.treatments, studies, strict=True)
    ]


def line(estimate: float, se: float, level: float) -> NetworkLine:
    """Return an estimate with its interval and test."""
    half = float(norm.ppf(0.5 + level / 2)) * se
    statistic = estimate / se if se > 0 else 0.0
    return {
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "statistic": statistic,
        "p": float(2 * norm.sf(abs(statistic))),
    }


def prediction(fitted: Fit, level: float) -> tuple[Array, Array] | None:
    """Return the limits of the prediction intervals (n, n), with t quantiles on the degrees of freedom of Q.

    Higgins et al. 2009, doi:10.1111/j.1467-985X.2008.00552.x; None without degrees of freedom.
    """
    if fitted.data.degrees < 1:
        return None
    half = student.ppf(0.5 + level / 2, fitted.data.degrees) * np.sqrt(fitted.variances + fitted.tau2)
    return fitted.effects - half, fitted.effects + half


def comparisons(common: Fit, random: Fit, level: float) -> list[Comparison]:
    """Return all pairs of treatments, the first against the second, in the order of the treatments."""
    data = common.data
    direct = np.zeros((data.n, data.n), dtype=np.int64)
    np.add.at(direct, (np.minimum(data.one, data.other), np.maximum(data.one, data.other)), 1)
    limits = prediction(random, level)
    rows: list[Comparison] = []
    for one, other in combinations(range(data.n), 2):
        lines = [
            line(float(each.effects[one, other]), float(each.variances[one, other] ** 0.5), level)
            for each in (common, random)
        ]
        predicted = (None, None) if limits is None else tuple(float(side[one, other]) for side in limits)
        rows.append(
            {
                "treatments": [data.treatments[one], data.treatments[other]],
                "k": int(direct[one, other]),
                "common": lines[0],
                "random": {**lines[1], "prediction_low": predicted[0], "prediction_high": predicted[1]},
            }
        )
    return rows


def heterogeneity(common: Fit, tau2: float) -> NetworkHeterogeneity:
    """Return how much the contrasts differ beyond chance."""
    q, df = common.q, common.data.degrees
    return {
        "tau2": tau2,
        "I2": 100 * max(0.0, (q - df) / q) if df > 0 and q > 0 else None,
        "Q": q,
        "df": df,
        "p": float(chi2.sf(q, df)) if df > 0 else None,
    }
