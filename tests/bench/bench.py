"""Benchmarks: each prints a ratio of two times taken in one run on one machine, and its limit.

Ratios carry over between machines; seconds do not. A benchmark is one entry of BENCHMARKS: a function that returns
what was timed and what it is compared with. Run all, or those named: ``python tests/bench/bench.py cold nothing``.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from cpu_time import Used
from runs import (
    REPEATS,
    REPOSITORY,
    edited,
    lacking_in_r,
    r_script,
    review,
    reviews_of_records,
    snakemake,
    used,
)

from coppice.core import results_layout
from coppice.draw.registry import FIGURES
from coppice.jobs import canonical_json

CLOCK, PROCESSORS = attrgetter("seconds"), attrgetter("of_processors")
IMPORTS = "import statsmodels.api, pandas, matplotlib.pyplot"
# what all figures of one analysis may take: imports of matplotlib.figure, and so much a figure
IMPORTS_OF_DRAWING, SECONDS_A_FIGURE = 6, 0.3
# pooled in one call, and how many times as fast as R that must be
META_ANALYSES, TIMES_AS_FAST = 10_000, 300
# load above this share of the cores means that others compute too; the ratios then say little
BUSY = 0.5
# one page, with everything in it
LARGEST_PAGE = 5_000_000  # bytes
# what reconstruction must reach: trials, their seed, mean errors of the log hazard ratio and (relative) of its SE
TRIALS, SEED = 200, 20120201
LARGEST_ERROR, LARGEST_ERROR_OF_SE = 0.03, 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """A time and what it is measured against, in seconds; or an error and the largest allowed, described in words."""

    seconds: float
    reference: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One comparison: what it says, how it is taken, and the highest ratio that passes."""

    title: str
    take: Callable[[], Outcome]
    limit: float
    fault: str = "TOO SLOW"  # what a ratio above the limit means


def seconds_of(command: list[str], cwd: Path = REPOSITORY) -> float:
    """Run a command to its end and return how long it took."""
    return used(command, cwd).seconds


def imports() -> float:
    """Time the imports of the packages that the workflow stands on: the best of a few, with warm disk caches."""
    return min(seconds_of([sys.executable, "-c", IMPORTS]) for _ in range(REPEATS))


def compared(timed: Callable[[], float], reference: Callable[[], float] = imports) -> Outcome:
    """Time a thing and, right before and after it, its reference: a machine's speed changes from minute to minute."""
    before = reference()
    seconds = timed()
    return Outcome(seconds, min(before, reference()))


def against_r(timed: Callable[[Path], Used], of: Callable[[Used], float]) -> Outcome:
    """Take the best of a few runs on finished reviews, and of the R script; `of` says what is compared."""
    if lack := lacking_in_r():
        return Outcome(0.0, 1.0, f"not compared: {lack}; on Debian or Ubuntu: sudo make bench")
    with review() as folder:
        snakemake(folder)
        return compared(
            lambda: min(of(timed(folder)) for _ in range(REPEATS)),
            lambda: min(of(r_script(folder)) for _ in range(REPEATS)),
        )


def cold(finished: Path) -> Used:
    """Run the shipped review from nothing, beside one that is finished."""
    with review() as folder:
        return snakemake(folder)


def planning() -> Outcome:
    """Time a dry run of 1,000 records against one of 10."""
    with reviews_of_records() as (small, large):
        return compared(
            lambda: min(snakemake(large, "--dry-run").seconds for _ in range(REPEATS)),
            lambda: min(snakemake(small, "--dry-run").seconds for _ in range(REPEATS)),
        )


def page() -> Outcome:
    """Time the page of the shipped review, in a process of its own."""
    with review() as folder:
        snakemake(folder)
        report = folder / "results" / "report"
        if (size := (report / "report.html").stat().st_size) > LARGEST_PAGE:
            sys.exit(f"the page has {size:,} bytes, more than {LARGEST_PAGE:,}")
        (spec,) = (folder / ".snakemake" / "coppice" / "specs" / "report" / "page").iterdir()
        notebook = REPOSITORY / "workflow" / "notebooks" / "report.py"
        command = [sys.executable, "-m", "coppice", "report", "--spec", str(spec), "--notebook", str(notebook)]
        command += ["--html", str(report / "report.html"), "--ipynb", str(report / "report.ipynb")]
        return compared(lambda: min(seconds_of(command) for _ in range(REPEATS)))


def reconstruction() -> Outcome:
    """Compare Cox regression of reconstructed Kaplan-Meier data with that of the true data, over simulated trials."""
    sys.path.insert(0, str(REPOSITORY / "tests" / "unit" / "extract"))
    from simulated_trials import comparisons

    trials = comparisons(TRIALS, SEED)
    error = sum(abs(item.error) for item in trials) / TRIALS
    error_of_se = sum(abs(item.error_of_se) for item in trials) / TRIALS
    shares = (error / LARGEST_ERROR, error_of_se / LARGEST_ERROR_OF_SE)
    words = f"mean |error of log HR| {error:.4f} of {LARGEST_ERROR:g}, of its SE {error_of_se:.2%} of {LARGEST_ERROR_OF_SE:.0%}"
    return Outcome(max(shares), 1.0, words)


def pooling() -> Outcome:
    """Pool 10,000 meta-analyses of 10 studies in one call, and in a loop over rma(), confint() and predict() in R."""
    if shutil.which("Rscript") is None:
        return Outcome(0.0, 1.0, "not compared: R is not installed")
    oracle = REPOSITORY / "tests" / "oracle"
    sys.path.insert(0, str(oracle))
    speed = importlib.import_module("test_speed")
    ours = min(speed.seconds(META_ANALYSES) for _ in range(REPEATS))
    done = subprocess.run(["Rscript", "speed.R"], cwd=oracle, capture_output=True, text=True, check=True)
    theirs = float(done.stdout) * META_ANALYSES
    return Outcome(
        TIMES_AS_FAST * ours, theirs, f"{theirs / ours:.0f} times as fast as R ({ours:.2f} s, {theirs:.0f} s)"
    )


