"""The key `tau2`: an estimator of the between-study variance, or a fixed value."""

from __future__ import annotations

from coppice.core.limits import LARGEST_VARIANCE
from coppice.core.schema import Choice, Number, OneOf
from coppice.pool.options import TAU2_ESTIMATORS

TAU2 = OneOf((Number(low=0, high=LARGEST_VARIANCE),), meant=Choice(lambda: TAU2_ESTIMATORS))
