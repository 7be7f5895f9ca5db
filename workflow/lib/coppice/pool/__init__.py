"""Pool: the random-effects models, from the between-study variance to the result file.

`coppice.pool(yi, vi)`, the function for Python users, is this package, called: a function of that name could not lie beside
the folder. It calls :func:`coppice.api.pooling.pool`.

Within the library, `from coppice.pool import pool` takes effects and variances and gives a results object, `regress` with the
design of a formula (`design_of`) a meta-regression. The array kernel
(`kernel`, `tau2`, `inference`, `prediction`, `heterogeneity`) needs neither statsmodels nor pandas.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from types import ModuleType
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


class CallablePackage(ModuleType):
    """The package, which can be called as the function `coppice.pool`."""

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(_function())

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Pool effects: see :func:`coppice.api.pooling.pool`."""
        return _function()(*args, **options)


def _function() -> Any:
    # by name, as the folder of the functions for users imports this one
    return importlib.import_module("coppice.api.pooling").pool


sys.modules[__name__].__class__ = CallablePackage
