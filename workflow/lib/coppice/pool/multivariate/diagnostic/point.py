"""What follows from logits of sensitivity and specificity: the summary point, its regions, the ROC curve, consequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import chdtri, expit, ndtri

from coppice.core.contracts.diagnostic import Consequences, Curve, Hsroc, Ratio, Share, SummaryPoint
from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate

EDGE_POINTS, CURVE_POINTS = 121, 101
REACH, FINE = 40.0, 4001  # of the logit of the false positive rate, over which the area beneath a curve is taken
PEOPLE = 1_000
LIMITS: tuple[Literal["ci_low"], Literal["ci_high"]] = ("ci_low", "ci_high")


def half_width(level: float) -> float:
    """Return the two-sided quantile of the standard normal distribution."""
    return float(ndtri(0.5 + level / 2))


def share(logit: float, se: float, level: float) -> Share:
    """Return a proportion from its logit, with Wald's interval on that scale."""
    half = half_width(level) * se
    low, middle, high = (float(expit(value)) for value in (logit - half, logit, logit + half))
    return {"estimate": middle, "ci_low": low, "ci_high": high}


def ratio(log: float, se: float, level: float) -> Ratio:
    """Return a ratio from its logarithm, with Wald's interval on that scale."""
    half = half_width(level) * se
    low, middle, high = (float(np.exp(value)) for value in (log - half, log, log + half))
    return {"estimate": middle, "ci_low": low, "ci_high": high}


def summary_point(logits: Array, cov: Array, level: float) -> SummaryPoint:
    """Return summary sensitivity and specificity from their logits, and the ratios with intervals by the delta method.

    ln DOR = a + b; ln LR+ = ln sens - ln(1 - spec), ln LR- = ln(1 - sens) - ln spec, a and b being the logits of
    sensitivity and specificity.
    """
    a, b = (float(value) for value in logits)
    sens, spec = float(expit(a)), float(expit(b))

    def se(by_a: float, by_b: float) -> float:
        slope = np.array([by_a, by_b])
        return float(np.sqrt(slope @ cov @ slope))

    return {
        "sensitivity": share(a, se(1, 0), level),
        "specificity": share(b, se(0, 1), level),
        "logits": [a, b],
        "logits_cov": cov.tolist(),
        "dor": ratio(a + b, se(1, 1), level),
        "lr_positive": ratio(float(np.logaddexp(0, b) - np.logaddexp(0, -a)), se(1 - sens, spec), level),
        "lr_negative": ratio(float(np.logaddexp(0, -b) - np.logaddexp(0, a)), se(-sens, -(1 - spec)), level),
    }


def region(logits: Array, cov: Array, level: float) -> list[list[float]]:
    """Return the edge of a region as pairs of false positive rate and sensitivity: an ellipse of the logits.

    Its size is the quantile of chi-squared on 2 degrees of freedom (Reitsma et al. 2005). The region of prediction has
    the covariance between studies added to that of the estimates (Harbord et al. 2007, doi:10.1093/biostatistics/kxl004).
    """
    values, vectors = np.linalg.eigh(cov)
    turn = np.linspace(0.0, 2.0 * np.pi, EDGE_POINTS)
    circle = np.stack([np.cos(turn), np.sin(turn)]) * np.sqrt(np.maximum(values, 0.0) * chdtri(2, 1 - level))[:, None]
    a, b = np.asarray(logits)[:, None] + vectors @ circle
    return np.stack([expit(-b), expit(a)], axis=1).tolist()  # type: ignore[no-any-return]


def hsroc(logits: Array, between: Array) -> Hsroc | None:
    """Return the parameters of the HSROC model of Rutter & Gatsonis; None where a variance between studies is 0.

    Harbord et al. 2007, doi:10.1093/biostatistics/kxl004, section 3.1; the model is doi:10.1002/sim.942.
    """
    first, second = np.sqrt(np.diag(between))
    if first == 0 or second == 0:
        return None
    a, b = logits
    root = float(np.sqrt(second / first))
    return {
        "Lambda": float(root * a + b / root),
        "Theta": float(0.5 * (root * a - b / root)),
        "beta": float(np.log(second / first)),
        "sigma2_alpha": max(2.0 * float(first * second + between[0, 1]), 0.0),
        "sigma2_theta": max(0.5 * float(first * second - between[0, 1]), 0.0),
    }


