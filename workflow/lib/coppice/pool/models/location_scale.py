"""Location-scale models: moderators of the effect, and of how much the effects differ between studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy.special import chdtrc

from coppice.core.contracts.moderators import Coefficient, LikelihoodRatioTest, LocationScale
from coppice.core.contracts.pool import SelectedEffect
from coppice.core.errors import CoppiceError, allowed_values_hint
from coppice.pool.dependence.options import is_three_level
from coppice.pool.formula import variables
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.glmm.options import is_glmm
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.models.regression import INTERCEPT, Design, design_of
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings

LEAST_PER_COEFFICIENT = 10  # effects, below which a coefficient of the heterogeneity is hardly determined
MOST_STEPS = 200
SMALL_GRADIENT = 1e-9  # of the log-likelihood at its maximum, in units of the orthonormal basis
LEAST_CURVATURE = 1e-6  # of the log-likelihood in a coefficient of the basis: below it nothing is known of it
LARGEST_LOG = 200.0  # of tau2: beyond it the search runs away
FLAT = "the likelihood has no maximum: it is flat where tau2 goes to 0, so that its logarithm has no estimate"
SMALLEST_START = 1e-6  # of the typical variance
MOST_EFFECTS = 2_000  # the matrix of the likelihood has their square
LEAST_EFFECTS = 4  # a mean, an intercept and a slope of ln(tau2), and one more
STARTS = (1.0, 0.1, 0.01)  # of tau2, in units of the typical variance, besides the estimate without moderators


class NoMaximum(CoppiceError):
    """The likelihood has no maximum; the message says why."""


@dataclass(frozen=True, slots=True)
class Model:
    """yi ~ N(X b, vi + exp(Z a)): effects and variances (k,), and orthonormal bases of X (k, p) and of Z (k, q)."""

    yi: Array
    vi: Array
    x: Array
    z: Array
    restricted: bool

    def at(self, alpha: Array) -> tuple[float, Array, Array]:
        """Return the log-likelihood profiled over b, its gradient (q,) and its Hessian (q, q) in the coefficients of Z."""
        tau2 = np.exp(self.z @ alpha)
        weights = 1.0 / (self.vi + tau2)
        information = self.x.T @ (weights[:, None] * self.x)
        inverse = np.linalg.inv(information)
        residuals = self.yi - self.x @ (inverse @ (self.x.T @ (weights * self.yi)))
        value = 0.5 * (np.log(weights).sum() - (weights * residuals**2).sum() - len(self.yi) * np.log(2 * np.pi))
        wx = weights[:, None] * self.x
        projection = np.diag(weights) - wx @ inverse @ wx.T  # P, by which P y are weighted residuals
        spread = projection if self.restricted else np.diag(weights)
        if self.restricted:
            value += 0.5 * (self.x.shape[1] * np.log(2 * np.pi) - np.linalg.slogdet(information)[1])
            value += 0.5 * np.linalg.slogdet(self.x.T @ self.x)[1]
        py = weights * residuals
        slope = 0.5 * tau2 * (py**2 - np.diag(spread))  # in ln(tau2) of each study
        curvature = np.diag(slope) + 0.5 * np.outer(tau2, tau2) * (spread**2 - 2.0 * np.outer(py, py) * projection)
        return float(value), self.z.T @ slope, self.z.T @ curvature @ self.z


def maximise(model: Model, start: Array) -> tuple[float, Array, Array]:
    """Return the maximum, where it is, and the Hessian there; NoMaximum is raised where it is missing.

    Newton's method along the curvature's own directions, each with its sign, so that every step rises.
    """
    alpha, (value, gradient, hessian) = start, model.at(start)
    for _ in range(MOST_STEPS):
        if np.abs(model.z @ alpha).max() > LARGEST_LOG:
            break
        if np.abs(gradient).max() <= SMALL_GRADIENT:
            return value, alpha, curved(hessian)
        values, vectors = np.linalg.eigh(hessian)
        ridge = np.maximum(np.abs(values), 1e-6 * max(1.0, float(np.abs(values).max())))
        step = vectors @ ((vectors.T @ gradient) / ridge)
        step *= min(1.0, 5.0 / float(np.abs(model.z @ step).max()))  # ln(tau2) of no study moves farther at once
        share = 1.0
        while share > 1e-10:
            candidate = model.at(alpha + share * step)
            if candidate[0] >= value:
                break
            share /= 2.0
        else:
            if np.abs(gradient).max() <= 1e3 * SMALL_GRADIENT:  # as near as rounding allows
                return value, alpha, curved(hessian)
            break
        alpha = alpha + share * step
        value, gradient, hessian = candidate
    raise NoMaximum(FLAT)


def curved(hessian: Array) -> Array:
    """Return the Hessian of a maximum; NoMaximum is raised where the likelihood is flat in some direction."""
    if float(np.linalg.eigvalsh(hessian).max()) > -LEAST_CURVATURE:
        raise NoMaximum(FLAT)
    return hessian


def fit(yi: Array, vi: Array, x: Design, z: Design, *, restricted: bool) -> tuple[Model, float, Array, Array]:
    """Return the model on orthonormal bases, its maximum, where it is (q,) and the Hessian there, from several starts."""
    of_x, of_z = orthonormal(x.matrix), orthonormal(z.matrix)
    model = Model(yi, vi, of_x.matrix, of_z.matrix, restricted)
    typical = float(np.median(vi))
    alone = float(estimate_tau2(studies(yi, vi, design=of_x.matrix), "REML").tau2[0])
    maxima: list[tuple[float, Array, Array]] = []
    reason: NoMaximum | None = None
    for tau2 in (max(alone, SMALLEST_START * typical), *(share * typical for share in STARTS)):
        start, *_ = np.linalg.lstsq(of_z.matrix, np.full(len(yi), np.log(tau2)), rcond=None)
        try:
            maxima.append(maximise(model, np.asarray(start)))
        except NoMaximum as error:
            reason = error
    if not maxima:
        assert reason is not None
        raise reason
    return (model, *max(maxima, key=lambda maximum: maximum[0]))


def location_scale(
    effects: Sequence[SelectedEffect], spec: Mapping[str, Any], options: Settings, used: Mapping[str, Any]
) -> tuple[LocationScale | None, str | None]:
    """Return the location-scale model of Viechtbauer & López-López 2022, doi:10.1002/jrsm.1562, or None with the reason.

    ln(tau2) of a study is linear in the characteristics of `scale_moderators`; the effect is in those of `moderators`,
    if any. Fitted by REML, or by ML where the analysis estimates tau2 by ML; intervals and tests are Wald's, from the
    observed information. ValueError is raised where a formula can't be used.
    """
    formula, of_location = str(spec["scale_moderators"]), spec.get("moderators")
    if is_glmm(used) or is_three_level(used):
        return None, "a location-scale model is for independent effects with variances"
    rows = [{"year": effect["year"], **effect.get("values", {})} for effect in effects]
    needed = list(dict.fromkeys([*variables(formula), *(variables(str(of_location)) if of_location else ())]))
    for name in needed:
        if rows and not any(name in row for row in rows):
            raise ValueError(
                f"no study has the moderator '{name}': {allowed_values_hint(name, {n for r in rows for n in r})}"
            )
    inside = [index for index, row in enumerate(rows) if all(row.get(name) is not None for name in needed)]
    columns = {name: [rows[index][name] for index in inside] for name in needed}
    if not LEAST_EFFECTS <= len(inside) <= MOST_EFFECTS:
        needs = f"a location-scale model needs {LEAST_EFFECTS} to {MOST_EFFECTS:,} effects with every moderator"
        return None, f"{needs}; there are {len(inside):,}"
    z = design_of(formula, columns)
    x = design_of(str(of_location), columns) if of_location else Design(np.ones((len(inside), 1)), (INTERCEPT,))
    k, size = len(inside), len(x.names) + len(z.names)
    if k <= size:
        return None, f"{k} effects are too few for {size} coefficients"
    yi, vi = (np.array([float(effects[index][name]) for index in inside]) for name in ("yi", "vi"))
    restricted = options.tau2 != "ML"
    try:
        model, value, at, hessian = fit(yi, vi, x, z, restricted=restricted)
        covariance = np.asarray(np.linalg.inv(-hessian), dtype=np.float64)
    except (NoMaximum, np.linalg.LinAlgError) as error:
        return None, str(error) if isinstance(error, NoMaximum) else "the scale moderators are numerically collinear"
    basis, of_x = orthonormal(z.matrix), orthonormal(x.matrix)
    tau2 = np.exp(model.z @ at)
    weights = 1.0 / (vi + tau2)
    of_b = np.asarray(np.linalg.inv(model.x.T @ (weights[:, None] * model.x)), dtype=np.float64)
    b = of_b @ (model.x.T @ (weights * yi))
    slopes = len(z.slopes)
    # the last coefficients of the basis are 0 exactly where the slopes are: see `orthogonal.Basis`
    last = slice(len(z.names) - slopes, None)
    q = float(at[last] @ np.linalg.solve(covariance[last, last], at[last])) if slopes else None
    part: LocationScale = {
        "formula": formula,
        "location_formula": of_location,
        "k": k,
        "likelihood": "REML" if restricted else "ML",
        "location": _coefficients(x, of_x.coefficients(b), of_x.covariance(of_b), options.level),
        "scale": _coefficients(z, basis.coefficients(at), basis.covariance(covariance), options.level),
        "QS": q,
        "QS_df": slopes,
        "QS_p": None if q is None else float(chdtrc(slopes, q)),
        "test": _against_one_tau2(model, value, slopes) if slopes and INTERCEPT in z.names else None,
        "tau2_low": float(tau2.min()),
        "tau2_high": float(tau2.max()),
        "log_likelihood": value,
        "warnings": _warnings(
            [str(effects[index]["label"]) for index in range(len(rows)) if index not in inside], k, z
        ),
    }
    return part, None


def _warnings(omitted: Sequence[str], k: int, z: Design) -> list[str]:
    """Name the effects that are left out, and say that there are few for the coefficients of the heterogeneity."""
    sentences = []
    if omitted:
        sentences.append(f"Left out of the location-scale model, because a moderator is missing: {', '.join(omitted)}.")
    if k < LEAST_PER_COEFFICIENT * len(z.names):
        few = f"{k} effects are few for {len(z.names)} coefficients of the heterogeneity"
        sentences.append(f"{few}: fewer than {LEAST_PER_COEFFICIENT} for each hardly determine them.")
    return sentences


def _against_one_tau2(model: Model, value: float, slopes: int) -> LikelihoodRatioTest:
    """Return the likelihood ratio test against one tau2 for all studies, with the same moderators of the effect."""
    data = studies(model.yi, model.vi, design=model.x)
    tau2 = float(estimate_tau2(data, "REML" if model.restricted else "ML").tau2[0])
    alone = Model(model.yi, model.vi + tau2, model.x, np.ones((len(model.yi), 1)), model.restricted)
    statistic = max(0.0, 2.0 * (value - alone.at(np.array([-np.inf]))[0]))
    return {"statistic": statistic, "df": slopes, "p": float(chdtrc(slopes, statistic))}


def _coefficients(design: Design, estimates: Array, covariance: Array, level: float) -> list[Coefficient]:
    """Return coefficients with Wald intervals and tests."""
    errors, quantile = np.sqrt(np.diag(covariance)), float(two_sided_quantile(level, np.inf))
    return [
        cast(
            Coefficient,
            {
                "name": name,
                "estimate": float(estimate),
                "se": finite(se),
                "ci_low": finite(estimate - quantile * se),
                "ci_high": finite(estimate + quantile * se),
                "statistic": finite(estimate / se),
                "p": finite(two_sided_p(estimate / se, np.inf)),
            },
        )
        for name, estimate, se in zip(design.names, estimates, errors, strict=True)
    ]
