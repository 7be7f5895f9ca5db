"""Scale: how time and memory grow with the number of analyses and of studies, as ratios within one run.

``python tests/scale/scale.py`` takes the sizes of continuous integration, ``--size full`` those of the design. Each
line says what was measured, and what it must not exceed. Times are of cold runs of the whole workflow in a folder of
their own; R's is of one process that does less (loop.R), and the run here has two cores.
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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import corpus

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PARTS = ("Snakefile", "workflow", "profiles", "environment.yml")
STUDIES_EACH = 10  # of each analysis of a corpus
CORES = 2
LOOK_SECONDS = 0.5  # how often memory is looked at
MEGABYTE = 1 << 20
SIZES = {"small": ((10, 110), (100, 2_000)), "full": ((10, 100, 1_000), (100, 10_000))}

MOST_OF_R = 25  # analyses that R's loop does: one is like the other
MOST_MEMORY = 2_000  # megabytes, of all processes of a run together
MOST_TIMES_R = 3.0
MOST_GROWTH = 1.5  # of the cost of one more analysis, from one step of sizes to the next
MOST_FOR_STUDIES = {"small": 4.0, "full": 6.0}  # times the run of a hundred studies


@dataclass(frozen=True, slots=True)
class Run:
    """A cold run: its seconds, those of them for the report, the most memory of all its processes in megabytes."""

    seconds: float
    of_report: float
    megabytes: float

    @property
    def without_report(self) -> float:
        """The seconds for extract, pool, explore and draw."""
        return self.seconds - self.of_report


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result: what was measured, the value, and the largest that passes."""

    title: str
    value: float
    limit: float
    said: str


def memory_of(session: int) -> float:
    """Return the resident memory of all processes of a session in megabytes; what forks share counts for each."""
    total = 0
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if folder.name.isdigit() and int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                total += int((folder / "statm").read_text().split()[1])
    return total * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def snakemake(folder: Path, *options: str) -> tuple[float, float]:
    """Run Snakemake to its end, and return its seconds and the most memory that was seen."""
    begun, most = time.monotonic(), 0.0
    command = [sys.executable, "-m", "snakemake", "--cores", str(CORES), *options]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with (folder / "run.log").open("w", encoding="utf-8") as log:
        job = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        while job.poll() is None:
            most = max(most, memory_of(job.pid))
            time.sleep(LOOK_SECONDS)
    if job.returncode:
        sys.exit((folder / "run.log").read_text("utf-8")[-3000:])
    return time.monotonic() - begun, most


def cold_run(folder: Path, *, analyses: int, studies: int) -> Run:
    """Make a review of this size and run it from nothing: up to the figures, then the report."""
    for part in PARTS:
        source = REPOSITORY / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / part)
    corpus.write(folder, analyses=analyses, studies=studies)
    until, first = snakemake(folder, "--until", "draw", "draw_batch")
    rest, second = snakemake(folder)
    run = Run(until + rest, rest, max(first, second))
    said = f"{analyses:,} analyses of {studies:,} studies"
    print(f"  {said}: {until:.1f} s, report {rest:.1f} s, {run.megabytes:,.0f} MB", flush=True)
    return run


def loop_of_r(folder: Path) -> float:
    """Return the seconds that R takes for each analysis of the same table."""
    (folder / "R").mkdir()
    command = ["Rscript", str(HERE / "loop.R"), str(folder / "config/studies.csv"), str(folder / "R"), str(MOST_OF_R)]
    seconds = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])
    print(f"  R: {1000 * seconds:.0f} ms an analysis, of {MOST_OF_R}", flush=True)
    return seconds


def of_analyses(folder: Path, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """Measure how the cost grows with the number of analyses."""
    runs = {}
    for size in sizes:
        place = folder / f"analyses-{size}"
        place.mkdir()
        runs[size] = cold_run(place, analyses=size, studies=STUDIES_EACH)
    largest = sizes[-1]
    yield Figure("memory", runs[largest].megabytes, MOST_MEMORY, f"MB for {largest:,} analyses, all processes together")
    steps = [
        (runs[more].seconds - runs[fewer].seconds) / (more - fewer)
        for fewer, more in zip(sizes, sizes[1:], strict=False)
    ]
    if len(steps) > 1:
        said = " then ".join(f"{1000 * step:.0f} ms" for step in steps)
        yield Figure("linear", steps[-1] / steps[0], MOST_GROWTH, f"times the cost of one more analysis: {said}")
    else:
        proportional = runs[sizes[0]].seconds * largest / sizes[0]
        yield Figure(
            "linear", runs[largest].seconds / proportional, 1.0, f"of {largest / sizes[0]:g} times {sizes[0]} analyses"
        )
    reference = largest * loop_of_r(folder / f"analyses-{largest}")
    yield Figure(
        "R", runs[largest].without_report / reference, MOST_TIMES_R, f"times the loop in R, {largest:,} analyses"
    )


def of_studies(folder: Path, sizes: tuple[int, ...], limit: float) -> Iterator[Figure]:
    """Measure how the cost grows with the number of studies of one analysis."""
    seconds = []
    for size in sizes:
        place = folder / f"studies-{size}"
        place.mkdir()
        seconds.append(cold_run(place, analyses=1, studies=size).seconds)
    yield Figure("studies", seconds[-1] / seconds[0], limit, f"times {sizes[0]} studies: {sizes[-1]:,} in one analysis")


def measured(size: str, folder: Path) -> Iterator[Figure]:
    """Yield every figure of a size."""
    analyses, studies = SIZES[size]
    yield from of_studies(folder, studies, MOST_FOR_STUDIES[size])
    yield from of_analyses(folder, analyses)


def main(say: Callable[[str], object] = print) -> int:
    """Measure, print each figure with its limit, and return 1 if one is above it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    size = parser.parse_args().size
    failed = 0
    with tempfile.TemporaryDirectory(prefix="coppice-scale-") as folder:
        for figure in measured(size, Path(folder)):
            passes = figure.value <= figure.limit
            failed += not passes
            mark = "ok" if passes else "TOO HIGH"
            say(f"{figure.title:8} {figure.value:8.2f}  limit {figure.limit:8.2f}  {mark}  {figure.said}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
