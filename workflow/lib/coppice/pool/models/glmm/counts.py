"""The counts of the studies of a generalised linear mixed model, and the models that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.models.glmm.families import Binomial, Poisson, binomial, hypergeometric, poisson
from coppice.pool.models.glmm.marginal import Arms, FixedStudies, Marginal, OneEffect
from coppice.pool.models.glmm.options import keys_of
from coppice.pool.models.glmm.random_studies import RandomStudies

ADDED = 0.5  # to the cells of a table with a zero, for the typical variance that I2 needs and for nothing else


@dataclass(frozen=True, slots=True)
class Table:
    """Events and totals (patients, or person-time for rates) of r meta-analyses of k studies, (r, k) each.

    Of one group, `events_c` and `total_c` are empty, (r, 0).
    """

    events_e: Array
    total_e: Array
    events_c: Array
    total_c: Array
    likelihood: str

    @property
    def is_one_group(self) -> bool:
        """Whether there is one group."""
        return bool(self.events_c.shape[1] == 0)

    @property
    def has_effect(self) -> NDArray[np.bool_]:
        """Which studies (r, k) have an effect with the correction of a zero: two arms that fared all alike have none."""
        return self.tells(None if self.is_one_group else "UM.FS")

    def tells(self, model: str | None) -> NDArray[np.bool_]:
        """Return which studies (r, k) say something about the effect.

        Where the levels of the studies are fixed or conditioned on, those in which no patient, or every patient, of
        both arms had the event do not.
        """
        if model in (None, "UM.RS"):
            return np.ones(self.events_e.shape, dtype=bool)
        events = self.events_e + self.events_c
        return (events > 0) & ((self.likelihood == "poisson") | (events < self.total_e + self.total_c))

    def model(self, model: str | None) -> Marginal:
        """Return the model of these counts by its code; None is that of one group."""
        a, n1, c, n2 = self.events_e, self.total_e, self.events_c, self.total_c
        if model is None:
            return OneEffect(self._arm(a, n1))
        if model == "CM.EL" and self.likelihood == "binomial":
            return OneEffect(hypergeometric(a, n1, c, n2))
        if model in ("CM.AL", "CM.EL"):
            return OneEffect(binomial(a, a + c, np.log(n1) - np.log(n2)))
        arms = Arms(self._arm(a, n1), self._arm(c, n2))
        return RandomStudies(arms) if model == "UM.RS" else FixedStudies(arms, self.tells(model))

    def _arm(self, events: Array, total: Array) -> Binomial | Poisson:
        return binomial(events, total) if self.likelihood == "binomial" else poisson(events, total)

    def effects(self) -> tuple[Array, Array]:
        """Return effects (r, k) and variances as inverse variance has them: 0.5 added to tables with a zero."""
        arms = [(self.events_e, self.total_e), *([] if self.is_one_group else [(self.events_c, self.total_c)])]
        cells = [events for events, _ in arms]
        if self.likelihood == "binomial":
            cells += [total - events for events, total in arms]
        add = ADDED * (np.min(cells, axis=0) <= 0)
        yi, vi = np.zeros_like(self.events_e), np.zeros_like(self.events_e)
        for sign, (events, total) in zip((1.0, -1.0), arms, strict=False):
            rest = total - events + add if self.likelihood == "binomial" else total
            yi = yi + sign * np.log((events + add) / rest)
            vi = vi + 1.0 / (events + add) + (1.0 / rest if self.likelihood == "binomial" else 0.0)
        return yi, vi

    def inverse_variance(self, used: NDArray[np.bool_] | None = None, design: Array | None = None) -> Studies:
        """Return these effects for the kernel."""
        yi, vi = self.effects()
        return studies(yi, vi, used=used, design=design)

    def at(self, chosen: NDArray[np.bool_]) -> Table:
        """Return the counts of some studies, by a mask (k,)."""
        none = self.events_c.shape[1] == 0
        columns = (self.events_e, self.total_e, self.events_c, self.total_c)
        first, second, third, fourth = (column if none and not column.size else column[:, chosen] for column in columns)
        return Table(first, second, third, fourth, self.likelihood)


def has_counts(reported: Mapping[str, Any] | None, likelihood: str, measure: str) -> bool:
    """Return whether a reported figure holds the counts of a measure."""
    return all((reported or {}).get(name) is not None for name in keys_of(likelihood, measure))


def table_of(reported: Sequence[Mapping[str, Any] | None], likelihood: str, measure: str) -> Table:
    """Return the counts of reported figures (1, k), each of which has them."""
    names = keys_of(likelihood, measure)
    columns = (
        np.array([[float((figure or {})[name]) for name in names] for figure in reported]).reshape(-1, len(names)).T
    )
    none = np.empty((1, 0))
    arms = [*(column[None] for column in columns), none, none]
    return Table(arms[0], arms[1], arms[2], arms[3], likelihood)