def curve_at(parameters: Hsroc, logit_fpr: Array) -> Array:
    """Return the logit of sensitivity on the summary ROC curve: Lambda exp(-beta/2) + exp(-beta) logit(fpr).

    Rutter & Gatsonis 2001, doi:10.1002/sim.942.
    """
    beta = parameters["beta"]
    return np.asarray(parameters["Lambda"] * np.exp(-beta / 2) + np.exp(-beta) * logit_fpr)


def area(parameters: Hsroc, low: float = 0.0, high: float = 1.0) -> float:
    """Return the mean sensitivity on the curve between two false positive rates; from 0 to 1 it is the area beneath it."""
    first, last = (
        float(np.log(value / (1 - value))) if 0 < value < 1 else float(np.copysign(REACH, value - 0.5))
        for value in (low, high)
    )
    logit = np.linspace(first, last, FINE)
    fpr = expit(logit)
    height = expit(curve_at(parameters, logit)) * fpr * (1 - fpr)
    weights = np.array([1, *[4, 2] * ((FINE - 3) // 2), 4, 1])  # Simpson's rule
    return float(np.clip(weights @ height * (logit[1] - logit[0]) / 3 / (fpr[-1] - fpr[0]), 0.0, 1.0))


def curve(parameters: Hsroc, fpr: Array) -> Curve:
    """Return the curve over the false positive rates of the studies (k,): beyond them there are no data."""
    low, high = float(fpr.min()), float(fpr.max())
    places = np.linspace(max(low, 1e-3), min(high, 1 - 1e-3), CURVE_POINTS)
    points = np.stack([places, expit(curve_at(parameters, np.log(places / (1 - places))))], axis=1)
    has_range = bool(high > low)
    return {
        "points": points.tolist() if has_range else [],
        "auc": area(parameters),
        "auc_partial": area(parameters, low, high) if has_range else None,
        "fpr_range": [low, high],
    }


def consequences(point: SummaryPoint, prevalences: Sequence[tuple[float, str]]) -> list[Consequences]:
    """Return what the test does to 1,000 people at each prevalence, each with its source."""

    def scaled(part: Share, people: float, *, wrong: bool) -> Ratio:
        low, high = sorted(people * abs(wrong - part[limit]) for limit in LIMITS)
        return {"estimate": people * abs(wrong - part["estimate"]), "ci_low": low, "ci_high": high}

    rows: list[Consequences] = []
    for prevalence, source in prevalences:
        ill, well = PEOPLE * prevalence, PEOPLE * (1 - prevalence)
        tp = scaled(point["sensitivity"], ill, wrong=False)
        fn = scaled(point["sensitivity"], ill, wrong=True)
        fp = scaled(point["specificity"], well, wrong=True)
        tn = scaled(point["specificity"], well, wrong=False)
        positives, negatives = tp["estimate"] + fp["estimate"], fn["estimate"] + tn["estimate"]
        rows.append(
            {
                "prevalence": prevalence,
                "source": source,
                "tp": tp,
                "fn": fn,
                "fp": fp,
                "tn": tn,
                "ppv": tp["estimate"] / positives if positives > 0 else 0.0,
                "npv": tn["estimate"] / negatives if negatives > 0 else 0.0,
            }
        )
    return rows


def regions(fitted: Bivariate, level: float) -> tuple[list[list[float]], list[list[float]]]:
    """Return the edges of the regions of confidence and of prediction of a model without covariates."""
    logits, cov = fitted.at(np.ones(1))
    return region(logits, cov, level), region(logits, cov + fitted.between, level)
