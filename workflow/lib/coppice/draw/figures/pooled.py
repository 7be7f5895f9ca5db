"""One view of a pooled result: what the figures of an analysis read of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.lines import CommonLine, RandomLine
from coppice.core.contracts.pool import Effect, PoolResult
from coppice.core.contracts.values import Skipped
from coppice.core.measures import MEASURES, Measure
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.canvas.panel import Heading, Scale

NOT_EXPLORED = "it was not explored"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled result as figures read it; a part that is missing is None."""

    result: PoolResult

    @property
    def measure(self) -> Measure | None:
        """The measure; None for an unknown code."""
        return MEASURES.get(self.result.get("measure", ""))

    @property
    def null(self) -> float | None:
        """The value of no effect on the model's scale; None where the measure has none."""
        return self.measure.null if self.measure else 0.0

    @property
    def is_ratio(self) -> bool:
        """Whether effects are printed as ratios, on a logarithmic axis."""
        return bool(self.measure and self.measure.scale.is_ratio)

    @property
    def name(self) -> str:
        """Name of the measure as a heading."""
        return words.measure_name(self.result)

    @property
    def level(self) -> str:
        """Level of the intervals: ``95%``."""
        return words.percent_level(self.result)

    @property
    def count(self) -> str:
        """What is pooled: ``5 studies``."""
        return words.count_of(self.result)

    @property
    def effects(self) -> list[Effect]:
        """The effects that have a variance, above 0."""
        return [effect for effect in self.result.get("effects", ()) if has_effect(effect) and effect.get("vi")]

    @property
    def points(self) -> list[tuple[float, float]]:
        """Estimate and standard error of these effects."""
        return [(effect["yi"], math.sqrt(effect["vi"])) for effect in self.effects]

    @property
    def model(self) -> Literal["random", "common"] | None:
        """The model whose estimate is the main one."""
        return "random" if self.result.get("random") else "common" if self.result.get("common") else None

    @property
    def line(self) -> RandomLine | CommonLine | None:
        """The main estimate."""
        return self.result.get("random") or self.result.get("common")

    @property
    def common(self) -> RandomLine | CommonLine | None:
        """The common effect, or the other estimate in its place."""
        return self.result.get("common") or self.result.get("random")

    @property
    def wald(self) -> RandomLine | None:
        """The random-effects line, with its Wald standard error where the result has it."""
        return (self.result.get("alternatives") or {}).get("wald") or self.result.get("random")

    def scale(self, low: float, high: float) -> Scale:
        """Return an axis of effects."""
        return Scale(self.name, low, high, is_log=self.is_ratio)

    def padded_scale(self, values: Iterable[float], pad: float) -> Scale:
        """Return an axis of effects that holds some values, with a share of their span beyond them."""
        held = list(values) or [0.0]
        low, high = min(held), max(held)
        room = pad * (high - low or 1.0)
        return self.scale(low - room, high + room)

    def heading(self, title: str | None, kind: str, of: str | None = None) -> Heading:
        """Return what stands above a figure of the result."""
        return Heading(title, kind, of or self.count)

    def missing(self) -> list[str]:
        """Say why there is no overall estimate; nothing where there is one."""
        return words.reasons(self.result, [] if self.model else ["random"])


def has_effect(effect: Effect) -> bool:
    """Return whether an effect could be estimated."""
    return effect.get("yi") is not None


def label_of(item: Any) -> str:
    """Return what an effect, or a row of an explore result, is called."""
    return str(item.get("label") or item["study"])


def diameters(effects: Iterable[Effect], smallest: float, largest: float) -> list[float]:
    """Return the diameters of circles whose areas are as the weights; one of a weight below 0 has the smallest."""
    # an imprecise effect that correlates with a precise one can have a weight below 0
    weights = [max(effect.get("weight_random") or effect.get("weight_common") or 0.0, 0.0) for effect in effects]
    most = max(weights, default=0.0) or 1.0
    return [max(smallest, largest * math.sqrt(weight / most)) for weight in weights]


def rows_of(part: list[Row] | Skipped | None) -> tuple[list[Row], str]:
    """Return the rows of a part of an explore result, and why it has none, as a note."""
    part = part or {"skipped": NOT_EXPLORED}
    return (part, "") if isinstance(part, list) else ([], f"Not drawn: {clean(part['skipped'])}.")


def part_of(explored: ExploreResult | None, *keys: str) -> Mapping[str, Any]:
    """Return a part of an explore result, by its keys from the outside in; empty where it is missing."""
    part: Any = explored
    for key in keys:
        part = (part or {}).get(key)
    return part or {}
