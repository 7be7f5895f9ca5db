"""Regressions on the sample size, weighted by the variances of the effects.

The sample size does not depend on the effect, so that they may be used with any measure.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coppice.explore.small_study.entry import numbers
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.regression import Line, functions, inference_of


def egger_n(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/sqrt(n): proportional to a standard error, and free of the effect."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, 1.0 / np.sqrt(evidence.numbers), "1 / sqrt(n)")


def egger_n_mixed(evidence: Evidence) -> Line:
    """Build the same with the tau2 and the inference of the main model."""
    return replace(egger_n(evidence), tau2=evidence.estimator, inference=inference_of(evidence))


def inverse_size(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/n, weights by the variances of the effects."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, 1.0 / evidence.numbers, "1 / n")


def size(evidence: Evidence) -> Line:
    """Build the line of the effect against n, weights by the variances of the effects (method FIV of the paper)."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, evidence.numbers, "n", limit=False)


FUNCTIONS = {
    "egger_n": functions(egger_n, numbers),
    "egger_n_mixed": functions(egger_n_mixed, numbers),
    "inverse_size": functions(inverse_size, numbers),
    "size": functions(size, numbers),
}
