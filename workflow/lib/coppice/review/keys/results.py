"""The keys of an analysis that say what its result means: `baselines`, `certainty`, `role` and `important`."""

from __future__ import annotations

from coppice.core.roles import ROLES
from coppice.core.schema import Choice, Key, ListOf, Nullable, Number, Object, OneOf, Text

LEVELS = ("high", "moderate", "low", "very low")  # of certainty, as GRADE names them

BASELINE = Object(
    (
        Key("name", Text(), "What the risk is called: low, medium, high", required=True),
        Key(
            "risk",
            Number(low=0, high=1, exclusive=True),
            "Risk of the outcome without the treatment, as a fraction",
            required=True,
        ),
        Key("time", Nullable(Text()), "By when, such as 3 years: needed for times to an event"),
        Key("source", Text(), "Where the risk comes from", required=True),
    )
)
BASELINES = ListOf(BASELINE)

CERTAINTY = Object(
    (
        Key("level", Choice(lambda: LEVELS), "Certainty of the evidence, as people judged it by GRADE", required=True),
        Key("reasons", ListOf(Text()), "Why it was rated down or up"),
    )
)

IMPORTANT = Object(
    (
        Key("small", Number(), "The smallest important difference, as the effect is printed", required=True),
        Key("large", Number(), "Where an effect begins to be large, on the same side of no difference", required=True),
    )
)

OF_RESULTS = (
    Key(
        "role",
        Choice(lambda: ROLES),
        "Whether the analysis gives a result of the review (main), which abstract and summary of findings state, or supports one. Default: meta-regression if it has moderators and another analysis of the outcome and measure has none, else main",
    ),
    Key(
        "important",
        Nullable(OneOf((IMPORTANT,), meant=Number())),
        "Smallest important difference, as the effect is printed and in either direction (0.8 for a ratio is also 1.25, 5 for a difference also -5), or {small: 0.8, large: 0.5}; for the words of the report and the forest plot",
    ),
)
