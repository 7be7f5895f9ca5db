"""Writing what was imported: sound reviews only, the same bytes the second time, and nothing that people edited is lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coppice.review.strict_yaml import load
from coppice.tools.import_file.imported import Imported, NotImported, StoredResult
from coppice.tools.import_file.write import write


def imported(events: int = 5, *, studies: int = 3, more: Mapping[str, Any] | None = None, **fields: Any) -> Imported:
    """Return an import of a few studies with counts; `more` is added to each record."""
    records = {
        f"S{number}": {
            "study": f"S{number}",
            "label": f"Study {number}",
            "design": "randomised",
            "reports": {"rev": {"citation": "A review"}},
            "outcomes": {
                "death": {
                    "definition": "Death",
                    "reported": [
                        {
                            "statistic": "counts",
                            "events_e": events + number,
                            "n_e": 100,
                            "events_c": 12,
                            "n_c": 100,
                            "source": {"report": "rev", "at": "Analysis 1.1"},
                        }
                    ],
                }
            },
            **(more or {}),
        }
        for number in range(studies)
    }
    config = {"review": {"title": "T"}, "studies": "config/studies", "analyses": {"death": {"measure": "OR"}}}
    return Imported(**{"file": "a.rm5", "format": "revman5", "records": records, "config": config} | fields)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edit(file: Path, old: str, new: str) -> None:
    """Edit a file as a person does."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def events(folder: Path, study: str) -> int:
    """Return the events that a record holds."""
    number = load(folder / f"config/studies/{study}.yaml").data["outcomes"]["death"]["reported"][0]["events_e"]
    assert isinstance(number, int)
    return number


