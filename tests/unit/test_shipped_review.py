"""The shipped review says what its sources say: every row that enters, every study that does not, every place named."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import Object
from coppice.core.text_numbers import comparable
from coppice.extract.checks.printed_in import Printed, numbers_of
from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import Plan, load
from coppice.plan.report import record_content
from coppice.pool.analysis import pool_analysis
from coppice.review import arms, record, strict_yaml
from coppice.review.arm_names import favours_of
from coppice.review.figure_keys import COMMON_KEYS
from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.config import CONFIG as CONFIGURATION
from coppice.review.keys.config import REPORT
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import MODEL
from coppice.review.keys.results import CERTAINTY
from coppice.review.keys.review import FLOW, QUESTION, REVIEW
from coppice.review.review import Review

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"
REFERENCE = ROOT / "tests" / "reference"
FIRST_RELAPSE = ["AALL1331-HRIR", "20120215"]
CHILDREN = ["20120215", "AALL1331-HRIR", "AALL1331-LR", "AALL1731"]

# Read in no text when the review was made, only recalled; none may be shipped as if it had been read.
NEVER_READ = {
    "AALL1731": ["0.33", "0.45"],
    "AALL1331-HRIR": ["0.03", "0.02", "0.005"],
    "AALL1331-LR": ["0.089", "0.11", "0.366", "0.388", "0.765", "0.688"],
    "20120215": ["0.43", "1.01", "0.662", "0.271", "0.784", "0.414", "0.611", "0.276", "0.38", "0.15", "0.72"],
    "E1910": ["17", "39"],
    "TOWER": ["0.43"],
    "INFANT": ["0.608", "0.920", "0.425", "0.560"],
    "HODDER": ["0.85", "0.98", "0.90", "0.97", "0.94"],
}


def table(name: str) -> list[dict[str, str]]:
    lines = [line for line in (REFERENCE / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load([CONFIG / "config.yaml"], {"studies": str(CONFIG / "studies")})


@pytest.fixture(scope="module")
def review(plan: Plan) -> Review:
    return plan.review


def figures(study: record.Study) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for outcome, content in study.outcomes.items():
        for figure in content["reported"]:
            yield outcome, figure


def pooled(plan: Plan, analysis: str) -> dict[str, Any]:
    extracts = [
        extract_outcome(plan.content("extract", study=study, outcome=outcome))
        for study, outcome in plan.reads("pool", analysis=analysis)
    ]
    return pool_analysis(plan.content("pool", analysis=analysis), extracts)


@pytest.fixture(scope="module")
def results(plan: Plan) -> dict[str, dict[str, Any]]:
    return {name: pooled(plan, name) for name in plan.review.analyses}


def rows_of(results: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    return {
        (name, row["study"], row["population"]): row for name, result in results.items() for row in result["effects"]
    }


def printed(reported: Mapping[str, Any], statistic: str) -> str:
    if statistic == "hazard_ratio":
        return "{:.2f} ({:.2f}-{:.2f})".format(reported["estimate"], *reported["ci"])
    if statistic == "counts":
        return "{events_e}/{n_e} v {events_c}/{n_c}".format(**reported)
    arms = ("{:.3f} ({:.3f}-{:.3f})".format(reported[f"survival_{arm}"], *reported[f"ci_{arm}"]) for arm in "ec")
    return f"{reported['time']} {reported['unit']}: " + " v ".join(arms)


def test_the_rows_that_enter_are_those_of_the_hand_entered_table_and_no_others(
    results: dict[str, dict[str, Any]],
) -> None:
    expected = {(row["analysis"], row["study"], row["population"]) for row in table("shipped_effects.tsv")}
    assert set(rows_of(results)) == expected


@pytest.mark.parametrize("row", table("shipped_effects.tsv"), ids=lambda row: f"{row['analysis']}-{row['population']}")
def test_a_row_that_enters_equals_the_hand_entered_table(
    row: dict[str, str], results: dict[str, dict[str, Any]]
) -> None:
    candidate = rows_of(results)[row["analysis"], row["study"], row["population"]]
    assert candidate["statistic"] == row["statistic"]
    assert printed(candidate["reported"], row["statistic"]) == row["figure"]
    assert candidate["source"]["read_in"] == row["read_in"]
    assert candidate["yi"] == pytest.approx(float(row["yi"]), rel=1e-11)
    assert candidate["vi"] == pytest.approx(float(row["vi"]), rel=1e-11)


def test_the_analyses_are_the_nine_of_the_review(review: Review) -> None:
    assert list(review.analyses) == [
        "efs", "os", "efs_children", "os_children", "efs_all", "mrd", "hsct", "infection", "crs",
    ]  # fmt: skip
    measures = {name: analysis.measure for name, analysis in review.analyses.items()}
    assert measures == dict.fromkeys(("efs", "os", "efs_children", "os_children", "efs_all"), "HR") | dict.fromkeys(
        ("mrd", "hsct", "infection"), "RR"
    ) | {"crs": "RD"}


def test_os_excludes_nothing_and_has_the_default_model(review: Review) -> None:
    settings = review.analyses["os"].settings
    assert not {"exclude", "model", "moderators", "subgroups", "route"} & set(settings)


def test_the_analyses_of_children_have_the_trials_in_children_and_young_adults(review: Review) -> None:
    for name in ("efs_children", "os_children"):
        assert sorted(study.study for study in review.analyses[name].members) == CHILDREN


def test_infection_has_no_average_over_contrasts(review: Review) -> None:
    assert review.analyses["infection"].settings["overall"] is False
    assert review.analyses["infection"].settings["subgroups"] == "contrast"


def test_rows_of_sepsis_say_so(results: dict[str, dict[str, Any]]) -> None:
    labels = {key[2]: row["label"] for key, row in rows_of(results).items() if key[:2] == ("infection", "AALL1731")}
    assert labels == {
        "AALL1731/average": "AALL1731, average risk (sepsis)",
        "AALL1731/higher": "AALL1731, higher risk (sepsis)",
    }


def test_the_hazard_ratio_of_event_free_survival_in_tower_is_excluded_with_its_reason(review: Review) -> None:
    for name in ("efs", "efs_all"):
        (excluded,) = review.analyses[name].excluded
        assert excluded["study"] == "TOWER"
        assert "without a usable confidence interval" in excluded["reason"]


@pytest.mark.parametrize(
    ("study", "words"),
    [
        ("BEIJING", "no control value"),
        ("HODDER", "no control value"),
        ("QUEST", "results could not be reached"),
        ("TOWER", "without a usable confidence interval"),
    ],
)
def test_a_study_that_cannot_be_pooled_is_listed_with_the_reason(
    study: str, words: str, results: dict[str, dict[str, Any]]
) -> None:
    reasons = {row["study"]: row["reason"] for row in results["efs_all"]["excluded"]}
    assert words in reasons[study]


def test_every_study_in_scope_is_pooled_or_excluded_with_a_reason(
    plan: Plan, results: dict[str, dict[str, Any]]
) -> None:
    for name, analysis in plan.review.analyses.items():
        pooled_studies = {row["study"] for row in results[name]["effects"]}
        excluded = {row["study"] for row in results[name]["excluded"] if row["reason"]}
        named = {row["study"] for row in analysis.excluded}
        assert not pooled_studies & excluded
        assert pooled_studies | excluded == {study.study for study in analysis.members} | named, name


def test_every_outcome_without_an_effect_says_why(review: Review) -> None:
    for study in review.studies:
        for outcome, content in study.outcomes.items():
            assert content["reported"] or content.get("note"), f"{study.study} {outcome}"


def test_every_figure_names_the_place_where_it_was_read(review: Review) -> None:
    places = strict_yaml.load(CONFIG / "sources.yaml").data
    for study in review.studies:
        for outcome, figure in figures(study):
            source = set(figure["source"]) - {"text", "quote"}
            assert source == {"report", "at", "read_in", "quality"}, f"{study.study} {outcome}"
            assert figure["source"]["read_in"] in places, f"{study.study} {outcome}"


def test_every_figure_of_a_document_that_the_review_began_with_quotes_it_briefly(review: Review) -> None:
    for study in review.studies:
        for outcome, figure in figures(study):
            source = figure["source"]
            is_quoted = source["read_in"] in ("S0", "S1", "S2", "S3", "S4")
            assert source.get("text") == (f"sources/{source['read_in']}.txt" if is_quoted else None), outcome
            assert len(source.get("quote", "").split()) <= 25, outcome


def test_the_numbers_of_each_figure_are_in_its_quote_although_the_texts_are_not_shipped(review: Review) -> None:
    assert all(text.is_elsewhere for text in review.texts.values()) and len(review.texts) == 5
    for study in review.studies:
        for outcome, figure in figures(study):
            if quote := figure["source"].get("quote"):
                words = Printed(comparable(quote))
                missing = [str(item) for item in numbers_of(figure) if not (item.is_context or words.holds(item))]
                assert not missing, f"{study.study} {outcome}"


def test_one_place_has_one_quality(review: Review) -> None:
    qualities: dict[str, set[str]] = {}
    for study in review.studies:
        for _, figure in figures(study):
            qualities.setdefault(figure["source"]["read_in"], set()).add(figure["source"]["quality"])
    assert {place: found for place, found in qualities.items() if len(found) > 1} == {}


def test_no_interval_of_a_hazard_ratio_of_event_free_survival_was_read_in_a_primary_source(review: Review) -> None:
    intervals = [
        figure["source"]["quality"]
        for study in review.studies
        for outcome, figure in figures(study)
        if outcome == "efs" and figure["statistic"] == "hazard_ratio" and "ci" in figure
    ]
    assert len(intervals) > 1
    assert "primary" not in intervals


@pytest.mark.parametrize("study", NEVER_READ)
def test_no_figure_that_was_only_recalled_is_shipped(study: str, review: Review) -> None:
    outcomes = {"efs", "os"}
    numbers = {
        value
        for outcome, figure in figures(review.study(study))
        if outcome in outcomes
        for name, entry in figure.items()
        if name not in {"n_e", "n_c", "time", "at_risk_times", "at_risk_e", "at_risk_c"}
        for value in (entry if isinstance(entry, list) else [entry])
        if isinstance(value, int | float)
    }
    assert not numbers & set(map(float, NEVER_READ[study]))


def test_a_figure_printed_the_other_way_round_agrees_with_the_one_printed_directly(review: Review) -> None:
    for outcome in ("efs", "os"):
        reported = review.study("AALL1331-HRIR").outcomes[outcome]["reported"]
        (turned,) = [figure for figure in reported if figure.get("inverted")]
        (direct,) = [figure for figure in reported if figure.get("use")]
        assert 1 / turned["estimate"] == pytest.approx(direct["estimate"], abs=0.01)


def test_what_is_not_known_of_the_review_is_null(review: Review) -> None:
    assert review.settings["review"]["registration"] is None
    assert review.settings["review"]["searched"] is None
    assert all(study.risk_of_bias is None for study in review.studies)


def test_the_first_page_says_what_kind_of_review_this_is(review: Review) -> None:
    notes = " ".join(review.settings["review"]["notes"])
    for words in ("worked example", "without a systematic search", "in a trial's own paper", "0.46 (0.33 to 0.64)"):
        assert words in notes


def test_arms_have_the_same_names_in_every_record(review: Review) -> None:
    names = {
        tuple(arm["name"] for arm in (study.arms["experimental"], study.arms["control"])) for study in review.studies
    }
    assert names == {("Blinatumomab", "Chemotherapy")}


def test_the_readme_of_the_configuration_has_every_key() -> None:
    text = (CONFIG / "README.md").read_text("utf-8")
    written = set(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)))
    shapes = (
        CONFIGURATION,
        REVIEW,
        QUESTION,
        FLOW,
        CERTAINTY,
        REPORT,
        ANALYSIS,
        MODEL,
        EXTRACT,
        record.RECORD,
        record.OUTCOME,
    )
    keys = {key.name for shape in (*shapes, record.REPORT, arms.NAMED_ARM) for key in shape.keys}
    keys |= {key.name for key in COMMON_KEYS} | set(STATISTICS)
    assert keys <= written


def test_the_readme_of_the_configuration_has_no_key_that_is_unknown() -> None:
    text = (CONFIG / "README.md").read_text("utf-8")
    sections = {
        "An analysis": ANALYSIS,
        "A model": MODEL,
        "Zero cells": EXTRACT,
        "An outcome": record.OUTCOME,
        "`review`": REVIEW,
    }
    for heading, shape in sections.items():
        part = text.split(f"### {heading}\n")[1].split("\n#")[0]
        assert set(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) == {key.name for key in keys_of(shape)}, heading


def keys_of(shape: Object) -> tuple[Any, ...]:
    return tuple(shape.keys)


def test_every_risk_without_the_treatment_is_that_of_a_control_arm_in_the_records(review: Review) -> None:
    for name, analysis in review.analyses.items():
        for baseline in analysis.settings.get("baselines") or []:
            (study,) = [item for item in review.studies if f"control arm of {item.study}," in baseline["source"]]
            arms = [figure for figure in study.outcomes[analysis.outcome]["reported"] if "survival_c" in figure]
            read = re.search(r"\((\S+)\)$", baseline["source"])
            assert read, name
            assert [
                figure
                for figure in arms
                if f"{figure['time']} {figure['unit']}" == baseline["time"]
                and round(1 - figure["survival_c"], 6) == baseline["risk"]
                and figure["source"]["read_in"] == read[1]
            ], (name, baseline)


def test_nothing_is_judged_in_the_shipped_review(review: Review) -> None:
    assert not any(analysis.settings.get("certainty") for analysis in review.analyses.values())
    assert not any(review.settings["review"].get(key) for key in ("flow", "searched", "registration", "selection"))
    assert not any(study.risk_of_bias for study in review.studies)


# -- The arms exchanged ------------------------------------------------------------------------------------------------


def exchanged(figure: Mapping[str, Any]) -> dict[str, Any]:
    other = {name: name[:-1] + {"e": "c", "c": "e"}[name[-1]] if name[-2:] in {"_e", "_c"} else name for name in figure}
    turned = {other[name]: value for name, value in figure.items()}
    if figure["statistic"] in {"hazard_ratio", "odds_ratio"}:
        turned["inverted"] = not figure.get("inverted", False)
    if figure["statistic"] in {"risk_difference", "rmst_difference"}:
        turned["estimate"], turned["ci"] = -figure["estimate"], [-limit for limit in reversed(figure["ci"])]
    return turned


@pytest.fixture
def exchanged_plan(review: Review, tmp_path: Path) -> Plan:
    for study in review.studies:
        record = record_content(study)
        record["arms"] = {"experimental": study.arms["control"], "control": study.arms["experimental"]}
        record["outcomes"] = {
            name: content | {"reported": [exchanged(figure) for figure in content["reported"]]}
            for name, content in study.outcomes.items()
        }
        (tmp_path / f"{study.study}.yaml").write_text(json.dumps(record), "utf-8")
    return load([CONFIG / "config.yaml"], {"studies": str(tmp_path)})


def lines(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    levels = result["subgroups"]["levels"] if result["subgroups"] else []
    return [part[name] for part in (result, *levels) for name in ("common", "random") if part[name] is not None]


def test_exchanged_arms_turn_every_effect_and_estimate_round(
    results: dict[str, dict[str, Any]], exchanged_plan: Plan
) -> None:
    for name, before in results.items():
        after = pooled(exchanged_plan, name)
        assert [row["population"] for row in after["effects"]] == [row["population"] for row in before["effects"]]
        for one, other in zip(before["effects"], after["effects"], strict=True):
            assert (other["yi"], other["vi"]) == pytest.approx((-one["yi"], one["vi"]), rel=1e-12)
        for line, turned in zip(lines(before), lines(after), strict=True):
            assert (turned["estimate"], turned["ci_low"], turned["ci_high"]) == pytest.approx(
                (-line["estimate"], -line["ci_high"], -line["ci_low"]), rel=1e-9
            )


def test_exchanged_arms_turn_every_label_that_names_an_arm_round(plan: Plan, exchanged_plan: Plan) -> None:
    turned = {"Favours blinatumomab": "Favours chemotherapy", "Favours chemotherapy": "Favours blinatumomab"}
    for name, analysis in plan.review.analyses.items():
        labels = favours_of(plan.review, analysis) or []
        exchanged = favours_of(exchanged_plan.review, exchanged_plan.review.analyses[name])
        assert exchanged == [turned.get(label, label) for label in labels]


# -- Poolings published by others, from records of the same trials ----------------------------------------------------


def trials(row: Mapping[str, str]) -> list[tuple[int, ...]]:
    return [tuple(map(int, re.findall(r"\d+", trial))) for trial in row["trials"].split(";")]


def of_the_records(row: Mapping[str, str]) -> tuple[float, float]:
    """Pool the two trials' records as a review of its own, by DerSimonian and Laird."""
    analysis = {"outcome": row["outcome"], "measure": row["measure"], "include": {"study": FIRST_RELAPSE}}
    overrides = {"studies": str(CONFIG / "studies"), "analyses": {"published": analysis}, "profile": "dersimonian1986"}
    line = pooled(load([CONFIG / "config.yaml"], overrides), "published")["random"]
    return line["estimate"], line["se"]


