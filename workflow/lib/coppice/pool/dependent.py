"""Several effects of one study in an analysis that says how they are to be handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import chdtrc

from coppice.pool.dependence import CONTROL_VARIANCE, aggregate_given, correlated, members, shared_control
from coppice.pool.handling import AGGREGATE, Dependence
from coppice.pool.kernel import Array, studies
from coppice.pool.multilevel import RHOS, MultilevelResults, multilevel
from coppice.pool.parts import Part, finite
from coppice.pool.profiles import Settings
from coppice.pool.quantiles import two_sided_p, two_sided_quantile

COMBINED = "the effects of this study, combined"
CONTROL_FIELDS = ("events_c", "n_c", "time_c", "mean_c", "sd_c")


def control_arm(effect: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the reported figures of an effect's control arm; None where they are no counts, means or rates."""
    found = {name: value for name, value in (effect.get("reported") or {}).items() if name in CONTROL_FIELDS}
    return found if len(found) >= 2 and None not in found.values() else None


def sharing(effects: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return the pairs of effects of one study that were compared with the same control arm: its figures are the same."""
    arms = [control_arm(effect) for effect in effects]
    return [
        (i, j)
        for inside in members([effect["study"] for effect in effects])
        for i, j in combinations([int(index) for index in inside], 2)
        if arms[i] is not None and arms[i] == arms[j]
    ]


def sampling_covariance(effects: Sequence[Mapping[str, Any]], rho: float, measure: str) -> Array:
    """Return the sampling covariance of the effects (k, k): by `rho` within a study, known for a shared control arm."""
    vi = np.array([effect["vi"] for effect in effects])
    covariance = correlated(vi, [effect["study"] for effect in effects], rho)
    if measure not in CONTROL_VARIANCE:
        return covariance
    for i, j in sharing(effects):
        arm = control_arm(effects[i])
        known = shared_control(arm, measure=measure) if arm and _gives_variance(arm) else None
        if known is not None and 0 <= known < np.sqrt(vi[i] * vi[j]):
            covariance[i, j] = covariance[j, i] = known
    return covariance


def sharing_note(effects: Sequence[Mapping[str, Any]], measure: str) -> list[str]:
    """Return the sentence that says whose effects share a control arm, if any do and the measure has a covariance."""
    if measure not in CONTROL_VARIANCE:
        return []
    names = dict.fromkeys(str(effects[i]["study"]) for i, _ in sharing(effects))
    shared = "have the same control arm, and the covariance that follows from it"
    return [f"Effects of one study {shared}: {', '.join(names)}."] if names else []


def _gives_variance(arm: Mapping[str, Any]) -> bool:
    return "sd_c" in arm or 0 < arm.get("events_c", 0) < arm.get("n_c", np.inf)


def combine(effects: Sequence[Mapping[str, Any]], rho: float, measure: str = "GEN") -> list[dict[str, Any]]:
    """Return one effect a study: studies with several have them combined, the others are as they were."""
    names = [effect["study"] for effect in effects]
    found = aggregate_given([effect["yi"] for effect in effects], sampling_covariance(effects, rho, measure), names)
    combined = []
    for inside, yi, vi in zip(members(names), found.yi, found.vi, strict=True):
        first = dict(effects[int(inside[0])])
        if len(inside) > 1:
            labels = ", ".join(str(effects[int(index)]["label"]) for index in inside)
            first |= {
                "yi": float(yi), "vi": float(vi), "route": AGGREGATE, "statistic": "effect", "reported": None,
                "population": first["study"], "assumptions": [f"the effects of a study correlate by {rho:g}"],
                "notes": [f"combined: {labels}"], "why": COMBINED,
            }  # fmt: skip
        combined.append(first)
    return combined


def multilevel_parts(
    effects: Sequence[Mapping[str, Any]], how: Dependence, options: Settings, measure: str = "GEN"
) -> Part:
    """Return the parts of the result file that a three-level model gives.

    The random-effects line is cluster-robust; `alternatives` has the model-based one. The prediction interval is for a
    new effect of a new study, on t with the degrees of freedom of the line.
    """
    yi = np.array([effect["yi"] for effect in effects])
    names = [effect["study"] for effect in effects]
    method = "ML" if options.tau2 == "ML" else "REML"
    sampling = sampling_covariance(effects, how.rho or 0.0, measure)
    fit = multilevel(yi, sampling, names, method=method, robust=how.robust, level=options.level)
    line, total = _line(fit, how), float(fit.sigma2.sum())
    half = float(two_sided_quantile(options.level, line["df"]) * np.sqrt(line["se"] ** 2 + total))
    wald = float(two_sided_quantile(options.level, np.inf) * fit.bse[0])
    inverse = np.linalg.inv(fit.covariance)
    return {
        "random": line,
        "common": None,
        "alternatives": {
            "wald": {"estimate": float(fit.params[0]), "se": float(fit.bse[0]), "ci_low": float(fit.params[0]) - wald,
                     "ci_high": float(fit.params[0]) + wald, "statistic": finite(fit.params[0] / fit.bse[0]), "df": None,
                     "p": finite(two_sided_p(fit.params[0] / fit.bse[0], np.inf)), "inference": "wald"},
            "HKSJ": None,
        },
        "prediction": {"low": line["estimate"] - half, "high": line["estimate"] + half, "df": line["df"],
                       "se": float(np.sqrt(line["se"] ** 2 + total)), "method": f"t, {how.robust}"},
        "heterogeneity": _heterogeneity(fit, yi, sampling),
        "weights": 100.0 * inverse.sum(axis=1) / inverse.sum(),
        "over_rho": [
            {"rho": rho, **{key: value for key, value in _line(other, how).items() if key != "inference"}}
            for rho in RHOS
            for other in [
                multilevel(
                    yi, sampling_covariance(effects, rho, measure), names, method=method, robust=how.robust,
                    level=options.level,
                )
            ]
        ],
    }  # fmt: skip


def _line(fit: MultilevelResults, how: Dependence) -> Part:
    found = fit.robust
    if found is None:
        raise ValueError("a three-level line is cluster-robust")
    keys = ("estimate", "se", "ci_low", "ci_high", "statistic", "df", "p")
    return {key: finite(getattr(found, key)[0]) for key in keys} | {"inference": how.robust}


def _heterogeneity(fit: MultilevelResults, yi: Array, sampling: Array) -> Part:
    """Return the variances between and within studies; I2 of both by the typical sampling variance.

    tr(P) of the sampling covariance takes the place of the weights: metafor-project.org, I2 for multilevel models.
    """
    inverse = np.linalg.inv(sampling)
    ones = np.ones(len(yi))
    projector = inverse - np.outer(inverse @ ones, ones @ inverse) / inverse.sum()
    typical, total = (len(yi) - 1) / float(np.trace(projector)), float(fit.sigma2.sum())
    plain, q = studies(yi, np.diag(sampling)), float(yi @ projector @ yi)
    return {
        "tau2": total, "tau2_between": float(fit.sigma2[0]), "tau2_within": float(fit.sigma2[1]), "tau2_se": None,
        "tau2_low": None, "tau2_high": None, "I2": 100.0 * total / (total + typical), "I2_low": None, "I2_high": None,
        "I2_between": 100.0 * float(fit.sigma2[0]) / (total + typical),
        "I2_within": 100.0 * float(fit.sigma2[1]) / (total + typical), "I2_q": None, "I2_q_low": None,
        "I2_q_high": None, "H2": 1.0 + total / typical, "H2_low": None, "H2_high": None, "H2_q": None,
        "Q": q, "df": float(plain.df[0]), "p": float(chdtrc(plain.df[0], q)),
    }  # fmt: skip
