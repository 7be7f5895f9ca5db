"""The model of several outcomes: a mean for each, and true effects of a study that vary and correlate.

Jackson, Riley & White (2011), doi:10.1002/sim.4172.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from coppice.core.contracts.multivariate import MultivariateSettings, OutcomeEffect, OutcomeLine
from coppice.pool.dependence.covariance import members
from coppice.pool.dependence.robust import Robust, cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.multivariate.engine import MultivariateResults, Term, fit_multivariate

Effects = Sequence[OutcomeEffect]


@dataclass(frozen=True, slots=True)
class Joint:
    """A fitted model of several outcomes.

    `outcomes` are the keys of those that have effects, a coefficient each; `common` is the model without random terms.
    """

    outcomes: tuple[str, ...]
    fit: MultivariateResults = field(repr=False)
    common: MultivariateResults = field(repr=False)
    robust: Robust | None = field(repr=False)
    level: float

    def line(self, outcome: str) -> OutcomeLine:
        """Return the mean of an outcome, cluster-robust where this is asked for."""
        place = self.outcomes.index(outcome)
        if self.robust is None:
            return line_of(self.fit, place, self.level)
        row = np.eye(len(self.outcomes))[place]
        values = self.robust.combination(row)
        held = self.robust.supports(row)
        ends = {
            name: float(values[name]) if held else None for name in ("se", "ci_low", "ci_high", "statistic", "p", "df")
        }
        return {
            "estimate": float(values["estimate"]), "se": ends["se"], "ci_low": ends["ci_low"],
            "ci_high": ends["ci_high"], "statistic": ends["statistic"], "p": ends["p"], "df": ends["df"],
        }  # fmt: skip

    def tau2(self, outcome: str) -> float:
        """Return the variance of the true effects on an outcome, those that studies share excluded."""
        component = self.fit.components[0]
        return float(component.tau2[component.labels.index(outcome)])

    @property
    def shared_tau2(self) -> float:
        """Return the variance of the random effects that studies share."""
        return float(sum(component.tau2[0] for component in self.fit.components[1:]))


def borrowed(effects: Effects, outcome: str, joint: Joint) -> float:
    """Return the borrowing of strength: by how many percent the other outcomes reduce the variance of an outcome's mean.

    Jackson et al. (2017), doi:10.1177/0962280215611702: the variance without them is that of the outcome's own effects with
    the between-study variances of the joint model, so that none is borrowed where outcomes are independent.
    """
    own = [effect for effect in effects if effect["outcome"] == outcome]
    terms = [Term(group=[effect["study"] for effect in own], tau2=joint.tau2(outcome))]
    for component in joint.fit.components[1:]:
        group = [effect["values"][component.name] for effect in own]
        terms.append(Term(group=group, tau2=float(component.tau2[0]), name=component.name))
    alone = fit_multivariate([effect["yi"] for effect in own], [effect["vi"] for effect in own], terms)
    return 100.0 * (1.0 - float(joint.fit.bse[joint.outcomes.index(outcome)] / alone.bse[0]) ** 2)


def line_of(fit: MultivariateResults, place: int, level: float) -> OutcomeLine:
    """Return a coefficient as a line, on the normal distribution."""
    estimate, se = float(fit.params[place]), float(fit.bse[place])
    half = float(two_sided_quantile(level, np.inf)) * se
    return {
        "estimate": estimate, "se": se, "ci_low": estimate - half, "ci_high": estimate + half,
        "statistic": estimate / se, "p": float(two_sided_p(estimate / se, np.inf)), "df": None,
    }  # fmt: skip


def sampling_blocks(effects: Effects, rho: float) -> list[Array]:
    """Return the covariance of the sampling errors of each study; its effects follow one another."""
    blocks = []
    for inside in members([effect["study"] for effect in effects]):
        se = np.sqrt([effects[int(index)]["vi"] for index in inside])
        blocks.append(np.outer(se, se) * np.where(np.eye(len(se), dtype=bool), 1.0, rho))
    return blocks


def fit_outcomes(
    effects: Effects, outcomes: Sequence[str], settings: MultivariateSettings, *, rho: float | None = None
) -> Joint:
    """Fit the model of the outcomes that have effects, with the correlation of the settings or another."""
    used = tuple(outcome for outcome in outcomes if any(effect["outcome"] == outcome for effect in effects))
    place = {outcome: number for number, outcome in enumerate(used)}
    design = np.eye(len(used))[[place[effect["outcome"]] for effect in effects]]
    studies = [effect["study"] for effect in effects]
    levels = [effect["outcome"] for effect in effects]
    yi = [effect["yi"] for effect in effects]
    blocks = sampling_blocks(effects, settings["rho"] if rho is None else rho)
    terms = [
        Term(group=studies, levels=levels, structure=settings["structure"], name="study"),
        *(Term(group=[effect["values"][name] for effect in effects], name=name) for name in settings["random"]),
    ]
    fit = fit_multivariate(yi, blocks, terms, design=design, method=settings["tau2"])
    common = fit_multivariate(yi, blocks, (), design=design, method=settings["tau2"])
    robust = None
    if settings["robust"] != "none" and len(set(studies)) > len(used):
        marginal = fit.marginal()
        robust = cluster_robust(
            yi, marginal, studies, design=design, method=settings["robust"], level=settings["level"]
        )
    return Joint(used, fit, common, robust, settings["level"])
