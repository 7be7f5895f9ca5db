"""The options of the forest plot, declared once: for the code, the configuration's checks and its schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from coppice.core.schema import Choice, Flag, ListOf, MapOf, Nullable, Number, OneOf, Pair, Text
from coppice.draw.forest.presets import COLUMN_KEYS, PRESETS

MOST_DECIMALS = 12  # results have as many significant digits
DECIMALS = Number(low=0, high=MOST_DECIMALS, whole=True)
SORTS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "given": lambda effect: 0,
    "year": lambda effect: (effect.get("year") is None, effect.get("year") or 0),
    "effect": lambda effect: (effect.get("yi") is None, effect.get("yi") or 0.0),
    "weight": lambda effect: -(effect.get("weight_random") or effect.get("weight_common") or 0.0),
    "label": lambda effect: str(effect.get("label", "")).casefold(),
}
COLUMNS_HELP = f"Columns from left to right: {', '.join(COLUMN_KEYS)}, a characteristic of the studies, and `plot` once. Default: those of the preset"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestOptions:
    """What the configuration may choose: each field with the shape of its value and its description."""

    preset: Annotated[str, Choice(PRESETS.keys), "Layout of a journal or of a tool"] = "default"
    columns: Annotated[Sequence[str] | None, Nullable(ListOf(Text())), COLUMNS_HELP] = None
    sort: Annotated[str, Choice(SORTS.keys), "Order of the studies"] = "given"
    limits: Annotated[
        Sequence[float] | None, Nullable(Pair()), "Limits of the axis, as printed. Default: those that the effects need"
    ] = None
    decimals: Annotated[
        int | Mapping[str, int] | None,
        Nullable(OneOf((MapOf(DECIMALS),), meant=DECIMALS)),
        "Decimals of effects, or of columns by their keys. Default: two for ratios, else two digits of the median half-width",
    ] = None
    headings: Annotated[
        Mapping[str, str] | None, Nullable(MapOf(Text())), "Headings of columns by their keys; | breaks a line"
    ] = None
    common: Annotated[bool, Flag(), "Whether the common-effect summary is shown"] = True
    prediction: Annotated[bool, Flag(), "Whether the prediction interval is shown"] = True
    density: Annotated[bool, Flag(), "Whether the prediction interval is drawn as a density in place of a bar"] = False
    excluded: Annotated[bool, Flag(), "Whether a study that is not pooled has a row"] = True
    notes: Annotated[bool, Flag(), "Whether the footnotes are shown"] = True


DEFAULTS = ForestOptions()
