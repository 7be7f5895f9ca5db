"""One network explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.network import NetworkEffect, NetworkExplored, NetworkResult, RefittedNetwork
from coppice.core.contracts.values import Skipped
from coppice.core.network_lines import is_common
from coppice.explore.options import off, options_of
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.multivariate.network.analysis import data_of_result, tau2_of
from coppice.pool.multivariate.network.cells import cells_of
from coppice.pool.multivariate.network.contrasts import Contrasts, NotANetwork, check_connected
from coppice.pool.multivariate.network.mantel_haenszel import by_design, counted
from coppice.pool.multivariate.network.model import fit

MOST_FITS = 200  # networks that are fitted again: each of many treatments takes a tenth of a second
NOTHING = "no study could be pooled"
OF_PAIRWISE = "is of pairwise analyses"
ON_REQUEST = "not requested: `multiverse: true` of the analysis pools the network by the other models"
NO_COUNTS = "not every study reports the counts of its arms"
MODELS = {
    "REML": "Random effects, REML",
    "ML": "Random effects, ML",
    "DL": "Random effects, DL",
    "common": "Common effects",
}

# of a study and its treatments, those that are kept
Kept = Callable[[str, Sequence[str]], Collection[str]]
# what is left out: its names, how it is printed, and what is kept
LeftOut = tuple[list[str], str, Kept]


def explore_network(
    spec: Mapping[str, Any], pooled: NetworkResult, extracts: Iterable[ExtractContent] = ()
) -> NetworkExplored:
    """Explore a pooled network, and return the content of its result file."""
    is_on = options_of(spec, "leave_one_out") is not None

    def part(each: Callable[[NetworkResult], Iterator[LeftOut]]) -> list[RefittedNetwork] | Skipped:
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
        "multiverse": other_models(pooled) if spec.get("models") else {"skipped": ON_REQUEST},
    }


def studies(pooled: NetworkResult) -> Iterator[LeftOut]:
    """Yield each study."""
    labels = {effect["study"]: effect["label"] for effect in pooled["effects"]}
    for name, label in labels.items():
        yield [name], label, lambda study, arms, name=name: () if study == name else arms  # type: ignore[misc]


def treatments(pooled: NetworkResult) -> Iterator[LeftOut]:
    """Yield each treatment but the reference."""
    for item in pooled["treatments"]:
        if (name := item["treatment"]) != pooled["reference"]:
            yield [name], item["name"], lambda study, arms, name=name: [arm for arm in arms if arm != name]  # type: ignore[misc]


def comparisons(pooled: NetworkResult) -> Iterator[LeftOut]:
    """Yield the two-arm studies of each comparison."""
    names = {item["treatment"]: item["name"] for item in pooled["treatments"]}
    for pair in two_arms(pooled):
        label = f"{names[pair[0]]} against {names[pair[1]]}"
        yield list(pair), label, lambda study, arms, pair=pair: () if set(arms) == set(pair) else arms  # type: ignore[misc]


def two_arms(pooled: NetworkResult) -> list[tuple[str, ...]]:
    """Return the pairs of treatments that a study of two arms compares, in the order of the treatments."""
    order = [item["treatment"] for item in pooled["treatments"]]
    pairs = {tuple(sorted(arms, key=order.index)) for arms in arms_of(pooled["effects"]).values() if len(arms) == 2}
    return sorted(pairs, key=lambda pair: [order.index(name) for name in pair])


def arms_of(effects: Iterable[NetworkEffect]) -> dict[str, list[str]]:
    """Return the treatments of each study."""
    arms: dict[str, list[str]] = {}
    for effect in effects:
        own = arms.setdefault(effect["study"], [])
        own += [name for name in effect["treatments"] if name not in own]
    return arms


def without_each(
    pooled: NetworkResult, each: Callable[[NetworkResult], Iterator[LeftOut]]
) -> list[RefittedNetwork] | Skipped:
    """Return the network without each of several things."""
    if not pooled["comparisons"]:
        return {"skipped": NOTHING}
    left_out = list(each(pooled))
    if len(left_out) > MOST_FITS:
        return {
            "skipped": f"not run {len(left_out):,} times (limit {MOST_FITS}): omitting one would hardly change the result"
        }
    leave = (of_counts if is_common(pooled) else of_effects)(pooled)
    return [without(pooled, leave, *item) for item in left_out]


Leave = Callable[[Kept], tuple[Contrasts | None, int]]  # what is left, and the number of its studies


def of_effects(pooled: NetworkResult) -> Leave:
    """Return how a network of effects is made without something."""
    data, arms = data_of_result(pooled), arms_of(pooled["effects"])
    names = [(data.studies[study], data.treatments[one], data.treatments[other]) for study, one, other in zip(data.study, data.one, data.other, strict=True)]  # fmt: skip

    def leave(kept: Kept) -> tuple[Contrasts | None, int]:
        left = {study: kept(study, own) for study, own in arms.items()}
        rows = np.array([one not in left[study] or other not in left[study] for study, one, other in names])
        rest = None if rows.all() else data.without(rows)
        return rest, rest.k if rest else 0

    return leave


def of_counts(pooled: NetworkResult) -> Leave:
    """Return how a network of counts is made without something."""
    order, cells = [item["treatment"] for item in pooled["treatments"]], cells_of(pooled["effects"])

    def leave(kept: Kept) -> tuple[Contrasts | None, int]:
        left = {study: {name: own[name] for name in kept(study, list(own))} for study, own in cells.items()}
        counts = counted({study: own for study, own in left.items() if len(own) > 1}, order)
        return by_design(counts, order) if counts.designs else None, sum(map(len, counts.designs.values()))

    return leave


def without(pooled: NetworkResult, leave: Leave, names: list[str], label: str, kept: Kept) -> RefittedNetwork:
    """Return the network without something, against the reference."""
    row: RefittedNetwork = {"left_out": names, "label": label, "k": 0, "tau2": None, "reason": None, "lines": []}
    rest, row["k"] = leave(kept)
    if rest is None:
        return {**row, "reason": "nothing is left"}
    try:
        check_connected(rest)
        if pooled["reference"] not in rest.treatments:
            raise NotANetwork("the reference is left out")
    except NotANetwork as error:
        return {**row, "reason": str(error)}
    return {**row, **fitted_to(pooled, rest, pooled["settings"]["tau2"])}  # type: ignore[typeddict-item]


def fitted_to(pooled: NetworkResult, rest: Contrasts, how: str | float | None) -> dict[str, Any]:
    """Return the variance between studies of a network, None of common effects, and its treatments against the reference."""
    fitted = fit(rest, tau2_of(rest, how))
    base, half = rest.treatments.index(pooled["reference"]), float(two_sided_quantile(pooled["level"], np.inf))
    lines = []
    for place, name in enumerate(rest.treatments):
        if place != base:
            estimate, width = float(fitted.effects[place, base]), half * float(fitted.variances[place, base]) ** 0.5
            lines.append(
                {"treatment": name, "estimate": estimate, "ci_low": estimate - width, "ci_high": estimate + width}
            )
    return {"tau2": None if how is None else fitted.tau2, "lines": lines}


def other_models(pooled: NetworkResult) -> list[RefittedNetwork] | Skipped:
    """Return the network by each estimator of tau2, with common effects, and odds ratios by Mantel-Haenszel."""
    if not pooled["comparisons"]:
        return {"skipped": NOTHING}
    order = [item["treatment"] for item in pooled["treatments"]]
    k = len({effect["study"] for effect in pooled["effects"]})
    rows: list[RefittedNetwork] = []

    def add(label: str, made: Callable[[], tuple[Contrasts, int]], how: str | None) -> None:
        row: RefittedNetwork = {"left_out": [], "label": label, "k": 0, "tau2": None, "reason": None, "lines": []}
        try:
            data, row["k"] = made()
            check_connected(data)
            rows.append({**row, **fitted_to(pooled, data, how)})  # type: ignore[typeddict-item]
        except NotANetwork as error:
            rows.append({**row, "reason": str(error)})

    for name, label in MODELS.items():
        add(label, lambda: (data_of_result(pooled), k), None if name == "common" else name)
    if pooled["measure"] == "OR":
        add("Mantel-Haenszel", lambda: by_counts(pooled, order), None)
    return rows


def by_counts(pooled: NetworkResult, order: Sequence[str]) -> tuple[Contrasts, int]:
    """Return the designs of a network from the counts of its arms; NotANetwork says why it has none."""
    cells = cells_of(pooled["effects"])
    if any(len(own) < 2 for own in cells.values()):
        raise NotANetwork(NO_COUNTS)
    counts = counted(cells, order)
    if not counts.designs:
        raise NotANetwork(NOTHING)
    data = by_design(counts, order)
    if pooled["reference"] not in data.treatments:
        raise NotANetwork("the reference has no odds ratio without a correction")
    return data, sum(map(len, counts.designs.values()))
