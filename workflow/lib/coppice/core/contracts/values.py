"""The kinds of values in result files, and the part that an effect and a figure without an effect share."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, NotRequired, TypedDict


class Within(NamedTuple):
    """The limits of a number; None where it has none."""

    low: float | None = None
    high: float | None = None


Fraction = Annotated[float, Within(0, 1)]
NotNegative = Annotated[float, Within(0)]
Percent = Annotated[float, Within(0, 100)]
Count = Annotated[int, Within(0)]
AtLeastOne = Annotated[int, Within(1)]
Scalar = str | float | bool | None
NumbersAsText = Annotated[str, "numbers"]  # very many, with a comma between them; nothing where one is missing
# as a record has it: scalars, lists of scalars, lists of mappings to scalars, and such values by arm
Figure = Annotated[dict[str, Any], "figure"]


class Skipped(TypedDict):
    """Stands in place of a part that is switched off or can't be given."""

    skipped: Annotated[str, "Why the part is missing"]


class ArmsCompared(TypedDict):
    """The arms of a study, by their keys, that make the two sides of a comparison."""

    experimental: Annotated[list[str], "Those that are compared, combined where there are several"]
    control: Annotated[list[str], "Those that they are compared with"]


class FromAFigure(TypedDict):
    """What an effect, and a figure that gives none, say of the figure in the record."""

    population: Annotated[str, "Its patients, as a path"]
    statistic: Annotated[str, "Form of the figure it comes from"]
    reported: Annotated[Figure | None, "The figure as reported; null where several were aggregated"]
    report: Annotated[str | None, "Key of the report"]
    source: Annotated[Figure, "Where the figure stands and was read"]
    characteristics: NotRequired[Annotated[dict[str, Scalar], "What it has over the study's own characteristics"]]
    arms: NotRequired[Annotated[ArmsCompared, "Which arms it compares, where the study names its arms"]]


class EffectValues(TypedDict):
    """An effect with its sampling variance, and how it came from the figure."""

    yi: Annotated[float, "The effect, on the model's scale"]
    vi: Annotated[NotNegative, "Its sampling variance"]
    route: Annotated[str, "The route from the figure to the effect"]
    assumptions: Annotated[list[str], "What must hold for the route"]
    notes: Annotated[list[str], "What was done to the figures on the way"]
    size: NotRequired[Annotated[NotNegative, "Number of patients, where the back-transformation needs it"]]


class FiguresEffect(FromAFigure, EffectValues):
    """An effect with the figure that it comes from."""
