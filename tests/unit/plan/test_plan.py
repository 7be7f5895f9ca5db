"""The plan: units of work and what each of their specs holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.core.results_layout import BATCHES
from coppice.jobs.batch import THRESHOLD
from coppice.plan.draw import analyses_of, figures
from coppice.plan.plan import Plan, load
from coppice.plan.report import formats

HR = "{statistic: hazard_ratio, estimate: 0.7, ci: [0.5, 0.98], source: {report: p}}"
CONFIG = """
review: {title: T}
studies: studies
analyses:
  os: {measure: HR}
"""


def record(
    study: str, *, year: int = 2000, more: str = "", arms: str = "A, B", outcomes: str = f"os: {{reported: [{HR}]}}"
) -> str:
    experimental, control = arms.split(", ")
    return (
        f"study: {study}\nyear: {year}\ndesign: randomised\nreports: {{p: {{citation: C}}}}\n{more}\n"
        f"arms: {{experimental: {{name: {experimental}}}, control: {{name: {control}}}}}\noutcomes: {{{outcomes}}}\n"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    for name, year in (("LATE", 2010), ("EARLY", 1990), ("ALSO", 1990)):
        (tmp_path / f"studies/{name}.yaml").write_text(record(name, year=year), "utf-8")
    return tmp_path


def plan(**overrides: Any) -> Plan:
    return load([Path("config.yaml")], overrides)


def spec(verb: str, made: Plan | None = None, **unit: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((made or plan()).spec(verb, **unit))
    return content


def test_studies_are_in_the_order_of_year_and_id_however_they_are_listed(folder: Path) -> None:
    assert [study["study"] for study in spec("pool", analysis="os")["studies"]] == ["ALSO", "EARLY", "LATE"]


def test_an_extract_knows_nothing_of_titles_and_labels(folder: Path) -> None:
    before = plan().spec("extract", study="EARLY", outcome="os")
    (folder / "studies/EARLY.yaml").write_text(record("EARLY", year=1990, more="label: Early\nnote: N"), "utf-8")
    assert plan().spec("extract", study="EARLY", outcome="os") == before


def test_the_model_of_an_analysis_overrides_that_of_all(folder: Path) -> None:
    made = plan(model={"tau2": "PM", "level": 0.9}, analyses={"os": {"model": {"tau2": "DL"}}})
    assert spec("pool", made, analysis="os")["model"] == {"profile": "cochrane2025", "tau2": "DL", "level": 0.9}


def test_an_option_that_a_measure_does_not_read_changes_nothing_of_it(folder: Path) -> None:
    asked = plan(extract={"zero_cells": "constant"})
    assert asked.spec("extract", study="LATE", outcome="os") == plan().spec("extract", study="LATE", outcome="os")


def test_an_outcome_wanted_on_two_measures_or_with_two_options_is_extracted_once(folder: Path) -> None:
    made = plan(analyses={"again": {"outcome": "os", "measure": "HR", "extract": {"horizon": 12}}})
    assert made.extracts == [(study, "os") for study in ("ALSO", "EARLY", "LATE")]
    wanted = spec("extract", made, study="LATE", outcome="os")["measures"]
    assert set(wanted) == {spec("pool", made, analysis=name)["effect"] for name in ("os", "again")}
    assert len(wanted) == 2


@pytest.mark.parametrize(
    ("favours", "printed"),
    [
        (["experimental", "control"], ["Favours a drug", "Favours nothing"]),
        (["control", "experimental"], ["Favours nothing", "Favours a drug"]),
        (["Favours Nothing", "favours A drug"], ["Favours nothing", "Favours a drug"]),
        (["fewer events", "more events"], ["fewer events", "more events"]),
    ],
)
def test_favours_labels_are_the_arms_names_or_free_text(folder: Path, favours: list[str], printed: list[str]) -> None:
    for file in folder.glob("studies/*"):
        file.write_text(record(file.stem, arms="a drug, Nothing"), "utf-8")
    assert spec("draw", plan(analyses={"os": {"favours": favours}}), analysis="os")["favours"] == printed


def test_what_is_important_is_read_by_the_figures_and_the_report_of_its_analysis_alone(folder: Path) -> None:
    more: dict[str, Any] = {"again": {"outcome": "os", "measure": "HR"}}
    before = plan(analyses=more)
    after = plan(analyses={"os": {"important": 0.8}} | more)
    units = [("draw", "os"), ("draw", "again"), *((verb, "os") for verb in ("pool", "explore"))]
    changed = [
        unit for unit in units if before.spec(unit[0], analysis=unit[1]) != after.spec(unit[0], analysis=unit[1])
    ]
    assert changed == [("draw", "os")]
    assert before.spec("extract", study="LATE", outcome="os") == after.spec("extract", study="LATE", outcome="os")
    assert spec("draw", after, analysis="os")["important"] == 0.8
    assert [entry["important"] for entry in spec("report", after)["analyses"]] == [0.8, None]


def test_a_meta_regression_supports_the_analysis_of_its_outcome_unless_it_has_a_role(folder: Path) -> None:
    second = {"outcome": "os", "measure": "HR", "moderators": "year"}

    def roles(**analyses: Any) -> list[str]:
        return [entry["role"] for entry in spec("report", plan(analyses=analyses))["analyses"]]

    assert roles(more=second) == ["main", "meta-regression"]
    assert roles(more=second | {"role": "main"}) == ["main", "main"]
    assert roles(more=second | {"role": "sensitivity"}) == ["main", "sensitivity"]
    assert roles(os={"moderators": "year"}) == ["main"]


def test_the_summary_figure_reads_main_analyses_alone(folder: Path) -> None:
    analyses = {name: {"outcome": "os", "measure": "HR"} for name in ("two", "three")}
    analyses["three"]["role"] = "sensitivity"
    assert analyses_of(plan(analyses=analyses).review) == ["os", "two"]
    assert analyses_of(plan(analyses={"three": analyses["three"]}).review) == []


def test_arms_that_are_named_differently_are_called_by_their_roles(folder: Path) -> None:
    (folder / "studies/LATE.yaml").write_text(record("LATE", arms="Other, B"), "utf-8")
    assert spec("draw", analysis="os")["arms"] == {"experimental": "experimental", "control": "B"}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"analyses": {"os": {"outcome": "oss"}}}, "no study has the outcome 'oss'; did you mean 'os'?"),
        (
            {"analyses": {"os": {"include": {"desing": "randomised"}}}},
            "no study has the characteristic 'desing'; did you mean 'design'?",
        ),
        ({"analyses": {"os": {"include": {"year": [1990, 1991]}}}}, "no study has '1991' there"),
        ({"analyses": {"os": {"exclude": {"ERLY": "reason"}}}}, "no study 'ERLY'; did you mean 'EARLY'?"),
        ({"analyses": {"os": {"exclude": {"EARLY": None}}}}, "analyses.os.exclude.EARLY: None is not text"),
        ({"analyses": {"os": {"subgroups": "setting"}}}, "(ALSO, EARLY, LATE) have no characteristic 'setting'"),
        ({"analyses": {"os": {"favours": ["one"]}}}, "needs 2 entries, not 1"),
        ({"analyses": {"os": {"route": "hazard_ratio"}}}, "analyses.os.route: 'hazard_ratio' is not known"),
        ({"analyses": {"../x": {"measure": "HR", "outcome": "os"}}}, "does not have the form letters, digits"),
        ({"analyses": {}, "model": {"tau2": -1}}, "model.tau2"),
        ({"analyses": {"os": {"route": "counts"}}}, "analyses.os.route: the route counts gives no HR"),
        ({"model": {"inference": "PL"}}, "analyses.os.model: the inference PL is defined for tau2: ML alone"),
        ({"profile": "cochrane"}, "profile: 'cochrane' is not known; did you mean 'cochrane2025'?"),
        ({"studies": "nowhere"}, "nowhere: studies: no such folder"),
        ({"style": {"fnt": "x"}}, "did you mean 'font'?"),
        ({"figures": {"forrest": {}}}, "did you mean 'forest'?"),
        ({"figures": {"forest": {"nonsense": 1}}}, "figures.forest.nonsense: no such key"),
        ({"figures": {"radial": 3}}, "figures.radial"),
        ({"figures": {"forest": False, "funnel": False, "robustness": False}}, "every figure is switched off"),
        ({"figures": {"forest": {"preset": "revman"}}}, "figures.forest.preset: 'revman' is not known"),
        ({"figures": {"forest": {"decimals": {"effect": "two"}}}}, "figures.forest.decimals.effect: "),
        (
            {"figures": {"forest": {"limits": [0, 5]}}},
            "figures.forest.limits: [0, 5] is not a range of the hazard ratio of",
        ),
        ({"figures": {"bubble": {"moderator": "doze"}}}, "no study has the characteristic 'doze'"),
        ({"figures": {"forest": {"columns": ["study", "effect"]}}}, "must name 'plot' once"),
        (
            {"figures": {"forest": {"columns": ["study", "plot", "effects"]}}},
            "no column 'effects' and no such characteristic; did you mean 'effect'?",
        ),
    ],
)
def test_what_is_wrong_in_the_configuration_is_said(folder: Path, overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan(**overrides)
    assert message in str(caught.value)


def test_nothing_is_said_to_be_missing_from_a_record_that_could_not_be_read(folder: Path) -> None:
    (folder / "studies/EARLY.yaml").write_text("study: [", "utf-8")
    with pytest.raises(BadInput) as caught:
        plan(analyses={"os": {"exclude": {"EARLY": "reason"}, "include": {"year": [1990]}}})
    assert [problem.file for problem in caught.value.problems] == ["studies/EARLY.yaml"]


def test_the_same_patients_are_not_pooled_twice(folder: Path) -> None:
    for name in ("EARLY", "LATE"):
        (folder / f"studies/{name}.yaml").write_text(
            record(name, more=f"population: TRIAL{'/part' if name == 'LATE' else ''}"), "utf-8"
        )
    with pytest.raises(BadInput, match="EARLY and LATE have the same patients"):
        plan()
    plan(analyses={"os": {"exclude": {"LATE": "a part of EARLY"}}})  # no error


def test_a_study_that_passes_the_criteria_says_something_of_the_outcome(folder: Path) -> None:
    (folder / "studies/LATE.yaml").write_text(record("LATE", outcomes=f"efs: {{reported: [{HR}]}}"), "utf-8")
    with pytest.raises(BadInput, match=r"LATE has no outcome 'os': add it to studies/LATE\.yaml"):
        plan()


def test_a_figure_is_switched_on_and_off_by_its_name(folder: Path) -> None:
    made = plan(figures={"radial": {}, "drapery": True, "funnel": False})
    assert list(figures(made.review, made.review.analyses["os"])) == ["forest", "robustness", "radial", "drapery"]
    assert spec("draw", made, analysis="os")["figures"] == {"forest": {}, "robustness": {}, "radial": {}, "drapery": {}}
    assert spec("report", made, notebook="")["analyses"][0]["figures"] == list(
        figures(made.review, made.review.analyses["os"])
    )


def test_a_drawing_knows_the_characteristics_that_its_columns_name_and_no_others(folder: Path) -> None:
    (folder / "studies/LATE.yaml").write_text(
        record("LATE", year=2010, more="characteristics: {phase: III, age: 40}"), "utf-8"
    )
    drawn = spec(
        "draw", plan(figures={"forest": {"columns": ["study", "phase", "plot", "risk_of_bias"]}}), analysis="os"
    )
    assert drawn["characteristics"]["LATE"] == {"phase": "III"}
    assert drawn["characteristics"]["EARLY"] == {"phase": None}
    assert drawn["risk_of_bias"] == {"ALSO": None, "EARLY": None, "LATE": None}
    assert spec("draw", analysis="os")["characteristics"] == spec("draw", analysis="os")["risk_of_bias"] == {}


def test_the_forms_of_the_report_that_are_asked_for_name_their_files(folder: Path) -> None:
    assert formats(plan().review) == {}
    files = formats(plan(report={"formats": ["xlsx", "csv"]}).review)
    assert files["xlsx"] == ["tables.xlsx"]
    assert "tables/effects.csv" in files["csv"]


def test_a_form_that_is_not_known_is_named_with_the_nearest(folder: Path) -> None:
    with pytest.raises(BadInput, match="did you mean 'xlsx'"):
        plan(report={"formats": ["xslx"]})


def test_the_tables_of_the_report_know_nothing_of_its_title_and_notes(folder: Path) -> None:
    before = spec("report", format_="csv")
    other = plan(review={"title": "Another"}, report={"style": "JAMA"}, analyses={"os": {"note": "N", "baselines": []}})
    assert spec("report", other, format_="csv") == before


def test_what_people_judge_reaches_the_report(folder: Path) -> None:
    baseline = {"name": "low", "risk": 0.2, "time": "3 years", "source": "a registry"}
    judged = {"certainty": {"level": "low", "reasons": ["imprecision"]}, "baselines": [baseline], "event": "death"}
    entry = spec("report", plan(analyses={"os": judged}), notebook="0")["analyses"][0]
    assert {name: entry[name] for name in judged} == judged


@pytest.mark.parametrize(
    ("judged", "message"),
    [
        ({"certainty": {"level": "lowish"}}, "did you mean 'low'"),
        ({"baselines": [{"name": "low", "risk": 20, "source": "a registry"}]}, "between 0 and 1"),
        ({"baselines": [{"name": "low", "risk": 0.2}]}, "'source' is missing"),
    ],
)
def test_a_judgement_that_can_not_be_read_is_refused(folder: Path, judged: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        plan(analyses={"os": judged})


def test_a_verb_works_in_batches_above_a_hundred_units(folder: Path) -> None:
    analyses = "".join(f"  a{number}: {{outcome: os, measure: HR}}\n" for number in range(THRESHOLD + 1))
    (folder / "config.yaml").write_text(f"review: {{title: T}}\nstudies: studies\nanalyses:\n{analyses}", "utf-8")
    plan = load([folder / "config.yaml"], {})
    assert plan.batches("extract") == {}
    for verb in ("pool", "explore", "draw"):
        batches = plan.batches(verb)
        assert len(batches) == len(BATCHES)
        assert sorted(name for units in batches.values() for name in units) == sorted(plan.review.analyses)
    units = plan.batches("pool")["0"]
    spec = json.loads(plan.batch_spec("pool", units))
    assert spec == {"units": {name: json.loads(plan.spec("pool", analysis=name)) for name in units}}
