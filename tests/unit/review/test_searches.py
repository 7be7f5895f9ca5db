"""The history of a living review: its table is checked, and what each search adds reaches the analyses it concerns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coppice.core.errors import BadInput
from coppice.plan import plan
from coppice.plan.draw import figures

ROOT = Path(__file__).resolve().parents[3]
CONFIG = Path("config/config.yaml")
FIRST = "TOWER BEIJING INFANT AALL1331-HRIR AALL1331-LR"
REST = "20120215; QUEST HODDER E1910 AALL1731"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that reads the shipped review with a history."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)

    def load(*rows: str, header: str = "searched,added,note", name: str = "config/history.csv") -> plan.Plan:
        Path(name).write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return plan.load([CONFIG], {"history": name})

    return load


def test_each_analysis_is_told_of_its_own_studies_only(read):
    planned = read(f"2021-06-30,{FIRST},", f'2024-12-31,{REST},"PubMed, and two registers"')
    told = planned.content("explore", analysis="os")["explore"]["history"]["searches"]
    assert [search["searched"] for search in told] == ["2021-06-30", "2024-12-31"]
    assert "TOWER" in told[0]["added"]
    assert "INFANT" not in told[0]["added"]
    assert "history" in planned.content("draw", analysis="os")["figures"]
    assert planned.content("report")["history"][1]["note"] == "PubMed, and two registers"


def test_without_a_history_nothing_is_said_of_one():
    planned = plan.load([ROOT / CONFIG], {"studies": str(ROOT / "config/studies")})
    assert "history" not in planned.content("explore", analysis="os")["explore"]
    assert "history" not in planned.content("report")
    assert "history" not in figures(planned.review, planned.review.analyses["os"])


def test_a_note_is_read_by_the_report_alone(read):
    without = read(f"2021-06-30,{FIRST},", f"2024-12-31,{REST},")
    specs = {name: without.content("explore", analysis=name) for name in without.review.analyses}
    noted = read(f"2021-06-30,{FIRST},PubMed", "", f"2024-12-31,{REST},")
    assert {name: noted.content("explore", analysis=name) for name in noted.review.analyses} == specs
    assert noted.content("report")["history"] != without.content("report")["history"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((f"2021-06-31,{FIRST},", f"2024-12-31,{REST},"), "'2021-06-31' is not a date; use YYYY-MM-DD"),
        ((f"2024-12-31,{FIRST},", f"2024-12-31,{REST},"), "2024-12-31 is not after 2024-12-31"),
        ((f"2021-06-30,{FIRST},", f"2024-12-31,{REST} TOWR,"), "no study 'TOWR'; did you mean 'TOWER'"),
        ((f"2021-06-30,{FIRST},", f"2024-12-31,{REST} TOWER,"), "TOWER was added by an earlier search already"),
        (
            (f"2021-06-30,{FIRST},",),
            "5 studies (20120215, E1910, HODDER, ...) were added by no search: name each in the row",
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_one_clear_line(read, rows, message):
    with pytest.raises(BadInput) as found:
        read(*rows)
    assert message in str(found.value)
    assert "config/history.csv" in str(found.value)


def test_a_table_of_another_form_is_refused(read):
    with pytest.raises(BadInput, match="no such column; did you mean 'added'"):
        read(f"2021-06-30,{FIRST}", header="searched,aded")
    with pytest.raises(BadInput, match="is not a table"):
        read(name="config/history.txt")
    with pytest.raises(BadInput, match="no such file"):
        plan.load([CONFIG], {"history": "config/none.csv"})
