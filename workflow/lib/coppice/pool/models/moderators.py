"""The moderators of an analysis: from its formula and the studies' characteristics to a part of the result file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

import numpy as np

from coppice.core.contracts.lines import Line
from coppice.core.contracts.moderators import Contrast, MeanAt, MeanEffect, Moderators, PredictedMean, Regression
from coppice.core.contracts.pool import SelectedEffect
from coppice.core.errors import nearest
from coppice.pool.effects import moment_weights
from coppice.pool.formula import variables
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.models.regression import Design, RegressionResults, TooFew, design_of, regress_settings
from coppice.pool.profiles import Settings

PREDICTED = 41  # places over the range of a moderator: enough for a smooth curve
NOTHING: Mapping[str, Any] = {}


class Regressed(Protocol):
    """What a meta-regression gives, of independent effects or of dependent ones."""

    @property
    def design(self) -> Design:
        """The moderators."""

    @property
    def part(self) -> Regression:
        """The moderators' part of the result file."""

    def contrast(self, row: Any) -> Line:
        """Return a linear combination of the coefficients with its interval and test."""

    def predict(self, row: Any) -> MeanEffect:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope."""


Regress = Callable[[Sequence[SelectedEffect], Design], Regressed]


def moderators_part(
    effects: Sequence[SelectedEffect],
    formula: str,
    options: Settings,
    *,
    request: Mapping[str, Any] = NOTHING,
    permutation: Mapping[str, Any] | None = None,
    regress: Regress | None = None,
) -> tuple[Moderators | None, str | None]:
    """Return the meta-regression of an analysis by a formula, or None with the reason.

    Effects whose study does not report a moderator are left out of it, with a warning. `request` has `at`, values of
    the moderators at which to give the mean effect, and `contrasts`, by name the weights of coefficients; `permutation`
    has `draws` and `seed` of a permutation test. `regress` fits the model of dependent effects: these can't be
    exchanged for one another, so they have no permutation test. ValueError is raised if the formula is wrong or names a
    moderator that no study has, or the request does not fit it.
    """
    rows = [{"year": effect["year"], **effect.get("values", {})} for effect in effects]
    needed = sorted(variables(formula))
    reported = {name for row in rows for name in row}
    for name in needed:
        if rows and name not in reported:
            raise ValueError(f"no study has the moderator '{name}': {nearest(name, reported)}")
    inside = [index for index, row in enumerate(rows) if all(row.get(name) is not None for name in needed)]
    mixed = text_among_numbers(formula, needed, [effects[index] for index in inside], [rows[index] for index in inside])
    if len(inside) < 3:
        return (
            None,
            f"a meta-regression needs at least three effects with a value of every moderator; there are {len(inside)}",
        )
    yi, vi = np.array([effects[index]["yi"] for index in inside]), np.array([effects[index]["vi"] for index in inside])
    design = design_of(formula, {name: [rows[index][name] for index in inside] for name in needed})
    if len(inside) <= design.matrix.shape[1]:
        few = f"{len(inside)} effects are too few for {design.matrix.shape[1]} coefficients"
        return None, "; ".join([few, *mixed])
    chosen = [effects[index] for index in inside]
    independent: RegressionResults | None = None
    regression: Regressed
    try:
        if regress is None:
            regression = independent = regress_settings(yi, vi, design, options, moment_weights(chosen, options))
        else:
            regression = regress(chosen, design)
    except TooFew as error:
        return None, "; ".join([str(error), *mixed])
    omitted = [str(effects[index]["label"]) for index in range(len(rows)) if index not in inside]
    warnings = (
        [f"Left out of the meta-regression, because a moderator is missing: {', '.join(omitted)}."] if omitted else []
    )
    part = cast(
        Moderators,
        {
            **regression.part,
            "formula": formula,
            "k": len(inside),
            "vif": regression.vif() if len(design.slopes) > 1 else {},
            "predictions": predictions(regression, needed, [rows[index] for index in inside]),
            "at": predictions_at(regression, needed, request.get("at") or ()),
            "contrasts": contrasts(regression, request.get("contrasts") or {}),
            "warnings": [
                *regression.part["warnings"],
                *warnings,
                *(f"{sentence[0].upper()}{sentence[1:]}." for sentence in mixed),
            ],
        },
    )
    return part if permutation is None or independent is None else permuted(part, independent, permutation), None


def text_among_numbers(
    formula: str, needed: Sequence[str], effects: Sequence[SelectedEffect], rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Name each text in a moderator that is otherwise of numbers, which makes categories of all its values."""
    sentences = []
    for name in needed:
        texts = [
            (effect["study"], row[name]) for effect, row in zip(effects, rows, strict=True) if not _is_number(row[name])
        ]
        if not texts or len(texts) >= len(rows) - len(texts) or re.search(rf"\bC\(\s*`?{re.escape(name)}\b", formula):
            continue
        named = ", ".join(f"study {study}: {name} is '{value}'" for study, value in texts)
        sentences.append(f"{named}, not a number, so {name} is treated as categorical")
    return sentences


