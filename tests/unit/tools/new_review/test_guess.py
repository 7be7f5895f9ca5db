"""A table of any common shape gives the configuration that a reader of it would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.tools.new_review.guess import guess

from .shapes import SHAPES


@pytest.mark.parametrize("name", SHAPES)
def test_columns_rows_and_measure_are_those_that_a_reader_would_take(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    file = tmp_path / "table.csv"
    file.write_text(shape.text, "utf-8")
    config = guess(file, "config/table.csv").config
    (analysis,) = config["analyses"].values()
    columns = dict(config["columns"])
    assert (columns.pop("only"), columns.pop("study"), columns.pop("year", None) in (None, "year")) == (
        True,
        shape.study,
        True,
    )
    assert (columns, analysis["measure"]) == (shape.columns, shape.measure)
    assert {key: config[key] for key in ("where", "arms", "header", "sheet") if key in config} == shape.others


def test_arms_without_events_are_named_with_the_keys_that_keep_their_studies(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("study,e_e,n_e,e_c,n_c\nAsh,0,50,3,52\nElm,4,40,6,41\nFir,0,30,0,31\n", "utf-8")
    (note,) = guess(file, "config/table.csv").notes
    assert note.startswith("2 rows have an arm without any event") and "profile: metafor" in note
