"""A network through all verbs: the 24 trials of help to stop smoking."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.plan.plan import Plan
from coppice.pool.kinds import pooling

REVIEW = Path(__file__).parents[2] / "reviews" / "smokingcessation"
ANALYSIS = "cessation"


def load(**overrides: Any) -> Plan:
    """Return the plan of the review with values over its configuration."""
    with contextlib.chdir(REVIEW):
        return plan.load([Path("config.yaml")], overrides)


@dataclass(frozen=True)
class Network:
    """The plan of a network, its extracts and its results."""

    plan: Plan
    extracts: Mapping[tuple[str, str], Any]
    pool: Any
    explore: Any


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the network, pooled and explored."""
    planned = load()
    extracts = {
        unit: extract_outcome(planned.unit("extract", study=unit[0], outcome=unit[1])) for unit in planned.extracts
    }
    spec = planned.unit("pool", analysis=ANALYSIS)
    pooled = pooling(spec).pool(spec, [extracts[unit] for unit in planned.reads("pool", analysis=ANALYSIS)])
    explored = exploring(pooled)(planned.unit("explore", analysis=ANALYSIS), pooled, ())
    return Network(planned, extracts, canonical_json.rounded(pooled), canonical_json.rounded(explored))


def invented(n: int, k: int, seed: int = 3) -> tuple[dict[str, Any], list[Any]]:
    """Return the spec and the extracts of an invented network of n treatments and k studies of two to four arms."""
    random = np.random.default_rng(seed)
    names = ["Placebo", *(f"Treatment {place:02d} {('once', 'twice daily')[place % 2]}" for place in range(1, n))]
    true = random.normal(0, 0.5, n)
    studies: list[dict[str, Any]] = []
    extracts = []
    for number in range(k):
        size = int(random.choice([2, 2, 2, 3, 4]))
        arms = np.array([0, number % (n - 1) + 1]) if number < n else np.sort(random.choice(n, size, replace=False))
        levels, variances = true[arms] + random.normal(0, 0.1, len(arms)), random.uniform(0.02, 0.2, len(arms))
        pairs, measures = {}, {}
        for a, b in combinations(range(len(arms)), 2):
            key = f"OR ({names[arms[a]]} against {names[arms[b]]})"
            pairs[key] = [names[arms[a]], names[arms[b]]]
            candidate = {"yi": levels[a] - levels[b], "vi": variances[a] + variances[b], "population": "p", "route": "counts", "statistic": "counts", "reported": {}, "report": None, "source": {}, "assumptions": [], "notes": []}  # fmt: skip
            measures[key] = {"measure": "OR", "candidates": [candidate], "chosen": [0], "why": "w"}
        study = f"S{number}"
        studies.append({"study": study, "label": study, "year": 2000, "pairs": pairs, "sizes": {names[arm]: 100 for arm in arms}})  # fmt: skip
        extracts.append({"study": study, "measures": measures})
    spec = {
        "kind": "network",
        "analysis": "x",
        "outcome": "o",
        "measure": "OR",
        "model": {"profile": "metafor"},
        "network": {"reference": "Placebo", "small_values": "good"},
        "treatments": [{"treatment": name, "name": name} for name in names],
        "studies": studies,
    }
    return spec, extracts
