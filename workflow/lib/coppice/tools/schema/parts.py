"""The parts that several result files have, and how the shape of one is written down."""

from __future__ import annotations

from collections.abc import Iterator

from coppice.core.schema import (
    Anything,
    Entries,
    Finding,
    Fixed,
    Key,
    Listing,
    Number,
    OneOf,
    Optional_,
    Place,
    Shape,
    Text,
)

FRACTION = Number(low=0, high=1, computed=True)
NOT_NEGATIVE = Number(low=0, computed=True)
PERCENT = Number(low=0, high=100, computed=True)
NUMBER = Optional_(Number(computed=True))
SCALAR = Anything(computed=True)
FIGURE = Entries(OneOf((SCALAR, Listing(OneOf((SCALAR, Entries(SCALAR)))))))
TEXTS = Listing(Text())
MAYBE_TEXT = Optional_(Text())


def fixed(**keys: tuple[Shape, str]) -> Fixed:
    """Return the shape of a part that always has all of its keys."""
    return Fixed([Key(name, shape, description, required=True) for name, (shape, description) in keys.items()])


def more(base: Fixed, *keys: Key) -> Fixed:
    """Return a shape with further keys."""
    return Fixed([*base.keys, *keys])


class Open:
    """Anything: a part whose own fields its module's documentation describes."""

    def findings(self, value: object, place: Place) -> Iterator[Finding]:
        """Yield nothing."""
        return iter(())

    def schema(self) -> dict[str, object]:
        """Return the JSON schema."""
        return {}


OPEN = Open()
FROM_A_FIGURE = (
    Key("population", Text(), "Its patients, as a path", required=True),
    Key("statistic", Text(), "Form of the figure it comes from", required=True),
    Key("reported", Optional_(FIGURE), "The figure as reported; null where several were aggregated", required=True),
    Key("report", MAYBE_TEXT, "Key of the report", required=True),
    Key("source", FIGURE, "Where the figure stands and was read", required=True),
    Key("characteristics", Entries(SCALAR), "What it has over the study's own characteristics"),
)
EFFECT_VALUES = (
    Key("yi", Number(), "The effect, on the model's scale", required=True),
    Key("vi", Number(low=0), "Its sampling variance", required=True),
    Key("route", Text(), "The route from the figure to the effect", required=True),
    Key("assumptions", TEXTS, "What must hold for the route", required=True),
    Key("notes", TEXTS, "What was done to the figures on the way", required=True),
    Key("size", NOT_NEGATIVE, "Number of patients, where the back-transformation needs it"),
)
