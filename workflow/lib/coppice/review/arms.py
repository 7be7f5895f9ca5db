"""The arms of a study record: two, `experimental` and `control`, or any number by name, each with its treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.reported_by_arm import BY_ARM, MOST_ARMS
from coppice.core.reported_fields import ARMS, AT_LEAST_ONE
from coppice.core.reported_statistics import OF_TWO_ARMS
from coppice.core.schema import NAME, Finding, Key, MapOf, Nullable, Object, Place, Text

NAME_OF_ARM = Key("name", NAME, "The arm's name as it is printed", required=True)
MORE = (
    Key("n", Nullable(AT_LEAST_ONE), "Patients in the arm"),
    Key("note", Nullable(Text()), "Anything a reader should know of it"),
)
TREATMENT = "What its patients receive, in the same words in every record; required unless the arms are experimental and control"
ARM = Object((NAME_OF_ARM, Key("treatment", NAME, TREATMENT), *MORE))
NAMED_ARM = Object(
    (
        Key("treatment", NAME, TREATMENT, required=True),
        Key("name", NAME, "The arm's name as it is printed. Default: its treatment"),
        *MORE,
    )
)
TWO_ARMS = Object(
    (
        Key("experimental", ARM, "The arm of interest", required=True),
        Key("control", ARM, "The arm it is compared with"),
    )
)


class ArmsShape:
    """The shape of the arms: the two of a comparison, or any with keys of the record's own."""

    def __init__(self, key: Text) -> None:
        self.named = MapOf(NAMED_ARM, key, MOST_ARMS)

    def of(self, value: Any) -> Object | MapOf:
        """Return the shape that the keys of the arms ask for."""
        is_named = isinstance(value, Mapping) and not value.keys() <= set(ARMS.values())
        return self.named if is_named else TWO_ARMS

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield what is wrong with the arms."""
        yield from self.of(value).findings(value, place)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"anyOf": [TWO_ARMS.schema(), self.named.schema()]}


def with_names(arms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arms, each without a name called as its treatment."""
    return {key: arm if "name" in arm else {"name": arm["treatment"], **arm} for key, arm in arms.items()}


def arm_findings(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield figures that name an arm which the record doesn't have, and figures that don't say which arms they are of."""
    arms = {str(name) for name in record.get("arms") or ()}
    must_name = not arms <= set(ARMS.values())
    for outcome, content in record["outcomes"].items():
        for index, figure in enumerate(content["reported"]):
            place: Place = ("outcomes", outcome, "reported", index)
            named, form = [str(name) for name in figure.get("arms") or ()], figure["statistic"]
            if named and form not in OF_TWO_ARMS | BY_ARM.keys() | {"effect"}:
                yield (*place, "arms"), f"{form} is not of two arms; leave it out"
            elif not named and (form in BY_ARM or (must_name and form in OF_TWO_ARMS)):
                needed = (
                    "the figures of each arm by its key"
                    if form in BY_ARM
                    else "the two that it compares, as [one, other]"
                )
                yield place, f"'arms' is missing: {needed}; {allowed_values_hint('', arms)}"
            for name in dict.fromkeys(named):
                if name not in arms:
                    yield (*place, "arms"), f"no arm '{name}' in this record; {allowed_values_hint(name, arms)}"
            if len(set(named)) < len(named):
                yield (*place, "arms"), f"'{named[0]}' is named twice; an arm is compared with another one"
