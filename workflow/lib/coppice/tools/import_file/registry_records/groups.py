"""The groups of a registry's results as arms of a record: experimental and control where the registry tells, else by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.core.reported_by_arm import BY_ARM
from coppice.tools.import_file.plain_text import made_id, plain_name

Json = Mapping[str, Any]
# Sets of patients that sponsors add to the names of groups, such as "Placebo (FAS)".
ANALYSIS_SET = re.compile(r"\s*[(\[][^()\[\]]*?(?:\b[A-Zm]{2,6}|\b(?:set|population|cohort))[)\]]\s*$")
TOTAL = re.compile(
    r"(?:total|overall|all (?:participants|patients|subjects|arms|groups)|.*\btotal|pooled .*)", re.IGNORECASE
)
COMPARATORS = {"PLACEBO_COMPARATOR", "ACTIVE_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}
CONTROL = re.compile(
    r"(?:placebo|sham|vehicle|controls?|usual care|standard (?:of )?care|soc|no treatment)\b", re.IGNORECASE
)
SEQUENCE = re.compile(r"->|→|/|\b(?:to|then|followed)\b", re.IGNORECASE)  # patients of one arm who went on to another
MOST_WORDS = 0.5  # of two names that are taken for one arm, the part of words that both have
OF_ONE_GROUP = {"counts": "proportion", "means": "mean", "mean_change": "mean"}
OF_ARMS = {of_two: name for name, of_two in BY_ARM.items()} | {"mean_change": "arm_means"}
TWO = 2


def items(value: Any, key: str) -> list[Json]:
    """Return the mappings of a list in parsed JSON; empty if it is missing or of another kind."""
    entries = value.get(key) if isinstance(value, Mapping) else None
    return [item for item in entries if isinstance(item, Mapping)] if isinstance(entries, list) else []


def part(value: Any, *keys: str) -> Json:
    """Return a mapping inside parsed JSON; empty if it is missing or of another kind."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def words(text: Any) -> str:
    """Return a name's letters and digits in lower case, words apart."""
    return " ".join(re.findall(r"[^\W_]+", str(text).casefold()))


def names_of(groups: Iterable[Json]) -> dict[str, str]:
    """Return the name of each group by its id, without its set of patients unless two groups would have one name."""
    titles = {str(group.get("id")): plain_name(group.get("title") or group.get("id")) for group in groups}
    short = {key: ANALYSIS_SET.sub("", title) or title for key, title in titles.items()}
    return short if len({words(name) for name in short.values()}) == len(short) else titles


@dataclass(frozen=True, slots=True)
class Arms:
    """The arms of a trial: each has a key in the record, found by the name of a group.

    Attributes
    ----------
    keys : dict
        The key of each arm by its name in lower case.
    record : dict
        What `arms:` of the record has.
    """

    keys: dict[str, str]
    record: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_pair(self) -> bool:
        """Whether the arms are experimental and control."""
        return set(self.record) == {"experimental", "control"}

    @property
    def is_single(self) -> bool:
        """Whether there is one arm."""
        return len(self.record) == 1

    def of(self, groups: Iterable[Json]) -> dict[str, str]:
        """Return the key of the arm that each group is, by the group's id; totals are left out."""
        return {key: self.keys[words(name)] for key, name in names_of(groups).items() if words(name) in self.keys}

    def figure(self, statistic: str, values: Mapping[str, Json], **shared: Any) -> dict[str, Any] | None:
        """Return a figure from the fields of each arm, in the form that the arms ask for; None if it has no such form."""
        if self.is_single:
            one = OF_ONE_GROUP.get(statistic)
            own = next(iter(values.values()), {})
            return (
                {"statistic": one, **{key: value for key, value in own.items() if value is not None}, **shared}
                if one
                else None
            )
        letters = {"experimental": "e", "control": "c"}
        if not self.is_pair:
            if statistic in OF_ARMS:
                return {
                    "statistic": OF_ARMS[statistic],
                    "arms": {key: dict(own) for key, own in values.items()},
                    **shared,
                }
            if len(values) != TWO:
                return None
            letters = dict(zip(values, "ec", strict=True))
            shared = {"arms": list(values), **shared}
        fields = {f"{name}_{letters[arm]}": value for arm, own in values.items() for name, value in own.items()}
        return {"statistic": statistic, **fields, **shared}


def _results(results: Json) -> Iterator[list[Json]]:
    """Yield the groups of each outcome measure, and those of the adverse events."""
    for measure in items(part(results, "outcomeMeasuresModule"), "outcomeMeasures"):
        yield items(measure, "groups")
    yield items(part(results, "adverseEventsModule"), "eventGroups")


def _type_of(name: str, arm_groups: Iterable[Json]) -> tuple[str, str]:
    """Return the registry's type of an arm and its label, by the name of a group: the words that both have."""
    own = set(words(name).split())
    scored = []
    for arm in arm_groups:
        other = set(words(arm.get("label", "")).split())
        common = len(own & other) / max(len(own | other), 1)
        if own and (own <= other or common >= MOST_WORDS):
            scored.append((common, str(arm.get("type", "")), str(arm.get("label", ""))))
    scored.sort(reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return "", ""
    return scored[0][1:]


def _is_control(name: str, kind: str) -> bool:
    """Return whether a group is the one to compare with, by its type or by how its name begins."""
    return not SEQUENCE.search(name) and (kind in COMPARATORS or (not kind and CONTROL.match(name) is not None))


def arms_of(protocol: Json, results: Json) -> Arms:
    """Return the arms of a trial from the groups of its results, or from its protocol if it has none."""
    groups: list[Json] = [
        {"id": str(number), "title": arm.get("label")}
        for number, arm in enumerate(items(part(protocol, "armsInterventionsModule"), "armGroups"))
    ]
    arm_groups = items(part(protocol, "armsInterventionsModule"), "armGroups")
    names: dict[str, str] = {}
    reported = [several for several in _results(results) if several]
    for several in reported or [groups]:
        for name in names_of(several).values():
            if not TOTAL.fullmatch(name) or len(several) == 1:
                names.setdefault(words(name), name)
    kinds = {key: _type_of(name, arm_groups) for key, name in names.items()}
    controls = [key for key, name in names.items() if _is_control(name, kinds[key][0])]
    if len(names) == 1:
        roles = dict.fromkeys(names, "experimental")
    elif len(names) == TWO and len(controls) == 1:
        roles = {key: "control" if key in controls else "experimental" for key in names}
    else:
        return _by_name(names, kinds)
    record = {
        role: {"name": names[key]} for key, role in sorted(roles.items(), key=lambda item: item[1] != "experimental")
    }
    return Arms(keys=roles, record=record)


def _by_name(names: Mapping[str, str], kinds: Mapping[str, tuple[str, str]]) -> Arms:
    """Return arms with keys of their own; the registry's label is the treatment where one group only has it."""
    keys: dict[str, str] = {}
    record: dict[str, dict[str, Any]] = {}
    labels = [label for _, label in kinds.values()]
    for key, name in names.items():
        arm = made_id(name, taken=record)
        kind, label = kinds[key]
        keys[key] = arm
        treatment = plain_name(label) if label and labels.count(label) == 1 else name
        record[arm] = {"treatment": treatment, "name": name}
        if kind:
            record[arm]["note"] = f"{kind.replace('_', ' ').lower()} in the registry"
    return Arms(keys=keys, record=record)
