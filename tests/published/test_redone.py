"""Published analyses give the numbers that were printed, and docs/published.md says so."""

import re

import pytest
from docs import published
from tests.published.redo import FOLDERS, SLOW, redone

PAGE = published.PAGE.read_text("utf-8")
EACH = [pytest.param(name, marks=pytest.mark.whole) if name in SLOW else name for name in FOLDERS]
COUNTS = re.compile(r"\| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


@pytest.mark.parametrize("name", EACH)
def test_every_number_agrees_to_its_last_digit_or_has_a_reason_why_not(name):
    wrong = [number for number in redone(name).numbers if number.agrees == bool(number.why)]
    assert wrong == []


@pytest.mark.parametrize("name", EACH)
def test_the_page_says_what_the_test_computes(name):
    data = redone(name)
    assert published.row(data) in PAGE.splitlines()
    assert published.section(data) in PAGE


def test_there_are_at_least_sixty_data_sets_and_the_page_has_them_in_order():
    assert len(FOLDERS) >= 60
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == FOLDERS


def test_the_counts_at_the_head_of_the_page_are_those_of_its_rows():
    numbers, agree, differ = (sum(map(int, column)) for column in zip(*COUNTS.findall(PAGE), strict=True))
    assert f"{numbers} numbers: {agree} agree to the last printed digit, {differ} do not" in PAGE
    assert PAGE.count("<details>") == int(re.search(r"(\d+) analyses", PAGE)[1])


@pytest.mark.whole
def test_the_page_is_what_the_generator_writes():
    assert published.page([redone(name) for name in FOLDERS]) == PAGE
