"""Tables have headings for rows and columns, print what is missing as such, and stay text."""

from __future__ import annotations

import copy
import dataclasses

from tests.unit.report import fixtures

from coppice.jobs import canonical_json
from coppice.report.page import outcome_tables, table, tables, trace
from coppice.report.page.html_elements import plain
from coppice.report.read import read_review


def test_a_table_heads_its_rows_and_columns_and_prints_what_is_missing():
    markup = table.table("Caption", ("A", "B"), [("x", None)], name="t")
    assert '<th scope="col">A</th>' in markup
    assert '<th scope="row">x</th>' in markup
    assert "not assessed" in markup
    assert "<caption><span>Caption</span></caption>" in markup


def test_a_characteristic_that_reads_as_another_column_names_its_key(review):
    for study in review.studies.values():
        study["characteristics"] = {"design_": "case-control", "age_group": "old"}
    head = plain(tables.studies(review).partition("</thead>")[0])
    assert "Design Design (characteristic design_) Age group" in head


def test_the_effects_say_what_was_reported_what_it_gives_and_why(review, analysis):
    text = plain(outcome_tables.effects(review, analysis))
    assert "HR 0.44 (95% CI 0.25 to 0.76) 0.44 (0.25 to 0.77) 33.3%" in text
    assert "the only figure that gives this measure" in text


def test_other_figures_of_a_study_stand_beside_with_their_ratio_to_the_one_that_entered(review, analysis):
    text = plain(outcome_tables.others(review, analysis))
    assert "HR 0.41 (95% CI 0.23 to 0.73)" in text
    assert " 0.93 " in text  # 0.41 / 0.44


def test_a_subgroup_of_one_study_shows_no_subtotal(analysis):
    assert plain(outcome_tables.subgroups(analysis)).count("one study, no subtotal") == 3


def test_every_figure_is_traced_to_report_place_page_and_quality(review):
    text = plain(trace.trace(review, "TOWER"))
    assert (
        "HR 0.71 (95% CI 0.55 to 0.93) Overall survival all Kantarjian et al. 2017 abstract Results a journal's page primary"
        in text
    )
    assert "median 7.7 v 4.0 months" in text
    assert "no: no hazard ratio can be computed from median survival" in text


def test_exact_risks_stand_in_the_table_of_counts(changed):
    counts = {"events_e": 13, "n_e": 267, "events_c": 0, "n_c": 109}
    risks = {
        "experimental": {"risk": 13 / 267, "low": 0.026, "high": 0.082},
        "control": {"risk": 0.0, "low": 0.0, "high": 0.033},
    }
    review = changed(effects=[fixtures.effect("TOWER") | {"statistic": "counts", "reported": counts, "risks": risks}])
    text = plain(outcome_tables.effects(review, review.analyses[0]))
    assert "13/267 v 0/109" in text
    assert "4.9% (2.6 to 8.2) 0.0% (0.0 to 3.3)" in text


def test_excluded_studies_have_their_reason(analysis):
    assert "BEIJING (Qi 2024) control value not reported" in plain(outcome_tables.excluded(analysis))


def test_long_characteristics_leave_the_table_of_the_studies(changed):
    spec = fixtures.specification()
    for study in spec["studies"]:
        study["characteristics"]["stopped_early"] = (
            "at the third interim analysis, for benefit, with half of the planned events"
        )
    review = changed(spec=spec)
    assert "Stopped early" not in tables.studies(review)
    assert "third interim analysis" in tables.study(review, "TOWER")


def test_figures_of_a_part_of_the_patients_are_said_to_be_part_of_the_total(review):
    extract = copy.deepcopy(fixtures.extracted("TOWER"))
    part = copy.deepcopy(extract["measures"]["HR"]["candidates"][0])
    extract["measures"]["HR"]["candidates"].append(
        part | {"population": "TOWER/adults", "reported": {"estimate": 0.5, "ci": [0.3, 0.8]}}
    )
    changed = dataclasses.replace(review, extracts={("TOWER", "os"): extract})
    assert "no: part of the total TOWER/adults" in plain(trace.trace(changed, "TOWER"))


def test_the_keys_of_the_sources_are_listed_with_what_they_stand_for(review):
    assert "P-X a journal's page" in plain(tables.places(review))


def test_a_source_that_nothing_names_has_no_key(changed):
    spec = fixtures.specification()
    spec["sources"]["P-Y"] = "a page that nobody read"
    text = plain(tables.places(changed(spec=spec)))
    assert "P-X" in text
    assert "P-Y" not in text


def test_the_outcomes_of_a_study_stand_in_the_order_of_the_analyses(tmp_path):
    spec = canonical_json.read(fixtures.write(tmp_path))
    other = tmp_path / "results" / "extract" / "E1910" / "another.json"
    canonical_json.write(other, fixtures.extracted("E1910") | {"outcome": "another"})
    spec["extracts"].insert(0, str(other.relative_to(tmp_path / "results")))
    extracts = read_review(spec, tmp_path / "results").extracts
    assert [outcome for study, outcome in extracts if study == "E1910"] == ["os", "another"]
