"""The research object is whole, the same every time, and conforms to the profiles that it names."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rocrate_validator import models, services
from rocrate_validator.utils import document_loader
from rocrate_validator.utils.http import HttpRequester
from tests.unit.report import fixtures

from coppice.jobs import canonical_json
from coppice.report.data.crate import crate
from coppice.report.data.crate_graph import METADATA, published
from coppice.report.read import read_review

# the terms that the metadata use, as the published contexts define them: a test asks no other host
CONTEXTS = json.loads(Path(__file__).parents[1].joinpath("crate_contexts.json").read_text("utf-8"))


class Answer:
    """What a server would answer that has the contexts."""

    status_code = 200

    def __init__(self, url: str) -> None:
        self.headers = {"Content-Type": "application/ld+json"}
        self.text = json.dumps(CONTEXTS[url])

    def json(self) -> Any:
        return json.loads(self.text)


@pytest.fixture
def spec(tmp_path: Path) -> dict[str, Any]:
    """Return the specification of the small review's research object."""
    files = {
        "config/config.yaml": "review: {}",
        **{f"config/studies/{study}.yaml": study for study in fixtures.HAZARD_RATIOS},
        "workflow/Snakefile": "rule all:",
        "requirements.lock": "numpy==2.4.0",
    }
    for name, text in files.items():
        canonical_json.write_text(tmp_path / "review" / name, text)
    return fixtures.specification() | {
        "code": "0" * 64,
        "versions": {"numpy": "2.4.0", "snakemake": "9.27.1"},
        "packed": [{"name": name, "file": str(tmp_path / "review" / name), "sha256": ""} for name in files],
        "records": {study: f"config/studies/{study}.yaml" for study in fixtures.HAZARD_RATIOS},
        "configuration": ["config/config.yaml"],
        "formats": {"provenance": ["provenance.json"]},
    }


def made(tmp_path: Path, spec: dict[str, Any]) -> bytes:
    file = fixtures.write(tmp_path, spec)
    for name in ("report.html", "provenance.json"):
        canonical_json.write_text(tmp_path / "results/report" / name, "{}")
    return crate(read_review(canonical_json.read(file), tmp_path / "results"), tmp_path / "results")


def entities(archive: bytes) -> dict[str, dict[str, Any]]:
    said = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read(METADATA))
    return {entity["@id"]: entity for entity in said["@graph"]}


def test_the_same_inputs_give_the_same_bytes(tmp_path, spec):
    assert made(tmp_path, spec) == made(tmp_path, spec)


def test_every_file_is_described_with_its_size_and_hash(tmp_path, spec):
    archive = made(tmp_path, spec)
    graph = entities(archive)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        names = set(files.namelist()) - {METADATA}
        for name in names:
            content = files.read(name)
            assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
            assert graph[name]["contentSize"] == str(len(content))
    assert {part["@id"] for part in graph["./"]["hasPart"]} == names
    assert {"config/studies/TOWER.yaml", "results/pool/os.json", "results/report/provenance.json"} <= names


def test_a_provenance_that_is_not_asked_for_is_no_part_as_it_may_be_older(tmp_path, spec):
    assert "results/report/provenance.json" not in entities(made(tmp_path, spec | {"formats": {}}))


def test_a_pooled_estimate_leads_back_to_the_records(tmp_path, spec):
    graph = entities(made(tmp_path, spec))
    pooling = graph["#run-pool-os"]
    assert pooling["result"] == {"@id": "results/pool/os.json"}
    assert {"@id": "results/extract/TOWER/os.json"} in pooling["object"]
    assert graph["#run-extract-TOWER-os"]["object"] == {"@id": "config/studies/TOWER.yaml"}


def test_the_date_is_one_that_the_inputs_name_and_never_that_of_the_run(tmp_path, spec):
    def date(**about: str) -> tuple[str, str]:
        return published(read_review(canonical_json.read(fixtures.write(tmp_path, spec | {"review": spec["review"] | about})), tmp_path / "results"))  # fmt: skip

    assert date(published="2026-03-02", searched="2026-01-05") == ("2026-03-02", "its configuration")
    assert date(searched="2026-01-05") == ("2026-01-05", "its last search")
    assert date() == ("2024", "its newest study")


def test_it_conforms_to_the_profile_of_runs_with_every_step(tmp_path, spec, monkeypatch):
    monkeypatch.setattr(document_loader, "_fetch_json_ld", lambda url: CONTEXTS[url])
    monkeypatch.setattr(HttpRequester, "get", lambda self, url, **options: Answer(url), raising=False)
    spec["review"] |= {"published": "2026-03-02", "licence": "CC-BY-4.0"}
    canonical_json.write_bytes(tmp_path / "crate.zip", made(tmp_path, spec))
    settings = services.ValidationSettings(
        rocrate_uri=str(tmp_path / "crate.zip"),
        profile_identifier="provenance-run-crate",
        requirement_severity=models.Severity.REQUIRED,
    )
    found = services.validate(settings)
    assert [issue.message for issue in found.get_issues()] == []
    assert found.passed()
