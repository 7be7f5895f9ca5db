"""Two runs are compared: what changed, what it did by itself, and whether a conclusion flipped."""

from __future__ import annotations

import copy
import json
import math

import pytest

from coppice.cli import main
from coppice.jobs import canonical_json
from coppice.pool.results import pool
from coppice.tools.diff.changes import ABOVE, BELOW, INCLUDED, NONE
from coppice.tools.diff.command import FLIPPED
from coppice.tools.diff.compare import compare, conclusion
from coppice.tools.diff.kinds import parts_of
from coppice.tools.diff.replay import replay
from coppice.tools.diff.words import summary, to_data, to_html, to_markdown, to_text

NASTY = "<script>alert(1)</script> | `x` *y*"
HAZARD_RATIOS = {"E1910": (0.44, 0.08), "TOWER": (0.71, 0.018), "AALL1331": (0.62, 0.055)}


def effect(study, value, vi, label=None):
    return {
        "study": study, "population": study, "label": label or study, "yi": math.log(value), "vi": vi, "statistic": "hazard_ratio",
        "reported": {"estimate": value}, "route": "hazard_ratio_ci", "report": "main",
    }  # fmt: skip


def run(effects, **settings):
    fitted = pool([item["yi"] for item in effects], [item["vi"] for item in effects], measure="HR", **settings)
    return {
        "measure": "HR",
        "k": len(effects),
        "settings": {"tau2": "REML", "inference": "HKSJ", **settings},
        "effects": effects,
        "random": fitted.random,
        "heterogeneity": fitted.heterogeneity,
    }


@pytest.fixture
def old():
    return {"os": run([effect(study, *values) for study, values in HAZARD_RATIOS.items()])}


def only(old, new):
    (found,) = compare(old, new, replay=replay)
    return found


def test_two_equal_runs_have_no_change(old):
    found = only(old, copy.deepcopy(old))
    assert not found.is_changed
    assert summary([found]) == "Nothing changed."


def test_a_single_change_explains_the_whole_shift(old):
    new = {"os": run(old["os"]["effects"][1:])}
    found = only(old, new)
    (change,) = found.changes
    assert (change.kind, change.what) == ("removed", "E1910")
    assert change.shift == pytest.approx(found.after["estimate"] - found.before["estimate"], abs=1e-12)
    assert found.together == pytest.approx(0, abs=1e-12)


def test_an_added_study_a_changed_figure_and_a_setting_are_told_apart(old):
    effects = [*copy.deepcopy(old["os"]["effects"]), effect("LOCATELLI", 0.35, 0.13)]
    effects[0] |= {"yi": math.log(0.41), "reported": {"estimate": 0.41}}
    found = only(old, {"os": run(effects, tau2="DL")})
    assert [(change.kind, change.what) for change in found.changes] == [
        ("changed", "E1910"),
        ("added", "LOCATELLI"),
        ("setting", "tau2"),
    ]
    whole = found.after["estimate"] - found.before["estimate"]
    assert sum(change.shift for change in found.changes) + found.together == pytest.approx(whole, abs=1e-12)


def test_an_analysis_that_came_or_went_has_no_attribution_and_did_not_flip(old):
    found = compare(old, {"efs": old["os"] | {"outcome": "efs"}})
    assert not any(item.has_flipped for item in found)
    assert [(item.name, item.before is None, item.after is None) for item in found] == [
        ("efs", True, False),
        ("os", False, True),
    ]


@pytest.mark.parametrize(("low", "high", "said"), [(-1, -0.1, BELOW), (-1, 0.1, INCLUDED), (0.1, 1, ABOVE)])
def test_the_conclusion_is_where_the_interval_lies(low, high, said):
    assert conclusion({"measure": "HR", "random": {"ci_low": low, "ci_high": high}}) == said


def test_without_an_estimate_there_is_no_conclusion():
    assert conclusion({"measure": "HR", "random": None}) == NONE


def flipped(old):
    new = copy.deepcopy(old)
    new["os"]["random"] |= {"ci_low": -1.0, "ci_high": 1.0}
    old["os"]["random"] |= {"ci_low": -1.0, "ci_high": -0.1}
    return new


def test_a_flip_is_marked_and_can_fail_a_run(old, tmp_path):
    new = flipped(old)
    for name, pools in (("old", old), ("new", new)):
        canonical_json.write(tmp_path / name / "pool" / "os.json", pools["os"])
    folders = [str(tmp_path / "old"), str(tmp_path / "new")]
    with pytest.raises(SystemExit) as ended:
        main(["diff", *folders, "--json", str(tmp_path / "diff.json"), "--fail-on-flip"])
    assert ended.value.code == FLIPPED
    assert json.loads((tmp_path / "diff.json").read_text(encoding="utf-8"))["flipped"] == ["os"]
    assert main(["diff", *folders, "--markdown", str(tmp_path / "diff.md")]) == 0
    assert "FLIPPED" in (tmp_path / "diff.md").read_text(encoding="utf-8")


def test_a_folder_without_results_is_one_clear_line(tmp_path, capsys):
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 1
    assert "no pooled analysis" in capsys.readouterr().err


def test_labels_stay_text_in_every_form(old):
    effects = [*old["os"]["effects"], effect("X", 0.5, 0.1, NASTY)]
    found = compare(old, {"os": run(effects)}, replay=replay)
    assert "<script" not in to_html(found)
    assert "<script" not in to_markdown(found)
    assert "\\|" in to_markdown(found)
    assert to_data(found)["analyses"][0]["changes"][0]["what"] == NASTY


