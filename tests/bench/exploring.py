"""What the benchmarks of explore time: ours and, where R is installed, metafor's on the same data, in seconds."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
REPEATS = 3
BAYESIAN = 10_000  # models at once
PASSES = 60  # over the million subsets
NOT_COMPARED = float("inf")


def best(function: Callable[[], Any]) -> float:
    """Return the seconds of the fastest of a few calls."""
    taken = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def in_r(what: str, yi: np.ndarray, vi: np.ndarray) -> float:
    """Return the seconds that metafor takes, or infinity where R is not installed."""
    if shutil.which("Rscript") is None:
        return NOT_COMPARED
    values = [",".join(map(repr, map(float, column))) for column in (yi, vi)]
    done = subprocess.run(["Rscript", HERE / "exploring.R", what, *values], capture_output=True, text=True, check=True)
    return float(done.stdout)


def example(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return k heterogeneous effects."""
    generator = np.random.default_rng(k)
    return generator.normal(0, 0.4, k), generator.uniform(0.02, 0.3, k)


# bayesmeta is not in Debian, and so is not timed here: a call that gives the posteriors of mu, tau, a new study and each study
# with shortest intervals, by some hundred optimisations and integrations in R, is put at this many seconds. It is an assumption,
# and a benchmark against it tells whether ours has become slower, not how fast R is.
SECONDS_OF_BAYESMETA = 0.5


def bayesian_fits() -> tuple[float, float]:
    """Time 10,000 Bayesian models of 6 studies, with the posteriors of mu, tau and a new study; a loop in R as assumed."""
    from coppice.pool.models.bayes.fit import bayes_many
    from coppice.pool.models.bayes.options import bayes_of

    generator = np.random.default_rng(6)
    vi = generator.uniform(0.02, 0.4, (BAYESIAN, 6))
    yi = generator.normal(0, np.sqrt(vi + 0.05))
    options = bayes_of({"tau_prior": {"half_normal": 0.5}})
    return best(lambda: bayes_many(yi, vi, options)), BAYESIAN * SECONDS_OF_BAYESMETA


def gosh_of_thirteen() -> tuple[float, float]:
    """Time GOSH of 13 studies: 8,191 subsets by REML."""
    from coppice.explore.resampling.gosh import gosh

    yi, vi = example(13)
    return best(lambda: gosh(yi, vi, smallest=1)), in_r("gosh", yi, vi)


def leave_one_out_of_two_hundred() -> tuple[float, float]:
    """Time leave-one-out of 200 studies by REML."""
    from coppice.explore.resampling.resample import leave_one_out, pool_subsets
    from coppice.pool.profiles import settings

    yi, vi = example(200)
    return best(lambda: pool_subsets(yi, vi, leave_one_out(200), settings({"profile": "metafor"}))), in_r(
        "leave1out", yi, vi
    )


def million_subsets() -> tuple[float, float]:
    """Time REML of all subsets of 20 studies against passes of the least that a weighted mean takes."""
    from coppice.explore.resampling.gosh import gosh

    yi, vi = example(20)
    ours = best(lambda: gosh(yi, vi))
    m = ((np.arange(1, 2**20)[:, None] >> np.arange(20)) & 1).astype(np.float64)
    tau2 = np.full((len(m), 1), 0.1)
    return ours, PASSES * best(lambda: (m / (vi + tau2)) @ yi)


def permutations() -> tuple[float, float]:
    """Time 10,000 permutations of a meta-regression of 13 studies on one moderator; R's 1,000 count ten times."""
    from coppice.pool.kernel.permutation import permutation_test

    yi, vi = example(13)
    design = np.column_stack([np.ones(13), np.arange(13.0)])
    return best(lambda: permutation_test(yi, vi, design=design, draws=10_000)), 10 * in_r("permutest", yi, vi)


def ten_thousand_glmms() -> tuple[float, float]:
    """Time 10,000 generalised linear mixed models of 10 proportions; R's loop over rma.glmm() is timed on 20 of them."""
    from coppice.pool.models.glmm.counts import Table
    from coppice.pool.models.glmm.fit import fit

    generator = np.random.default_rng(1)
    n = generator.integers(50, 500, (10_000, 10)).astype(float)
    x = generator.binomial(n.astype(int), 1.0 / (1.0 + np.exp(-generator.normal(-3.0, 0.5, n.shape)))).astype(float)
    none, used = np.empty((len(n), 0)), np.ones(n.shape, dtype=bool)
    ours = best(lambda: fit(Table(x, n, none, none, "binomial").model(None), used))
    return ours, len(n) / 20 * in_r("glmm", x[:20].ravel(), n[:20].ravel())


def multiverse_of_a_thousand() -> tuple[float, float]:
    """Time a multiverse of more than 1,000 specifications on 20 studies, against a second."""
    from coppice.explore.multiverse.multiverse import MAIN, multiverse
    from coppice.pool.profiles import settings

    yi, vi = example(20)
    names = [f"S{index}" for index in range(20)]
    marks = dict.fromkeys(("label", "use", "note", "report"))
    same = {"route": "given", "statistic": "effect", "reported": {}, "source": {}, "assumptions": [], "notes": []}
    extracts = [
        {
            "study": name,
            "measures": {
                "HR": {
                    "candidates": [marks | same | {"yi": y, "vi": v, "population": name}],
                    "chosen": [0],
                    "why": "",
                }
            },
        }
        for name, y, v in zip(names, yi, vi, strict=True)
    ]
    pool = {
        "analysis": "a",
        "outcome": "a",
        "measure": "HR",
        "effect": "HR",
        "studies": [{"study": name, "label": name} for name in names],
    }
    asked = {
        "pool": pool,
        "effects": [{"measure": "HR", "extract": MAIN, "effect": "HR"}],
        "tau2": ["DL", "PM", "ML", "HE", "SJ"],
        "inference": ["wald", "t", "HKSJ-adhoc", "HKSJ-ci"],
        "studies": {
            f"{start} to {stop}": names[start:stop] for start in range(10) for stop in range(start + 5, start + 9)
        },
    }
    pooled = {"settings": settings({}).as_dict(), "level": 0.95}
    if len(multiverse(asked, pooled, extracts)["specifications"]) < 1000:
        raise ValueError("the benchmark's multiverse has fewer than 1,000 specifications")
    return best(lambda: multiverse(asked, pooled, extracts)), 1.0


def what_if_of_twelve() -> tuple[float, float]:
    """Time every subset of 12 studies by every choice, the common effect from counts, against a second."""
    from coppice.explore.what_if.part import what_if
    from coppice.pool.profiles import settings

    yi, vi = example(12)
    reported = {"events_e": 12, "n_e": 100, "events_c": 20, "n_c": 100}
    effects = [
        {"study": f"S{index}", "yi": y, "vi": v, "reported": reported}
        for index, (y, v) in enumerate(zip(yi, vi, strict=True))
    ]
    pooled = {
        "measure": "RR",
        "settings": settings({"profile": "revman5"}).as_dict(),
        "effects": effects,
        "excluded": [],
        "common": {"method": "MH"},
        "moderators": None,
        "reasons": {},
    }
    return best(lambda: what_if(pooled, {})), 1.0
