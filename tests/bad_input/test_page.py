"""The examples of bad input: many, named, each refused with one clear line. tests/unit/docs holds the page up to date."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.bad_input.examples import GROUPS
from tests.bad_input.examples.case import Case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bad_input.md"
FEWEST = 300
LINE = re.compile(r"[^\s:][^:]*(:\d+)?: \S.+")  # a file, with the line where there is one, and what is wrong there
EXAMPLES = [
    cells[1:]
    for line in PAGE.read_text("utf-8").splitlines()
    if (cells := re.split(r"(?<!\\)\|", line)) and len(cells) == 5 and not line.startswith(("|---", "| what is wrong"))
]


def messages() -> list[tuple[str, str]]:
    return [(name.strip(), message.strip().strip("`").strip()) for name, _, message, _ in EXAMPLES]


def test_there_are_many_examples_and_each_has_its_own_name() -> None:
    assert len(EXAMPLES) >= FEWEST
    names = Counter((title, case.name) for title, make in GROUPS.items() for case in make())
    assert len(EXAMPLES) == sum(names.values())
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_examples(group: str) -> None:
    assert f"## {group}\n" in PAGE.read_text("utf-8")


def test_every_example_is_refused_in_a_line_that_names_the_file() -> None:
    assert [name for name, message in messages() if not LINE.fullmatch(message)] == []


def test_no_message_speaks_of_the_program() -> None:
    words = re.compile(r"Traceback|Error\b|Exception|NoneType|<class|object at 0x|unexpected keyword|\bline \d+, in\b")
    assert [item for item in messages() if words.search(item[1])] == []


def test_a_misspelt_name_gets_the_nearest_one() -> None:
    misspelt = [(name, message) for name, message in messages() if "misspelt" in name]
    assert len(misspelt) > len(GROUPS)
    assert [name for name, message in misspelt if "did you mean" not in message] == []


def test_what_is_allowed_is_said_of_every_value_that_is_not() -> None:
    refused = [message for _, message in messages() if "is not allowed" in message or "is not known;" in message]
    assert all(re.search(r"; write |allowed: |some numbers of the table", message) for message in refused)
    assert len(refused) > FEWEST / 2


def test_a_sound_review_is_not_refused() -> None:
    from tests.bad_input.examples.case import CONFIGURATION, RECORD, review, yaml_of

    assert Case("sound", "", review(yaml_of(CONFIGURATION), yaml_of(RECORD))).messages() == []
