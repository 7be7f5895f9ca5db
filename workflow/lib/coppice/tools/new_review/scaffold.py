"""The files of a review besides its figures: the Snakefile, what git leaves out, and what runs it on GitHub."""

from __future__ import annotations

import coppice
from coppice.core import installed

REPOSITORY = "OWNER/coppice"  # as docs/running.md calls it
VERSION = f"v{coppice.__version__}"
SNAKEFILE = """# `snakemake --cores all` makes results/report/report.html. {explanation}{import_}
configfile: "config/config.yaml"

module coppice:
    snakefile: {snakefile}
    config: config

use rule * from coppice
"""
GITIGNORE = """\
.snakemake/
/logs/
/results/
"""
CI = """\
# Makes the report at every push, pull request and week; OWNER is the owner of the repository of Coppice.
name: review
on:
  push: {{branches: [main]}}
  pull_request:
  schedule: [{{cron: "17 4 * * 1"}}]
jobs:
  review:
    permissions: {{contents: read, actions: read, pages: write, id-token: write}}
    uses: {repository}/.github/workflows/review.yml@{version}
    with: {{publish: false}}
"""
CONFIG = """\
# Everything that a reviewer decides is here and in config/studies/. config/README.md of Coppice has every key, and recipes.
review:
  # Printed on the report's first page.
  title: A review of my own
  question: {population: null, intervention: null, comparator: null, outcomes: null}
# The folder with one record per study; `python -m coppice new-study NAME` writes another one.
studies: config/studies
# One entry per analysis, by the outcome that it pools, as the records call it; its measure such as HR, RR, OR, RD, MD, SMD.
analyses:
  death: {measure: RR}
"""
OUTCOME = "death"  # of the analysis and the record
EXAMPLE = """\
# An example, to be replaced: one study, every figure as it was printed. `python -m coppice new-study NAME` has each key explained.
study: EXAMPLE
label: Example (2024)
year: 2024
design: randomised
population: EXAMPLE
arms:
  experimental: {name: Treatment, n: 100}
  control: {name: Usual care, n: 100}
reports:
  journal2024: {citation: "An invented example, to be replaced"}
outcomes:
  death:
    definition: Death from any cause within a year
    reported:
      - statistic: counts
        events_e: 10
        n_e: 100
        events_c: 20
        n_c: 100
        source: {report: journal2024, at: Table 2, read_in: null, quality: primary}
"""


def snakefile() -> str:
    """Return the Snakefile of a review: with the workflow of this checkout, or of the package that is installed where it runs."""
    if installed.is_installed():
        explanation = "The workflow is that of the Coppice that is installed."
        return SNAKEFILE.format(
            explanation=explanation, import_="\nfrom coppice import SNAKEFILE\n", snakefile="SNAKEFILE"
        )
    where = f'"{installed.snakefile().as_posix()}"'
    return SNAKEFILE.format(explanation="The path below is that of your Coppice.", import_="", snakefile=where)


def files() -> dict[str, str]:
    """Return the texts of the files that every new review has, by their names."""
    ci = CI.format(repository=REPOSITORY, version=VERSION)
    return {"Snakefile": snakefile(), ".gitignore": GITIGNORE, ".github/workflows/review.yml": ci}


def example() -> dict[str, str]:
    """Return the texts of a configuration and a record that run as they are."""
    return {"config/config.yaml": CONFIG, "config/studies/EXAMPLE.yaml": EXAMPLE}
