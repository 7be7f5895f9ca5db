"""Pool: the random-effects models, from the between-study variance to the result file.

`from coppice.pool import pool` takes effects and variances and gives a results object, `regress` with the design of a
formula (`design_of`) a meta-regression. The array kernel
(`kernel`, `tau2`, `inference`, `prediction`, `heterogeneity`) needs neither statsmodels nor pandas.
"""

from __future__ import annotations

import importlib
from typing import Any

PUBLIC = {
    "pool": "results",
    "PoolResults": "results",
    "regress": "models.regression",
    "design_of": "models.regression",
    "RegressionResults": "models.regression",
}


def __getattr__(name: str) -> Any:
    # explore imports the kernel from this package, and must not pay for importing statsmodels
    if name in PUBLIC:
        return getattr(importlib.import_module(f"{__name__}.{PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
