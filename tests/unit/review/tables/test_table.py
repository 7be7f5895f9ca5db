"""Tables as reviewers have them: what is read from one, and what is refused, with row and column."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.plan.plan import Plan
from coppice.plan.report import record_content

BCG = """trial,author,year,tpos,tneg,cpos,cneg,ablat,alloc
1,Aronson,1948,4,119,11,128,44,random
2,Ferguson & Simes,1949,6,300,29,274,55,random
3,Rosenthal et al,1960,3,228,11,209,42,random
"""
BCG_MAP = {"ai": "tpos", "bi": "tneg", "ci": "cpos", "di": "cneg"}
COUNTS_FIELDS = "events_e,n_e,events_c,n_c"
ARONSON = -0.889311333920205  # log risk ratio of Aronson 1948 by metafor's escalc


def load(folder: Path, content: str | bytes, measure: str = "RR", name: str = "studies.csv", **config: Any) -> Plan:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_file(file, measure, **config)


def load_file(file: Path, measure: str = "RR", **config: Any) -> Plan:
    settings = {"review": {"title": "t"}, "studies": str(file), "analyses": {"effect": {"measure": measure}}} | config
    return plan.load([], settings)


def problems(folder: Path, content: str, measure: str = "RR", **config: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load(folder, content, measure, **config)
    return [str(item).split("studies.csv", 1)[-1] for item in caught.value.problems]


def figures(review: Plan, outcome: str = "effect") -> list[dict[str, Any]]:
    about = {"source", "note", "use", "label", "population"}
    return [
        {key: value for key, value in figure.items() if key not in about}
        for study in review.review.studies
        for figure in study.outcomes[outcome]["reported"]
    ]


def effects(review: Plan, measure: str) -> list[float]:
    found = [
        extract_outcome(review.content("extract", study=study.study, outcome="effect"))["measures"]
        for study in review.review.studies
    ]
    contents = [next(iter(measures.values())) for measures in found]
    assert all(content["measure"] == measure for content in contents)
    return [content["candidates"][content["chosen"][0]]["yi"] for content in contents]


# -- What is read ------------------------------------------------------------------------------------------------------


def test_a_map_names_the_columns_and_the_others_are_characteristics(tmp_path: Path) -> None:
    review = load(tmp_path, BCG, columns=BCG_MAP)
    study = review.review.studies[0]
    assert (study.study, study.label, study.year, study.design) == ("1", "Aronson 1948", 1948, None)
    assert study.characteristics == {"author": "Aronson", "ablat": 44, "alloc": "random"}
    assert figures(review)[0] == {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}
    assert effects(review, "RR")[0] == pytest.approx(ARONSON, rel=1e-12)


R_FILES = {
    "ai bi ci di": ("RR", "ai,bi,ci,di\n4,119,11,128", {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}),
    "n1i n2i": ("RR", "ai,n1i,ci,n2i\n4,123,11,139", {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}),
    "means": ("MD", "m1i,sd1i,n1i,m2i,sd2i,n2i\n55,47,155,75,64,156",
              {"statistic": "means", "mean_e": 55, "sd_e": 47, "n_e": 155, "mean_c": 75, "sd_c": 64, "n_c": 156}),
    "yi vi": ("RR", "yi,vi\n-0.8893,0.3256", {"statistic": "effect", "yi": -0.8893, "vi": 0.3256}),
    "yi sei": ("HR", "yi,sei\n-0.8,0.3", {"statistic": "effect", "yi": -0.8, "sei": 0.3}),
    "person-time": ("IRR", "x1i,t1i,x2i,t2i\n9,413,19,398", {"statistic": "person_time", "events_e": 9, "time_e": 413, "events_c": 19, "time_c": 398}),
    "correlation": ("ZCOR", "ri,ni\n0.187,109", {"statistic": "correlation", "r": 0.187, "n": 109}),
    "proportion": ("PLO", "xi,ni\n16,17", {"statistic": "proportion", "events": 16, "n": 17}),
    "proportion by non-events": ("PLO", "xi,mi\n16,1", {"statistic": "proportion", "events": 16, "n": 17}),
    "rate": ("IRLN", "xi,ti\n16,170.5", {"statistic": "rate", "events": 16, "time": 170.5}),
    "mean": ("MN", "mi,sdi,ni\n5.5,1.2,30", {"statistic": "mean", "mean": 5.5, "sd": 1.2, "n": 30}),
    "paired means": ("MC", "m1i,sd1i,m2i,sd2i,ni,ri\n5.5,1.2,5.1,1.3,30,0.5",
                     {"statistic": "paired_means", "mean_e": 5.5, "sd_e": 1.2, "mean_c": 5.1, "sd_c": 1.3, "n": 30, "correlation": 0.5}),
    "R's meta": ("RR", "event.e,n.e,event.c,n.c\n4,123,11,139", {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}),
    "R's meta, generic": ("HR", "TE,seTE\n-0.8,0.3", {"statistic": "effect", "yi": -0.8, "sei": 0.3}),
}  # fmt: skip


@pytest.mark.parametrize("name", R_FILES)
def test_columns_of_r_are_recognised_without_a_map(name: str, tmp_path: Path) -> None:
    measure, text, expected = R_FILES[name]
    header, row = text.split("\n")
    assert figures(load(tmp_path, f"study,{header}\nA,{row}\nB,{row}\n", measure))[0] == expected


def test_counts_and_the_effects_that_escalc_added_are_two_figures(tmp_path: Path) -> None:
    review = load(tmp_path, f"study,ai,bi,ci,di,yi,vi\nA,4,119,11,128,{ARONSON},0.3256\n")
    assert [figure["statistic"] for figure in figures(review)] == ["effect", "counts"]


def test_counts_and_rates_of_one_table_are_each_read_with_their_own_events(tmp_path: Path) -> None:
    header = "study,ai,n1i,ci,n2i,x1i,t1i,x2i,t2i"
    rows = ["A,4,123,11,139,5,120.5,12,130.5", "B,6,306,29,303,,,,", "C,,,,,3,228,11,209"]
    counts = {"A": ["counts", "person_time"], "B": ["counts"], "C": ["person_time"]}
    review = load(
        tmp_path,
        "\n".join([header, *rows]) + "\n",
        analyses={name: {"measure": name, "outcome": "o"} for name in ("RR", "IRR")},
    )
    reported = {study.study: study.outcomes["o"]["reported"] for study in review.review.studies}
    assert {study: [figure["statistic"] for figure in figures] for study, figures in reported.items()} == counts
    assert [figure["events_e"] for figure in reported["A"]] == [4, 5]


def test_proportions_and_rates_of_one_table_are_each_read(tmp_path: Path) -> None:
    review = load(tmp_path, "study,xi,ni,ti\nA,16,17,170.5\nB,3,17,20\n", "PLO")
    assert [figure["statistic"] for figure in figures(review)] == ["proportion", "rate"] * 2


def test_columns_of_counts_beside_those_of_rates_keep_their_own_events(tmp_path: Path) -> None:
    review = load(tmp_path, f"study,{COUNTS_FIELDS},x1i,t1i,x2i,t2i\nA,4,123,11,139,5,120.5,12,130.5\n")
    assert [(figure["statistic"], figure["events_e"]) for figure in figures(review)] == [
        ("counts", 4),
        ("person_time", 5),
    ]


@pytest.mark.parametrize(
    ("header", "row", "sizes"),
    [
        ("xi,ni,ri", "10,50,0.3", {"proportion": 50, "correlation": 50}),
        ("xi,mi,ri,ni", "10,40,0.3,60", {"proportion": 50, "correlation": 60}),
        ("events,n,ri,ni", "10,50,0.3,60", {"proportion": 50, "correlation": 60}),
        ("xi,ni,r,n", "10,50,0.3,60", {"proportion": 50, "correlation": 60}),
        ("xi,ni,r,n", ",50,0.3,60", {"correlation": 60}),
        ("xi,ni,r,n", "10,50,,60", {"proportion": 50}),
    ],
)
def test_proportions_and_correlations_of_one_table_have_their_own_sizes(tmp_path: Path, header, row, sizes) -> None:
    review = load(tmp_path, f"study,{header}\nA,{row}\n", "ZCOR")
    assert {figure["statistic"]: figure["n"] for figure in figures(review)} == sizes


def test_the_size_of_a_correlation_is_not_that_of_a_proportion_without_one(tmp_path: Path) -> None:
    review = load(tmp_path, "study,xi,mi,ri,ni\nA,10,,0.3,60\n", "ZCOR")
    assert {figure["statistic"]: figure.get("n") for figure in figures(review)} == {
        "proportion": None,
        "correlation": 60,
    }


def test_a_size_that_may_be_of_two_statistics_is_settled_by_the_map_of_columns(tmp_path: Path) -> None:
    table = "study,xi,ni,ri,n\nA,10,50,0.3,60\nB,,40,0.2,70\n"
    ways = "`columns: {events: xi}` reads xi with n, `columns: {r: ri}` reads ri with n; or leave one of them out"
    assert problems(tmp_path, table, "ZCOR") == [f":2: n: 2 rows (2-3): n and ni both give n; {ways}"]
    for mapped, sizes in (({"r": "ri"}, [60, 50, 70]), ({"events": "xi"}, [60, 50, 40])):
        review = load(tmp_path, table, "ZCOR", columns=mapped)
        assert [figure["n"] for figure in figures(review)] == sizes


def test_either_form_of_counts_serves_a_row_that_lacks_the_other(tmp_path: Path) -> None:
    review = load(tmp_path, "study,ai,bi,ci,di,n1i,n2i\nA,4,119,11,128,,\nB,4,,11,,123,139\n")
    one, other = figures(review)
    assert one == other


def test_counts_and_means_of_one_table_are_each_read(tmp_path: Path) -> None:
    # the columns of dat.gibson2002 of metadat: means of all studies, counts of some
    header = "study,n1i,m1i,sd1i,n2i,m2i,sd2i,ai,bi,ci,di"
    rows = ["A,140,17.6,24.2,136,34.1,38.8,,,,", "B,35,4.9,6,35,20,26,24,11,29,6", "C,28,,,28,,,5,23,4,24"]
    review = load(tmp_path, "\n".join([header, *rows]) + "\n", "SMD")
    assert sorted(figure["statistic"] for figure in figures(review)) == ["counts", "counts", "means", "means"]


OWN = {
    "hazard ratio": ("HR", "estimate,ci_low,ci_high\n0.7,0.47,1.03", {"statistic": "hazard_ratio", "estimate": 0.7, "ci": [0.47, 1.03]}),
    "odds ratio": ("OR", "estimate,lower,upper\n0.7,0.47,1.03", {"statistic": "odds_ratio", "estimate": 0.7, "ci": [0.47, 1.03]}),
    "survival": ("HR", "time,unit,survival_e,survival_c,ci_low_e,ci_high_e,ci_low_c,ci_high_c,ci_scale\n4,years,0.833,0.44,0.645,0.927,0.37,0.508,log-log",
                 {"statistic": "survival", "time": 4, "unit": "years", "survival_e": 0.833, "survival_c": 0.44, "ci_e": [0.645, 0.927], "ci_c": [0.37, 0.508], "ci_scale": "log-log"}),
    "logrank": ("HR", "o_minus_e,v\n-10.2,25.1", {"statistic": "logrank", "o_minus_e": -10.2, "v": 25.1}),
    "p and a bound": ("HR", "estimate,ci_low,ci_high,p,sided\n0.7,0.47,1.03,< .05,2",
                      {"statistic": "hazard_ratio", "estimate": 0.7, "ci": [0.47, 1.03], "p": "<.05", "sided": 2}),
    "inverted": ("HR", "estimate,ci_low,ci_high,inverted\n1.43,0.97,2.13,yes",
                 {"statistic": "hazard_ratio", "estimate": 1.43, "ci": [0.97, 2.13], "inverted": True}),
    "percentages": ("RR", "percent_e,n_e,percent_c,n_c\n34%,271,16 %,134", {"statistic": "counts", "percent_e": 34, "n_e": 271, "percent_c": 16, "n_c": 134}),
}  # fmt: skip


@pytest.mark.parametrize("name", OWN)
def test_the_statistic_follows_from_the_columns_that_are_filled(name: str, tmp_path: Path) -> None:
    measure, text, expected = OWN[name]
    header, row = text.split("\n")
    assert figures(load(tmp_path, f"study,{header}\nA,{row}\n", measure)) == [expected]


def test_rows_may_differ_in_their_statistic(tmp_path: Path) -> None:
    text = "study,estimate,ci_low,ci_high,yi,sei\nA,0.7,0.47,1.03,,\nB,,,,-0.5,0.2\n"
    assert [figure["statistic"] for figure in figures(load(tmp_path, text, "HR"))] == ["hazard_ratio", "effect"]


def test_outcomes_reports_and_sources_have_their_columns(tmp_path: Path) -> None:
    text = (
        "Study,Outcome,report,doi,at,quality,statistic,estimate,ci_low,ci_high,setting\n"
        "E1910,os,nejm2024,10.1056/1,abstract,primary,hazard_ratio,0.41,0.23,0.73,first line\n"
        "E1910,os,fda2024,,,regulator,hazard_ratio,0.44,0.25,0.76,first line\n"
        "E1910,efs,nejm2024,,,,hazard_ratio,0.53,0.32,0.87,\n"
        "TOWER,os,nejm2017,,,,hazard_ratio,0.71,0.55,0.93,relapsed\n"
    )
    analyses = {"os": {"measure": "HR"}, "efs": {"measure": "HR"}}
    review = load(tmp_path, text, analyses=analyses).review
    study = review.study("E1910")
    assert study.characteristics == {"setting": "first line"}
    assert study.reports["nejm2024"] == {"citation": "nejm2024", "doi": "10.1056/1"}
    assert study.outcomes["os"]["reported"][1]["source"] == {
        "report": "fda2024",
        "at": None,
        "read_in": None,
        "quality": "regulator",
    }
    assert review.analyses["efs"].excluded == (
        {"study": "TOWER", "label": "TOWER", "reason": "no row for this outcome in the table"},
    )
    assert [member.study for member in review.analyses["efs"].members] == ["E1910"]


def test_the_example_of_the_manual_is_read(tmp_path: Path) -> None:
    manual = (Path(__file__).resolve().parents[4] / "config/README.md").read_text("utf-8")
    text = manual.split("```csv\n")[1].split("```")[0]
    analyses = {"os": {"measure": "HR"}, "hsct": {"measure": "RR"}}
    review = load(tmp_path, text, analyses=analyses)
    assert [figures["statistic"] for figures in review.review.study("TOWER").outcomes["hsct"]["reported"]] == ["counts"]
    assert [study.study for study in review.review.analyses["os"].members] == ["E1910"]


def test_the_studies_are_in_the_order_of_all_results_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    header, *rows = BCG.splitlines()
    one = load(tmp_path, BCG, columns=BCG_MAP)
    other = load(tmp_path, "\n".join([header, *reversed(rows)]), columns=BCG_MAP)
    assert [record_content(study) for study in one.review.studies] == [
        record_content(study) for study in other.review.studies
    ]


@pytest.mark.parametrize(
    "text",
    [
        "study;yi;vi\nÄrzte 1999;-0,8893;0,3256\n",
        "\ufeffstudy,yi,vi\nÄrzte 1999,-0.8893,0.3256\n",
        "study\tyi\tvi\r\n\r\nÄrzte 1999 \t −0.8893\t0.3256  \r\n\t\t\r\n",
        'study,yi,vi\n"Ärzte 1999","-0,8893","0,3256"\n',
        "\n\nstudy,yi,vi,\n Ärzte 1999 ,-.8893,+0.3256,\n,,,\n",
        "study,yi,vi,sei\nÄrzte 1999,-0.8893,3.256e-1,NA\n",
    ],
    ids=[
        "decimal commas",
        "BOM",
        "tabs, blank rows, minus sign",
        "quoted commas",
        "blank rows and columns",
        "NA and exponents",
    ],
)
def test_what_spreadsheets_do_to_a_table_is_understood(text: str, tmp_path: Path) -> None:
    for content in (text, text.removeprefix("\ufeff").encode("utf-16")):
        review = load(tmp_path, content)
        assert figures(review) == [{"statistic": "effect", "yi": -0.8893, "vi": 0.3256}]
        assert (review.review.studies[0].study, review.review.studies[0].label) == ("Arzte-1999", "Ärzte 1999")


@pytest.mark.parametrize("spelling", ["NA", "n/a", "NaN", "", " ", ".", "-", "–", "NR", "#N/A", "not reported"])
def test_every_spelling_of_na_is_no_value(spelling: str, tmp_path: Path) -> None:
    review = load(tmp_path, f"study,events_e,n_e,events_c,n_c\nA,4,123,11,139\nB,{spelling},123,11,139\n")
    assert "events_e" not in figures(review)[1]


def test_a_row_without_a_figure_is_excluded_with_its_note(tmp_path: Path) -> None:
    review = load(tmp_path, "study,yi,vi,note\nA,0.1,0.2,\nB,,,not measured\n")
    result = extract_outcome(review.content("extract", study="B", outcome="effect"))["measures"]["RR"]
    assert (result["chosen"], result["why"]) == ([], "not measured")


# -- Other files -------------------------------------------------------------------------------------------------------

ROWS: list[list[Any]] = [
    ["study", "ai", "bi", "ci", "di", "setting"],
    ["Aronson 1948", 4, 119, 11, 128, "north"],
    ["Other", 6.0, 300, None, 274, None],
]


def write_xlsx(file: Path, rows: list[list[Any]], **more: Any) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, cell in more.get("sheets", {}).items():
        book.create_sheet(name)["A1"] = cell
    for place, number_format in more.get("formats", {}).items():
        book.active[place].number_format = number_format
    book.save(file)


def write_ods(file: Path, rows: list[list[Any]]) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document, table = OpenDocumentSpreadsheet(), Table(name="Sheet1")
    for row in rows:
        line = TableRow()
        for value in row:
            cell = (
                TableCell()
                if value is None
                else TableCell(valuetype="string")
                if isinstance(value, str)
                else TableCell(valuetype="float", value=value)
            )
            cell.addElement(P(text="" if value is None else str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(file))


def write_parquet(file: Path, rows: list[list[Any]]) -> None:
    import pyarrow
    from pyarrow import parquet

    header, *body = rows
    parquet.write_table(pyarrow.table({name: [row[index] for row in body] for index, name in enumerate(header)}), file)


def write_tsv(file: Path, rows: list[list[Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows(rows)


WRITERS = {".xlsx": write_xlsx, ".ods": write_ods, ".parquet": write_parquet, ".tsv": write_tsv}


@pytest.mark.parametrize("suffix", WRITERS)
def test_each_kind_of_file_gives_the_same_studies(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"studies{suffix}"
    WRITERS[suffix](file, ROWS)
    review = load_file(file)
    assert figures(review)[0] == {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}
    assert figures(review)[1] == {"statistic": "counts", "events_e": 6, "n_e": 306}
    assert review.review.study("Aronson-1948").characteristics == {"setting": "north"}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".parquet"])
def test_a_file_of_another_kind_is_refused_in_one_line(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, "study,yi,vi\nA,1,2\n", name=f"studies{suffix}")
    assert any(
        words in str(caught.value)
        for words in (f"not an {suffix} file", f"not a {suffix} file", "needs the Python package")
    )


def test_the_sheet_called_studies_is_read_and_several_without_it_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "studies.xlsx"
    write_xlsx(file, ROWS, sheets={"notes": "remember the milk"})
    with pytest.raises(BadInput, match="has the sheets Sheet, notes; call the one with the table 'studies'"):
        load_file(file)


def test_a_date_and_a_formula_without_result_are_refused_with_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "studies.xlsx"
    write_xlsx(file, [["study", "yi", "vi"], ["A", datetime.date(2025, 12, 3), 0.2]])
    with pytest.raises(BadInput, match=r"studies\.xlsx:2: yi: a date"):
        load_file(file)
    write_xlsx(file, [["study", "yi", "vi"], ["A", "=LN(0.7)", 0.2]])
    with pytest.raises(BadInput, match=r"studies\.xlsx:2: B: a formula without a stored value"):
        load_file(file)


def test_a_cell_shown_as_a_percentage_is_that_percentage(tmp_path: Path) -> None:
    file = tmp_path / "studies.xlsx"
    write_xlsx(
        file,
        [["study", "percent_e", "n_e", "percent_c", "n_c"], ["A", 0.34, 271, 0.16, 134]],
        formats={"B2": "0%", "D2": "0%"},
    )
    assert figures(load_file(file))[0]["percent_e"] == 34


# -- What is refused ---------------------------------------------------------------------------------------------------

COUNTS = "study,events_e,n_e,events_c,n_c"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{COUNTS}\nA,4,123,11,139\nB,four,123,11,139\n", ":3: events_e: 'four' is not a number"),
        (f"{COUNTS}\nA,4,123,11,139\nB,,,,\nC,-1,123,11,139\n", ":4: events_e: -1 is not allowed; write a whole number not below 0"),
        ("study,n_e,n_c,t,direction\nA,30,30,2.1,control\n", ":2: direction: study A: control contradicts t = 2.1"),
        ("study,r,n,t\nA,0.3,40,-2\n", ":2: t: study A: t = -2 contradicts the direction of r = 0.3"),
        (f"{COUNTS}\nA,140,123,11,139\n", ":2: events_e: 140 events among 123 patients"),
        (f"{COUNTS}\nA,4,123,11,139\n,4,123,11,139\n", ":3: study: no study"),
        (f"{COUNTS}\nA 1,4,123,11,139\nA-1,5,123,11,139\n", ":3: study: 'A-1' and 'A 1' in row 2 differ in punctuation alone"),
        (f"{COUNTS}\nA,4,123,11,139\nA,5,123,11,139\n", ":3: study: a second counts of this study and outcome, the first in row 2"),
        (f"{COUNTS},setting\nA,4,123,11,139,x\nA,5,123,11,139,y\n", ":3: setting: 'y' here and 'x' in row 2 of the same study"),
        (f"{COUNTS}\nA,4,123,11\n", ""),
        (f"{COUNTS}\nA,4,123,11,139,7\n", ":2: has 6 cells and the header 5"),
        (f"{COUNTS},n_c\nA,4,123,11,139,1\n", ":1: n_c: two columns have this name"),
        ("study,event_e,n_e,events_c,n_c\nA,4,123,11,139\n", ":1: event_e: did you mean 'events_e'?"),
        ("study,cases\nA,4\n", ":1: no column holds a figure (study, cases)"),
        ("study,mean_e,ci_low_e,ci_high_e,n_e,mean_c,sd_c,n_c\nA,5,4,,20,6,2,20\n", ":2: ci_low_e and ci_high_e: one limit of the interval is missing"),
        ("study,estimate,ci_low,ci_high\nA,0.7,1.03,0.47\n", ":2: ci_low and ci_high: the limits are swapped"),
        ("study,yi,vi\nA,0.5,0.2\nB,\"0,5\",0.2\n", ":3: yi: '0,5' is not allowed: some numbers of the table have a decimal point and this one a comma"),
        ("study;time_e;events_e;time_c;events_c\nA;1,234;3;2,345;4\n", ":2: time_e: '1,234' is not allowed: may be a decimal or a thousands comma"),
        ("study,design,yi,vi\nA,randomised,0.5,0.2\nB,randomized,0.5,0.2\n", ":3: design: 'randomized' is not known; did you mean 'randomised'?"),
        ("study,statistic,estimate,ci_low,ci_high\nA,hazard_ration,0.7,0.47,1.03\n", ":2: statistic: 'hazard_ration' is not known; did you mean 'hazard_ratio'?"),
        ("study,statistic,estimate,ci_low,ci_high,v\nA,odds_ratio,0.7,0.47,1.03,3\n", ":2: v: is not a field of odds_ratio"),
        ("study,ai,bi,ci,di,n1i,n2i\nA,4,119,11,128,120,139\n", ":2: n1i: is 120, and ai + bi is 123"),
        ("study,yi,vi\n", "holds no table"),
        ("", "holds no table"),
        ('study,yi,vi\nA,"0.5,0.2\n', "not a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_row_and_column(text: str, message: str, tmp_path: Path) -> None:
    if not message:  # a short row has empty cells at its end, which is no fault
        assert "n_c" not in figures(load(tmp_path, text))[0]
        return
    assert any(message in item for item in problems(tmp_path, text)), problems(tmp_path, text)


def test_all_problems_of_a_table_are_reported_together(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{COUNTS}\nA,four,123,11,139\nB,140,123,11,139\n,1,2,3,4\n")
    assert [item.split(":")[1] for item in found] == ["2", "3", "4"]


def test_an_estimate_of_analyses_on_several_measures_needs_its_statistic(tmp_path: Path) -> None:
    analyses = {"rr": {"measure": "RR", "outcome": "o"}, "or": {"measure": "OR", "outcome": "o"}}
    (found,) = problems(tmp_path, "study,estimate,ci_low,ci_high\nA,0.7,0.47,1.03\n", analyses=analyses)
    assert ":2: estimate: may be risk_ratio, odds_ratio" in found


def test_a_table_without_outcomes_serves_one_outcome_only(tmp_path: Path) -> None:
    found = problems(tmp_path, "study,yi,vi\nA,1,2\n", analyses={"os": {"measure": "HR"}, "efs": {"measure": "HR"}})
    assert found == [
        ":1: the analyses ask for the outcomes os, efs; add a column 'outcome' that says of which each row is"
    ]


def test_bytes_that_are_not_text_are_refused_with_their_row(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"studies\.csv:3: not UTF-8 text"):
        load(tmp_path, b"study,yi,vi\nA,1,2\n\xe4\x81rzte,1,2\n")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"events_e": "cases"}, "columns.events_e: the table has no column 'cases'; allowed: a, n_c"),
        ({"n_c": "a"}, "columns.n_c: the table has a column of this name too"),
    ],
)
def test_a_map_that_does_not_fit_the_table_is_refused(columns: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, "study,a,n_c\nA,1,2\n", columns=columns)
    assert message.split(";", maxsplit=1)[0] in str(caught.value)


def test_a_map_to_a_name_with_a_colon_is_reported_at_that_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, "study,yi,vi\nA,0.1,0.2\n", columns={"events: e": "cases"})
    (item,) = caught.value.problems
    assert item.where == "columns.events: e"
    assert item.message.startswith("the table has no column 'cases'")


def test_a_map_is_for_tables_only(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="columns: is for a table of studies"):
        load_file(tmp_path, columns={"study": "trial"})


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        load_file(tmp_path / "studies.csv")


def test_rows_that_are_marked_may_differ_in_a_characteristic_which_is_then_their_own(tmp_path: Path) -> None:
    content = "study,use,yi,vi,scale,age\nA,one,0.1,0.1,long,30\nA,two,0.2,0.1,short,30\nB,,0.3,0.1,long,40\n"
    analysis = {"measure": "SMD", "dependence": {"method": "multilevel"}}
    review = load(tmp_path, content, analyses={"effect": analysis})
    a, b = review.review.studies
    assert a.characteristics == {"age": 30} and b.characteristics == {"scale": "long", "age": 40}
    reported = a.outcomes["effect"]["reported"]
    assert [figure["characteristics"] for figure in reported] == [{"scale": "long"}, {"scale": "short"}]
    assert "characteristics" not in b.outcomes["effect"]["reported"][0]


def test_rows_without_marks_have_one_value_of_a_characteristic(tmp_path: Path) -> None:
    content = "study,outcome,yi,vi,scale\nA,one,0.1,0.1,long\nA,two,0.2,0.1,short\n"
    assert any("a study has one value" in line for line in problems(tmp_path, content, "SMD"))
