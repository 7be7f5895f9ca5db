"""Coverage by simulation: python tests/oracle/coverage_table.py writes docs/coverage.md to standard output.

Effects are normal about 0 with variance vi + tau2. Variances are equal, or spread evenly on a log scale so that the largest
is 16 times the smallest; tau2 gives the I2 wanted at their typical value. The rows: 95 % intervals of REML with HKSJ and
with Wald, the prediction interval t_k-1 (whether it holds the effect of one new study), and the false-positive rate of
DerSimonian-Laird with Wald.
"""

import sys
import textwrap
from itertools import product

import numpy as np

from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.prediction import predict
from coppice.pool.kernel.tau2 import estimate_tau2

if __package__:
    from . import coverage_glmm
    from .bayes_coverage import section
else:
    import coverage_glmm
    from bayes_coverage import section

SEED = 20250101
REPLICATES = 10_000  # a coverage of 95 % has a Monte-Carlo error of 0.2 points
STUDIES = (3, 5, 10, 20)
I2 = (0.0, 0.25, 0.5, 0.75)
VARIANCES = ("equal", "unequal")
LEAST, MOST = 0.025, 0.4


def variances(k, kind):
    return np.full(k, 0.1) if kind == "equal" else np.geomspace(LEAST, MOST, k)


def cells():
    return list(product(STUDIES, I2, VARIANCES))


def simulate(k, i2, kind, replicates):
    """Return effects (replicates, k), their variances (k,), tau2, and the effects of new studies (replicates,)."""
    generator = np.random.default_rng([SEED, k, int(100 * i2), VARIANCES.index(kind)])
    vi = variances(k, kind)
    typical = float(heterogeneity(studies(np.zeros(k), vi), np.zeros(1)).typical_variance[0])
    tau2 = typical * i2 / (1.0 - i2)
    yi = generator.normal(0.0, np.sqrt(vi + tau2), (replicates, k))
    return yi, vi, tau2, generator.normal(0.0, np.sqrt(tau2), replicates)


def covered(k, i2, kind, replicates=REPLICATES):
    """Return, by replicate, whether each interval holds what it should."""
    yi, vi, _, new = simulate(k, i2, kind, replicates)
    data = studies(yi, vi)
    tau2 = {name: estimate_tau2(data, name).tau2 for name in ("REML", "DL")}
    intervals = {
        "HKSJ": infer(data, tau2["REML"], method="HKSJ"),
        "wald": infer(data, tau2["REML"], method="wald"),
        "DL-wald": infer(data, tau2["DL"], method="wald"),
    }
    found = {name: (line.ci_low[:, 0] <= 0) & (line.ci_high[:, 0] >= 0) for name, line in intervals.items()}
    limits = predict(data, tau2["REML"], method="t_k-1")
    return found | {"prediction": (limits.low <= new) & (new <= limits.high)}


ABOUT = f"""# How often the intervals cover

Simulated meta-analyses ({REPLICATES:,} per row, seeded): the percentage of 95 % intervals that hold what they should. Variances are
equal, or spread over a factor of {MOST / LEAST:g}; I2 is the share of the between-study variance in the total. HKSJ and Wald are
confidence intervals with REML. The prediction interval (t with k - 1 degrees of freedom) should hold the effect of one new
study: with little heterogeneity and few studies it holds too many or too few, because tau2 is not known. The last column is how
often DerSimonian and Laird's model with Wald's interval finds an effect when the true effect is zero; it should be 5 %.

With {REPLICATES:,} replicates the Monte-Carlo standard error of 95 % is {100 * (0.95 * 0.05 / REPLICATES) ** 0.5:.1f} points. Where R is
installed, metafor makes the same intervals of the same data, of the first 60 replicates of each row every day and of 1,000 every
night: each holds what it should where ours does, and does not where ours does not.
"""


def page(replicates=REPLICATES):
    return before_glmm(replicates) + coverage_glmm.section()


def before_glmm(replicates=REPLICATES):
    """Return the page as far as the table of generalised linear mixed models, which takes minutes."""
    return filled(ABOUT) + table(replicates) + "\n" + section() + "\n" + filled(coverage_glmm.ABOUT)


def filled(text):
    return "\n\n".join(textwrap.fill(part, 120) for part in text.split("\n\n")) + "\n\n"


def table(replicates=REPLICATES):
    lines = [
        "| k | I2 | variances | HKSJ | Wald | prediction | false positives of DL-Wald |",
        "|--:|--:|---|--:|--:|--:|--:|",
    ]
    for k, i2, kind in cells():
        share = {name: 100.0 * values.mean() for name, values in covered(k, i2, kind, replicates).items()}
        lines.append(
            f"| {k} | {100 * i2:.0f} % | {kind} | {share['HKSJ']:.1f} | {share['wald']:.1f} | {share['prediction']:.1f} "
            f"| {100 - share['DL-wald']:.1f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
