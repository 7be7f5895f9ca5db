"""The moderators of an analysis: from its formula and the studies' characteristics to a part of the result file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.errors import nearest
from coppice.pool.effects import given_weights
from coppice.pool.formula import variables
from coppice.pool.parts import Part
from coppice.pool.profiles import Settings
from coppice.pool.regression import RegressionResults, design_of, regress_settings

PREDICTED = 41  # places over the range of a moderator: enough for a smooth curve


def moderators_part(
    effects: Sequence[Mapping[str, Any]], formula: str, options: Settings
) -> tuple[Part | None, str | None]:
    """Return the meta-regression of an analysis, or None and the reason why there is none.

    Effects whose study does not report a moderator are left out of it, with a warning.

    Parameters
    ----------
    effects : sequence of mapping
        With `yi`, `vi`, `label` and `values`, the characteristics of the study; its `year` is one too.
    formula : str
        The right-hand side of the model.
    options : Settings

    Raises
    ------
    ValueError
        If the formula is wrong or names what no study has.
    """
    rows = [{"year": effect.get("year")} | dict(effect.get("values") or {}) for effect in effects]
    needed = sorted(variables(formula))
    known = {name for row in rows for name in row}
    for name in needed:
        if rows and name not in known:
            raise ValueError(f"no study has the moderator '{name}': {nearest(name, known)}")
    inside = [index for index, row in enumerate(rows) if all(row.get(name) is not None for name in needed)]
    if len(inside) < 3:
        return None, f"{len(inside)} effects have every moderator, and a meta-regression needs three or more"
    yi, vi = (np.array([effects[index][name] for index in inside]) for name in ("yi", "vi"))
    design = design_of(formula, {name: [rows[index][name] for index in inside] for name in needed})
    if len(inside) <= design.matrix.shape[1]:
        return None, f"{len(inside)} effects are too few for {design.matrix.shape[1]} coefficients"
    found = regress_settings(yi, vi, design, options, given_weights([effects[index] for index in inside], options))
    omitted = [str(effects[index]["label"]) for index in range(len(rows)) if index not in inside]
    warnings = (
        [f"Without every moderator and so left out of the meta-regression: {', '.join(omitted)}."] if omitted else []
    )
    vif = found.vif() if len(design.slopes) > 1 else {}
    return found.part | {
        "formula": formula,
        "k": len(inside),
        "vif": vif,
        "predictions": predictions(found, needed, [rows[index] for index in inside]),
        "warnings": [*found.part["warnings"], *warnings],
    }, None


def predictions(
    found: RegressionResults, needed: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[Part] | None:
    """Return the mean effect over the range of a single numeric moderator, with its intervals; None for other models."""
    values = [row[name] for row in rows for name in needed]
    if len(needed) != 1 or any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    places = [float(value) for value in np.linspace(min(values), max(values), PREDICTED)]
    design = found.design.rows({needed[0]: places})
    return [{"value": place} | found.predict(row) for place, row in zip(places, design, strict=True)]
