"""The view of an analysis of another kind than pairwise: its configuration and its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coppice.core.measures import Measure
from coppice.core.number_style import DEFAULT, Style
from coppice.core.printing import LINE, back, decimals_of, landmarks
from coppice.core.roles import MAIN

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OtherView:
    """One analysis of another kind than pairwise; its pooled and explored results have the form of its kind.

    Attributes
    ----------
    kind : str
        The name of its kind; `report.kinds` has what the report says of it.
    name, title, outcome, measure, note, event, certainty, role, style, figures, accept
        As of a pairwise analysis.
    pool, explore : mapping
        Results of the two verbs; `explore` is empty if the analysis is not explored.
    """

    kind: str
    name: str
    title: str
    outcome: str
    measure: Measure
    note: str | None
    pool: Record
    explore: Record
    figures: Mapping[str, Path]
    certainty: Record | None = None
    event: str | None = None
    style: Style = DEFAULT
    role: str = MAIN
    accept: Mapping[str, str] = field(default_factory=dict)
    decimals: int = field(init=False)  # of its effects
    landmarks: tuple[float, ...] = field(init=False)  # values that no other effect prints as

    def __post_init__(self) -> None:
        object.__setattr__(self, "decimals", decimals_of(self.pool, self.measure))
        object.__setattr__(self, "landmarks", landmarks(self.measure))

    @property
    def effects(self) -> list[Any]:
        """The effects that were pooled, each with its study and the figure that it is from."""
        return list(self.pool["effects"])

    @property
    def id(self) -> str:
        """The id of its section in the report."""
        return f"analysis-{self.name}"

    @property
    def level(self) -> str:
        """The level of its intervals, as printed."""
        return f"{100 * float(self.pool.get('level') or 0.95):g}%"

    def back(self, value: float | None) -> float | None:
        """Transform a value from the model's scale to the printed one."""
        return back(self.measure, value)

    def number(self, value: float | None) -> str:
        """Print a value that is on the model's scale, back-transformed."""
        return self.style.number(self.back(value), self.decimals, self.landmarks)

    def estimate(self, part: Record, keys: tuple[str, str, str] = LINE) -> str:
        """Print an estimate with its interval, back-transformed: ``0.39 (0.24 to 0.64)``."""
        middle, *limits = self.style.together([self.back(part[key]) for key in keys], self.decimals, self.landmarks)
        return f"{middle} ({self.style.between(*limits)})"

    def between(self, part: Record, low: str, high: str) -> str | None:
        """Print an interval, back-transformed; None where it has no limits."""
        if part.get(low) is None or part.get(high) is None:
            return None
        return self.style.between(
            *self.style.together([self.back(part[key]) for key in (low, high)], self.decimals, self.landmarks)
        )
