"""Coppice: a reproducible meta-analysis workflow in five verbs, extract, pool, explore, draw, report.

Each verb is a folder of this package. From Python, without the workflow:

    >>> import coppice
    >>> effects = coppice.effect_size("RR", ai=[4, 6, 3], n1i=[123, 306, 231], ci=[11, 29, 11], n2i=[139, 303, 220])
    >>> coppice.pool(effects)
    <MetaAnalysis: RR 0.26 (95% CI 0.14 to 0.48), k = 3, tau2 = 0.00>

`docs/api.md` describes these functions. Importing the package imports nothing else: planning does it without numpy.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "1.0.0"

API = {
    "effect_size": "effect_sizes",
    "EffectSizes": "effect_sizes",
    "analyse": "pooling",
    "Analysis": "analysis",
    "MetaAnalysis": "meta_analysis",
    "Picture": "picture",
    "InputError": "errors",
}


def __getattr__(name: str) -> Any:
    if name == "pool":  # the folder, which can be called
        return importlib.import_module("coppice.pool")
    if name == "SNAKEFILE":  # of the workflow, for the Snakefile of a review
        return str(importlib.import_module("coppice.core.installed").snakefile())
    if name in API:
        return getattr(importlib.import_module(f"coppice.api.{API[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["SNAKEFILE", "__version__", "pool", *API])
