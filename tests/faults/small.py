"""A review that is small enough to be run a hundred times: four made-up studies, two analyses, one figure each."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.workflow.conftest import Review, checkout

CONFIGURATION = """\
review: {title: Made up}
studies: config/studies
model: {tau2: REML}
extract: {}
explore: {}
analyses:
  os: {title: Overall survival, measure: HR, model: {inference: HKSJ}}
  response: {title: Response, measure: RR, model: {tau2: DL}}
figures:
  funnel: false
  REVIEW
style: {}
report: {formats: [csv, R, provenance]}
"""
REVIEW_FIGURES = ("summary", "routes_map")  # drawn of every review unless they are switched off
RECORD = """\
study: T{number}
label: Trial {number}
year: {year}
design: randomised
population: T{number}
characteristics: {{setting: {setting}}}
arms: {{experimental: {{name: New, n: 100}}, control: {{name: Old, n: 100}}}}
reports: {{r{number}: {{citation: A trial that was made up}}}}
outcomes:
  os:
    definition: Death
    reported:
      - {{statistic: hazard_ratio, estimate: {estimate}, ci: [{low}, {high}], source: {{report: r{number}, at: Table 2}}}}
  response:
    definition: Response
    reported:
      - {{statistic: counts, events_e: {events_e}, n_e: 100, events_c: {events_c}, n_c: 100, source: {{report: r{number}, at: Table 3}}}}
risk_of_bias: null
"""
STUDIES = (
    {"year": 2001, "setting": "first", "estimate": 0.71, "low": 0.52, "high": 0.97, "events_e": 41, "events_c": 30},
    {"year": 2005, "setting": "first", "estimate": 0.83, "low": 0.58, "high": 1.19, "events_e": 35, "events_c": 33},
    {"year": 2011, "setting": "later", "estimate": 0.62, "low": 0.40, "high": 0.96, "events_e": 52, "events_c": 31},
    {"year": 2018, "setting": "later", "estimate": 1.05, "low": 0.77, "high": 1.43, "events_e": 28, "events_c": 29},
)


def write(folder: Path) -> None:
    """Write the review's configuration and records into a folder."""
    (folder / "config/studies").mkdir(parents=True)
    off = "\n  ".join(f"{name}: false" for name in REVIEW_FIGURES)
    (folder / "config/config.yaml").write_text(CONFIGURATION.replace("REVIEW", off), "utf-8")
    for number, study in enumerate(STUDIES, 1):
        (folder / f"config/studies/T{number}.yaml").write_text(RECORD.format(number=number, **study), "utf-8")


def anew(review: Review, folder: Path) -> Review:
    """Return a copy of a review that has never been run."""
    shutil.copytree(review.folder, folder, ignore=shutil.ignore_patterns("results", "logs", ".snakemake"))
    return Review(folder)


def small(folder: Path) -> Review:
    """Return a fresh checkout with the small review in place of the shipped one."""
    review = checkout(folder)
    shutil.rmtree(review.path("config"))
    write(folder)
    return review
