"""The multivariate engine: generalised least squares with random terms of any structure, by REML or ML."""

from coppice.pool.multivariate.engine.fit import fit_multivariate
from coppice.pool.multivariate.engine.profile import Interval, correlation_interval, correlation_test, variance_interval
from coppice.pool.multivariate.engine.results import Component, MultivariateResults
from coppice.pool.multivariate.engine.terms import Term

__all__ = [
    "Component",
    "Interval",
    "MultivariateResults",
    "Term",
    "correlation_interval",
    "correlation_test",
    "fit_multivariate",
    "variance_interval",
]
