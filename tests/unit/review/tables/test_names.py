"""Ids of studies and outcomes that are named in any script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.review.tables.test_table import load, problems

from coppice.review.record import ID
from coppice.review.tables.names import identifier, identifiers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Smith et al. 2001", "Smith-et-al-2001"),
        ("Müller 2001", "Muller-2001"),
        ("Łoś 2001", "Los-2001"),
        ("Øvretveit & Ærø", "Ovretveit-AEro"),
        ("Đorđević (ß)", "Dordevic-ss"),
        ("O’Brien – 1999", "OBrien-1999"),
        ("Ｓｍｉｔｈ　２００１", "Smith-2001"),
    ],
)
def test_a_latin_name_keeps_its_letters_without_accents(name: str, expected: str) -> None:
    assert identifier(name) == expected


@pytest.mark.parametrize(
    "name", ["Иванов 2001", "王", "李明 2001", "Παπαδόπουλος", "محمد 2010", "김철수", "हिन्दी", "Smith α"]
)
def test_a_name_without_latin_letters_has_a_valid_id_that_depends_on_it_alone(name: str) -> None:
    assert re.fullmatch(str(ID.pattern), identifier(name))
    assert identifiers(["A", name])[name] == identifiers([name, "B"])[name] == identifier(name)


def test_names_of_one_year_in_another_script_have_ids_of_their_own() -> None:
    names = ["李明 2001", "王伟 2001", "Łoś 2001", "Oś 2001", "Los 2001", "Müller 2001", "Muller 2001", "MÜLLER 2001b"]
    assert len({id_.casefold() for id_ in identifiers(names).values()}) == len(names)


def test_names_that_differ_in_punctuation_alone_share_an_id_in_any_script() -> None:
    ids = identifiers(["李明 2001", "李明, 2001", "Łoś 2001", "Łoś-2001"])
    assert len(set(ids.values())) == 2


def test_studies_and_outcomes_in_other_scripts_are_pooled_under_their_own_names(tmp_path: Path) -> None:
    text = "study,outcome,yi,vi\nИванов 2001,Смерть,0.1,0.02\n王,Смерть,0.2,0.03\nŁoś 2001,Инфекция,0.3,0.04\n"
    review = load(tmp_path, text, analyses={"death": {"measure": "GEN", "outcome": "Смерть"}})
    members = review.review.analyses["death"].members
    assert {study.label for study in members} == {"Иванов 2001", "王"}


def test_a_name_without_a_letter_is_refused_with_the_name(tmp_path: Path) -> None:
    assert problems(tmp_path, "study,yi,vi\n---,0.1,0.02\n", "GEN") == [
        ":2: study: '---' has no letter and no digit; write the study's name"
    ]


def test_a_study_that_is_called_by_its_name_where_its_id_is_meant_is_told_the_id(tmp_path: Path) -> None:
    analyses = {"x": {"measure": "GEN", "exclude": {"Łoś 2001": "another drug"}}}
    (message,) = problems(tmp_path, "study,yi,vi\nŁoś 2001,0.1,0.02\nB,0.2,0.03\n", analyses=analyses)
    assert message.endswith("no study 'Łoś 2001'; the id of Łoś 2001 is 'Los-2001'")
