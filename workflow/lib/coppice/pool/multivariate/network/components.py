"""Additive effects of components: a treatment such as `A + B` has the sum of the effects of what it is made of.

Ruecker, Petropoulou & Schwarzer 2020, doi:10.1002/bimj.201800167. Components connect parts of a network that share them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from coppice.core.contracts.network import ComponentLine, Components, NetworkLine
from coppice.core.network_lines import components_of
from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Contrasts
from coppice.pool.multivariate.network.inconsistency import Part
from coppice.pool.multivariate.network.model import Fit, adjusted_weights, fit
from coppice.pool.multivariate.network.results import line, test_of
from coppice.pool.multivariate.network.tau2 import ESTIMATORS

SMALLEST = 1e-9  # singular value of a design, as a part of its largest: below it a direction tells nothing
NOT_IDENTIFIED = "the studies do not tell it apart from other components"


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Additive(Fit):
    """A network fitted with additive effects of components; its matrices over treatments follow from those over components.

    Attributes
    ----------
    parts : Array
        Which components each treatment has (n, c).
    """

    parts: Array

    @cached_property
    def design(self) -> Array:
        """The components of each contrast (m, c): those of the one treatment less those of the other."""
        design: Array = self.data.incidence @ self.parts
        return design

    @cached_property
    def directions(self) -> Array:
        """An orthonormal basis of the combinations of components that the contrasts identify (c, r)."""
        _, values, vectors = np.linalg.svd(self.design, full_matrices=False)
        directions: Array = vectors[values > SMALLEST * max(values.max(initial=0.0), 1e-300)].T
        return directions

    @cached_property
    def parameters(self) -> Array:
        """What the model estimates, over the treatments (n, r)."""
        matrix: Array = self.parts @ self.directions
        return matrix

    @cached_property
    def covariance(self) -> Array:
        """The covariance of the components (c, c), of the combinations that are identified."""
        reduced = self.design @ self.directions
        inner = np.linalg.inv(reduced.T @ (self.weights[:, None] * reduced))
        covariance: Array = self.directions @ inner @ self.directions.T
        return (covariance + covariance.T) / 2

    @cached_property
    def inverse(self) -> Array:
        """What takes the place of the pseudo-inverse of the Laplacian (n, n)."""
        matrix: Array = self.parts @ self.covariance @ self.parts.T
        return matrix

    @cached_property
    def degrees(self) -> int:
        """The degrees of freedom of Q: arms less studies less what is identified."""
        return sum(len(arms) - 1 for arms in self.data.arms) - int(self.directions.shape[1])

    @cached_property
    def components(self) -> Array:
        """The effects of the components (c,)."""
        effects: Array = self.covariance @ (self.design.T @ (self.weights * self.data.yi))
        return effects

    def is_identified(self, combination: Array) -> bool:
        """Return whether the contrasts identify a combination of components (c,)."""
        rest = combination - self.directions @ (self.directions.T @ combination)
        return bool(np.abs(rest).max(initial=0.0) < 1e-7)


def additive(data: Contrasts, parts: Array, tau2: float = 0.0) -> Additive:
    """Fit additive effects of components by weighted least squares."""
    return Additive(data, tau2, adjusted_weights(data, tau2), parts)


def matrix_of(treatments: Sequence[str], settings: Mapping[str, Any]) -> tuple[list[str], Array]:
    """Return the components of treatments in alphabetical order, without the inactive one, and which treatment has which (n, c)."""
    made_of = [components_of(name, settings["separator"]) for name in treatments]
    inactive = settings.get("inactive")
    names = sorted({part for own in made_of for part in own} - {inactive}, key=lambda name: (name.casefold(), name))
    return names, np.array([[float(own.count(name)) for name in names] for own in made_of])


def pool_components(
    data: Contrasts, settings: Mapping[str, Any], reference: str, how: str | float, level: float, *, is_connected: bool
) -> Components:
    """Return the effects of components, of each treatment against the reference as their sum, and the test of additivity."""
    names, parts = matrix_of(data.treatments, settings)
    common = additive(data, parts)
    random = additive(data, parts, ESTIMATORS[how](common) if isinstance(how, str) else how)
    base = data.treatments.index(reference)
    whole = fit(data) if is_connected else None
    difference = None if whole is None else Part(max(common.q - whole.q, 0.0), common.degrees - data.degrees)

    def of(combination: Array, about: dict[str, Any]) -> ComponentLine:
        lines: list[NetworkLine | None] = [None, None]
        if is_told := common.is_identified(combination):
            lines = [line(float(combination @ each.components), float(combination @ each.covariance @ combination), level) for each in (common, random)]  # fmt: skip
        return {**about, "common": lines[0], "random": lines[1], "reason": None if is_told else NOT_IDENTIFIED}  # type: ignore[typeddict-item]

    studies = [sum(bool(parts[arms, place].any()) for arms in data.arms) for place in range(len(names))]
    return {
        "separator": settings["separator"],
        "inactive": settings.get("inactive"),
        "is_connected": is_connected,
        "heterogeneity": {**test_of(Part(common.q, common.degrees)), "tau2": random.tau2},
        "difference": None if difference is None or difference.df < 1 else test_of(difference),
        "components": [
            of(np.eye(len(names))[place], {"name": name, "studies": studies[place]}) for place, name in enumerate(names)
        ],
        "treatments": [
            of(parts[place] - parts[base], {"name": name, "studies": sum(place in arms for arms in data.arms)})
            for place, name in enumerate(data.treatments)
            if place != base
        ],
    }
