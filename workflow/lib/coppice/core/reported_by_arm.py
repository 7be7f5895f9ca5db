"""Statistics by arm: one figure that holds what a study reports of each of its arms, by the arms' keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.reported_fields import (
    SHARING,
    TESTS,
    Figure,
    Rule,
    Statistic,
    events_within_n,
    statistic,
    survival_within_interval,
)
from coppice.core.schema import Key, MapOf, Object

BY_ARM = {
    "arm_counts": "counts",
    "arm_means": "means",
    "arm_person_time": "person_time",
    "arm_survival": "survival",
}  # each with the statistic that two of its arms make
DESCRIPTIONS = {
    "arm_counts": "Patients with the event in each of several arms",
    "arm_means": "A mean in each of several arms",
    "arm_person_time": "Events and person-time in each of several arms",
    "arm_survival": "Survival without the event at one time in each of several arms",
}
OF_TWO_ARMS = frozenset(key.name for key in (*SHARING, *TESTS))  # what only a comparison has
MOST_ARMS = 50


def arm_fields(figure: Figure, arm: str, letter: str) -> dict[str, Any]:
    """Return what a figure by arm holds of one arm, as fields of the arm `letter` of a comparison: `e` or `c`."""
    return {f"{name}_{letter}": value for name, value in figure["arms"][arm].items()}


def shared_fields(figure: Figure) -> dict[str, Any]:
    """Return what a figure by arm holds apart from its arms, its statistic included."""
    rest = {name: value for name, value in figure.items() if name not in ("statistic", "arms")}
    return {"statistic": BY_ARM[figure["statistic"]], **rest}


def single_arms(figure: Figure) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each arm of a figure by arm as a figure of one group: its fields without the ending of an arm."""
    for arm, fields in figure["arms"].items():
        yield arm, shared_fields(figure) | dict(fields)


def in_each_arm(rule: Rule) -> Rule:
    """Return the rule that asks of each arm what `rule` asks of an experimental arm."""

    def of_arms(figure: Figure) -> Iterator[tuple[str, str]]:
        for arm in figure.get("arms") or {}:
            for field, message in rule(arm_fields(figure, arm, "e")):
                name = field.removesuffix("_e")
                yield f"arms.{arm}.{name}", message.replace(field, name).replace("n_e", "n")

    return of_arms


RULES: Mapping[str, tuple[Rule, ...]] = {
    "counts": (in_each_arm(events_within_n),),
    "survival": (in_each_arm(survival_within_interval),),
}


def by_arm(statistics: Mapping[str, Statistic]) -> dict[str, Statistic]:
    """Return the statistics by arm, with the fields that the statistics of two arms have for each."""
    made = {}
    for name, of_two in BY_ARM.items():
        item = statistics[of_two]
        own = [key for key in item.keys if key.name.endswith("_e") and key.name not in OF_TWO_ARMS]
        shared = [key for key in item.keys if key.name[-2:] not in ("_e", "_c") and key.name not in OF_TWO_ARMS]
        fields = [Key(key.name[:-2], key.shape, key.description.removesuffix(", experimental arm")) for key in own]
        arms = Key("arms", MapOf(Object(fields), most=MOST_ARMS), "The figures of each arm, by the arm's key")
        made[name] = statistic(name, DESCRIPTIONS[name], arms, *shared, rules=RULES.get(of_two, ()))
    return made
