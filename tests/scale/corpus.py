"""Reviews made up at any size: so many analyses of so many studies each, the same for the same sizes."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

SEED = 20261121
PATIENTS = (40, 400)  # the smallest and the largest arm
LOG_RATIO, SPREAD = -0.25, 0.2  # of the effects over the studies of an analysis
YEARS = (1990, 2025)
COLUMNS = (
    "study",
    "year",
    "outcome",
    "topic",
    "statistic",
    "events_e",
    "n_e",
    "events_c",
    "n_c",
    "report",
    "citation",
    "at",
)


def rows(analyses: int, studies: int) -> list[dict[str, object]]:
    """Return the rows of a table of studies: two-by-two tables of trials that differ in size, risk and effect."""
    source = random.Random(SEED)
    made: list[dict[str, object]] = []
    for number in range(1, analyses + 1):
        mean = source.gauss(LOG_RATIO, SPREAD)
        for trial in range(1, studies + 1):
            size, risk = source.randint(*PATIENTS), source.uniform(0.1, 0.5)
            ratio = math.exp(source.gauss(mean, SPREAD))
            treated, control = size + source.randint(-5, 5), size
            made.append(
                {
                    "study": f"T{number:04d}-{trial:05d}",
                    "year": source.randint(*YEARS),
                    "outcome": "event",
                    "topic": f"topic {number:04d}",
                    "statistic": "counts",
                    "events_e": min(treated, max(1, round(treated * min(0.95, risk * ratio)))),
                    "n_e": treated,
                    "events_c": max(1, round(control * risk)),
                    "n_c": control,
                    "report": f"r{number:04d}-{trial:05d}",
                    "citation": f"Trial {trial} of topic {number}",
                    "at": "Table 2",
                }
            )
    return made


def write(folder: Path, *, analyses: int, studies: int) -> list[dict[str, object]]:
    """Write a review, configuration and table, into a folder and return its rows."""
    made = rows(analyses, studies)
    (folder / "config").mkdir(parents=True, exist_ok=True)
    with (folder / "config/studies.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(made)
    lines = ["review: {title: Made up}", "studies: config/studies.csv", "figures: {funnel: false}", "analyses:"]
    for number in range(1, analyses + 1):
        lines.append(
            f"  a{number:04d}: {{title: Analysis {number}, outcome: event, measure: RR, include: {{topic: [topic {number:04d}]}}}}"
        )
    (folder / "config/config.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made
