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
