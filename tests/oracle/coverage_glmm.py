"""Coverage of the intervals of generalised linear mixed models by simulation with rare events, for docs/coverage.md.

Of one group, the logit of a study's risk is normal about that of 1 %, and it has 100 to 500 patients. Of two arms, the
control risk is about 2 %, its logit with a standard deviation of 0.5 between studies, the log odds ratio is normal about
-0.5, and an arm has 50 to 250 patients. Meta-analyses without a maximum of the likelihood, as without events in an arm,
have no interval; the page says how many.
"""

from itertools import product

import numpy as np
from scipy.special import chdtri, expit, logit

from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.models.glmm.counts import Table
from coppice.pool.models.glmm.fit import fit
from coppice.pool.models.glmm.profile import fall_of_mean, fall_of_tau
from coppice.pool.models.glmm.quadrature import Rule

SEED = 20261128
REPLICATES = 2_000  # a coverage of 95 % has a Monte-Carlo error of 0.5 points
STUDIES = (3, 5, 10)
TAU = (0.0, 0.5)
MODELS = (None, "UM.FS", "UM.RS", "CM.EL", "CM.AL")
RISK, CONTROL, EFFECT, SPREAD = 0.01, 0.02, -0.5, 0.5
LEVEL = 0.95
# coarser than those of a single analysis: errors of log-likelihoods below 0.001, far below those of sampling
RULE, OF_TWO_EFFECTS = Rule(15, close=1e-6), Rule(9, hermite=True, close=1e-6)


def cells():
    return list(product(MODELS, STUDIES, TAU))


def truth(model):
    return float(logit(RISK)) if model is None else EFFECT


def simulate(model, k, tau, replicates):
    """Return the counts of `replicates` meta-analyses, and the effects of new studies."""
    generator = np.random.default_rng([SEED, model is None, k, int(100 * tau)])
    effects = generator.normal(truth(model), tau, (replicates, k))
    none = np.empty((replicates, 0))
    new = generator.normal(truth(model), tau, replicates)
    if model is None:
        n = generator.integers(100, 501, (replicates, k))
        return Table(generator.binomial(n, expit(effects)).astype(float), n.astype(float), none, none, "binomial"), new
    level = generator.normal(float(logit(CONTROL)), SPREAD, (replicates, k))
    n = generator.integers(50, 251, (2, replicates, k))
    events = generator.binomial(n[0], expit(level + effects)), generator.binomial(n[1], expit(level))
    return Table(
        events[0].astype(float), n[0].astype(float), events[1].astype(float), n[1].astype(float), "binomial"
    ), new


def estimable(table):
    """Return which meta-analyses have events in each arm: the others have no maximum."""
    arms = [table.events_e] if table.is_one_group else [table.events_e, table.events_c]
    return np.all([events.sum(axis=1) > 0 for events in arms], axis=0)


def covered(model, k, tau, replicates=REPLICATES):
    """Return, by meta-analysis with an estimate, whether each interval holds what it should, and the errors of the estimate."""
    table, new = simulate(model, k, tau, replicates)
    kept = estimable(table)
    columns = [column[kept] for column in (table.events_e, table.total_e, table.events_c, table.total_c)]
    table, new = Table(*columns, "binomial"), new[kept]
    marginal, used = table.model(model), np.ones(table.events_e.shape, dtype=bool)
    rule = OF_TWO_EFFECTS if model == "UM.RS" else RULE
    best = fit(marginal, used, rule=rule)
    has = best.is_converged
    with np.errstate(invalid="ignore"):  # without a maximum
        estimate, se = best.coefficients[:, 0], np.sqrt(best.covariance()[:, 0, 0])
    error = np.abs(estimate - truth(model))
    informative = table.tells(model).sum(axis=1)
    drop = 0.5 * float(chdtri(1.0, 1.0 - LEVEL))
    falls = fall_of_mean(marginal, used, best, np.full(len(used), truth(model)), rule=rule)
    falls_of_tau = fall_of_tau(marginal, used, best, np.full(len(used), tau), rule=rule)
    with np.errstate(invalid="ignore"):
        t = np.where(informative > 1, two_sided_quantile(LEVEL, np.maximum(informative - 1.0, 1.0)), np.inf)
        held = {
            "wald": error <= two_sided_quantile(LEVEL, np.inf) * se,
            "t": error <= t * se,
            "PL": falls <= drop,
            "tau2": falls_of_tau <= drop,
            "prediction": np.abs(new - estimate) <= t * np.sqrt(best.tau**2 + se**2),
        }
    zeros = (np.min([table.events_e, *([] if table.is_one_group else [table.events_c])], axis=0) == 0).mean()
    return {name: values[has] for name, values in held.items()} | {
        "bias": (estimate - truth(model))[has],
        "bias of tau": (best.tau - tau)[has],
        "share": np.array([has.sum() / replicates]),
        "zeros": np.array([zeros]),
    }


ABOUT = f"""## Generalised linear mixed models of rare events

Simulated meta-analyses of counts ({REPLICATES:,} per row, seeded; Monte-Carlo standard error of 95 % {100 * (0.95 * 0.05 / REPLICATES) ** 0.5:.1f} points), in which many studies have no event in an arm.
Of one group the risk is about {100 * RISK:g} % in studies of 100 to 500 patients; of two arms the control risk is about {100 * CONTROL:g} %, the odds ratio about {np.exp(EFFECT):.2f}, and an arm has 50 to 250 patients.
"Wald", "t" (with one degree of freedom less than there are studies that say something) and "PL" (profile likelihood) are intervals of the estimate, "tau2" is its profile interval, and the prediction interval (t) should hold the effect of one new study. "bias" is the median error of the estimate on the logit scale; "estimated" says how many of the meta-analyses have a maximum of the likelihood: the others have no event in an arm, or a likelihood without one.

Where studies do not differ, Wald's interval and that by profile likelihood cover well, and t covers too often with few studies. Where they differ, Wald's interval is too short with five studies or more, that by profile likelihood is nearer to 95 %, and t is right with ten studies and wide with fewer. The estimate of two arms is then biased towards no effect by up to 0.1 in all four models. Events this rare say little about tau2: its interval nearly always holds, and the prediction interval holds too often with three studies and too seldom (about 82 %) with ten."""


HEAD = """| model | k | tau | tables with a zero | estimated | bias | Wald | t | PL | tau2 | prediction |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


def row(model, k, tau):
    """Return the line of a cell."""
    part = covered(model, k, tau)
    shares = " | ".join(f"{100 * part[name].mean():.1f}" for name in ("wald", "t", "PL", "tau2", "prediction"))
    return (
        f"| {model or 'one group'} | {k} | {tau:g} | {100 * part['zeros'][0]:.0f} % | {100 * part['share'][0]:.0f} % "
        f"| {np.median(part['bias']):.2f} | {shares} |"
    ).replace("-0.00", "0.00")


def section():
    """Return the section's table."""
    return "\n".join([HEAD, *(row(*cell) for cell in cells())]) + "\n"
