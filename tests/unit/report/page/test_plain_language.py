"""The plain-language summary: short sentences without terms of statistics, whose numbers are those of the results."""

from __future__ import annotations

import re

import pytest
from tests.unit.report import fixtures

from coppice.report.page import plain_language
from coppice.report.page.html_elements import plain

LONG = (
    "A combination of many words that nobody would want to read within one sentence of a summary for everybody at all"
)
JARGON = ("interval", "hazard", "odds", "statistic", "signific", "heterogen", "random", "meta-analysis", "prediction", "null", "CI")  # fmt: skip
RISK = {"name": "a registry", "risk": 0.2, "time": "2 years", "source": "a registry"}


def review_with(changed, level="moderate", effect=(0.62, 0.41, 0.94), **parts):
    """Return the small review with a judged certainty."""
    spec = fixtures.specification()
    spec["analyses"][0] |= {"certainty": {"level": level, "reasons": []}, "event": "death", "baselines": [RISK]} | parts
    return changed(spec=spec, random=fixtures.estimated(*effect))


def text_of(review):
    return plain(plain_language.summary(review))


def sentences_of(text):
    return re.split(r"(?<=[.:])\s+", text)


@pytest.mark.parametrize(
    ("level", "important", "effect", "finding"),
    [
        ("high", None, (0.62, 0.41, 0.94), "Blinatumomab lowers the risk of death compared with chemotherapy."),
        ("moderate", None, (0.62, 0.41, 0.94), "Blinatumomab probably lowers the risk of death compared with chemotherapy."),
        ("low", None, (1.62, 1.41, 1.94), "Blinatumomab may raise the risk of death compared with chemotherapy."),
        ("very low", None, (0.62, 0.41, 0.94), "We do not know what effect blinatumomab has on death compared with chemotherapy."),
        ("high", None, (0.62, 0.31, 1.24), "It is unclear whether blinatumomab lowers or raises the risk of death compared with chemotherapy."),
        ("low", 0.8, (0.98, 0.9, 1.1), "Blinatumomab may make little or no difference to death compared with chemotherapy."),
        ("high", {"small": 0.9, "large": 0.7}, (0.8, 0.75, 0.85), "Blinatumomab leads to a small reduction in death compared with chemotherapy."),
        ("moderate", {"small": 0.9, "large": 0.7}, (2.0, 1.7, 2.5), "Blinatumomab probably leads to a large increase in death compared with chemotherapy."),
    ],
)  # fmt: skip
def test_certainty_and_size_give_the_sentence(changed, level, important, effect, finding):
    assert finding in text_of(review_with(changed, level, effect, important=important))


@pytest.mark.parametrize("level", ["high", "moderate", "low", "very low"])
@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("important", [None, 0.8, {"small": 0.9, "large": 0.7}])
@pytest.mark.parametrize("effect", [(0.62, 0.41, 0.94), (0.95, 0.4, 2.1), (1.8, 1.05, 2.9)])
def test_no_sentence_has_more_than_20_words_or_a_term_of_statistics(changed, level, long, important, effect):
    names = {"arms": {"experimental": LONG, "control": LONG}, "event": LONG} if long else {}
    risk = RISK | ({"time": LONG} if long else {})
    text = text_of(review_with(changed, level, effect, important=important, baselines=[risk], **names))
    for sentence in sentences_of(text):
        assert len(sentence.split()) <= 20, sentence
        assert not any(word in sentence for word in JARGON), sentence


def test_the_absolute_effect_is_that_of_the_result_at_the_baseline_risk(changed):
    text = text_of(review_with(changed))
    with_treatment = [round(1000 * (1 - 0.8**ratio)) for ratio in (0.62, 0.41, 0.94)]
    assert "Of 1,000 people on chemotherapy, about 200 die by 2 years." in text
    middle, low, high = with_treatment
    assert f"On blinatumomab, about {middle} (between {low} and {high}) would die." in text


def test_every_number_is_one_of_the_results(changed):
    text = text_of(review_with(changed)).replace(",", "")
    risks = {str(round(1000 * (1 - 0.8**ratio))) for ratio in (0.62, 0.41, 0.94)}
    assert set(re.findall(r"\d+", text)) <= risks | {"1000", "200", "2", "837"}


def test_what_else_is_possible_follows_the_sentence_on_the_estimate(changed):
    assert "But no difference, or the opposite, is also possible." in text_of(review_with(changed, effect=(0.6, 0.3, 1.2), important=0.8))  # fmt: skip
    assert "But little or no difference is also possible." in text_of(review_with(changed, important=0.8))
    assert "But an important increase is also possible." in text_of(review_with(changed, effect=(1.1, 0.9, 1.6), important=0.8))  # fmt: skip


def test_without_a_judged_certainty_there_is_no_summary(changed):
    assert plain_language.summary(changed()) is None


def test_a_number_beyond_all_people_is_not_printed(changed):
    text = text_of(review_with(changed, measure="RR", effect=(3.0, 1.5, 6.0), baselines=[RISK | {"risk": 0.5}]))
    assert max(int(number) for number in re.findall(r"\d+", text.replace(",", ""))) == 1000
