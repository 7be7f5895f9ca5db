"""Analyses that choose the treatments that they compare: which studies and arms enter, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from coppice.core.errors import BadInput
from coppice.extract.outcome import extract_outcome
from coppice.plan import check
from coppice.plan.plan import Plan, load
from coppice.pool.analysis import pool_analysis
from coppice.review.arm_names import arms_of, favours_of

THREE = """
study: THREE
year: 2001
design: randomised
arms:
  low: {treatment: methotrexate 10 mg, n: 40}
  high: {treatment: methotrexate 25 mg, n: 41}
  placebo: {treatment: placebo, name: Placebo injections, n: 40}
reports: {paper: {citation: C}}
outcomes:
  response:
    reported:
      - statistic: arm_counts
        arms: {low: {events: 12, n: 40}, high: {events: 19, n: 41}, placebo: {events: 8, n: 40}}
        source: {report: paper, at: Table 2}
      - {statistic: odds_ratio, arms: [high, placebo], estimate: 3.40, ci: [1.25, 9.40], source: {report: paper, at: page 4}}
"""
TWO = """
study: TWO
year: 2002
design: randomised
arms: {experimental: {name: Sugar, treatment: placebo}, control: {name: MTX, treatment: methotrexate 10 mg}}
reports: {paper: {citation: C}}
outcomes:
  response: {reported: [{statistic: counts, events_e: 5, n_e: 30, events_c: 11, n_c: 31, source: {report: paper}}]}
"""
OTHER = """
study: OTHER
year: 2003
design: randomised
arms: {a: {treatment: methotrexate 10 mg}, b: {treatment: leflunomide}}
reports: {paper: {citation: C}}
outcomes:
  response:
    reported: [{statistic: odds_ratio, arms: [a, b], estimate: 1.2, ci: [0.6, 2.4], source: {report: paper}}]