def test_a_second_import_of_the_same_file_changes_no_byte(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    before = contents(tmp_path)
    assert write(imported(), tmp_path) == ["nothing has changed"]
    assert contents(tmp_path) == before
    edit(tmp_path / "config/studies/S1.yaml", "events_e: 6", "events_e: 8")
    edited = contents(tmp_path)
    assert write(imported(), tmp_path) == ["nothing has changed"]
    assert contents(tmp_path) == edited


def test_of_a_newer_file_only_what_is_new_is_written(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    before = contents(tmp_path)
    assert write(imported(studies=4), tmp_path) == ["config/studies/S3.yaml: written"]
    changed = {name for name, content in contents(tmp_path).items() if before.get(name) != content}
    assert changed == {"config/studies/S3.yaml", "imports/a.rm5.json"}


def test_a_figure_that_was_edited_by_hand_is_kept_and_the_conflict_is_shown(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    edit(tmp_path / "config/studies/S1.yaml", "events_e: 6", "events_e: 9")
    lines = write(imported(6), tmp_path)
    assert (events(tmp_path, "S0"), events(tmp_path, "S1")) == (6, 9)
    assert (
        "S1: death, Analysis 1.1: the record has {events_e: 9}, a.rm5 has {events_e: 7}; the record is left as it is"
        in lines
    )


def test_what_people_added_to_a_record_outlives_new_figures(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    file = tmp_path / "config/studies/S1.yaml"
    edit(file, "label: Study 1\n", "# the label of the registry\nlabel: Study 1\nyear: 1999\n")
    write(imported(6), tmp_path)
    assert events(tmp_path, "S1") == 7
    assert "# the label of the registry\nlabel: Study 1\nyear: 1999\n" in file.read_text("utf-8")


def test_a_figure_that_was_removed_from_the_file_leaves_the_record_unless_it_was_edited(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    edit(tmp_path / "config/studies/S1.yaml", "events_e: 6", "events_e: 9")
    nothing = {"outcomes": {"death": {"definition": "Death", "reported": [], "note": "not reported"}}}
    lines = write(imported(more=nothing), tmp_path)
    reported = [
        load(tmp_path / f"config/studies/S{number}.yaml").data["outcomes"]["death"]["reported"] for number in (0, 1)
    ]
    assert [len(figures) for figures in reported] == [0, 1]
    assert any(line.startswith("S1: death, Analysis 1.1: the record has {statistic: counts") for line in lines)


def test_a_study_that_the_file_does_not_have_any_more_is_left_and_named(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    lines = write(imported(studies=2), tmp_path)
    assert "config/studies/S2.yaml: a.rm5 does not have this study any more; its record is left as it is" in lines
    assert (tmp_path / "config/studies/S2.yaml").exists()


def test_a_configuration_that_people_edited_is_left_and_new_analyses_are_printed(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    file = tmp_path / "config/config.yaml"
    edit(file, "title: T", "title: Mine")
    analyses = {"death": {"measure": "OR"}, "death_rr": {"measure": "RR", "outcome": "death"}}
    newer = imported(config={"review": {"title": "T"}, "studies": "config/studies", "analyses": analyses})
    own = file.read_bytes()
    lines = write(newer, tmp_path)
    assert file.read_bytes() == own
    assert (
        lines[-3:] == ["analyses:", "  death_rr:", "    measure: RR"]
        or "  death_rr: {measure: RR, outcome: death}" in lines
    )


def test_a_configuration_that_nobody_edited_gets_new_analyses(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    analyses = {"death": {"measure": "RR"}}
    write(imported(config={"review": {"title": "T"}, "studies": "config/studies", "analyses": analyses}), tmp_path)
    assert load(tmp_path / "config/config.yaml").data["analyses"] == analyses


def test_another_file_adds_to_records_and_is_not_lost_by_the_next_import(tmp_path: Path) -> None:
    write(imported(), tmp_path)
    references = {"S1": {"study": "S1", "reports": {"smith2001": {"citation": "Smith 2001"}}}}
    write(Imported(file="a.ris", format="references", records=references), tmp_path)
    write(imported(6), tmp_path)
    record = load(tmp_path / "config/studies/S1.yaml").data
    assert set(record["reports"]) == {"rev", "smith2001"}
    assert record["design"] == "randomised"
    assert events(tmp_path, "S1") == 7


def test_nothing_is_written_of_a_review_that_could_not_be_run(tmp_path: Path) -> None:
    config = {"review": {"title": "T"}, "studies": "config/studies", "analyses": {"os": {"measure": "HR"}}}
    with pytest.raises(
        NotImported, match=r"config/config\.yaml:\d+: analyses\.os\.outcome: no study has the outcome 'os'"
    ):
        write(imported(config=config), tmp_path / "review")
    with pytest.raises(NotImported, match=r"S0: label: .*"):
        write(imported(more={"label": ["a"]}), tmp_path / "review")
    assert not (tmp_path / "review").exists()


def test_a_figure_that_no_record_can_hold_is_left_out_with_its_reason(tmp_path: Path) -> None:
    lines = write(imported(200), tmp_path)
    assert (
        "S0: death: Analysis 1.1: left out: events_e: 200 events among 100 patients; events_e is at most n_e" in lines
    )
    assert (
        load(tmp_path / "config/studies/S0.yaml").data["outcomes"]["death"]["note"].startswith("left out by the import")
    )


def test_stored_results_stand_beside_their_analysis(tmp_path: Path) -> None:
    stored = StoredResult(by="RevMan 5", at="Analysis 1.1", estimate=0.84, ci_low=0.71, ci_high=0.99, others={"k": 3})
    write(imported(stored={"death": stored}), tmp_path)
    assert load(tmp_path / "config/config.yaml").data["analyses"]["death"]["stored"] == {
        "by": "RevMan 5",
        "at": "Analysis 1.1",
        "model": "random",
        "estimate": 0.84,
        "ci": [0.71, 0.99],
        "k": 3,
    }


def test_notes_and_what_is_left_out_are_printed_each_time(tmp_path: Path) -> None:
    more = imported(notes=["a guess"], left_out=["a table of texts"])
    assert write(more, tmp_path)[-2:] == ["note: a guess", "left out: a table of texts"]
    assert write(more, tmp_path) == ["nothing has changed", "note: a guess", "left out: a table of texts"]
