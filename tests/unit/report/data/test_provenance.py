"""The provenance leads from every estimate back to figures and their places, and knows the results by their content."""

from __future__ import annotations

import hashlib
import json

import pytest
from tests.unit.report import fixtures

from coppice.jobs import canonical_json
from coppice.report.data.provenance import provenance
from coppice.report.read import read_review


@pytest.fixture
def recorded(tmp_path):
    """Return the provenance of the small review."""
    return provenance(
        read_review(canonical_json.read(fixtures.write(tmp_path)), tmp_path / "results"), tmp_path / "results"
    )


def test_each_effect_names_its_figure_its_place_and_its_route(recorded):
    (first, *_) = recorded["analyses"]["os"]["effects"]
    assert first["reported"] == {"estimate": 0.44, "ci": [0.25, 0.76]}
    assert first["source"]["at"] == "abstract Results"
    assert first["route"] == "hazard_ratio_ci"


def test_every_result_is_there_with_its_hash(recorded):
    assert set(recorded["results"]) == {
        "pool/os.json",
        "explore/os.json",
        "draw/os/forest.svg",
        *(f"extract/{study}/os.json" for study in fixtures.HAZARD_RATIOS),
    }
    assert all(len(digest) == 64 for digest in recorded["results"].values())


def test_the_formats_and_figures_of_the_configuration_are_among_the_results(tmp_path):
    wanted = {"formats": {"R": ["analysis.R"]}, "figure_formats": ["svg", "pdf"]}
    spec = canonical_json.read(fixtures.write(tmp_path, fixtures.specification() | wanted))
    for name in (
        "draw/os/forest.pdf",
        "draw/os/funnel.svg",
        "pool/os.csv",
        "report/analysis.R",
        "report/report.html",
        "report/tables.xlsx",
    ):
        canonical_json.write_text(tmp_path / "results" / name, "x")
    names = set(provenance(read_review(spec, tmp_path / "results"), tmp_path / "results")["results"])
    assert {"draw/os/forest.pdf", "pool/os.csv", "report/analysis.R", "report/report.html"} <= names
    assert not {"draw/os/funnel.svg", "report/tables.xlsx"} & names


def test_each_result_stands_with_the_hash_of_its_bytes(recorded, tmp_path):
    for name, digest in recorded["results"].items():
        assert digest == hashlib.sha256((tmp_path / "results" / name).read_bytes()).hexdigest()


def test_nothing_of_the_machine_is_in_it(recorded, tmp_path):
    assert str(tmp_path) not in json.dumps(recorded)
