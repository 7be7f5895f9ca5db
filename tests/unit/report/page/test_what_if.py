"""The what-if panel: every text in it is that of the page, and each number that of a run with these studies and this model."""

import json
import re

import pytest
import yaml
from tests.unit.pool.fixtures import EXTRACTS, FIVE, extract, spec
from tests.unit.report import fixtures

from coppice.explore.analysis import explore_analysis
from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.report.manuscript.manuscript import manuscript
from coppice.report.page import words
from coppice.report.page.data_block import data_block
from coppice.report.page.what_if import content, models_of, panel, yaml_key
from coppice.report.read import read_review

QUICK = dict.fromkeys(("leave_one_out", "cumulative", "influence", "small_study"), False)


def explored(folder, asked, extracts):
    """Return the review of one analysis, pooled and explored."""
    main = canonical_json.rounded(pool_analysis(asked, extracts))
    part = canonical_json.rounded(explore_analysis({"analysis": "os", "explore": QUICK | {"what_if": True}}, main))
    file = fixtures.write(folder, pool=main)
    canonical_json.write(folder / "results/explore/os.json", part)
    return read_review(canonical_json.read(file), folder / "results")


def view_of(folder, asked, extracts):
    """Return the only analysis of the review."""
    return explored(folder, asked, extracts).analyses[0]


@pytest.fixture
def review(tmp_path):
    return explored(tmp_path, spec(FIVE), EXTRACTS)


def data_of(review):
    """Return what the panel gives its script."""
    (block,) = re.findall(r'<script class="what-if-data"[^>]*>(.*?)</script>', str(panel(review, review.analyses[0])))
    return json.loads(block)


def looked_up(data, choice, subset):
    """Look up the texts of a subset as the script does."""
    return {name: data["columns"][choice[name]].split(";")[subset - 1] for name in ("line", "prediction", "tau2", "I2")}


def test_all_studies_and_the_first_choice_are_the_main_analysis_as_the_page_prints_it(review):
    analysis, data = review.analyses[0], data_of(review)
    texts = looked_up(data, data["choices"][0], 2 ** len(FIVE) - 1)
    assert texts == {
        "line": words.estimate(analysis, analysis.pool["random"]),
        "prediction": words.interval(analysis, analysis.pool["prediction"], "low", "high"),
        "tau2": words.tau2(analysis, analysis.pool["heterogeneity"]),
        "I2": words.i2(analysis, analysis.pool["heterogeneity"]),
    }


@pytest.mark.parametrize("kept", ["ABCD", "BDE", "AC", "E"])
def test_what_is_looked_up_is_the_page_of_a_run_with_these_studies_and_this_model(review, tmp_path, kept):
    data = data_of(review)
    subset = sum(1 << place for place, study in enumerate(FIVE) if study in kept)
    for number, choice in enumerate(data["choices"]):
        model = yaml.safe_load(choice["model"]) if choice["model"] else {}
        asked = spec(kept, model={"profile": "cochrane2025", **model})
        run = view_of(tmp_path / str(number), asked, [item for item in EXTRACTS if item["study"] in kept])
        line = run.pool["random" if choice["model"] else "common"]
        texts = looked_up(data, choice, subset)
        assert texts["line"] == words.estimate(run, {**line, "k": len(kept)}), choice
        if choice["model"] and len(kept) > 1:
            assert texts["tau2"] == words.tau2(run, run.pool["heterogeneity"]), choice
            assert texts["I2"] == words.i2(run, run.pool["heterogeneity"]), choice
            prediction = run.pool["prediction"]
            assert texts["prediction"] == (words.interval(run, prediction, "low", "high") if prediction else "")


def test_each_study_has_its_effects_as_the_page_prints_them(review):
    analysis = review.analyses[0]
    expected = [words.estimate(analysis, {**effect, "estimate": effect["yi"]}) for effect in analysis.effects]
    assert [study["effects"] for study in data_of(review)["studies"]] == [[text] for text in expected]


def test_a_study_with_two_effects_is_one_box_with_both(tmp_path):
    two = extract("A", -0.5, 0.1, population="A/men")
    candidate = two["measures"]["HR"]["candidates"][0]
    two["measures"]["HR"] |= {
        "candidates": [candidate, candidate | {"population": "A/women", "yi": -0.1}],
        "chosen": [0, 1],
    }
    data = data_of(explored(tmp_path, spec("AB"), [two, EXTRACTS[1]]))
    assert [len(study["effects"]) for study in data["studies"]] == [2, 1]


def test_a_variance_of_0_and_an_i2_of_0_are_printed_each_in_its_way(tmp_path):
    data = data_of(explored(tmp_path, spec("AB"), [extract("A", -0.5, 0.1), extract("B", -0.5, 0.1)]))
    texts = looked_up(data, data["choices"][0], 3)
    assert (texts["tau2"], texts["I2"]) == ("0", "0%")


def test_the_panel_is_hidden_until_its_script_shows_it_and_no_manuscript_has_it(review):
    markup = str(panel(review, review.analyses[0]))
    assert markup.startswith('<details class="fold scripted" hidden=""')
    assert markup.count('type="checkbox"') == len(FIVE)
    assert 'role="status"' in markup
    assert "What if" not in manuscript(review).upright.text()


def test_without_models_there_is_no_panel(tmp_path):
    review = explored(tmp_path, spec("A"), EXTRACTS[:1])
    assert panel(review, review.analyses[0]) is None


def test_models_beyond_the_budget_are_left_out_and_the_page_says_so(review):
    analysis = review.analyses[0]
    part = models_of(analysis)
    whole = content(review, analysis, part)
    some = content(review, analysis, part, sum(map(len, whole["columns"])) // 2)
    assert 0 < len(some["choices"]) < len(whole["choices"])
    assert some["limits"] == [
        f"The page holds {len(some['choices'])} of {len(whole['choices'])} models; the others are in the result files."
    ]
    assert content(review, analysis, part, 10) is None


@pytest.mark.parametrize(
    "key", ["A", "E1910", "AALL1331-HRIR", "2010", "yes", "Null", "1e5", "a: b", "x #1", '"', "Ünal"]
)
def test_a_key_reads_as_the_text_that_it_is(key):
    assert yaml.safe_load(f"{yaml_key(key)}: why") == {key: "why"}


def test_no_text_ends_a_block_of_data():
    text = "</script><script>alert(1)</script><!-- & ]]>"
    block = str(data_block("x", {"text": text}))
    assert block.count("<") == 2
    assert json.loads(re.search(r">(.*)<", block)[1]) == {"text": text}
