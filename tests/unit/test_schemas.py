"""The JSON schemas are generated, up to date, and accept what the checks accept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coppice.review.strict_yaml import load
from coppice.tools.schema.command import schemas, text
from coppice.tools.schema.key_tables import TABLES, table, with_tables

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "workflow/schemas"
RECORDS = sorted((ROOT / "config/studies").glob("*.yaml"))


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_what_the_registries_say(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == text(schemas()[name]), "run `make docs`"


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_a_valid_schema_with_a_description_for_each_key(name: str) -> None:
    schema = json.loads((FOLDER / name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)

    def described(part: Any) -> None:
        if isinstance(part, dict):
            for key, value in part.get("properties", {}).items():
                assert value.get("description"), key
            for value in part.values():
                described(value)
        elif isinstance(part, list):
            for value in part:
                described(value)

    described(schema)


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_a_shipped_record_is_valid_by_the_schema_too(file: Path) -> None:
    jsonschema.validate(load(file).data, schemas()["study.schema.json"])


def test_the_shipped_configuration_is_valid_by_the_schema_too() -> None:
    jsonschema.validate(load(ROOT / "config/config.yaml").data, schemas()["config.schema.json"])


def test_the_tables_of_keys_in_the_readme_are_what_the_declarations_say() -> None:
    readme = (ROOT / "config/README.md").read_text("utf-8")
    assert with_tables(readme) == readme, "run `make docs`"
    assert all(table(name) in readme for name in TABLES)
