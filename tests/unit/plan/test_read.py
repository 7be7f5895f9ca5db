"""Texts that no record quotes: which are read, and what a change of one runs again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_input.examples.case import CONFIGURATION, RECORD, yaml_of

from coppice.core.errors import BadInput, CoppiceError
from coppice.jobs import canonical_json
from coppice.plan import read, report
from coppice.plan.plan import Plan, load
from coppice.plan.targets import Targets
from coppice.report.orphans import orphans
from coppice.tools.read.command import write

TEXT = "The hazard ratio for death was 0.70 (95% CI, 0.50 to 0.98) with the drug."
QUOTED = "{statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.98], source: {report: p, text: sources/known.txt, quote: '0.70 (95% CI, 0.50 to 0.98)'}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("studies", "sources"):
        (tmp_path / name).mkdir()
    record = RECORD | {
        "arms": "{experimental: {name: Drug}, control: {name: Placebo}}",
        "outcomes": f"{{os: {{reported: [{QUOTED}]}}}}",
    }
    (tmp_path / "studies/ONE.yaml").write_text(yaml_of(record), "utf-8")
    (tmp_path / "config.yaml").write_text(yaml_of(CONFIGURATION), "utf-8")
    for name in ("known.txt", "new paper.txt"):
        (tmp_path / "sources" / name).write_text(TEXT, "utf-8")
    return tmp_path


def plan(**settings: object) -> Plan:
    return load([Path("config.yaml")], settings)


def test_a_text_without_a_record_is_read_and_one_that_a_record_quotes_is_not(folder: Path) -> None:
    assert list(plan().units("read")) == ["new-paper.txt"]
    spec = plan().content("read", text="new-paper.txt")
    assert spec["text"] == "sources/new paper.txt"
    assert spec["arms"] == {"control": ["Placebo"], "experimental": ["Drug"]}


def test_a_review_without_texts_reads_none_and_its_report_is_as_before(folder: Path) -> None:
    (folder / "sources/new paper.txt").unlink()
    assert plan().units("read") == {} and "read" not in report.page_spec(plan().review)


def test_hashes_hidden_files_notes_and_folders_are_no_texts(folder: Path) -> None:
    for name in ("texts.yaml", ".hidden.txt", "README.md"):
        (folder / "sources" / name).write_text("", "utf-8")
    (folder / "sources/more").mkdir()
    assert list(plan().units("read")) == ["new-paper.txt"] and read.unread(plan().review) == {}


def test_a_file_that_is_no_text_is_named_with_the_reason(folder: Path) -> None:
    (folder / "sources/paper.doc").write_bytes(b"words")
    (folder / "sources/out.txt").symlink_to("/etc/hostname")
    unread = report.page_spec(plan().review)["read"]["unread"]
    assert {name: reason.split(";")[0] for name, reason in unread.items()} == {
        "sources/paper.doc": "is not a text that can be searched",
        "sources/out.txt": "is a link that leads out of the review",
    }


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("paper.pdf", b"%PDF-1.7", "can't be read as PDF"),
        ("paper.txt", b"a\0b", "holds null characters"),
        ("paper.json", b"{}", "is no record of ClinicalTrials.gov"),
        ("paper.html", b"<p> </p>", "holds no text"),
    ],
)
def test_a_text_that_turns_out_unreadable_is_named_with_the_reason_and_stops_nothing(
    folder: Path, name: str, content: bytes, problem: str
) -> None:
    (folder / "sources" / name).write_bytes(content)
    write(plan().unit("read", text=name), Path("result.json"))
    result = canonical_json.read(Path("result.json"))
    assert result["problem"].startswith(problem) and result["proposals"] == []


def test_two_names_that_give_one_result_are_told_apart(folder: Path) -> None:
    (folder / "sources/new-paper.txt").write_text(TEXT, "utf-8")
    assert sorted(plan().units("read")) == ["new-paper.txt", "new-paper.txt~2"]


def test_the_configuration_may_name_the_folder(folder: Path) -> None:
    (folder / "papers").mkdir()
    (folder / "papers/other.txt").write_text(TEXT, "utf-8")
    assert list(plan(texts="papers").units("read")) == ["other.txt"]
    with pytest.raises(BadInput, match="texts: 'nowhere' is not a folder"):
        plan(texts="nowhere")


def test_a_change_of_a_text_changes_its_own_spec_and_none_of_what_is_computed(folder: Path) -> None:
    (folder / "sources/third.txt").write_text(TEXT, "utf-8")
    before = {name: plan().spec("read", text=name) for name in plan().units("read")}
    extract, pool = plan().spec("extract", study="ONE", outcome="os"), plan().spec("pool", analysis="os")
    (folder / "sources/new paper.txt").write_text(f"{TEXT} More.", "utf-8")
    after = {name: plan().spec("read", text=name) for name in plan().units("read")}
    assert [name for name in before if before[name] != after[name]] == ["new-paper.txt"]
    assert plan().spec("extract", study="ONE", outcome="os") == extract and plan().spec("pool", analysis="os") == pool


def test_its_results_are_among_those_that_the_workflow_makes(folder: Path) -> None:
    targets = Targets(plan(), __file__, "Snakefile")
    assert targets.proposals() == ["results/read/new-paper.txt.json"]
    assert set(targets.proposals()) <= set(targets.every_result())
    assert targets.one_of("read") == r"new\-paper\.txt"


def test_the_result_holds_proposals_with_their_words(folder: Path) -> None:
    spec = plan().unit("read", text="new-paper.txt")
    write(spec, Path("result.json"))
    result = canonical_json.read(Path("result.json"))
    assert result["text"] == "sources/new paper.txt" and result["made_from"]
    (ratio,) = [item for item in result["proposals"] if item["statistic"] == "hazard_ratio"]
    assert ratio["fields"]["estimate"] == "0.70" and ratio["quote"] in TEXT


def test_words_of_a_text_turn_no_writing_direction_and_hold_no_control_characters(folder: Path) -> None:
    (folder / "sources/new paper.txt").write_text(TEXT.replace("with the", "\u202ewith\x01the\u00ad"), "utf-8")
    write(plan().unit("read", text="new-paper.txt"), Path("result.json"))
    quotes = [item["quote"] for item in canonical_json.read(Path("result.json"))["proposals"]]
    assert quotes and all(quote.isprintable() for quote in quotes)


def test_a_text_that_changes_during_the_run_is_not_read(folder: Path) -> None:
    spec = plan().unit("read", text="new-paper.txt")
    (folder / "sources/new paper.txt").write_text("other", "utf-8")
    with pytest.raises(CoppiceError, match="changed while the workflow ran"):
        write(spec, Path("result.json"))


def test_the_result_of_a_text_that_is_gone_is_removed(folder: Path) -> None:
    results = folder / "results"
    (results / "read").mkdir(parents=True)
    for name in ("new-paper.txt", "gone.txt"):
        (results / f"read/{name}.json").write_text("{}", "utf-8")
    assert list(orphans(report.page_spec(plan().review), results)) == [results / "read/gone.txt.json"]