def mantel_haenszel(row: Mapping[str, str]) -> tuple[float, float]:
    tables = StratifiedTable([np.array([[a, n - a], [c, m - c]], float) for a, n, c, m in trials(row)])
    return float(tables.logodds_pooled), float(tables.logodds_pooled_se)


@pytest.mark.parametrize("row", table("published.tsv"), ids=lambda row: f"{row['published']}-{row['outcome']}")
def test_the_counts_of_the_records_give_the_pooling_that_others_published(row: dict[str, str]) -> None:
    estimate, se = {"DL": of_the_records, "MH": mantel_haenszel}[row["method"]](row)
    values = [estimate, estimate - 1.959963984540054 * se, estimate + 1.959963984540054 * se]
    for name, value in zip(("estimate", "low", "high"), values, strict=True):
        if row[name] != "-":
            assert f"{math.exp(value):.2f}" == row[name]


@pytest.mark.parametrize("row", table("published.tsv"), ids=lambda row: f"{row['published']}-{row['outcome']}")
def test_the_counts_of_a_published_pooling_are_those_of_the_records(row: dict[str, str], review: Review) -> None:
    outcomes = {
        "AALL1331-HRIR": "mrd_cycle2" if row["outcome"] == "mrd" else row["outcome"],
        "20120215": row["outcome"],
    }
    for (study, outcome), trial in zip(outcomes.items(), trials(row), strict=True):
        reported = review.study(study).outcomes[outcome]["reported"]
        counts = [
            tuple(figure[name] for name in ("events_e", "n_e", "events_c", "n_c"))
            for figure in reported
            if "events_e" in figure
        ]
        assert trial in counts
