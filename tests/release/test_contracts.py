"""A release keeps the contracts of those before it: fields are added, and neither removed nor given another type."""

from __future__ import annotations

import copy

import pytest

import coppice

from .contract import HERE, READ, broken, contracts, facts_of, read, text_of

MAJOR = coppice.__version__.split(".")[0]
RELEASES = sorted(folder.name for folder in HERE.glob("*.*") if folder.is_dir() and folder.name.startswith(f"{MAJOR}."))
NOW = contracts()


def facts(schema):
    collected = {}
    facts_of(schema, "", collected)
    return collected


def test_the_contracts_of_this_major_version_are_on_record():
    assert f"{MAJOR}.0" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_nothing_that_a_release_promised_is_gone_or_of_another_type(release):
    recorded = {file.stem: read(file) for file in (HERE / release).glob("*.tsv")}
    assert recorded.keys() <= NOW.keys()
    assert [line for name, old in recorded.items() for line in broken(name, old, NOW[name])] == []


def test_a_contract_is_read_as_it_was_written(tmp_path):
    for name, contract in NOW.items():
        (tmp_path / name).write_text(text_of(contract), "utf-8")
        assert text_of(read(tmp_path / name)) == text_of(contract)


BEFORE = {
    "type": "object",
    "properties": {"k": {"type": "integer"}, "level": {"type": "number", "minimum": 0}, "method": {"enum": ["a", "b"]}},
    "required": ["k"],
}
CHANGES = {
    "a field is gone": (("properties", "level"), None, {"pool", "config"}),
    "a field has another type": (("properties", "k"), {"type": "string"}, {"pool", "config"}),
    "a field takes one type more": (("properties", "level"), {"type": ["number", "null"], "minimum": 0}, {"pool"}),
    "a value is gone": (("properties", "method"), {"enum": ["a"]}, {"config"}),
    "a value is added": (("properties", "method"), {"enum": ["a", "b", "c"]}, set()),
    "a limit is narrower": (("properties", "level"), {"type": "number", "minimum": 1}, {"config"}),
    "a limit is wider": (("properties", "level"), {"type": "number"}, set()),
    "another field must be there": (("required",), ["k", "level"], {"config"}),
    "a field need not be there": (("required",), [], {"pool"}),
    "a field is added": (("properties", "note"), {"type": "string"}, set()),
    "a word is other": (("properties", "k"), {"type": "integer", "description": "Number"}, set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_removed_and_retyped_fields_break_a_contract_and_additions_do_not(change):
    (*folders, last), value, expected = CHANGES[change]
    schema = copy.deepcopy(BEFORE)
    part = schema
    for key in folders:
        part = part[key]
    if value is None:
        del part[last]
    else:
        part[last] = value
    found = {name for name in ("pool", "config") if list(broken(name, facts(BEFORE), facts(schema)))}
    assert found == expected


def test_a_parameter_that_is_gone_or_newly_needed_breaks_a_contract():
    old = {"pool": {"parameter": {"yi (needed)", "vi"}}}
    assert list(broken("python", old, {"pool": {"parameter": {"yi (needed)"}}}))
    assert list(broken("python", old, {"pool": {"parameter": {"yi (needed)", "vi", "n (needed)"}}}))
    assert not list(broken("python", old, {"pool": {"parameter": {"yi (needed)", "vi", "n"}}}))


def test_the_schemas_of_what_people_write_are_on_record():
    assert set(READ) < NOW.keys()
