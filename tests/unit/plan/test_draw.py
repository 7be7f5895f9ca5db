"""The figures of the review as a whole: which are drawn, and what each reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.draw.canvas import fonts
from coppice.plan.draw import analyses_of, review_figures
from coppice.plan.plan import Plan, load

HR = "{statistic: hazard_ratio, estimate: 0.7, ci: [0.5, 0.98], source: {report: p}}"
CURVE = (
    "{statistic: km_curve, times: [0, 6, 12], survival_e: [1, 0.9, 0.8], survival_c: [1, 0.8, 0.6], "
    "at_risk_times: [0, 12], at_risk_e: [50, 40], at_risk_c: [50, 30], source: {report: p}}"
)
CONFIG = """
review: {title: T}
studies: studies
analyses:
  os: {title: Survival, measure: HR}
"""
JUDGED = "risk_of_bias: {tool: RoB 2, domains: {D1: low}, overall: low}"


def record(study: str, *, year: int = 2000, more: str = "") -> str:
    return (
        f"study: {study}\nyear: {year}\nlabel: Study {study}\ndesign: randomised\nreports: {{p: {{citation: C}}}}\n{more}\n"
        f"outcomes: {{os: {{reported: [{HR}]}}, efs: {{reported: [{HR}, {CURVE}]}}}}\n"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    for name, year in (("A", 2010), ("B", 1990)):
        (tmp_path / f"studies/{name}.yaml").write_text(record(name, year=year), "utf-8")
    return tmp_path


def plan(**overrides: Any) -> Plan:
    return load([Path("config.yaml")], overrides)


def test_a_review_of_one_analysis_without_judgements_and_counts_has_a_map_of_routes_alone(folder: Path) -> None:
    assert list(review_figures(plan().review)) == ["routes_map"]
    assert analyses_of(plan().review) == []


def test_the_map_reads_every_extract_in_the_order_of_the_studies_and_nothing_else(folder: Path) -> None:
    content = plan().content("draw")
    assert content["extracts"] == ["extract/B/os.json", "extract/A/os.json"]
    assert content["labels"] == {"A": "Study A", "B": "Study B"}
    assert content["outcomes"] == [{"outcome": "os", "title": "Survival"}]
    assert set(content) == {"figures", "style", "counts", "extracts", "labels", "outcomes"}


def test_analyses_that_share_an_axis_are_summed_up(folder: Path) -> None:
    made = plan(analyses={"efs": {"measure": "HR"}})
    assert list(review_figures(made.review)) == ["summary", "routes_map"]
    assert [entry["pool"] for entry in made.content("draw")["analyses"]] == ["pool/os.json", "pool/efs.json"]


def test_counts_of_the_flow_and_judgements_bring_their_figures(folder: Path) -> None:
    (folder / "studies/A.yaml").write_text(record("A", more=JUDGED), "utf-8")
    made = plan(review={"flow": {"screened": 10}}, figures={"routes_map": False})
    assert list(review_figures(made.review)) == ["prisma", "risk_of_bias", "risk_of_bias_summary"]
    content = made.content("draw")
    assert content["flow"] == {"screened": 10}
    assert [item.get("overall") for item in content["assessments"]] == [None, "low"]
    assert made.reads("draw") == []


def test_a_summary_by_weight_reads_the_analysis_that_it_names_alone(folder: Path) -> None:
    made = plan(figures={"risk_of_bias_summary": {"analysis": "os"}})
    assert analyses_of(made.review) == ["os"]
    with pytest.raises(BadInput, match="no analysis 'oss'; did you mean 'os'"):
        plan(figures={"risk_of_bias_summary": {"analysis": "oss"}})


def test_a_figure_that_is_asked_for_is_drawn_even_if_only_to_say_what_is_missing(folder: Path) -> None:
    assert list(review_figures(plan(figures={"prisma": {}, "routes_map": False}).review)) == ["prisma"]


def test_curves_are_read_where_a_figure_shows_them_and_a_study_reports_them(folder: Path) -> None:
    made = plan(analyses={"efs": {"measure": "HR"}}, figures={"kaplan_meier": {}})
    assert made.content("draw", analysis="efs")["extracts"] == ["extract/B/efs.json", "extract/A/efs.json"]
    assert "extracts" not in made.content("draw", analysis="os")
    assert "extracts" not in plan(analyses={"efs": {"measure": "HR"}}).content("draw", analysis="efs")


def test_an_assessment_that_its_tool_does_not_have_is_refused(folder: Path) -> None:
    (folder / "studies/A.yaml").write_text(record("A", more=JUDGED.replace("D1: low", "D1: moderate")), "utf-8")
    with pytest.raises(BadInput, match=r"risk_of_bias.domains.D1: 'moderate' is not a judgement of RoB 2"):
        plan()


def test_a_font_that_is_installed_for_the_letters_of_a_review_changes_its_figures(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load([Path("config.yaml")], {}).content("draw", analysis="os")
    assert "fonts" not in before
    (folder / "studies/A.yaml").write_text(record("A", year=2010).replace("Study A", "中"), "utf-8")
    file = folder / "font.ttf"
    monkeypatch.setattr(fonts, "families", lambda letters, family: (family, *([letters] if file.exists() else [])))
    monkeypatch.setattr(fonts, "path", lambda family: file)
    assert "fonts" not in load([Path("config.yaml")], {}).content("draw", analysis="os")
    found = []
    for content in ("one", "another"):
        file.write_text(content, "utf-8")
        plan = load([Path("config.yaml")], {})
        found += [
            plan.content("draw", analysis="os")["fonts"],
            plan.content("draw")["fonts"],
            plan.content("report", format_="pdf")["fonts"],
        ]
    assert list(found[0]) == ["中"]
    assert found[0] == found[1] == found[2] != found[3] == found[4] == found[5]


BY_OUTCOME = "risk_of_bias: {tool: RoB 2, domains: {D1: low}, overall: low, by_outcome: {os: {domains: {D1: high}, overall: high}}}"


def test_the_lights_of_an_analysis_are_those_of_its_outcome(folder: Path) -> None:
    (folder / "studies/A.yaml").write_text(record("A", more=BY_OUTCOME), "utf-8")
    columns = {"forest": {"columns": ["study", "plot", "risk_of_bias"]}}
    made = plan(figures=columns, analyses={"os": {"measure": "HR"}, "efs": {"measure": "HR"}})
    verdicts = {name: made.content("draw", analysis=name)["risk_of_bias"]["A"]["overall"] for name in ("os", "efs")}
    assert verdicts == {"os": "high", "efs": "low"}
    assessed = [(item["label"], item.get("overall")) for item in made.content("draw")["assessments"]]
    assert assessed == [("Study B", None), ("Study A", "low"), ("Study A: Survival", "high")]


def test_a_judgement_of_an_unknown_outcome_is_bad_input(folder: Path) -> None:
    (folder / "studies/A.yaml").write_text(record("A", more=BY_OUTCOME.replace("{os: {dom", "{oss: {dom")), "utf-8")
    with pytest.raises(
        BadInput, match=r"risk_of_bias.by_outcome.oss: no outcome 'oss' in this record; did you mean 'os'"
    ):
        plan()
