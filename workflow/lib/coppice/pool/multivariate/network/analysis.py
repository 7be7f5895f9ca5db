"""One network: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, cast

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import NetworkEffect, NetworkResult, NetworkSettings
from coppice.core.errors import BadInput, Problem
from coppice.pool.multivariate.header import header
from coppice.pool.multivariate.network.cells import cells_of
from coppice.pool.multivariate.network.components import pool_components
from coppice.pool.multivariate.network.contrasts import (
    Contrasts,
    NotANetwork,
    check_connected,
    check_variances,
    contrasts,
    gaps,
    parts,
)
from coppice.pool.multivariate.network.effects import select
from coppice.pool.multivariate.network.mantel_haenszel import by_design, counted
from coppice.pool.multivariate.network.model import Fit, fit
from coppice.pool.multivariate.network.ranking import DRAWS, SEED
from coppice.pool.multivariate.network.results import (
    between_designs,
    comparisons,
    contributions,
    heterogeneity,
    inconsistency,
    treatments,
)
from coppice.pool.multivariate.network.tau2 import ESTIMATORS

DEFAULT_LEVEL = 0.95
NO_EFFECTS = "no study gives effects"
NO_COUNTS = "it does not report how many patients with each treatment had the event, which Mantel-Haenszel needs"
COMMON_ONLY = "Mantel-Haenszel assumes common effects"
NO_LOOPS = "no comparison has both direct and indirect evidence from different designs"


def pool_network(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> NetworkResult:
    """Pool the contrasts of one network, and return the content of its result file.

    `spec` is what `pool` reads of the analysis; `extracts` are those of its outcome, in any order. BadInput is raised
    where the studies make no network: parts that are not connected, or contrasts of a multi-arm study that contradict.
    """
    settings = settings_of(spec["model"], spec["network"])
    is_counted = "method" in settings
    effects, excluded = select(spec, extracts, settings["level"], by_arms=is_counted)
    result: NetworkResult = {
        "kind": "network",
        **header(spec, settings["level"]),  # type: ignore[typeddict-item]  # `components` comes later
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
        return (pool_counts if is_counted else pool_effects)(spec, result)
    except NotANetwork as error:
        raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "network", str(error))]) from error


def order_of(spec: Mapping[str, Any]) -> list[str]:
    """Return the treatments in the order of the configuration."""
    return [item["treatment"] for item in spec["treatments"]]


def pool_effects(spec: Mapping[str, Any], result: NetworkResult) -> NetworkResult:
    """Pool the effects of a network by inverse variance, with common and random effects."""
    settings, effects, level = result["settings"], result["effects"], result["level"]
    data = data_of(effects, order_of(spec))
    if asked := spec["network"].get("components"):
        is_connected = len(separate := parts(data)) < 2
        check(data, result["reference"], may_be_in_parts=True)
        result["components"] = pool_components(
            data, asked, result["reference"], settings["tau2"] or 0.0, level, is_connected=is_connected
        )
        if not is_connected:
            return {
                **result,
                "reasons": {
                    "comparisons": f"the studies make {len(separate)} parts that only components connect: {'; '.join(', '.join(part) for part in separate)}"
                },
            }
    check(data, result["reference"])
    common = fit(data)
    random = fit(data, tau2_of(data, settings["tau2"]))
    members = {name: list(compress(data.studies, (place in arms for arms in data.arms))) for place, name in enumerate(data.treatments)}  # fmt: skip
    result["multi_arm"] = [name for name, arms in zip(data.studies, data.arms, strict=True) if len(arms) > 2]
    result["treatments"] = treatments(common, random, spec, members)
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


def pool_counts(spec: Mapping[str, Any], result: NetworkResult) -> NetworkResult:
    """Pool the counts of a network of odds ratios by Mantel-Haenszel, with common effects."""
    order, labels = order_of(spec), {effect["study"]: effect["label"] for effect in result["effects"]}
    cells = cells_of(result["effects"])
    for study in [study for study, arms in cells.items() if len(arms) < 2]:
        result["excluded"].append({"study": study, "label": labels[study], "reason": NO_COUNTS})
        del cells[study]
    counts = counted(cells, order)
    result["excluded"] += [{"study": study, "label": labels[study], "reason": why} for study, why in counts.without.items()]  # fmt: skip
    result["effects"] = [item for item in result["effects"] if counts.compares(item["study"], item["treatments"])]
    if not result["effects"]:
        return {**result, "k": 0, "reasons": {"comparisons": NO_EFFECTS}}
    data = by_design(counts, order)
    check(data, result["reference"])
    common = fit(data)
    members = {name: counts.studies_of(name) for name in data.treatments}
    result["k"] = len({item["study"] for item in result["effects"]})
    result["multi_arm"] = [study for study in labels if any(len(arms) > 2 and study in own for arms, own in counts.designs.items())]  # fmt: skip
    result["treatments"] = treatments(common, common, spec, members)
    result["comparisons"] = comparisons(common, None, result["level"])
    for comparison in result["comparisons"]:
        comparison["k"] = counts.number(comparison["treatments"])
    result["inconsistency"] = between_designs(data, counts)
    result["contributions"] = contributions(common, result["reference"])
    if part := result["contributions"]:
        part["numbers"] = [counts.number(edge) for edge in part["edges"]]
    result["warnings"] = list(counts.silent)
    result["reasons"] = {"heterogeneity": COMMON_ONLY, "random": COMMON_ONLY}
    if result["inconsistency"] is None:
        result["reasons"]["inconsistency"] = NO_LOOPS
    return result


def check(data: Contrasts, reference: str, *, may_be_in_parts: bool = False) -> None:
    """Raise NotANetwork where contrasts are not connected, contradict one another, or lack the reference."""
    if not may_be_in_parts:
        check_connected(data)
    check_variances(data)
    if reference not in data.treatments:
        raise NotANetwork(f"no study that could be pooled has the reference '{reference}'")


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


def settings_of(model: Mapping[str, Any], network: Mapping[str, Any]) -> NetworkSettings:
    """Return the options of the model of a network, from those of an analysis."""
    level = float(model.get("level", DEFAULT_LEVEL))
    shared: dict[str, Any] = {"profile": str(model.get("profile")), "inference": "wald", "level": level, "draws": DRAWS, "seed": SEED}  # fmt: skip
    if "method" in network:
        return cast(NetworkSettings, {**shared, "method": network["method"], "tau2": None, "prediction": "none"})
    return {
        "profile": str(model.get("profile")),
        "tau2": model.get("tau2", "REML"),
        "inference": "wald",
        "prediction": "t_df",
        "level": float(model.get("level", DEFAULT_LEVEL)),
        "draws": DRAWS,
        "seed": SEED,
    }


def tau2_of(data: Contrasts, how: str | float | None) -> float:
    """Return tau2 by an estimator, or as it is given; 0 of common effects."""
    if how is None:
        return 0.0
    return ESTIMATORS[how](fit(data)) if isinstance(how, str) else float(how)


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
