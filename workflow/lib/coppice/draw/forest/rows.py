"""The rows of a forest plot, made from a pool result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from coppice.core import printing
from coppice.core.contracts.pool import Level, PoolResult, Subgroups
from coppice.core.errors import entry_named
from coppice.core.measures import (
    ARCSINE,
    DOUBLE_ARCSINE,
    DOUBLE_SQUARE_ROOT,
    MEASURES,
    SQUARE_ROOT,
    Measure,
    harmonic_size,
)
from coppice.core.printing import back
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.canvas.density import prediction_curve
from coppice.draw.forest.options import DEFAULTS, SORTS, ForestOptions
from coppice.draw.forest.presets import PRESETS

Result = Mapping[str, Any]
Effect = Mapping[str, Any]
Line = Mapping[str, Any]

Triple = tuple[float | None, float | None, float | None]

CLOSED = (ARCSINE, DOUBLE_ARCSINE, SQUARE_ROOT, DOUBLE_SQUARE_ROOT)  # scales that end at a rate or proportion of 0
UNGROUPED = "Not classified"
NOT_POOLED = "Not pooled"
COUNTED = "In the model by their counts alone"
MOST_EXCLUDED = 5  # more studies than this and than the pooled ones are named in the notes only


class Kind(StrEnum):
    """What a row of the table is."""

    HEADING = "heading"
    STUDY = "study"
    SUBTOTAL = "subtotal"
    COMMON = "common"
    RANDOM = "random"
    PREDICTION = "prediction"
    RANGE = "range"  # from the lowest to the highest of several estimates
    NOTE = "note"
    GAP = "gap"


SUMMARIES = frozenset({Kind.SUBTOTAL, Kind.COMMON, Kind.RANDOM})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is written in it and what is drawn in it."""

    kind: Kind
    label: str = ""
    place: Triple = (None, None, None)  # estimate and limits on the scale of the axis, see `place_of`
    printed: Triple = (None, None, None)  # the same as printed, from the result's `display`
    weights: Mapping[str, float] | None = None  # in percent, by model: random and common
    effects: tuple[Effect, ...] = ()  # the effect of a study, or those that a summary pools
    indented: bool = False  # part of a subgroup's block
    curve: tuple[tuple[float, float], ...] = ()  # density of a prediction interval; heights are at most 1
    is_pooled: bool = True
    number: int | None = None  # of a study: the place of its effect in the result, those not pooled after all others


def place_of(measure: Measure | None, exact: Triple, printed: Triple) -> Triple:
    """Return where marks go, so that each lies at its printed value on the axis.

    That is the value of the model, save on the scales of `CLOSED`: there the same value of the model is printed
    differently for studies of different sizes, and one beyond the end of the scale is printed as that end.
    """
    if measure is None or measure.scale not in CLOSED:
        return exact
    estimate, low, high = (None if value is None else measure.scale.forward(value) for value in printed)
    return estimate, low, high


def decimals_of(result: Result) -> int:
    """Return the decimals of a result's effects."""
    return printing.decimals_of(result, MEASURES.get(result.get("measure", "")))


def triple(part: Mapping[str, Any] | None) -> Triple:
    """Return the estimate and the limits of a part of a result."""
    part = part or {}
    return part.get("estimate"), part.get("ci_low"), part.get("ci_high")


def printed_of(measure: Measure | None, exact: Triple, display: Mapping[str, Any] | None, size: Any = None) -> Triple:
    """Return an estimate and its limits as printed: those of the result's display, or back-transformed at a size."""
    if display:
        return triple(display)
    return back(measure, exact[0], size), back(measure, exact[1], size), back(measure, exact[2], size)


