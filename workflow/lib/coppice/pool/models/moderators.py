"""The moderators of an analysis: from its formula and the studies' characteristics to a part of the result file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from coppice.core.errors import nearest
from coppice.pool.effects import given_weights
from coppice.pool.formula import variables
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.models.regression import Design, RegressionResults, TooFew, design_of, regress_settings
from coppice.pool.parts import Part
from coppice.pool.profiles import Settings

PREDICTED = 41  # places over the range of a moderator: enough for a smooth curve
NOTHING: Mapping[str, Any] = {}


class Regressed(Protocol):
    """What a meta-regression gives, of independent effects or of dependent ones."""

    @property
    def design(self) -> Design:
        """The moderators."""

    @property
    def part(self) -> Part:
        """The moderators' part of the result file."""

    def contrast(self, row: Any) -> Part:
        """Return a linear combination of the coefficients with its interval and test."""

    def predict(self, row: Any) -> Part:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope."""


Regress = Callable[[Sequence[Mapping[str, Any]], Design], Regressed]


def moderators_part(
    effects: Sequence[Mapping[str, Any]],
    formula: str,
    options: Settings,
    *,
    asked: Mapping[str, Any] = NOTHING,
    permutation: Mapping[str, Any] | None = None,
    regress: Regress | None = None,
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
    asked : mapping, optional
        `at`: values of the moderators at which the mean effect is wanted; `contrasts`: by name, the weights of
        coefficients.
    permutation : mapping, optional
        `draws` and `seed` of a permutation test; None for none.
    regress : callable, optional
        What fits the model of dependent effects, given the effects that have every moderator, and their design. Such
        effects can't be exchanged for one another, so that there is no permutation test.

    Raises
    ------
    ValueError
        If the formula is wrong or names what no study has, or what is asked does not fit it.
    """
    rows = [{"year": effect.get("year")} | dict(effect.get("values") or {}) for effect in effects]
    needed = sorted(variables(formula))
    known = {name for row in rows for name in row}
    for name in needed:
        if rows and name not in known:
            raise ValueError(f"no study has the moderator '{name}': {nearest(name, known)}")
    inside = [index for index, row in enumerate(rows) if all(row.get(name) is not None for name in needed)]
    mixed = text_among_numbers(formula, needed, [effects[index] for index in inside], [rows[index] for index in inside])
    if len(inside) < 3:
        return None, f"{len(inside)} effects have every moderator, and a meta-regression needs three or more"
    yi, vi = (np.array([effects[index][name] for index in inside]) for name in ("yi", "vi"))
    design = design_of(formula, {name: [rows[index][name] for index in inside] for name in needed})
    if len(inside) <= design.matrix.shape[1]:
        few = f"{len(inside)} effects are too few for {design.matrix.shape[1]} coefficients"
        return None, "; ".join([few, *mixed])
    chosen = [effects[index] for index in inside]
    independent: RegressionResults | None = None
    found: Regressed
    try:
        if regress is None:
            found = independent = regress_settings(yi, vi, design, options, given_weights(chosen, options))
        else:
            found = regress(chosen, design)
    except TooFew as error:
        return None, "; ".join([str(error), *mixed])
    omitted = [str(effects[index]["label"]) for index in range(len(rows)) if index not in inside]
    warnings = (
        [f"Without every moderator and so left out of the meta-regression: {', '.join(omitted)}."] if omitted else []
    )
    part = found.part | {
        "formula": formula,
        "k": len(inside),
        "vif": found.vif() if len(design.slopes) > 1 else {},
        "predictions": predictions(found, needed, [rows[index] for index in inside]),
        "at": predictions_at(found, needed, asked.get("at") or ()),
        "contrasts": contrasts(found, asked.get("contrasts") or {}),
        "warnings": [
            *found.part["warnings"],
            *warnings,
            *(f"{sentence[0].upper()}{sentence[1:]}." for sentence in mixed),
        ],
    }
    return part if permutation is None or independent is None else permuted(part, independent, permutation), None


def text_among_numbers(
    formula: str, needed: Sequence[str], effects: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Name each text in a moderator that is otherwise of numbers, which makes categories of all its values."""
    found = []
    for name in needed:
        texts = [
            (effect["study"], row[name]) for effect, row in zip(effects, rows, strict=True) if not _is_number(row[name])
        ]
        if not texts or len(texts) >= len(rows) - len(texts) or re.search(rf"\bC\(\s*`?{re.escape(name)}\b", formula):
            continue
        named = ", ".join(f"study {study}: {name} is '{value}'" for study, value in texts)
        found.append(f"{named}, not a number, so that {name} is taken as categories")
    return found


def _is_number(value: Any) -> bool:
    """Return whether a value is a number, or is one as text, as in a column that holds other texts too."""
    try:
        float(value)
    except ValueError:
        return False
    return True


def predictions(found: Regressed, needed: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Part] | None:
    """Return the mean effect over the range of a single numeric moderator, with its intervals; None for other models."""
    values = [row[name] for row in rows for name in needed]
    if len(needed) != 1 or any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    if found.design.has_categories:  # C(dose): numbers, but as names of groups
        return None
    places = [float(value) for value in np.linspace(min(values), max(values), PREDICTED)]
    design = found.design.rows({needed[0]: places})
    return [{"value": place} | found.predict(row) for place, row in zip(places, design, strict=True)]


def predictions_at(found: Regressed, needed: Sequence[str], places: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Return the mean effect at given values of the moderators, with its confidence and prediction interval."""
    shown = []
    for place in places:
        if set(place) != set(needed):
            raise ValueError(f"`at` gives {', '.join(map(str, place))}: it needs a value of {', '.join(needed)}")
        row = found.design.rows({name: [place[name]] for name in needed})[0]
        shown.append({"values": dict(place)} | found.predict(row))
    return shown


def contrasts(found: Regressed, asked: Mapping[str, Mapping[str, float]]) -> list[Part]:
    """Return linear combinations of the coefficients, each with its interval and test."""
    names, shown = list(found.design.names), []
    for name, weights in asked.items():
        for term in weights:
            if term not in names:
                raise ValueError(f"the contrast '{name}' names no coefficient '{term}': {nearest(term, names)}")
        row = [float(weights.get(term, 0.0)) for term in names]
        shown.append({"name": name, "weights": dict(weights)} | found.contrast(row))
    return shown


def permuted(part: Part, found: RegressionResults, asked: Mapping[str, Any]) -> Part:
    """Return the part with p values by permutation: of each coefficient, and of all moderators together."""
    design, data = found.design, found.data
    test = permutation_test(
        data.yi[:, 0],
        data.vi[:, 0],
        design=design.matrix,
        slopes=design.slopes,
        tau2=found.settings.tau2,
        inference=found.inference,
        given=None if data.given is None else data.given[:, 0],
        **asked,
    )
    rows = [row | {"p_permutation": float(p)} for row, p in zip(part["coefficients"], test.p, strict=True)]
    return part | {
        "coefficients": rows,
        "permutation": {"QM_p": test.p_omnibus} | test.as_dict(),
    }
