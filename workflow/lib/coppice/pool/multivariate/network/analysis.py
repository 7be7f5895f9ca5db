"""One network: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import NetworkEffect, NetworkResult, NetworkSettings
from coppice.core.errors import BadInput, Problem
from coppice.core.measures import MEASURES
from coppice.pool.multivariate.network.contrasts import (
    Contrasts,
    NotANetwork,
    check_connected,
    check_variances,
    contrasts,
    gaps,
)
from coppice.pool.multivariate.network.effects import select
from coppice.pool.multivariate.network.model import Fit, fit
from coppice.pool.multivariate.network.ranking import DRAWS, SEED
from coppice.pool.multivariate.network.results import (
    comparisons,
    contributions,
    heterogeneity,
    inconsistency,
    treatments,
)
from coppice.pool.multivariate.network.tau2 import ESTIMATORS

DEFAULT_LEVEL = 0.95
NO_EFFECTS = "no study gives effects"
NO_LOOPS = "no comparison has both direct and indirect evidence from different designs"


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
        "multi_arm": [],
        "treatments": [],
        "comparisons": [],
        "heterogeneity": None,
        "inconsistency": None,
        "contributions": None,
        "effects": effects,
        "excluded": excluded,
        "reasons": {},
        "warnings": [],
    }
    if not effects:
        return {**result, "reasons": {"comparisons": NO_EFFECTS}}
    try:
        data = data_of(effects, [item["treatment"] for item in spec["treatments"]])
        check_connected(data)
        check_variances(data)
        if spec["network"]["reference"] not in data.treatments:
            raise NotANetwork(f"no study that could be pooled has the reference '{spec['network']['reference']}'")
    except NotANetwork as error:
        raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "network", str(error))]) from error
    common = fit(data)
    random = fit(data, tau2_of(data, settings["tau2"]))
    level = settings["level"]
    result["multi_arm"] = [name for name, arms in zip(data.studies, data.arms, strict=True) if len(arms) > 2]
    result["treatments"] = treatments(common, random, spec, draws=settings["draws"], seed=settings["seed"])
    result["comparisons"] = comparisons(common, random, level)
    result["heterogeneity"] = heterogeneity(common, random.tau2, level)
    result["inconsistency"] = inconsistency(data)
    result["contributions"] = contributions(random, result["reference"])
    result["warnings"] = warnings(data, common)
    for effect, weights in zip(effects, zip(common.weights, random.weights, strict=True), strict=True):
        effect["weight_common"], effect["weight_random"] = map(float, weights)
    if result["inconsistency"] is None:
        result["reasons"] = {"inconsistency": NO_LOOPS}
    return result


def warnings(data: Contrasts, common: Fit) -> list[str]:
    """Return what a reader should know: contrasts of multi-arm studies that do not add up, no degrees of freedom."""
    texts = [
        f"The comparisons of {name} do not add up: {gap}; the network takes the nearest ones that do."
        for name, gap in gaps(data)
    ]
    if data.degrees < 1:
        texts.append("The network has as many comparisons as treatments need: heterogeneity can't be estimated.")
    if (common.weights <= 0).any():
        texts.append("A comparison of a multi-arm study has a negative weight: its standard errors are unusual.")
    return texts


def settings_of(model: Mapping[str, Any]) -> NetworkSettings:
    """Return the options of the model of a network, from those of an analysis."""
    return {
        "profile": str(model.get("profile")),
        "tau2": model.get("tau2", "REML"),
        "inference": "wald",
        "prediction": "t_df",
        "level": float(model.get("level", DEFAULT_LEVEL)),
        "draws": DRAWS,
        "seed": SEED,
    }


def tau2_of(data: Contrasts, how: str | float) -> float:
    """Return tau2 by an estimator, or as it is given."""
    return ESTIMATORS[how](data) if isinstance(how, str) else float(how)


def data_of(effects: Sequence[NetworkEffect], order: Iterable[str]) -> Contrasts:
    """Return effects as arrays, their treatments in an order."""
    return contrasts(
        [effect["study"] for effect in effects],
        [effect["treatments"][0] for effect in effects],
        [effect["treatments"][1] for effect in effects],
        [effect["yi"] for effect in effects],
        [effect["vi"] for effect in effects],
        order=order,
    )


def data_of_result(result: NetworkResult) -> Contrasts:
    """Return the contrasts of a pooled network."""
    return data_of(result["effects"], [item["treatment"] for item in result["treatments"]])
