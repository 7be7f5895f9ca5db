"""Reconstructed Kaplan-Meier curves, for drawing: of each curve that was read, both arms with what was printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.contracts.extract import Curve, CurveOfArm
from coppice.core.reported_fields import ARMS
from coppice.extract.curves.curves import reconstructed
from coppice.extract.numeric import LeftToTheJob
from coppice.extract.route import Figure, NotEstimable

if TYPE_CHECKING:
    from coppice.extract.curves.reconstruct import Reconstruction

STATISTIC = "km_curve"


def curves_of(reported: Sequence[Figure], population: str) -> list[Curve]:
    """Return the curves among the figures of an outcome; `population` is that of figures that do not name their own."""
    return [
        curve(figure, population) for figure in reported if figure["statistic"] == STATISTIC and figure.get("times")
    ]


def curve(figure: Figure, population: str) -> Curve:
    """Return one curve: both arms, or why its times can't be reconstructed."""
    origin: Curve = {
        "population": figure.get("population", population),
        "label": figure.get("label"),
        "unit": figure.get("unit"),
        "report": (figure.get("source") or {}).get("report"),
    }
    if figure.get("arms"):
        origin["compares"] = list(figure["arms"])
    needed = ("at_risk_times", *(f"{name}_{arm}" for name in ("survival", "at_risk") for arm in ARMS))
    if not all(figure.get(name) for name in needed):
        return {**origin, "skipped": "the numbers at risk of both arms are needed"}
    try:
        arms = reconstructed(figure)
    except LeftToTheJob:
        return {**origin, "skipped": "its times are reconstructed by the job that extracts it"}
    except NotEstimable as error:
        return {**origin, "skipped": str(error)}
    except (ArithmeticError, ValueError) as error:
        return {**origin, "skipped": f"no effect can be computed from these figures ({error})"}
    experimental, control = (arm_of(figure, letter, arms[letter]) for letter in ARMS)
    return {**origin, "arms": {"experimental": experimental, "control": control}}


def arm_of(figure: Figure, letter: str, arm: Reconstruction) -> CurveOfArm:
    """Return one arm of a curve."""
    from coppice.extract.curves.reconstruct import survival_steps

    steps, survival = survival_steps(arm)
    end = float(arm.times.max(initial=0.0))
    return {
        "times": [0.0, *floats(steps), end],
        "survival": [1.0, *floats(survival), float(survival[-1]) if len(survival) else 1.0],
        "read_times": floats(figure["times"]),
        "read_survival": floats(figure[f"survival_{letter}"]),
        "at_risk_times": floats(figure["at_risk_times"]),
        "at_risk": [int(number) for number in figure[f"at_risk_{letter}"]],
        "patients": len(arm.times),
        "events": arm.events,
    }


def floats(values: Iterable[Any]) -> list[float]:
    """Return numbers as they are written to JSON."""
    return [float(value) for value in values]
