"""Reviews of so many records, the same for the same number: what reading and planning take is timed on them."""

from __future__ import annotations

import random
from pathlib import Path

SEED = 1
HAZARD_RATIOS = (0.5, 1.2)
LIMITS = (0.7, 1.42)  # of the confidence interval, as multiples of the estimate
CONFIG = """review: {title: Records}
studies: config/studies
analyses:
  all: {title: All, outcome: os, measure: HR}
"""
RECORD = """study: S{number:04}
label: Study {number} 2020
year: 2020
design: randomised
population: P{number}
arms:
  experimental: {{name: Drug, n: {treated}}}
  control: {{name: Placebo, n: {control}}}
reports:
  r1: {{citation: "Author {number}. Journal 2020;1:1-2", doi: 10.1000/x{number}}}
outcomes:
  os:
    definition: Death from any cause
    reported:
      - {{statistic: hazard_ratio, estimate: {ratio:.2f}, ci: [{low:.2f}, {high:.2f}], source: {{report: r1, at: Table 2, quality: primary}}}}
      - {{statistic: counts, events_e: {events}, n_e: {treated}, events_c: {events_of_control}, n_c: {control}, source: {{report: r1, at: Table 2, quality: primary}}}}
"""


def write(folder: Path, records: int) -> None:
    """Write a review of one analysis and so many records, each of two figures, into a folder."""
    source = random.Random(SEED)
    studies = folder / "config" / "studies"
    studies.mkdir(parents=True)
    (folder / "config" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for number in range(records):
        ratio = source.uniform(*HAZARD_RATIOS)
        text = RECORD.format(
            number=number,
            treated=source.randint(100, 150),
            control=source.randint(100, 150),
            events=source.randint(20, 40),
            events_of_control=source.randint(20, 40),
            ratio=ratio,
            low=ratio * LIMITS[0],
            high=ratio * LIMITS[1],
        )
        (studies / f"S{number:04}.yaml").write_text(text, encoding="utf-8")
