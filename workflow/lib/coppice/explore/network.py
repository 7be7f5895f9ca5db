"""One network explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import NetworkExplored, NetworkResult, RefittedNetwork
from coppice.core.contracts.values import Skipped
from coppice.explore.options import off, options_of
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.multivariate.network.analysis import data_of_result, tau2_of
from coppice.pool.multivariate.network.contrasts import Contrasts, NotANetwork, check_connected
from coppice.pool.multivariate.network.inconsistency import designs
from coppice.pool.multivariate.network.model import fit

MOST_FITS = 200  # networks that are fitted again: each of many treatments takes a tenth of a second
NOTHING = "no study could be pooled"
OF_PAIRWISE = "is of pairwise analyses"

# what is left out: its names, how it is printed, and the contrasts of it (m,)
LeftOut = tuple[list[str], str, Any]


def explore_network(
    spec: Mapping[str, Any], pooled: NetworkResult, extracts: Iterable[ExtractContent] = ()
) -> NetworkExplored:
    """Explore a pooled network, and return the content of its result file."""
    is_on = options_of(spec, "leave_one_out") is not None

    def part(each: Callable[[NetworkResult, Contrasts], Iterator[LeftOut]]) -> list[RefittedNetwork] | Skipped:
        return without_each(pooled, each) if is_on else off("leave_one_out")

    return {
        "kind": "network",
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
        "leave_one_out": part(studies),
        "leave_treatment_out": part(treatments),
        "leave_comparison_out": part(comparisons),
        "history": {"skipped": f"a history of searches {OF_PAIRWISE}"},
        "multiverse": {"skipped": f"a multiverse {OF_PAIRWISE}"},
    }


def studies(pooled: NetworkResult, data: Contrasts) -> Iterator[LeftOut]:
    """Yield each study."""
    labels = {effect["study"]: effect["label"] for effect in pooled["effects"]}
    for place, name in enumerate(data.studies):
        yield [name], labels[name], data.study == place


def treatments(pooled: NetworkResult, data: Contrasts) -> Iterator[LeftOut]:
    """Yield each treatment but the reference."""
    names = {item["treatment"]: item["name"] for item in pooled["treatments"]}
    for place, name in enumerate(data.treatments):
        if name != pooled["reference"]:
            yield [name], names[name], (data.one == place) | (data.other == place)


def comparisons(pooled: NetworkResult, data: Contrasts) -> Iterator[LeftOut]:
    """Yield the two-arm studies of each comparison."""
    names = {item["treatment"]: item["name"] for item in pooled["treatments"]}
    for design in designs(data):
        if len(design.arms) == 2:
            pair = [data.treatments[arm] for arm in design.arms]
            rows = np.zeros(data.m, dtype=bool)
            rows[design.rows] = True
            yield pair, f"{names[pair[0]]} against {names[pair[1]]}", rows


def without_each(
    pooled: NetworkResult, each: Callable[[NetworkResult, Contrasts], Iterator[LeftOut]]
) -> list[RefittedNetwork] | Skipped:
    """Return the network without each of several things."""
    if not pooled["comparisons"]:
        return {"skipped": NOTHING}
    data = data_of_result(pooled)
    left_out = list(each(pooled, data))
    if len(left_out) > MOST_FITS:
        return {
            "skipped": f"not run {len(left_out):,} times (limit {MOST_FITS}): omitting one would hardly change the result"
        }
    return [without(pooled, data, *item) for item in left_out]


def without(pooled: NetworkResult, data: Contrasts, names: list[str], label: str, rows: Any) -> RefittedNetwork:
    """Return the network without some contrasts, against the reference."""
    row: RefittedNetwork = {"left_out": names, "label": label, "k": 0, "tau2": None, "reason": None, "lines": []}
    if rows.all():
        return {**row, "reason": "nothing is left"}
    rest = data.without(rows)
    row["k"] = rest.k
    try:
        check_connected(rest)
        if pooled["reference"] not in rest.treatments:
            raise NotANetwork("the reference is left out")
    except NotANetwork as error:
        return {**row, "reason": str(error)}
    fitted = fit(rest, tau2_of(rest, pooled["settings"]["tau2"]))
    base, half = rest.treatments.index(pooled["reference"]), float(two_sided_quantile(pooled["level"], np.inf))
    row["tau2"] = fitted.tau2
    for place, name in enumerate(rest.treatments):
        if place != base:
            estimate, width = float(fitted.effects[place, base]), half * float(fitted.variances[place, base]) ** 0.5
            row["lines"].append(
                {"treatment": name, "estimate": estimate, "ci_low": estimate - width, "ci_high": estimate + width}
            )
    return row
