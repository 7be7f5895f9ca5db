"""The other formats of the report hold the results' numbers, and text in them stays text."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from xml.etree import ElementTree

import pytest

from coppice.core.errors import CoppiceError
from coppice.report.data.data_tables import Frame, frames
from coppice.report.data.r_script import r_script, r_string
from coppice.report.data.spreadsheet import to_csv, to_xlsx
from coppice.report.formats import FORMATS, write_format
from coppice.report.report_data import figures_of

from . import fixtures

CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "\n=1", "\uff1d1+1", "\uff20SUM(A1)"]


def named(review, name):
    return next(frame for frame in frames(review) if frame.name == name)


def test_the_table_of_the_analyses_holds_the_back_transformed_results(review):
    frame = named(review, "analyses")
    row = dict(zip(frame.columns, frame.rows[0], strict=True))
    assert row["estimate"] == pytest.approx(0.62)
    assert row["prediction_high"] == pytest.approx(1.34)
    assert (row["tau2"], row["inference"]) == (0.0142, "HKSJ")


def test_every_row_is_as_wide_as_its_columns(review):
    for frame in frames(review):
        assert {len(row) for row in frame.rows} <= {len(frame.columns)}, frame.name


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_a_csv_starts_as_a_formula(text):
    (heading,), (cell,) = csv.reader(io.StringIO(to_csv(Frame("t", (text,), ((text,),))), newline=""))
    assert heading == cell == f"'{text}"


def test_a_negative_number_in_a_csv_is_left_alone():
    assert to_csv(Frame("t", ("a",), ((-0.5,), (None,)))) == 'a\n-0.5\n""\n'


@pytest.mark.parametrize("text", [*HOSTILE, fixtures.NASTY, "a\x00b", "  spaces  ", "日本語"])
def test_text_in_a_workbook_is_stored_as_text(text):
    with zipfile.ZipFile(io.BytesIO(to_xlsx([Frame("t", ("a",), ((text,),))]))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    cells = list(sheet.iter(f"{CELL}c"))
    assert not list(sheet.iter(f"{CELL}f"))
    assert cells[1].get("t") == "inlineStr"
    assert cells[1].find(f"{CELL}is/{CELL}t").text == text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def test_a_workbook_is_the_same_bytes_every_time(review):
    assert to_xlsx(frames(review)) == to_xlsx(frames(review))


def test_the_parts_of_a_workbook_are_well_formed_and_named(review):
    with zipfile.ZipFile(io.BytesIO(to_xlsx(frames(review)))) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{CELL}sheet")
        assert [sheet.get("name") for sheet in sheets] == [frame.name for frame in frames(review)]


def test_text_can_not_leave_its_quotes_in_the_script_for_r():
    assert r_string('a"; system("rm") #') == '"a\\"; system(\\"rm\\") #"'
    assert r_string("back\\slash\nline é") == '"back\\\\slash\\U0000000aline \\U000000e9"'


def test_a_title_can_not_start_a_line_of_the_script_for_r(changed):
    spec = fixtures.specification()
    spec["analyses"][0]["title"] = "A\nsystem('x')"
    assert "\nsystem" not in r_script(changed(spec=spec))


def test_the_script_for_r_names_the_model_that_was_fitted(review):
    script = r_script(review)
    assert 'method = "REML"' in script
    assert 'test = "knha"' in script
    assert f'same("os: estimate", {float(f"{math.log(0.62):.12g}")!r}, fit$beta[1])' in script


def test_the_script_for_r_repeats_the_subgroups_that_have_an_estimate(changed):
    pool = fixtures.pooled()
    pool["random"], pool["reasons"] = None, {"random": "the analysis asks for its subgroups only"}
    level = {
        "level": "first line",
        "k": 1,
        "random": fixtures.estimated(0.44, 0.25, 0.76, "wald"),
        "heterogeneity": None,
    }
    pool["subgroups"]["levels"] = [level]
    script = r_script(changed(pool=pool))
    assert 'same("os, first line: estimate"' in script
    assert "TOWER" not in script


def test_the_script_for_r_leaves_out_what_rma_does_not_fit(changed):
    pool = fixtures.pooled()
    pool["settings"] |= {"dependence": "multilevel"}
    assert "rma(" not in r_script(changed(pool=pool)).split("same <- function")[1]


def test_an_unknown_format_names_the_nearest(tmp_path):
    with pytest.raises(CoppiceError, match="did you mean 'xlsx'"):
        write_format({"format": "xslx"}, files=[tmp_path])


def test_a_file_outside_a_report_needs_the_folder_of_the_results(tmp_path):
    with pytest.raises(CoppiceError, match="--results"):
        write_format(fixtures.specification() | {"format": "R"}, files=[tmp_path / "analysis.R"])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_written_from_the_specification(name, tmp_path):
    files = [tmp_path / "results" / "report" / file for file in FORMATS[name].files]
    packed = {"packed": [], "configuration": [], "records": dict.fromkeys(fixtures.HAZARD_RATIOS, "config/studies.csv")}
    fixtures.write(tmp_path)
    write_format(fixtures.specification() | packed | {"format": name}, files=files)
    assert all(file.stat().st_size for file in files)


def test_quotes_have_a_table_of_their_own_where_records_have_any(changed):
    plain_tables = [frame.name for frame in frames(changed(spec=fixtures.specification()))]
    spec = fixtures.specification() | {"quotes_sources": True}
    review = changed(spec=spec)
    assert [frame.name for frame in frames(review)] == [*plain_tables, "quotes"]
    assert named(review, "quotes").rows == ()
    extract = next(iter(review.extracts.values()))
    figure = figures_of(extract)[0]
    figure["source"] = {**(figure.get("source") or {}), "text": "sources/a.txt", "quote": "HR 0.62"}
    (row,) = named(review, "quotes").rows
    assert row[-2:] == ("sources/a.txt", "HR 0.62") and row[0] == extract["study"]
