"""What the vertical axis of a funnel plot may show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Precision:
    """What the vertical axis of a funnel plot shows."""

    name: str  # what stands beside it; `{se}` is the name of the standard error
    of: Callable[[float], float]  # from a standard error to the value on the axis
    starts_at_zero: bool = True  # whether the axis holds a standard error of 0


PRECISIONS: dict[str, Precision] = {
    "se": Precision("{se}", lambda se: se),
    "variance": Precision("Square of the {se}", lambda se: se * se),
    "precision": Precision("1 / {se}", lambda se: 1 / se, starts_at_zero=False),
    "weight": Precision("1 / square of the {se}", lambda se: 1 / (se * se), starts_at_zero=False),
}