"""
LUMPED = {
    "methotrexate": {
        "name": "Methotrexate",
        "lumps": {"methotrexate 10 mg": "within the label", "methotrexate 25 mg": "within the label"},
    }
}
COMPARED = {"outcome": "response", "measure": "OR", "compare": ["methotrexate", "placebo"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies").mkdir()
    for text in (THREE, TWO, OTHER):
        (tmp_path / f"studies/{yaml.safe_load(text)['study']}.yaml").write_text(text, "utf-8")
    return tmp_path


def plan(analysis: dict[str, Any], treatments: dict[str, Any] | None = LUMPED) -> Plan:
    config = {"review": {"title": "T"}, "studies": "studies", "profile": "metafor", "analyses": {"a": analysis}}
    Path("config.yaml").write_text(yaml.safe_dump(config | ({"treatments": treatments} if treatments else {})), "utf-8")
    return load([Path("config.yaml")], {})


def pooled(made: Plan) -> dict[str, Any]:
    found = {unit: extract_outcome(made.unit("extract", study=unit[0], outcome=unit[1])) for unit in made.extracts}
    units = made.reads("pool", analysis="a")
    result: dict[str, Any] = pool_analysis(made.unit("pool", analysis="a"), [found[unit] for unit in units])
    return result


def problems(analysis: dict[str, Any], treatments: dict[str, Any] | None = LUMPED) -> list[str]:
    with pytest.raises(BadInput) as caught:
        plan(analysis, treatments)
    return [str(problem) for problem in caught.value.problems]


def test_a_study_of_three_arms_enters_with_its_arms_of_one_treatment_combined() -> None:
    three, two = pooled(plan(COMPARED))["effects"]
    assert three["arms"] == {"experimental": ["low", "high"], "control": ["placebo"]}
    assert (three["yi"], three["vi"]) == pytest.approx((0.908258560177, 0.208508064516), rel=1e-10)  # metafor, escalc
    assert three["notes"] == ["2 arms combined into the experimental arm"]
    assert two["arms"] == {"experimental": ["control"], "control": ["experimental"]}
    assert (two["reported"]["events_e"], two["reported"]["events_c"]) == (11, 5)


def test_a_study_without_one_of_the_treatments_is_excluded_with_that_reason() -> None:
    made = plan(COMPARED)
    assert made.review.analyses["a"].excluded == (
        {"study": "OTHER", "label": "OTHER", "reason": "it has no arm with placebo"},
    )
    assert made.reads("pool", analysis="a") == [("THREE", "response"), ("TWO", "response")]


def test_the_direction_is_that_of_the_comparison() -> None:
    one, other = (
        pooled(plan(COMPARED | {"compare": names})) for names in (COMPARED["compare"], ["placebo", "methotrexate"])
    )
    assert [effect["yi"] for effect in other["effects"]] == pytest.approx([-effect["yi"] for effect in one["effects"]])
    assert other["random"]["estimate"] == pytest.approx(-one["random"]["estimate"])


def test_separate_arms_are_dependent_effects_with_the_covariance_of_their_shared_control() -> None:
    separate = {"several_arms": "separate", "dependence": {"method": "che", "rho": 0.5}}
    result = pooled(plan(COMPARED | separate))
    assert [effect["label"] for effect in result["effects"]] == [
        "THREE: methotrexate 10 mg",
        "THREE: methotrexate 25 mg",
        "TWO",
    ]
    assert any("THREE" in sentence and "share a control arm" in sentence for sentence in result["warnings"])


def test_without_treatments_doses_are_compared_one_by_one() -> None:
    result = pooled(plan(COMPARED | {"compare": ["methotrexate 25 mg", "placebo"]}, None))
    (effect,) = result["effects"]
    assert effect["arms"] == {"experimental": ["high"], "control": ["placebo"]}
    assert [item["study"] for item in result["excluded"]] == ["TWO", "OTHER"]


@pytest.mark.parametrize(
    ("compare", "arms"),
    [
        (["high", "low"], {"experimental": ["high"], "control": ["low"]}),
        (["Placebo injections", "high"], {"experimental": ["placebo"], "control": ["high"]}),
    ],
)
def test_arms_can_be_chosen_by_key_and_by_name(compare: list[str], arms: dict[str, list[str]]) -> None:
    assert pooled(plan(COMPARED | {"compare": compare}))["effects"][0]["arms"] == arms


def test_figures_name_the_arms_as_the_comparison_does() -> None:
    made = plan(COMPARED | {"favours": ["experimental", "control"]}).review
    assert arms_of(made, made.analyses["a"]) == {"experimental": "Methotrexate", "control": "placebo"}
    assert favours_of(made, made.analyses["a"]) == ["Favours methotrexate", "Favours placebo"]


def test_the_spec_of_an_extract_holds_the_figures_of_the_arms_that_are_compared() -> None:
    made = plan(COMPARED | {"compare": ["high", "placebo"]})
    spec = made.content("extract", study="THREE", outcome="response")
    ((name, wanted),) = spec["measures"].items()
    assert name.startswith("OR (high against placebo")
    assert [item["figure"] for item in wanted["compared"]["figures"]] == [0, 1]
    assert wanted["compared"]["printed"] == [[[1, "reported", "estimate"], "3.40"], [[1, "reported", "ci", 1], "9.40"]]
    assert spec["reported"][0]["arms"]["low"] == {"events": 12, "n": 40}  # for whatever reads all arms


def test_two_arms_by_name_need_no_comparison_where_they_are_experimental_and_control() -> None:
    figures = "[{statistic: arm_counts, arms: {experimental: {events: 5, n: 30}, control: {events: 11, n: 31}}, source: {report: paper}}]"
    Path("studies/TWO.yaml").write_text(
        TWO[: TWO.index("outcomes:")] + f"outcomes: {{response: {{reported: {figures}}}}}\n"
    )
    for name in ("THREE", "OTHER"):
        Path(f"studies/{name}.yaml").unlink()
    (effect,) = pooled(plan({"outcome": "response", "measure": "OR"}, None))["effects"]
    assert effect["reported"] == {"events_e": 5, "n_e": 30, "events_c": 11, "n_c": 31}


def test_checks_read_each_arm_and_each_pair_of_arms() -> None:
    wrong = (
        THREE.replace("high: {events: 19, n: 41}", "high: {events: 19, n: 45, percent: 60}")
        .replace("3.40", "0.10")
        .replace("[1.25, 9.40]", "[0.05, 0.20]")
    )
    Path("studies/THREE.yaml").write_text(wrong, "utf-8")
    found = {
        item["check"]: item["sentence"] for item in check.of_review(plan(COMPARED).review) if item["study"] == "THREE"
    }
    assert found["n_above_arm"].startswith("45 patients in the high arm in paper, more than the 41")
    assert found["percentage_impossible"].startswith("high: 60% is not 19 of 45")
    assert found["direction_and_counts"].startswith("high, placebo: ")


def test_a_treatment_that_no_arm_has_is_named_with_the_nearest() -> None:
    (message,) = problems(COMPARED | {"compare": ["methotrexat", "placebo"]})
    assert "analyses.a.compare: no arm has the treatment 'methotrexat'; did you mean 'methotrexate'?" in message


def test_a_study_with_named_arms_needs_a_comparison() -> None:
    (message,) = problems({"outcome": "response", "measure": "OR"})
    assert "THREE names its arms (low, high, placebo)" in message


def test_separate_arms_need_dependence() -> None:
    assert "say with `dependence`" in problems(COMPARED | {"several_arms": "separate"})[0]


def test_one_treatment_on_both_sides_is_refused() -> None:
    assert "is on both sides" in problems(COMPARED | {"compare": ["placebo", "placebo"]})[0]
    assert (
        "the arm 'placebo' of THREE is on both sides"
        in problems(COMPARED | {"compare": ["placebo", "Placebo injections"]})[0]
    )


def test_a_treatment_is_lumped_once_and_only_if_a_study_has_it() -> None:
    twice = {**LUMPED, "other": {"lumps": {"methotrexate 10 mg": "no", "methotrexat 25 mg": "no"}}}
    messages = problems(COMPARED, twice)
    assert any("counts as 'methotrexate' already" in message for message in messages)
    assert any("no study has the treatment 'methotrexat 25 mg'; did you mean" in message for message in messages)


def test_separate_arms_of_one_study_are_not_found_to_share_a_control_arm() -> None:
    separate = {"several_arms": "separate", "dependence": {"method": "che", "rho": 0.5}}
    found = [item["check"] for item in check.of_review(plan(COMPARED | separate).review)]
    assert "shared_control" not in found


def test_contrasts_that_name_one_control_arm_share_it_though_its_covariance_is_unknown() -> None:
    contrasts = THREE[: THREE.index("      - statistic: arm_counts")] + (
        "      - {statistic: odds_ratio, arms: [low, placebo], estimate: 1.7, ci: [0.6, 4.8], source: {report: paper}}\n"
        "      - {statistic: odds_ratio, arms: [high, placebo], estimate: 3.4, ci: [1.25, 9.4], source: {report: paper}}\n"
    )
    Path("studies/THREE.yaml").write_text(contrasts, "utf-8")
    separate = COMPARED | {"several_arms": "separate"}
    result = pooled(plan(separate | {"dependence": {"method": "che", "rho": 0.5}}))
    assert any("covariance is unknown" in sentence for sentence in result["warnings"])
    with pytest.raises((BadInput, ValueError), match="same control arm"):
        pooled(plan(separate | {"dependence": {"method": "multilevel"}}))
