"""Result files: the same bytes for the same numbers, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice import jsonio


def test_numbers_have_twelve_significant_digits_and_no_negative_zero() -> None:
    assert jsonio.rounded({"a": 0.1234567890123456, "b": -0.0, "c": [1, True, None]}) == {
        "a": 0.123456789012,
        "b": 0.0,
        "c": [1, True, None],
    }
    assert str(jsonio.rounded(-0.0)) == "0.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="has no place in a result file"):
        jsonio.dumps({"a": value})


def test_keys_are_sorted_and_text_is_kept() -> None:
    assert jsonio.dumps({"b": "ü", "a": 1}) == '{\n "a": 1,\n "b": "ü"\n}\n'


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "result.json"
    jsonio.write(file, {"a": 1})
    with pytest.raises(ValueError, match="nan"):
        jsonio.write(file, {"a": float("nan")})
    assert jsonio.read(file) == {"a": 1}
    assert [item.name for item in file.parent.iterdir()] == ["result.json"]
