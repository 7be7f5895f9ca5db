"""Reading RevMan 5 files: studies, settings and rows, as they are written in the wild; hostile files get a line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.unit.tools.import_file import revman_files
from tests.unit.tools.import_file.test_revman5_results import pooled

from coppice.cli import main
from coppice.tools.import_file.formats import revman5
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.write import write

ROWS: list[dict[str, Any]] = [
    {"study": "Adams 1991", "e1": 4, "n1": 40, "e2": 9, "n2": 42},
    {"study": "ISIS-2", "e1": 11, "n1": 61, "e2": 14, "n2": 60},
]
DEATHS: dict[str, Any] = {"kind": "DICH", "measure": "RR", "method": "MH", "random": False, "rows": ROWS}


def text(*outcomes: str, studies: tuple[str, ...] = ("Adams 1991", "ISIS-2"), **more: str) -> str:
    return revman_files.review("".join(outcomes) or revman_files.outcome(DEATHS, 1), studies, **more)


def read(content: str | bytes, name: str = "review.rm5") -> Imported:
    return revman5.read(content.encode() if isinstance(content, str) else content, name)


def figures(imported: Imported, study: str, outcome: str = "a1_1") -> list[dict[str, Any]]:
    reported: list[dict[str, Any]] = imported.records[study]["outcomes"][outcome]["reported"]
    return reported


def archive(**members: str | bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in members.items():
            made.writestr(name.replace("_rm5", ".rm5").replace("_zip", ".zip"), part)
    return content.getvalue()


def test_ids_are_unescaped_and_rows_find_their_studies() -> None:
    imported = read(text())
    assert list(imported.records) == ["Adams-1991", "ISIS-2"]
    assert figures(imported, "ISIS-2")[0] == {
        "statistic": "counts", "events_e": 11, "n_e": 61, "events_c": 14, "n_c": 60,
        "source": {"report": "revman", "at": "Analysis 1.1", "quality": "secondary"},
    }  # fmt: skip
    assert imported.records["Adams-1991"]["year"] == 1991
    assert imported.config["analyses"]["a1_1"]["favours"] == ["drug", "placebo"]


def test_statistical_data_without_the_list_of_studies_has_names_from_the_ids() -> None:
    imported = read(text(studies=()))
    assert [record["label"] for record in imported.records.values()] == ["Adams 1991", "ISIS 2"]


def test_logarithms_to_base_ten_are_never_read() -> None:
    assert "9.9" not in str(read(text()).records) + str(read(text()).config)


def test_swapped_events_are_the_patients_without_them() -> None:
    (figure,) = figures(read(text(revman_files.outcome(DEATHS, 1, SWAP_EVENTS="YES"))), "Adams-1991")
    assert (figure["events_e"], figure["events_c"]) == (36, 33)


def test_subtotals_only_have_no_overall_estimate_and_no_totals_no_analysis() -> None:
    grouped = {**DEATHS, "rows": [{**row, "subgroup": "Adults"} for row in ROWS], "subgroups": {"Adults": {}}}
    only, none = revman_files.outcome(grouped, 1, TOTALS="SUB"), revman_files.outcome(DEATHS, 2, TOTALS="NO")
    imported = read(text(only, none))
    assert list(imported.config["analyses"]) == ["a1_1"]
    assert imported.config["analyses"]["a1_1"]["overall"] is False
    assert figures(imported, "ISIS-2", "a1_2")
    assert imported.left_out == [
        "Analysis 1.2 (Outcome 2): RevMan gives no total; its figures are in the records, without an analysis"
    ]


def test_a_study_in_two_subgroups_enters_with_both_parts_and_its_control_arm_is_noted(tmp_path: Path) -> None:
    rows = [
        {**ROWS[0], "subgroup": "Low/high"},
        {**ROWS[0], "subgroup": "High", "e1": 6},
        {**ROWS[1], "subgroup": "High"},
    ]
    grouped = {**DEATHS, "rows": rows, "subgroups": {"Low/high": {}, "High": {}}}
    imported = read(text(revman_files.outcome(grouped, 1)))
    assert [item["population"] for item in figures(imported, "Adams-1991")] == [
        "Adams-1991/Low-high",
        "Adams-1991/High",
    ]
    assert imported.notes == [
        "Analysis 1.1: has the same control arm in several subgroups, so that its patients count more than once: Adams 1991"
    ]
    write(imported, tmp_path)
    _, pool = pooled(tmp_path)["a1_1"]
    assert [(effect["study"], effect["subgroup"]) for effect in pool["effects"]] == [
        ("Adams-1991", "Low/high"), ("Adams-1991", "High"), ("ISIS-2", "High"),
    ]  # fmt: skip


def test_a_level_other_than_95_is_that_of_the_analysis_and_another_of_the_studies_is_noted() -> None:
    imported = read(text(revman_files.outcome(DEATHS, 1, CI_TOTAL="90")))
    assert imported.config["analyses"]["a1_1"]["model"] == {"level": 0.9}
    assert imported.notes == [
        "Analysis 1.1: RevMan gives the studies 95% intervals and the total 90%; here all have the latter"
    ]


def test_a_footnote_and_markup_in_names_are_read() -> None:
    rows = [{**ROWS[0], "footnote": "by <I>intention</I> to treat"}, ROWS[1]]
    imported = read(text(revman_files.outcome({**DEATHS, "rows": rows}, 1)))
    assert figures(imported, "Adams-1991")[0]["note"] == "by intention to treat"
    assert imported.config["review"]["title"] == "Drug for disease"


def test_results_that_were_not_computed_are_not_stored() -> None:
    empty = revman_files.outcome({**DEATHS, "stored": {"EFFECT_SIZE": "", "CI_START": "", "CI_END": "", "DF": 1}}, 1)
    zero = revman_files.outcome({**DEATHS, "stored": {"EFFECT_SIZE": "0.0", "CI_START": "0.0", "CI_END": "0.0"}}, 2)
    inestimable = {"EFFECT_SIZE": 0.5, "CI_START": 0.2, "CI_END": 0.9}
    third = revman_files.outcome({**DEATHS, "stored": inestimable}, 3, ESTIMABLE="NO")
    assert [result.settings for result in read(text(empty, zero, third)).stored.values()] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("words", "log", "measure", "effect"),
    [
        ("Hazard Ratio", "YES", "HR", -0.41),
        ("log HR", None, "HR", -0.41),
        ("Odds Ratio", "YES", "OR", -0.41),
        ("Mean Difference", "NO", "MD", -0.41),
        ("Vaccine score", "YES", "GEN", -0.41),
    ],
)
def test_the_generic_inverse_variance_is_named_by_its_text(
    words: str, log: str | None, measure: str, effect: float
) -> None:
    generic = {
        "kind": "IV",
        "measure": words,
        "method": "IV",
        "random": True,
        "rows": [{"study": "A", "y": -0.41, "se": 0.2}],
    }
    imported = read(text(revman_files.outcome(generic, 1, LOG_DATA=log), studies=("A",)))
    assert imported.config["analyses"]["a1_1"]["measure"] == measure
    (figure,) = figures(imported, "A")
    assert (figure["measure"], figure["yi"], figure["sei"]) == (measure, effect, 0.2)


def test_old_files_hold_the_generic_effect_as_it_is_printed() -> None:
    rows = [{"study": "A", "y": None, "se": 0.2, "effect": 0.6636502501363194}]
    generic = {"kind": "IV", "measure": "Hazard Ratio", "method": "IV", "random": False, "rows": rows}
    (figure,) = figures(read(text(revman_files.outcome(generic, 1), studies=("A",))), "A")
    assert figure["yi"] == pytest.approx(-0.41, rel=1e-12)


def test_a_generic_measure_without_a_name_is_pooled_and_compared_as_it_stands(tmp_path: Path) -> None:
    rows = [{"study": "Adams 1991", "y": 0.4, "se": 0.2}, {"study": "ISIS-2", "y": 0.2, "se": 0.1}]
    stored = {"EFFECT_SIZE": 0.24, "CI_START": 0.064695, "CI_END": 0.415305, "DF": 1}
    generic = {"kind": "IV", "measure": "Score", "method": "IV", "random": False, "rows": rows, "stored": stored}
    write(read(text(revman_files.outcome(generic, 1, LOG_DATA="NO"))), tmp_path)
    settings, pool = pooled(tmp_path)["a1_1"]
    assert pool["common"]["estimate"] == pytest.approx(settings["estimate"])


def test_petos_odds_ratio_from_observed_minus_expected_is_one() -> None:
    rows = [{"study": "A", "oe": -3.2, "v": 10.5}, {"study": "B", "oe": 0, "v": 0}]
    peto = {"kind": "IPD", "measure": "Peto Odds Ratio", "method": "PETO", "random": False, "rows": rows}
    imported = read(text(revman_files.outcome(peto, 1), studies=("A", "B")))
    (figure,) = figures(imported, "A")
    assert (figure["statistic"], figure["measure"], figure["note"]) == ("effect", "PETO", "O - E -3.2, variance 10.5")
    assert imported.left_out == ["Analysis 1.1: B: the variance of O - E is 0, so that it has no effect"]


def test_tables_of_texts_are_listed() -> None:
    other = '<OTHER_OUTCOME NO="7"><NAME>Costs</NAME><OTHER_DATA STUDY_ID="STD-A"/></OTHER_OUTCOME>'
    assert read(text(revman_files.outcome(DEATHS, 1), other)).left_out == [
        "Analysis 1.7 (Costs): a table of texts, which can't be pooled"
    ]


def test_risk_of_bias_references_characteristics_and_excluded_studies_are_taken_over(tmp_path: Path) -> None:
    reference = (
        '<REFERENCE PRIMARY="NO"><AU>Brown C</AU><TI>Later</TI><YR>1995</YR></REFERENCE><REFERENCE PRIMARY="YES"><AU>Adams B, Lee D</AU>'
        "<TI>A trial.</TI><SO>Lancet</SO><YR>1991</YR><VL>3</VL><NO>2</NO><PG>1-9</PG><IDENTIFIERS>"
        '<IDENTIFIER TYPE="DOI" VALUE="10.1000/x"/><IDENTIFIER TYPE="PUBMED" VALUE="PMID 123"/><IDENTIFIER TYPE="EMBASE" VALUE="E1"/>'
        "</IDENTIFIERS></REFERENCE>"
    )
    adams = revman_files.study_id("Adams 1991")
    more = (
        f'<CHARACTERISTICS_OF_STUDIES><INCLUDED_CHAR STUDY_ID="{adams}"><CHAR_METHODS><P>Parallel</P><P>trial</P></CHAR_METHODS>'
        f"<CHAR_NOTES><P>{'long ' * 80}</P></CHAR_NOTES></INCLUDED_CHAR>"
        '<EXCLUDED_CHAR STUDY_ID="STD-X"><CHAR_REASON_FOR_EXCLUSION><P>Not randomised</P></CHAR_REASON_FOR_EXCLUSION></EXCLUDED_CHAR>'
        "</CHARACTERISTICS_OF_STUDIES><STUDIES><EXCLUDED_STUDIES><STUDY ID='STD-X' NAME='Xu 2000'/></EXCLUDED_STUDIES>"
        "<ONGOING_STUDIES><STUDY ID='STD-Y' NAME='Young'/></ONGOING_STUDIES></STUDIES><QUALITY_ITEMS>"
        "<QUALITY_ITEM ID='QIT-01' LEVEL='STUDY'><NAME>Allocation concealment</NAME><QUALITY_ITEM_DATA>"
        f"<QUALITY_ITEM_DATA_ENTRY STUDY_ID='{adams}' RESULT='NO'><DESCRIPTION><P>Open list</P></DESCRIPTION></QUALITY_ITEM_DATA_ENTRY>"
        "</QUALITY_ITEM_DATA></QUALITY_ITEM><QUALITY_ITEM ID='QIT-02' LEVEL='GROUP'><NAME>Blinding</NAME><QUALITY_ITEM_DATA>"
        "<GROUP ID='QIG-01'><NAME>Deaths</NAME></GROUP>"
        f"<QUALITY_ITEM_DATA_ENTRY STUDY_ID='{adams}' GROUP_ID='QIG-01' RESULT='YES'/></QUALITY_ITEM_DATA></QUALITY_ITEM>"
        "<QUALITY_ITEM ID='QIT-07'><NAME>Unused</NAME><QUALITY_ITEM_DATA/></QUALITY_ITEM></QUALITY_ITEMS>"
    )
    imported = read(text(more=more, included=reference))
    record = imported.records["Adams-1991"]
    assert list(record["reports"]) == ["revman", "adams1991", "brown1995"]
    assert record["reports"]["adams1991"] == {
        "citation": "Adams B, Lee D. A trial. Lancet 1991;3(2):1-9", "doi": "10.1000/x", "pmid": "123", "note": "EMBASE E1",
    }  # fmt: skip
    assert record["characteristics"] == {"methods": "Parallel trial", "data_source": "published"}
    assert record["note"].startswith("Notes: long long")
    assert record["risk_of_bias"] == {
        "tool": "Cochrane risk of bias (2011)",
        "domains": {"Allocation concealment": "high", "Blinding: Deaths": "low"},
        "overall": None,
        "note": "Allocation concealment: Open list",
    }
    assert imported.config["review"]["selection"] == ["Excluded: Xu 2000: Not randomised"]
    assert imported.left_out == ["studies ongoing, which have no results: Young"]
    write(imported, tmp_path)


def test_encodings_are_read_as_they_are_and_a_wrong_declaration_is_noted() -> None:
    plain = text().replace("Drug for", "Müllers “Drug” for")
    named = "review.rm5: is declared as {}, and has letters of Windows-1252; it was read as such"
    latin = plain.replace("UTF-8", "ISO-8859-1")
    for content, notes in (
        (plain.encode(), []),
        (b"\xef\xbb\xbf" + plain.encode(), []),
        (plain.replace("UTF-8", "UTF-16").encode("utf-16"), []),
        (latin.encode("cp1252"), [named.format("ISO-8859-1")]),
        (plain.encode("cp1252"), [named.format("UTF-8")]),
        (latin.encode("ascii", "xmlcharrefreplace"), []),
    ):
        imported = read(content)
        assert (imported.config["review"]["title"], imported.notes) == ("Müllers “Drug” for disease", notes)


def test_bad_markup_of_old_programs_is_repaired_and_said() -> None:
    broken = text().replace("Drug for", "A & B&nbsp;for").replace('NAME="ISIS-2"', 'NAME="n < 3"').replace("\n", "")
    imported = read(broken)
    assert imported.config["review"]["title"] == "A & B for disease"
    assert imported.records["n-3"]["label"] == "n < 3"
    assert imported.notes == ["review.rm5: 3 signs that XML does not allow were repaired, such as a bare '&'"]


def test_a_review_in_an_archive_within_an_archive_is_read() -> None:
    assert list(read(archive(a_zip=archive(b_rm5=text())), "x.zip").records) == ["Adams-1991", "ISIS-2"]
    assert revman5.recognises(archive(b_rm5=text()), "x.zip")
    assert not revman5.recognises(archive(b="text"), "x.zip")


ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]><COCHRANE_REVIEW>&a;'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a whole XML file"),
        (b"\x00\xff\xfe", "is not a whole XML file"),
        (text()[:900].encode(), "is not a whole XML file"),
        (ENTITY.format("b").encode(), "declares entities of its own"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "declares entities of its own"),
        (b"<COCHRANE_REVIEW>" + b"<P>" * 100_000, "is nested deeper than"),
        (b"<COCHRANE_REVIEW>" + b"&" * 10_000_000, "is not a whole XML file"),
        (b'<COCHRANE_REVIEW a="' + b'="' * 5_000_000, "is not a whole XML file"),
        (
            b'<?xml version="1.0" encoding="punycode"?>' + b"<COCHRANE_REVIEW>" + b"a" * 1_000_000,
            "is not a whole XML file",
        ),
        (archive(a_rm5=b" " * 100_000_001), "unpacks to more than 100 MB"),
        (archive(a_zip=archive(b_zip=archive(c_rm5=text()))), "holds 0 RevMan files"),
        (archive(a_rm5=text())[:-40], "is not a whole XML file"),
        (archive(**{"../a.rm5": text()}), "leads out of the archive"),
        (
            text(type_="OVERVIEW").encode(),
            "is a review of the type OVERVIEW; only reviews of interventions are imported",
        ),
    ],
)
def test_a_hostile_or_half_file_gets_one_line(content: bytes, message: str) -> None:
    with pytest.raises(NotImported, match=message) as caught:
        read(content)
    assert len(str(caught.value).splitlines()) == 1


def test_the_command_writes_a_review_and_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "review.rm5"
    file.write_text(text(), "utf-8")
    arguments = ["import", str(file), "--to", str(tmp_path / "review")]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[0] == "config/config.yaml: written"
    assert main(arguments) == 0
    assert capsys.readouterr().out == "nothing has changed\n"
    file.write_text("<html/>", "utf-8")
    assert main(arguments) == 1
    assert (
        capsys.readouterr().err
        == "review.rm5: is not a RevMan 5 review: its root element is <html>, not <COCHRANE_REVIEW>\n"
    )


def test_a_common_effect_is_compared_with_the_common_effect_and_noted() -> None:
    stored = {"EFFECT_SIZE": 0.6, "CI_START": 0.3, "CI_END": 0.9, "TAU2": 0.0, "DF": 1}
    imported = read(text(revman_files.outcome({**DEATHS, "stored": stored}, 1)))
    assert imported.stored["a1_1"].settings["stored"] == {
        "by": "RevMan 5", "at": "Analysis 1.1", "model": "common", "level": 0.95, "estimate": 0.6, "ci": [0.3, 0.9], "k": 2, "df": 1,
    }  # fmt: skip
    assert imported.config["analyses"]["a1_1"]["note"].startswith(
        "RevMan 5 pools this outcome with a common effect (Mantel-Haenszel)"
    )
    random = read(text(revman_files.outcome({**DEATHS, "random": True}, 1)))
    assert "note" not in random.config["analyses"]["a1_1"]