class Rows:
    """Builds the rows of one result in the order in which they are printed."""

    def __init__(self, result: PoolResult, options: ForestOptions = DEFAULTS) -> None:
        order = entry_named(SORTS, options.sort, "order")
        self.result = result
        self.options = options
        self.preset = PRESETS[options.preset]
        self.measure = MEASURES.get(result.get("measure", ""))
        self.display: Mapping[str, Any] = result.get("display") or {}
        self.settings: Mapping[str, Any] = result.get("settings") or {}
        effects = result.get("effects", ())
        excluded = result.get("excluded") or ()
        self.excluded_numbers = {id(item): number for number, item in enumerate(excluded, start=len(effects))}
        self.counted = words.counted_alone(result)
        self.numbers = {id(effect): number for number, effect in enumerate(effects)}
        displays: Sequence[Any] = self.display.get("effects") or [None] * len(effects)
        self.pairs = sorted(zip(effects, displays, strict=True), key=lambda pair: order(pair[0]))

    def all(self) -> list[Row]:
        """Return every row."""
        subgroups = self.result.get("subgroups")
        rows = self._blocks(subgroups) if subgroups else [self._study(*pair) for pair in self.pairs]
        rows += self._not_pooled(is_block=bool(subgroups))
        summary = self._summary()
        return [*rows, Row(Kind.GAP), *summary] if summary else rows

    def _study(self, effect: Effect, display: Mapping[str, Any] | None, *, indented: bool = False) -> Row:
        exact = (effect.get("yi"), effect.get("ci_low"), effect.get("ci_high"))
        printed = printed_of(self.measure, exact, display, effect.get("size"))
        label, place = clean(effect.get("label") or effect.get("study", "")), place_of(self.measure, exact, printed)
        number = self.numbers[id(effect)]
        return Row(Kind.STUDY, label, place, printed, _weights([effect]), (effect,), indented, number=number)

    def _not_pooled(self, *, is_block: bool) -> list[Row]:
        """Return a row for each study that is left out, unless they are more than the pooled ones by far."""
        excluded = self.result.get("excluded") or ()
        left_out = [item for item in excluded if item not in self.counted]
        if not self.options.excluded or len(left_out) > max(MOST_EXCLUDED, len(self.pairs)):
            left_out = []
        rows: list[Row] = []
        alone = [item for item in self.counted if not (is_block and item.get("subgroup"))]
        for heading, items in ((COUNTED, alone), (NOT_POOLED, left_out)):
            named = [self._without_effect(item, is_pooled=heading == COUNTED, indented=is_block) for item in items]
            rows += [Row(Kind.GAP), Row(Kind.HEADING, heading), *named] if is_block and named else named
        return rows

    def _without_effect(self, item: Effect, *, is_pooled: bool, indented: bool) -> Row:
        """Return the row of a study without an effect: left out, or in a GLMM with its counts alone."""
        label, place = clean(item.get("label") or item["study"]), self.excluded_numbers[id(item)]
        return Row(Kind.STUDY, label, effects=(item,), indented=indented, is_pooled=is_pooled, number=place)

    def _blocks(self, subgroups: Subgroups) -> list[Row]:
        rows: list[Row] = []
        levels = subgroups.get("levels", ())
        for level, display in zip(levels, self.display.get("subgroups") or [None] * len(levels), strict=True):
            rows.extend(self._block(level, display or {}))
        names = {level.get("level") for level in levels}
        rest = [pair for pair in self.pairs if pair[0].get("subgroup") not in names]
        if rest:
            rows += [*([Row(Kind.GAP)] if rows else []), Row(Kind.HEADING, UNGROUPED)]
            rows.extend(self._study(*pair, indented=True) for pair in rest)
        return rows[1:] if rows and rows[0].kind is Kind.GAP else rows

    def _label(self, template: str, model: str) -> str:
        return template.format(model=model, level=words.percent_level(self.result)).replace(" ()", "")

    def _heading(self, level: object) -> str:
        subgroups = self.result.get("subgroups")
        by = clean((subgroups and subgroups.get("by")) or "").replace("_", " ")
        return f"{by[:1].upper()}{by[1:]}: {clean(level)}" if by else clean(level)

    def _block(self, level: Level, display: Mapping[str, Any]) -> list[Row]:
        pairs = [pair for pair in self.pairs if pair[0].get("subgroup") == level.get("level")]
        effects = tuple(effect for effect, _ in pairs)
        rows = [Row(Kind.GAP), Row(Kind.HEADING, self._heading(level.get("level")))]
        rows.extend(self._study(*pair, indented=True) for pair in pairs)
        counted = [item for item in self.counted if item.get("subgroup") == level.get("level")]
        rows.extend(self._without_effect(item, is_pooled=True, indented=True) for item in counted)
        model: Literal["random", "common"] = "random" if level.get("random") else "common"
        part = level.get(model)
        if part and level.get("k", len(pairs)) > 1:
            name = words.model_name(part, self.settings) if model == "random" else "common effect"
            label, size = self._label(self.preset.subtotal, name), harmonic_size(effects)
            row = self._total(Kind.SUBTOTAL, label, part, display.get(model), (*effects, *counted), size)
            rows.append(replace(row, indented=True))
            note = words.heterogeneity(level.get("heterogeneity"), intervals=False)
            rows.extend([Row(Kind.NOTE, note, indented=True)] if note else [])
        return rows

    def _summary(self) -> list[Row]:
        effects = tuple(effect for effect, _ in self.pairs)
        rows, size = [], self.display.get("size")
        random, common, prediction = self.result.get("random"), self.result.get("common"), self.result.get("prediction")
        if random:
            label = self._label(self.preset.random, words.model_name(random, self.settings))
            every = (*effects, *self.counted)
            rows.append(self._total(Kind.RANDOM, label, random, self.display.get("random"), every, size))
        if common and (self.options.common or not random):
            label = self._label(self.preset.common, "")
            rows.append(self._total(Kind.COMMON, label, common, self.display.get("common"), effects, size))
        if prediction and self.options.prediction:
            label = words.prediction_name(prediction, words.percent_level(self.result))
            low, high = prediction.get("low"), prediction.get("high")
            limits = self.display.get("prediction") or {
                "low": back(self.measure, low),
                "high": back(self.measure, high),
            }
            printed = (None, limits.get("low"), limits.get("high"))
            place = place_of(self.measure, (None, low, high), printed)
            curve = self._curve(low, high, prediction.get("df"), prediction.get("se"))
            rows.append(Row(Kind.PREDICTION, label, place, printed, curve=curve))
        return rows

    def _curve(
        self, low: float | None, high: float | None, df: float | None, se: float | None
    ) -> tuple[tuple[float, float], ...]:
        if not self.options.density or low is None or high is None or (df is not None and (df <= 0 or not se)):
            return ()
        curve = prediction_curve(low, high, df, se or 0.0, float(self.result.get("level", 0.95)))
        size = self.display.get("size")
        printed = ((place_of(self.measure, (x, x, x), (back(self.measure, x, size),) * 3)[0], y) for x, y in curve)
        return tuple((x, y) for x, y in printed if x is not None)

    def _total(  # noqa: PLR0917
        self, kind: Kind, label: str, line: Line, display: Line | None, effects: tuple[Effect, ...], size: float | None
    ) -> Row:
        exact = triple(line)
        printed = printed_of(self.measure, exact, display, size)
        return Row(kind, label, place_of(self.measure, exact, printed), printed, _weights(effects), effects)


def _weights(effects: Sequence[Effect]) -> dict[str, float]:
    """Add up the weights of effects, by model; a model without all of them is left out."""
    sums = {}
    for model in ("random", "common"):
        values = [effect.get(f"weight_{model}") for effect in effects if effect.get("yi") is not None]
        present = [float(value) for value in values if value is not None]
        if present and len(present) == len(values):
            sums[model] = sum(present)
    return sums
