"""Which treatments the studies of a network compare, and what is wrong with the settings of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from coppice.core.contracts.values import ArmsCompared
from coppice.core.errors import allowed_values_hint
from coppice.core.measures import MEASURES
from coppice.core.schema import Choice, Finding, Key, Object, Text
from coppice.core.study import Study
from coppice.review.comparison import Treatments

GOOD, BAD = "good", "bad"
ESTIMATORS = ("REML", "ML", "DL")  # of the variance between studies of a network
NETWORK = Object(
    (
        Key("reference", Text(), "The treatment that the others are compared with", required=True),
        Key(
            "small_values",
            Choice(lambda: (GOOD, BAD)),
            "Whether small values of the measure are good, as of harmful events, or bad",
            default=GOOD,
        ),
    )
)


def settings_of(analysis: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of a network with their defaults."""
    own = analysis["network"]
    return {"reference": str(own["reference"]), "small_values": str(own.get("small_values", GOOD))}


def nodes_of(treatments: Treatments, study: Study) -> dict[str, list[str]]:
    """Return the treatments of a study in alphabetical order, each with its arms; an arm without one counts by its name."""
    nodes: dict[str, list[str]] = {}
    for key, arm in study.arms.items():
        nodes.setdefault(treatments.treatment(arm) or arm["name"], []).append(key)
    return dict(sorted(nodes.items(), key=lambda item: (item[0].casefold(), item[0])))


def pairs_of(treatments: Treatments, study: Study) -> Iterator[tuple[tuple[str, str], ArmsCompared]]:
    """Yield each pair of treatments of a study with their arms, the experimental side first in the alphabet."""
    nodes = nodes_of(treatments, study)
    for one, other in combinations(nodes, 2):
        yield (one, other), {"experimental": nodes[one], "control": nodes[other]}


def missing(treatments: Treatments, study: Study) -> str | None:
    """Return why a study can't be in a network; None where it can."""
    nodes = list(nodes_of(treatments, study))
    if len(nodes) > 1:
        return None
    return f"all of its arms have the treatment {nodes[0]}" if nodes else "it names no arms"


def findings(
    settings: Mapping[str, Any], model: Mapping[str, Any], treatments: Treatments, members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the settings of a network, given the studies that enter."""
    measure = MEASURES[settings["measure"]]
    if measure.is_of_one_group:
        yield ("measure",), f"a {measure.name} does not compare treatments, as a network does"
    names = list(dict.fromkeys(name for study in members for name in nodes_of(treatments, study)))
    reference = str(settings["network"]["reference"])
    if members and reference not in names:
        yield (
            ("network", "reference"),
            f"no study has the treatment '{reference}'; {allowed_values_hint(reference, names)}",
        )
    tau2 = model.get("tau2", "REML")
    if isinstance(tau2, str) and tau2 not in ESTIMATORS:
        yield (
            ("model",),
            f"the variance between studies of a network is estimated by {', '.join(ESTIMATORS)}, not {tau2}; name one: `model: {{tau2: REML}}`",
        )
