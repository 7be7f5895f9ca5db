"""Numbers of very many models as short texts: equal columns are stored once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from coppice.core.number_style import DIGITS
from coppice.pool.kernel.kernel import Array

EFFECTS = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")  # on the scale of the measure
FIELDS = (*EFFECTS, "tau2", "I2")


def packed(
    models: Iterable[Mapping[str, Array]], back: Callable[[Array], list[float]]
) -> tuple[list[list[int]], list[str]]:
    """Return, of each model, the places of its fields among the columns, and the columns.

    `back` transforms effects from the model's scale to the printed one.
    """
    places: dict[tuple[bool, bytes], int] = {}
    columns: list[str] = []
    of_models: list[list[int]] = []
    for model in models:
        of_model = []
        for name in FIELDS:
            key = name in EFFECTS, model[name].tobytes()
            if key not in places:
                places[key] = len(columns)
                columns.append(_text(back(model[name]) if name in EFFECTS else model[name].tolist()))
            of_model.append(places[key])
        of_models.append(of_model)
    return of_models, columns


def _text(values: list[float]) -> str:
    """Return a column as text: numbers with the digits of a result file, nothing for one that is not finite."""
    text = ",".join([f"{value + 0.0:.{DIGITS}g}" for value in values])  # + 0.0 turns -0.0 into 0.0
    return text.replace("-inf", "").replace("inf", "").replace("nan", "")