def _is_number(value: Any) -> bool:
    """Return whether a value is a number, or is one as text, as in a column that holds other texts too."""
    try:
        float(value)
    except ValueError:
        return False
    return True


def predictions(
    regression: Regressed, needed: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[PredictedMean] | None:
    """Return the mean effect over the range of a single numeric moderator, with its intervals; None for other models."""
    values = [row[name] for row in rows for name in needed]
    if len(needed) != 1 or any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    if regression.design.has_categories:  # C(dose): numbers, but as names of groups
        return None
    places = [float(value) for value in np.linspace(min(values), max(values), PREDICTED)]
    design = regression.design.rows({needed[0]: places})
    return [{"value": place, **regression.predict(row)} for place, row in zip(places, design, strict=True)]


def predictions_at(regression: Regressed, needed: Sequence[str], places: Sequence[Mapping[str, Any]]) -> list[MeanAt]:
    """Return the mean effect at given values of the moderators, with its confidence and prediction interval."""
    means: list[MeanAt] = []
    for place in places:
        if set(place) != set(needed):
            raise ValueError(f"`at` gives {', '.join(map(str, place))}: it needs a value of {', '.join(needed)}")
        row = regression.design.rows({name: [place[name]] for name in needed})[0]
        means.append({"values": dict(place), **regression.predict(row)})
    return means


def contrasts(regression: Regressed, weights_by_name: Mapping[str, Mapping[str, float]]) -> list[Contrast]:
    """Return linear combinations of the coefficients, each with its interval and test."""
    names = list(regression.design.names)
    lines: list[Contrast] = []
    for name, weights in weights_by_name.items():
        for term in weights:
            if term not in names:
                raise ValueError(f"the contrast '{name}' names no coefficient '{term}': {nearest(term, names)}")
        row = [float(weights.get(term, 0.0)) for term in names]
        lines.append(cast(Contrast, {"name": name, "weights": dict(weights), **regression.contrast(row)}))
    return lines


def permuted(part: Moderators, regression: RegressionResults, test_options: Mapping[str, Any]) -> Moderators:
    """Return the part with p values by permutation: of each coefficient, and of all moderators together."""
    design, data = regression.design, regression.data
    test = permutation_test(
        data.yi[:, 0],
        data.vi[:, 0],
        design=design.matrix,
        slopes=design.slopes,
        tau2=regression.settings.tau2,
        inference=regression.inference,
        moment_weights=None if data.moment_weights is None else data.moment_weights[:, 0],
        **test_options,
    )
    result = part.copy()
    result["coefficients"] = [
        row | {"p_permutation": float(p)} for row, p in zip(part["coefficients"], test.p, strict=True)
    ]
    result["permutation"] = {"QM_p": test.p_omnibus, **test.as_dict()}
    return result