def exploring(name: str, times: float = 1.0) -> Outcome:
    """Time an exploration; so many times its seconds are compared with those of what it is measured against."""
    sys.path.insert(0, str(Path(__file__).parent))
    exploring_ = importlib.import_module("exploring")
    ours, theirs = getattr(exploring_, name)()
    return Outcome(times * ours, theirs)


def drawing() -> Outcome:
    """Time all figures of one analysis, in all formats, against what importing matplotlib and a little a figure take."""
    sys.path.insert(0, str(REPOSITORY))
    with chdir(REPOSITORY):
        from docs.picture_bases import WHOLE
        from docs.pictures import computed, planned

        spec = planned(WHOLE.text).content("draw", analysis=WHOLE.analysis)
        results = Path(computed(WHOLE.text).name)
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        canonical_json.write(Path(folder, "spec.json"), {**spec, "figures": {name: {} for name in FIGURES}})
        for name in ("pool", "explore"):
            shutil.copyfile(results / results_layout.file(name, WHOLE.analysis), Path(folder, f"{name}.json"))
        made = [f"{folder}/{name}.{form}" for name in FIGURES for form in ("svg", "pdf", "png")]
        inputs = [part for name in ("spec", "pool", "explore") for part in (f"--{name}", f"{folder}/{name}.json")]
        command = [sys.executable, "-m", "coppice", "draw", *inputs, "--out", *made]
        importing = [sys.executable, "-c", "import matplotlib.figure"]
        before = min(seconds_of(importing) for _ in range(REPEATS))
        seconds = min(seconds_of(command) for _ in range(REPEATS))
        reference = min(before, *(seconds_of(importing) for _ in range(REPEATS)))
    return Outcome(seconds, IMPORTS_OF_DRAWING * reference + SECONDS_A_FIGURE * len(FIGURES))


BENCHMARKS = {
    "cold": Benchmark("cold run of the shipped review, 2 cores / R script", lambda: against_r(cold, CLOCK), 1.8),
    "edit": Benchmark("edit of one analysis to the new report / R script", lambda: against_r(edited, CLOCK), 1.0),
    "nothing": Benchmark("run with nothing to do / R script", lambda: against_r(snakemake, CLOCK), 0.45),
    "cpu": Benchmark("CPU of a cold run / CPU of the R script", lambda: against_r(cold, PROCESSORS), 3.0),
    "planning": Benchmark("dry run of 1,000 records / of 10", planning, 3.0),
    "pooling": Benchmark("300 x 10,000 meta-analyses of 10 studies / metafor's rma() and confint()", pooling, 1.0),
    "gosh": Benchmark("500 x GOSH of 13 studies / metafor's gosh()", lambda: exploring("gosh_of_thirteen", 500), 1.0),
    "leave-one-out": Benchmark(
        "50 x leave-one-out of 200 studies / metafor's leave1out()",
        lambda: exploring("leave_one_out_of_two_hundred", 50),
        1.0,
    ),
    "subsets": Benchmark("REML of 1,048,555 subsets / 60 passes over them", lambda: exploring("million_subsets"), 1.0),
    "permutations": Benchmark(
        "100 x 10,000 permutations of a meta-regression / metafor's permutest()",
        lambda: exploring("permutations", 100),
        1.0,
    ),
    "glmm": Benchmark(
        "100 x 10,000 models of 10 proportions / metafor's rma.glmm()",
        lambda: exploring("ten_thousand_glmms", 100),
        1.0,
    ),
    "multiverse": Benchmark(
        "1,000 specifications of 20 studies / 1 s", lambda: exploring("multiverse_of_a_thousand"), 1.0
    ),
    "what-if": Benchmark("4,095 sets of 12 studies by 7 models / 1 s", lambda: exploring("what_if_of_twelve"), 1.0),
    "bayes": Benchmark(
        "1,000 x 10,000 Bayesian models of 6 studies / 0.5 s each, as assumed of bayesmeta",
        lambda: exploring("bayesian_fits", 1_000),
        1.0,
    ),
    "drawing": Benchmark(
        "all figures of 13 trials, three formats / 6 imports of matplotlib + 0.3 s each", drawing, 1.0
    ),
    "page": Benchmark("the page of the shipped review / imports", page, 3.0),
    "reconstruction": Benchmark("reconstructed Kaplan-Meier data, 200 trials", reconstruction, 1.0, "TOO WRONG"),
}


def main() -> int:
    """Run the benchmarks and return 1 if a ratio is above its limit."""
    parser = argparse.ArgumentParser(description="Time the workflow, as ratios within one run.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run: {', '.join(BENCHMARKS)} (default: all)"
    )
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    print(f"{cores} cores; imports: python -c '{IMPORTS}'")
    if load > BUSY * cores:
        print(f"The machine is busy (load {load:.1f}): wait until it is idle to trust the ratios.")
    print()
    slow = 0
    for name in names:
        benchmark = BENCHMARKS[name]
        outcome = benchmark.take()
        ratio = outcome.seconds / outcome.reference
        verdict = "ok" if ratio <= benchmark.limit else benchmark.fault
        measured = outcome.words or f"{outcome.seconds:.2f} s / {outcome.reference:.2f} s"
        slow += ratio > benchmark.limit
        print(
            f"{name:10} {ratio:6.2f}  (limit {benchmark.limit:g})  {verdict:8}  {measured}  {benchmark.title}",
            flush=True,
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
