"""Which treatments the studies of a network compare, and what is wrong with the settings of a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from coppice.core.common_methods import INVERSE_VARIANCE
from coppice.core.contracts.values import ArmsCompared
from coppice.core.errors import allowed_values_hint
from coppice.core.measures import MEASURES
from coppice.core.network_lines import components_of
from coppice.core.schema import Choice, Finding, Key, Object, OneOf, Text
from coppice.core.study import Study
from coppice.review.comparison import Treatments

GOOD, BAD = "good", "bad"
MANTEL_HAENSZEL = "MH"
METHODS = (INVERSE_VARIANCE, MANTEL_HAENSZEL)
ESTIMATORS = ("REML", "ML", "DL")  # of the variance between studies of a network
SHORTEST_NAME = 6  # letters of names of which one letter is taken for a slip
PLUS = "+"
COMPONENTS = Object(
    (
        Key("separator", Text(), "What stands between the components in the name of a treatment", default=PLUS),
        Key("inactive", Text(), "The component without an effect, such as placebo"),
    )
)
NETWORK = Object(
    (
        Key("reference", Text(), "The treatment that the others are compared with", required=True),
        Key(
            "small_values",
            Choice(lambda: (GOOD, BAD)),
            "Whether small values of the measure are good, as of harmful events, or bad",
            default=GOOD,
        ),
        Key(
            "method",
            Choice(lambda: METHODS),
            "By inverse variance (IV), with common and random effects, or odds ratios of rare events from their counts by Mantel-Haenszel (MH), with common effects alone",
            default=INVERSE_VARIANCE,
        ),
        Key(
            "components",
            OneOf((Text(),), meant=COMPONENTS),
            "Additive effects of the components of treatments such as `A + B`, beside the network or where it is not connected: the separator, or {separator: +, inactive: placebo}",
        ),
    )
)


def settings_of(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a network with their defaults."""
    own = analysis["network"]
    settings: dict[str, Any] = {"reference": str(own["reference"]), "small_values": str(own.get("small_values", GOOD))}
    if components := components_in(own):
        settings["components"] = components
    method = own.get("method", INVERSE_VARIANCE)
    return settings if method == INVERSE_VARIANCE else {**settings, "method": str(method)}


def components_in(network: Mapping[str, Any]) -> dict[str, str] | None:
    """Return how the components of treatments are read; None where they are not."""
    asked = network.get("components")
    if asked is None:
        return None
    return {"separator": PLUS, **asked} if isinstance(asked, Mapping) else {"separator": str(asked)}


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
    yield from names_alike(treatments, members)
    if components := components_in(settings["network"]):
        yield from component_findings(components, names)
    elif len(separate := connected(treatments, members, str(settings["outcome"]))) > 1:
        parts = "; ".join(", ".join(part) for part in separate)
        yield (
            ("network",),
            f"the studies make no connected network, its {len(separate)} parts are: {parts}; select the studies of one part with `include`, lump treatments, or connect them by what they are made of, `components`",
        )
    yield from model_findings(settings, model)


def component_findings(settings: Mapping[str, str], names: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with components, given the treatments of the studies that enter."""
    separator, place = settings["separator"], ("network", "components")
    made_of = {name: components_of(name, separator) for name in names}
    every = sorted({part for own in made_of.values() for part in own})
    if names and all(len(own) < 2 for own in made_of.values()):
        yield place, f"no treatment has several components: none of {', '.join(names)} has '{separator}' in its name"
    if any(not part for part in every):
        wrong = next(name for name, own in made_of.items() if "" in own)
        yield place, f"'{wrong}' has an empty component before or after '{separator}'"
    inactive = settings.get("inactive")
    if names and inactive is not None and inactive not in every:
        yield (
            (*place, "inactive"),
            f"no treatment has the component '{inactive}'; {allowed_values_hint(inactive, every)}",
        )
    first: dict[tuple[str, ...], str] = {}
    for name, own in made_of.items():
        if (other := first.setdefault(tuple(sorted(own)), name)) != name:
            yield (
                place,
                f"'{name}' and '{other}' have the same components; write one of them, or lump them under `treatments`",
            )


def model_findings(settings: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield options of the model that a network does not have."""
    own = settings.get("model") or {}
    if isinstance(settings.get("multiverse"), Mapping):
        yield ("multiverse",), "is true or false of a network, which is pooled by each of its models"
    if settings["network"].get("method") == MANTEL_HAENSZEL:
        if settings["measure"] != "OR":
            yield ("network", "method"), f"Mantel-Haenszel is for networks of odds ratios: `measure: OR`, not {settings['measure']}; or leave it out"  # fmt: skip
        if settings["network"].get("components") is not None:
            yield ("network", "components"), "additive effects of components are of networks by inverse variance; leave it out, or `method: MH`"  # fmt: skip
        if "tau2" in own:
            yield ("model", "tau2"), "a network by Mantel-Haenszel has common effects, without a variance between studies; leave it out"  # fmt: skip
        return
    if own.get("common", INVERSE_VARIANCE) != INVERSE_VARIANCE:
        yield ("model", "common"), "a network names its method by `network: {method: MH}`; leave it out here"
    tau2 = model.get("tau2", "REML")
    if isinstance(tau2, str) and tau2 not in ESTIMATORS:
        yield (
            ("model",),
            f"the variance between studies of a network is estimated by {', '.join(ESTIMATORS)}, not {tau2}; name one: `model: {{tau2: REML}}`",
        )


def connected(treatments: Treatments, members: Sequence[Study], outcome: str) -> list[list[str]]:
    """Return the treatments of each part of the network that studies make which report an outcome, the largest first."""
    parts: list[set[str]] = []
    for study in members:
        if not study.figures(outcome):
            continue
        own = set(nodes_of(treatments, study))
        touched = [part for part in parts if part & own]
        parts = [part for part in parts if not part & own] + [own.union(*touched)]
    return sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))


def names_alike(treatments: Treatments, members: Sequence[Study]) -> Iterator[Finding]:
    """Yield treatments that seem to be one, named in two ways: alike but for capitals and signs, or but for one letter.

    Those that `treatments` of the configuration names are meant as they are.
    """
    named = [(name, study.study) for study in members for name in nodes_of(treatments, study)]
    first, number = dict(reversed(named)), Counter(name for name, _ in named)
    for one, other in combinations(sorted(first), 2):
        if one in treatments.settings and other in treatments.settings:
            continue
        is_same = signless(one) == signless(other)
        if is_same or differ_in_a_letter(signless(one), signless(other)):
            wrong, right = sorted((one, other), key=lambda name: (name in treatments.settings, number[name]))
            yield (
                ("network",),
                f"'{wrong}' (in {first[wrong]}) is nearly '{right}' (in {first[right]}); did you mean '{right}'? Write one of them, or name both under `treatments` if they differ",
            )


def signless(name: str) -> str:
    """Return the letters and digits of a name, without capitals."""
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == "+")


def differ_in_a_letter(one: str, other: str) -> bool:
    """Return whether two long names differ in one letter, left out, added, another, or two exchanged; not in a digit."""
    if min(len(one), len(other)) < SHORTEST_NAME or abs(len(one) - len(other)) > 1:
        return False
    if [letter for letter in one if letter.isdigit()] != [letter for letter in other if letter.isdigit()]:
        return False
    start = next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    if not a or not b:  # one letter more at the end, as of A and B, may name another treatment
        return len(one) != len(other)
    is_last = len(a) == len(b) == 1
    return (a[1:] == b[1:] and not is_last) or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