def test_a_terminal_shows_names_without_the_escapes_of_markdown(old, tmp_path, capsys):
    new = {"os": run([*old["os"]["effects"], effect("X_1", 0.5, 0.1, "Li_1 *et al.* [a|b]")])}
    assert "Li_1 *et al.* [a|b]" in to_text(compare(old, new, replay=replay))
    for name, pools in (("old", old), ("new", new)):
        canonical_json.write(tmp_path / name / "pool" / "os.json", pools["os"])
    folders = [str(tmp_path / "old"), str(tmp_path / "new")]
    assert main(["diff", *folders]) == 0
    assert "\\" not in capsys.readouterr().out
    assert main(["diff", *folders, "--markdown"]) == 0
    assert "Li\\_1 \\*et al.\\*" in capsys.readouterr().out


def test_one_analysis_that_changed_is_not_counted_of_one(old):
    assert summary(compare(old, {"os": run(old["os"]["effects"][1:])}, replay=replay)).startswith(
        "The only analysis changed"
    )


def test_a_ratio_shifts_by_a_factor(old):
    text = to_markdown(compare(old, {"os": run(old["os"]["effects"][1:])}, replay=replay))
    assert "\N{MULTIPLICATION SIGN} " in text


def test_a_renamed_analysis_is_compared_with_what_it_was(old):
    (found,) = compare(old, {"survival": run(old["os"]["effects"][1:])}, replay=replay)
    assert (found.name, found.was) == ("survival", "os")
    assert [change.kind for change in found.changes] == ["removed"]
    assert "survival (was os)" in to_markdown([found])


def test_a_study_that_is_no_longer_pooled_is_removed_with_the_reason(old):
    new = run(old["os"]["effects"][1:]) | {"excluded": [{"study": "E1910", "label": "E1910", "reason": "withdrawn"}]}
    (change,) = only(old, {"os": new}).changes
    assert (change.kind, change.after) == ("removed", "not pooled: withdrawn")


def test_a_study_that_never_was_pooled_moves_nothing(old):
    new = copy.deepcopy(old["os"]) | {"excluded": [{"study": "BEIJING", "label": "Beijing", "reason": "no control"}]}
    found = only(old, {"os": new})
    assert [(change.kind, change.what, change.shift) for change in found.changes] == [("unpooled", "Beijing", 0.0)]
    assert "study not pooled" in to_markdown([found])


def test_a_setting_that_flips_the_interval_by_itself_is_named(old):
    wald = {"os": run(old["os"]["effects"], inference="wald")}
    found = only(old, wald)
    (change,) = found.changes
    assert (found.has_flipped, change.shift) == (True, 0.0)
    assert f"then {change.conclusion}" in to_markdown([found])
    assert "FLIPPED" in to_html([found])


def test_without_an_average_the_subgroups_are_compared(old):
    def by_level(effects):
        levels = {"A": effects[:2], "B": effects[2:]}
        marked = [effect | {"subgroup": level} for level, inside in levels.items() for effect in inside]
        fitted = [{"level": level, **run(inside)} for level, inside in levels.items()]
        return {"os": run(effects) | {"random": None, "effects": marked, "subgroups": {"by": "x", "levels": fitted}}}

    effects = old["os"]["effects"]
    changed = [effects[0] | {"yi": -0.9}, *effects[1:]]
    first, second = compare(by_level(effects), by_level(changed), replay=replay)
    assert [(item.name, item.is_changed) for item in (first, second)] == [("os: A", True), ("os: B", False)]
    assert first.changes[0].shift == pytest.approx(first.after["estimate"] - first.before["estimate"], abs=1e-12)


def with_bayes(result, median, prior="half-normal(0.5)"):
    posterior = {"median": median, "shortest": {"low": median - 0.4, "high": median + 0.4}}
    bayes = {"mu": posterior, "tau": {"median": 0.2}, "tau_prior": {"name": prior}, "mu_prior": None}
    return {"os": result["os"] | {"bayes": bayes}}


def test_a_bayesian_model_has_a_line_of_its_own_and_its_priors_are_a_setting(old):
    one, other = with_bayes(old, -0.5), with_bayes(old, -0.3, "half-Cauchy(0.5)")
    found = {item.name: item for item in compare(parts_of("os", one["os"]), parts_of("os", other["os"]), replay=replay)}
    assert set(found) == {"os", "os: Bayesian"}
    (change,) = found["os"].changes
    assert (change.what, change.before, change.after) == (
        "bayes", "tau half-normal(0.5), mean flat", "tau half-Cauchy(0.5), mean flat",
    )  # fmt: skip
    assert change.shift == 0.0  # on the estimate of the main model
    bayesian = found["os: Bayesian"]
    assert (bayesian.before["estimate"], bayesian.after["estimate"]) == (-0.5, -0.3)
    assert bayesian.has_flipped and bayesian.conclusion_after == INCLUDED


def test_the_first_bayesian_model_of_an_analysis_is_a_new_line(old):
    found = compare(parts_of("os", old["os"]), parts_of("os", with_bayes(old, -0.5)["os"]), replay=replay)
    assert [item.name for item in found if item.before is None] == ["os: Bayesian"]
