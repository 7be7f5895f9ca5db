"""The small review of the fixtures, read, and rendered once for all tests that look at the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.jobs import canonical_json
from coppice.report.build import build_report
from coppice.report.read import read_review

from . import fixtures

NOTEBOOK = Path(__file__).parents[3] / "workflow" / "notebooks" / "report.py"


@pytest.fixture
def review(tmp_path):
    """Return the small review."""
    return read_review(canonical_json.read(fixtures.write(tmp_path)), tmp_path / "results")


@pytest.fixture
def analysis(review):
    """Return its only analysis."""
    return review.analyses[0]


@pytest.fixture
def changed(tmp_path):
    """Return a function that reads the small review with another pooled result or specification."""

    def read(*, spec=None, pool=None, **parts):
        result = (pool or fixtures.pooled()) | parts
        return read_review(canonical_json.read(fixtures.write(tmp_path, spec, result)), tmp_path / "results")

    return read


def build(folder, spec=None, pool=None):
    """Build the report of the small review below `folder`."""
    file = fixtures.write(folder, spec, pool)
    report = folder / "results" / "report"
    build_report(
        file, notebook=NOTEBOOK, results=folder / "results", html=report / "report.html", ipynb=report / "report.ipynb"
    )
    return report


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the folder of the small review's report."""
    return build(tmp_path_factory.mktemp("review"))
