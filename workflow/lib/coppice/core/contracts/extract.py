"""What `extract` reads of one outcome of one study, and what results/extract/<study>/<outcome>.json holds."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from coppice.core.contracts.values import ArmsCompared, Count, EffectValues, Fraction, FromAFigure, NotNegative


class ComparedFigure(TypedDict):
    """A figure of two arms, made of one by arm or of a contrast of two named arms."""

    figure: Annotated[Count, "Index of the figure that it is made of"]
    arms: Annotated[ArmsCompared, "The arms"]
    reported: Annotated[dict[str, Any], "The figure of two arms"]


class LeftOut(TypedDict):
    """A figure that is not of a comparison."""

    figure: Annotated[Count, "Its index"]
    reason: Annotated[str, "Why not"]


class OfArms(TypedDict):
    """The figures of an outcome as they are of one comparison."""

    figures: Annotated[list[ComparedFigure], "Those that are of it"]
    left_out: Annotated[list[LeftOut], "The others"]
    printed: Annotated[list[Any], "Place and text of each number that ends in zeros, which JSON drops"]


class WantedMeasure(TypedDict):
    """A measure that analyses ask for."""

    measure: Annotated[str, "Code of the measure"]
    options: Annotated[dict[str, Any], "Options of the routes"]
    several: NotRequired[Annotated[bool, "Whether dependent effects may enter"]]
    compared: NotRequired[
        Annotated[OfArms, "What is read in place of the reported figures, where a comparison is chosen"]
    ]


class ExtractSpec(TypedDict):
    """One outcome of one study, with what analyses ask of it."""

    study: Annotated[str, "Study"]
    outcome: Annotated[str, "Outcome"]
    population: Annotated[str, "Its patients, as a path"]
    reported: Annotated[list[dict[str, Any]], "Figures of the record"]
    measures: Annotated[dict[str, WantedMeasure], "Wanted measures, by the name under which analyses ask for them"]
    printed: NotRequired[Annotated[list[Any], "Place and text of each number that ends in zeros, which JSON drops"]]
    route: NotRequired[Annotated[str | None, "The only route that the record allows"]]
    note: NotRequired[Annotated[str | None, "Note of the record"]]
    accept: NotRequired[Annotated[dict[str, str], "Checks that the outcome and the study accept, with the reasons"]]


class Marks(TypedDict):
    """What the record says of a figure beside its numbers."""

    label: Annotated[str | None, "Row of its own in the figures"]
    use: Annotated[str | None, "Why the record marks it"]
    note: Annotated[str | None, "Note of the record"]


class Candidate(FromAFigure, EffectValues, Marks):
    """An effect that a figure gives on a measure."""

    rank: Annotated[Count, "Rank of the route, the lower the better"]


class UnusedFigure(FromAFigure, Marks):
    """A figure that gives no effect."""

    reason: Annotated[str, "Why it gives no effect"]


class ExtractedMeasure(TypedDict):
    """The effects of one outcome of one study on one measure, and the choice among them."""

    measure: Annotated[str, "Code of the measure"]
    candidates: Annotated[list[Candidate], "Every effect that a figure gives"]
    chosen: Annotated[list[Count], "Which of them enter, by index"]
    why: Annotated[str, "Why these"]


class CurveOfArm(TypedDict):
    """A reconstructed Kaplan-Meier curve of one arm."""

    times: Annotated[list[NotNegative], "Times of the steps of the reconstructed curve, from 0 to the last follow-up"]
    survival: Annotated[list[Fraction], "Survival from each of these times on"]
    read_times: Annotated[list[NotNegative], "Times of the coordinates that were read"]
    read_survival: Annotated[list[Fraction], "Survival that was read there"]
    at_risk_times: Annotated[list[NotNegative], "Times of the printed numbers at risk"]
    at_risk: Annotated[list[Count], "These numbers"]
    patients: Annotated[Count, "Patients reconstructed"]
    events: Annotated[Count, "Events reconstructed"]


class CurvesOfArms(TypedDict):
    """The curves of both arms."""

    experimental: Annotated[CurveOfArm, "Experimental"]
    control: Annotated[CurveOfArm, "Control"]


class Curve(TypedDict):
    """Curves that were read, with the patients that they are of."""

    population: Annotated[str, "Its patients, as a path"]
    label: Annotated[str | None, "Row of its own in the figures"]
    unit: Annotated[str | None, "Unit of the times"]
    report: Annotated[str | None, "Key of the report"]
    compares: NotRequired[Annotated[list[str], "Keys of the arms, where the figure names them"]]
    arms: NotRequired[Annotated[CurvesOfArms, "The arms"]]
    skipped: NotRequired[Annotated[str, "Why its times can't be reconstructed"]]


class CheckFinding(TypedDict):
    """What a check noticed, and whether the record accepts it."""

    check: Annotated[str, "Name of the check"]
    severity: Annotated[str, "error or warning"]
    study: Annotated[str | None, "Study"]
    outcome: Annotated[str | None, "Outcome"]
    figure: Annotated[Count | None, "Index of the figure among those of the outcome"]
    sentence: Annotated[str, "What is wrong, as a sentence"]
    accepted: Annotated[str | None, "Why the record accepts it; null where it does not"]


class ExtractContent(TypedDict):
    """The effects of one outcome of one study, as `extract` computes them."""

    study: Annotated[str, "Study"]
    outcome: Annotated[str, "Outcome"]
    note: Annotated[str | None, "Note of the record"]
    measures: Annotated[
        dict[str, ExtractedMeasure], "For each wanted measure, by the name under which analyses ask for it"
    ]
    unused: Annotated[list[UnusedFigure], "Figures that give no effect on any of the measures"]
    findings: Annotated[list[CheckFinding], "What the checks found"]
    curves: NotRequired[Annotated[list[Curve], "Reconstructed Kaplan-Meier curves, where curves were read"]]


class ExtractResult(ExtractContent):
    """The same in its file, which names what it was made from."""

    made_from: Annotated[str, "Hash of the spec that it was made from"]
