"""The results of the shipped review are what the schemas of the result files say."""

from __future__ import annotations

import json

import jsonschema
import pytest

from coppice.tools.schema.command import SCHEMAS, schemas

from .conftest import Review


@pytest.mark.parametrize("verb", ["extract", "pool", "explore"])
def test_every_result_file_is_valid_and_has_no_unknown_key(finished: Review, verb: str) -> None:
    files = sorted(finished.path(f"results/{verb}").rglob("*.json"))
    assert len(files) > 1
    for file in files:
        result = json.loads(file.read_text("utf-8"))
        assert list(SCHEMAS[verb][1].findings(result, (file.name,))) == []
        jsonschema.validate(result, schemas()[f"{verb}.schema.json"])
