"""The YAML reader: what it takes for what, and what it refuses."""

import pytest

from coppice.core.errors import BadInput
from coppice.core.limits import YAML_DEPTH
from coppice.review.strict_yaml import loads


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20120215", 20120215),
        ("2021-03-02", "2021-03-02"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("", None),
        ("0.70", 0.70),
        ("1e-3", 0.001),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("'12'", "12"),
        ('"no"', "no"),
        ("0o17", "0o17"),
        ("007", 7),
    ],
)
def test_plain_scalars_are_what_they_look_like(text: str, value: object) -> None:
    assert loads(f"key: {text}", "f").data == {"key": value}


def test_ids_stay_text_as_keys() -> None:
    assert loads("20120215: reason\nno: other", "f").data == {"20120215": "reason", "no": "other"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2", "f:2: a: the key is there twice, first in line 1"),
        ("a: &x 1\nb: *x", "anchors and aliases"),
        ("a: !!python/object:os.system x", "the tag"),
        ("a: {<<: {b: 1}}", "merge keys"),
        ("? [a, b]\n: 1", "a key must be plain text"),
        ("a: 1\n---\nb: 2", "a second document"),
        ("a: [1, 2", "not valid YAML"),
        ("a:\n\t- 1", "not valid YAML"),
        ("a: \x00", "not valid YAML"),
        ("[" * (YAML_DEPTH + 5) + "]" * (YAML_DEPTH + 5), f"nested deeper than {YAML_DEPTH} levels"),
    ],
)
def test_what_surprises_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        loads(text, "f")
    assert words in str(caught.value)
    assert all(line.startswith("f:") for line in str(caught.value).splitlines())


def test_every_part_knows_its_line() -> None:
    document = loads("a: 1\nb:\n  - c: 2\n  - d: 3\n", "f")
    assert document.line(("b", 1, "d")) == 4
    assert document.line(("b", 1, "not there")) == 4
