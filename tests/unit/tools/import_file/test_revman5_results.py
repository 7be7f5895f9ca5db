"""What RevMan 5 stores of its outcomes is reproduced by what is imported from its file."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.tools.import_file import revman_files

from coppice.core.stored_result import compare
from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import Plan
from coppice.pool.analysis import pool_analysis
from coppice.review import review
from coppice.tools.import_file.formats import revman5
from coppice.tools.import_file.write import write

REFERENCE = json.loads((Path(__file__).parents[3] / "reference" / "revman5.json").read_text("utf-8"))
OUTCOMES: list[dict[str, Any]] = REFERENCE["outcomes"]
STUDIES = list(dict.fromkeys(row["study"] for item in OUTCOMES for row in item["rows"]))


def pooled(folder: Path) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return the stored and the pooled result of each analysis of an imported review."""
    with contextlib.chdir(folder):
        plan = Plan(review.load([Path("config/config.yaml")], {}))
        results = {}
        for name, analysis in plan.review.analyses.items():
            extracts = [
                extract_outcome(plan.content("extract", study=study, outcome=outcome))
                for study, outcome in plan.reads("pool", analysis=name)
            ]
            results[name] = (
                analysis.settings.get("stored"),
                pool_analysis(plan.content("pool", analysis=name), extracts),
            )
    return results


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("revman")
    text = "".join(revman_files.outcome(item, number) for number, item in enumerate(OUTCOMES, start=1))
    imported = revman5.read(revman_files.review(text, STUDIES).encode(), "review.rm5")
    assert imported.left_out == []
    write(imported, folder)
    return pooled(folder)


@pytest.mark.parametrize("number", range(1, len(OUTCOMES) + 1))
def test_the_results_that_revman_stores_are_reproduced(results: Any, number: int) -> None:
    item = OUTCOMES[number - 1]
    stored, pool = results[f"a1_{number}"]
    comparison = compare(stored, pool)
    assert comparison.agrees, (
        f"{item['kind']} {item['measure']} {item['method']} {item['random']}: {comparison.sentence}"
    )
    assert "this run gives the same" in comparison.sentence
    assert set(stored.get("subgroups", {})) == set(item.get("subgroups", {}))
