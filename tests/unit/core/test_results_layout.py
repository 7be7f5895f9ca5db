"""Where results lie is written down once."""

from __future__ import annotations

import pytest

from coppice.core import results_layout


@pytest.mark.parametrize(
    ("verb", "unit", "files"),
    [
        ("extract", "E1910/os", ["extract/E1910/os.json"]),
        ("pool", "os", ["pool/os.json", "pool/os.csv"]),
        ("explore", "os", ["explore/os.json"]),
        ("draw", "os", [f"draw/os/{name}.{form}" for name in ("forest", "radial") for form in ("svg", "pdf", "png")]),
        ("report", "report.html", ["report/report.html"]),
    ],
)
def test_the_files_of_a_unit_follow_from_its_name_and_say_which_verb_wrote_them(
    verb: str, unit: str, files: list[str]
) -> None:
    assert results_layout.files(verb, unit, ["forest", "radial"]) == files
    assert {results_layout.verb_of(file) for file in files} == {verb}
    assert {file[file.rindex(".") :] for file in files} == (
        results_layout.suffixes(verb) if verb != "report" else {".html"}
    )


def test_units_of_one_outcome_are_in_one_batch_whose_index_is_no_file_of_a_unit() -> None:
    batches = {results_layout.batch_of(unit) for unit in ("A/os", "B/os", "os")}
    assert len(batches) == 1 and batches <= set(results_layout.BATCHES)
    assert results_layout.index("pool", *batches).startswith("pool/_")
