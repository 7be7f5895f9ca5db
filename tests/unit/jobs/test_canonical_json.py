"""Result files: the same bytes for the same numbers, whole or not at all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import coppice
from coppice.core.errors import FileAccessError
from coppice.jobs import canonical_json

WRITING = {"write_text", "write_bytes", "savefig", "to_csv", "to_excel", "to_json", "tofile", "dump"}
NOT_RESULTS = {
    "api/analysis.py": "as a text",
    "jobs/canonical_json.py": "writes under a temporary name",
    "jobs/edited_results.py": "a note of what a result was, passed over where it is half-written",
    "draw/canvas/save.py": "into memory",
    "jobs/spec_file.py": "under a temporary name too, one that no other process takes",
    "tools/import_file/delimited.py": "into a temporary folder",
    "tools/import_file/write.py": "into a copy in which the review is checked",
    "jobs/kept_results.py": "copies of results, under a temporary name that no other process takes",
}


def test_numbers_have_twelve_significant_digits_and_no_negative_zero() -> None:
    assert canonical_json.rounded({"a": 0.1234567890123456, "b": -0.0, "c": [1, True, None]}) == {
        "a": 0.123456789012,
        "b": 0.0,
        "c": [1, True, None],
    }
    assert str(canonical_json.rounded(-0.0)) == "0.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="has no place in a result file"):
        canonical_json.dumps({"a": value})


def test_keys_are_sorted_and_text_is_kept() -> None:
    assert canonical_json.dumps({"b": "ü", "a": 1}) == '{\n "a": 1,\n "b": "ü"\n}\n'


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "result.json"
    canonical_json.write(file, {"a": 1})
    with pytest.raises(ValueError, match="nan"):
        canonical_json.write(file, {"a": float("nan")})
    assert canonical_json.read(file) == {"a": 1}
    assert [item.name for item in file.parent.iterdir()] == ["result.json"]


def test_every_result_is_written_under_a_temporary_name() -> None:
    root = Path(coppice.__file__).parent
    found = [
        f"{file.relative_to(root).as_posix()}:{node.lineno}"
        for file in root.rglob("*.py")
        if file.relative_to(root).as_posix() not in NOT_RESULTS
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITING
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "canonical_json")
    ]
    assert found == []


def test_what_can_not_be_written_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(FileAccessError, match=r"^.*result\.json: can't be written: Is a directory$"):
        canonical_json.write(tmp_path / "result.json", {"a": 1})
    assert [item.name for item in tmp_path.iterdir()] == ["result.json"]


def test_a_result_that_is_gone_or_damaged_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match=r"^.*gone\.json: can't be read: No such file or directory$"):
        canonical_json.read(tmp_path / "gone.json")
    (tmp_path / "half.json").write_text('{"a": 1', "utf-8")
    with pytest.raises(FileAccessError, match=r"^.*half\.json: is corrupted; delete it and run again: "):
        canonical_json.read(tmp_path / "half.json")
