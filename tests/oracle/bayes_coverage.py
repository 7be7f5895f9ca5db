"""Coverage and bias of Bayesian intervals by simulation, for docs/coverage.md: its last table.

Effects are normal about a mean of ln 0.7 with tau of 0, 0.25 or 0.5, and their sampling variances are those of log odds ratios:
0.1 for all, or, with rare events, from counts of 100 patients an arm and a control risk of 2 %, half an event being added to every
cell of a table with a zero. The prior of tau is half-normal(0.5), that of the mean flat.
"""

import textwrap
from itertools import product

import numpy as np

from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.bayes.fit import bayes_many
from coppice.pool.models.bayes.options import bayes_of

SEED = 20260601
REPLICATES = 2_000  # a coverage of 95 % has a Monte-Carlo error of 0.5 points
STUDIES = (3, 5, 10)
TAUS = (0.0, 0.25, 0.5)
EVENTS = ("common", "rare")
MEAN, VARIANCE, PATIENTS, RISK = float(np.log(0.7)), 0.1, 100, 0.02
REQUEST = {"tau_prior": {"half_normal": 0.5}}


def simulate(k, tau, events, replicates=REPLICATES):
    """Return effects and variances (replicates, k), and the effects of new studies (replicates,)."""
    generator = np.random.default_rng([SEED, k, int(100 * tau), EVENTS.index(events)])
    theta = generator.normal(MEAN, tau, (replicates, k))
    new = generator.normal(MEAN, tau, replicates)
    if events == "common":
        return generator.normal(theta, VARIANCE**0.5), np.full((replicates, k), VARIANCE), new
    odds = RISK / (1 - RISK) * np.exp(theta)
    a = generator.binomial(PATIENTS, odds / (1 + odds)).astype(float)
    c = generator.binomial(PATIENTS, np.full(theta.shape, RISK)).astype(float)
    half = 0.5 * ((a == 0) | (c == 0) | (a == PATIENTS) | (c == PATIENTS))
    cells = [a + half, PATIENTS - a + half, c + half, PATIENTS - c + half]
    yi = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return yi, sum(1 / cell for cell in cells), new


def held(k, tau, events, replicates=REPLICATES):
    """Return for one cell the shares of intervals that hold what they should, the bias, and the widths."""
    yi, vi, new = simulate(k, tau, events, replicates)
    fits = bayes_many(yi, vi, bayes_of(REQUEST))
    data = studies(yi, vi)
    line = infer(data, estimate_tau2(data, "REML").tau2, method="HKSJ")
    low, high = line.ci_low[:, 0], line.ci_high[:, 0]
    mean, future = fits.mu.central, fits.new.central
    return {
        "mean": ((mean[:, 0] <= MEAN) & (mean[:, 1] >= MEAN)).mean(),
        "new": ((future[:, 0] <= new) & (new <= future[:, 1])).mean(),
        "bias": (fits.mu.median - MEAN).mean(),
        "width": np.median(mean[:, 1] - mean[:, 0]),
        "HKSJ": ((low <= MEAN) & (high >= MEAN)).mean(),
        "HKSJ width": np.median(high - low),
    }


ABOUT = f"""## Bayesian intervals

The same for the Bayesian model with the prior half-normal(0.5) of tau and a flat prior of the mean, on {REPLICATES:,} simulated meta-analyses
of log odds ratios per row (Monte-Carlo standard error of 95 %: {100 * (0.95 * 0.05 / REPLICATES) ** 0.5:.1f} points). The mean is ln 0.7. With common events each
variance is {VARIANCE:g}; with rare events the effects come from counts of {PATIENTS} patients an arm with a control risk of {100 * RISK:g} %, half an event being
added to every cell of a table with a zero. Credible intervals are central; bias is that of the posterior median, and widths are medians.

A credible interval covers 95 % on average over its prior, and not at each tau: where tau is 0 it covers more, where tau is large beside the
prior it covers less. With three studies it is much narrower than HKSJ's. With rare events the effects of single studies are biased
towards no effect by the added half events, which no prior of tau corrects.
"""


def section(replicates=REPLICATES):
    """Return the section of the page."""
    parts = ABOUT.split("\n\n")
    return "\n\n".join([parts[0], *(textwrap.fill(part, 120) for part in parts[1:])]) + "\n\n" + table(replicates)


def table(replicates=REPLICATES):
    """Return a row for each cell."""
    lines = [
        "| k | tau | events | mean | new study | bias | width | HKSJ | width of HKSJ |",
        "|--:|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for k, tau, events in product(STUDIES, TAUS, EVENTS):
        row = held(k, tau, events, replicates)
        lines.append(
            f"| {k} | {tau:g} | {events} | {100 * row['mean']:.1f} | {100 * row['new']:.1f} | {round(row['bias'], 3) + 0.0:.3f} "
            f"| {row['width']:.2f} | {100 * row['HKSJ']:.1f} | {row['HKSJ width']:.2f} |"
        )
    return "\n".join(lines) + "\n"
