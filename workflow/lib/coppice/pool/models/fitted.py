"""A fitted model as users of statsmodels know it."""

from __future__ import annotations

from typing import Any

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.profiles import Settings


class Fitted:
    """What every result shows of the statsmodels results within: `model` and `settings` are the result's own fields.

    Without a model, as no study gives an effect, there are no coefficients.
    """

    __slots__ = ()
    model: Any
    settings: Settings

    @property
    def params(self) -> Array:
        """Coefficients (p,)."""
        return np.empty(0) if self.model is None else np.asarray(self.model.params)

    @property
    def bse(self) -> Array:
        """Standard errors of the coefficients (p,)."""
        return np.empty(0) if self.model is None else np.asarray(self.model.bse)

    @property
    def tvalues(self) -> Array:
        """Coefficients over their standard errors (p,): z or t, as the inference has it."""
        return np.empty(0) if self.model is None else np.asarray(self.model.tvalues)

    @property
    def pvalues(self) -> Array:
        """Two-sided p values (p,)."""
        return self._pvalues()

    def _pvalues(self) -> Array:
        return np.empty(0) if self.model is None else np.asarray(self.model.pvalues)

    def conf_int(self, alpha: float | None = None) -> Array:
        """Return the limits of the confidence intervals (p, 2), at the level of the settings by default."""
        if self.model is None:
            return np.empty((0, 2))
        return np.asarray(self.model.conf_int(alpha=1.0 - self.settings.level if alpha is None else alpha))
