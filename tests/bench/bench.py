"""Benchmarks: each prints a ratio of two times taken in one run on one machine, and its limit.

Ratios carry over between machines; seconds do not. A benchmark is one entry of BENCHMARKS: a function that returns
what was timed and what it is compared with. Run all, or those named: ``python tests/bench/bench.py cold nothing``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
IMPORTS = "import statsmodels.api, pandas, matplotlib.pyplot"
REPEATS = 3
# load above this share of the cores means that others compute too; the ratios then say little
BUSY = 0.5
# of what a failed command said
LINES_SHOWN = 30
# what reconstruction must reach: trials, their seed, mean errors of the log hazard ratio and (relative) of its SE
TRIALS, SEED = 200, 20120201
LARGEST_ERROR, LARGEST_ERROR_OF_SE = 0.03, 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """A time and what it is measured against, in seconds; or an error and the largest allowed, with `said` in words."""

    seconds: float
    reference: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One comparison: what it says, how it is taken, and the highest ratio that passes."""

    title: str
    take: Callable[[], Outcome]
    limit: float


def seconds_of(command: list[str], cwd: Path = REPOSITORY) -> float:
    """Run a command to its end and return how long it took; its output is shown only if it fails."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - begun
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-LINES_SHOWN:])
        sys.exit(f"{' '.join(command)} failed:\n{end}")
    return elapsed


def imports() -> float:
    """Time the imports of the packages that the workflow stands on: the best of a few, with warm disk caches."""
    return min(seconds_of([sys.executable, "-c", IMPORTS]) for _ in range(REPEATS))


@contextmanager
def review() -> Iterator[Path]:
    """Give a folder that holds the shipped review and nothing made from it."""
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        shutil.copytree(REPOSITORY / "config", Path(folder, "config"))
        yield Path(folder)


def snakemake(folder: Path) -> float:
    """Run the workflow on the review in a folder and return the seconds it took."""
    snakefile = str(REPOSITORY / "Snakefile")
    command = [sys.executable, "-m", "snakemake", "--snakefile", snakefile, "--directory", str(folder), "--cores", "2"]
    return seconds_of(command)


def compared(timed: Callable[[], float]) -> Outcome:
    """Time a thing and, right before and after it, the imports: a machine's speed changes from minute to minute."""
    before = imports()
    seconds = timed()
    return Outcome(seconds, min(before, imports()))


def cold() -> Outcome:
    """Time the shipped review from nothing."""
    with review() as first, review() as second:
        return compared(lambda: min(map(snakemake, (first, second))))


def nothing() -> Outcome:
    """Time a run with nothing to do."""
    with review() as folder:
        snakemake(folder)
        return compared(lambda: min(snakemake(folder) for _ in range(REPEATS)))


def reconstruction() -> Outcome:
    """Compare Cox regression of reconstructed Kaplan-Meier data with that of the true data, over simulated trials."""
    sys.path.insert(0, str(REPOSITORY / "tests" / "unit" / "extract"))
    from simulated_trials import comparisons

    found = comparisons(TRIALS, SEED)
    error = sum(abs(item.error) for item in found) / TRIALS
    error_of_se = sum(abs(item.error_of_se) for item in found) / TRIALS
    shares = (error / LARGEST_ERROR, error_of_se / LARGEST_ERROR_OF_SE)
    said = f"mean |error of log HR| {error:.4f} of {LARGEST_ERROR:g}, of its SE {error_of_se:.2%} of {LARGEST_ERROR_OF_SE:.0%}"
    return Outcome(max(shares), 1.0, said)


BENCHMARKS = {
    "cold": Benchmark("cold run of the shipped review, 2 cores / imports", cold, 10.0),
    "nothing": Benchmark("run with nothing to do / imports", nothing, 1.5),
    "reconstruction": Benchmark("reconstructed Kaplan-Meier data, 200 trials", reconstruction, 1.0),
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
        verdict = "ok" if ratio <= benchmark.limit else "TOO WRONG" if outcome.said else "TOO SLOW"
        measured = outcome.said or f"{outcome.seconds:.2f} s / {outcome.reference:.2f} s"
        slow += ratio > benchmark.limit
        print(
            f"{name:10} {ratio:6.2f}  (limit {benchmark.limit:g})  {verdict:8}  {measured}  {benchmark.title}",
            flush=True,
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
