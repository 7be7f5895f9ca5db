"""The report prints what was found of small-study effects, and the reason of each method that was not used."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from coppice.core.number_style import STYLES
from coppice.explore.small_study.part import small_study as explored
from coppice.pool import pool
from coppice.report.page.html_elements import plain
from coppice.report.page.page import outcome
from coppice.report.page.small_study import requested, small_study

RANDOM = np.random.default_rng(5)
VI = RANDOM.gamma(2.0, 0.05, 15) + 0.01
YI = RANDOM.normal(-0.3, np.sqrt(VI + 0.02)) - np.sqrt(VI)


def found(k, options=None):
    model = pool(YI[:k], VI[:k], profile="metafor", inference="wald")
    effects = [{"yi": y, "vi": v, "reported": {}} for y, v in zip(YI[:k], VI[:k], strict=True)]
    pooled = {
        "measure": "HR",
        "effects": effects,
        "random": model.random,
        "heterogeneity": model.heterogeneity,
        "settings": model.settings.as_dict(),
        "level": 0.95,
    }
    return explored(pooled, options or {})


@pytest.fixture
def with_small_study(analysis):
    return lambda part: replace(analysis, explore={"small_study": part})


def test_every_method_that_was_used_has_its_row_and_every_other_its_reason(with_small_study):
    part = found(15)
    text = plain(small_study(with_small_study(part)))
    for entry in part.values():
        if isinstance(entry, dict):
            assert entry["name"].casefold() in text.casefold()
    assert "slope" in text and "Kendall's tau" in text and "missing on the" in text and "LFK index" in text
    assert re.search(
        r"They are intended for measures other than HR: [^.]*Harbord's test, Macaskill's test[^.]* and ", text
    )


def test_methods_on_request_have_their_rows_the_path_of_copas_and_a_sentence_with_their_sources(with_small_study):
    part = found(15, {"limit": True, "copas": True, "p_uniform": True})
    view = with_small_study(part)
    text = plain(small_study(view))
    assert "Limit meta-analysis" in text and "heterogeneity beyond it: Q" in text
    assert "unpublished studies expected" in text and "Chance that the least precise study is published" in text
    (statement,) = requested([view])
    assert (
        "limit meta-analysis, the Copas selection model and p-uniform*" in statement.text and len(statement.cites) == 3
    )
    assert list(requested([with_small_study(found(15))])) == []


def test_estimates_are_printed_on_the_scale_of_the_measure(with_small_study):
    part = found(15)
    text = plain(small_study(with_small_study(part)))
    assert (
        f"{np.exp(part['trim_and_fill']['L0']['estimate']):.2f} ({np.exp(part['trim_and_fill']['L0']['ci_low']):.2f} to"
        in text
    )


def test_with_few_effects_the_reason_stands_once_for_all_methods(with_small_study):
    text = plain(small_study(with_small_study(found(6))))
    assert text.count("At least 10 effects are needed; there are 6") == 1
    assert "advises against" not in text


def test_an_exploration_that_was_left_out_as_a_whole_has_its_reason(with_small_study):
    skipped = {"skipped": "the analysis asks for its subgroups only"}
    assert "the analysis asks for its subgroups only." in plain(small_study(with_small_study(skipped)))
    assert small_study(with_small_study(None)) is None


def test_the_section_stands_in_the_results_of_the_outcome(review, with_small_study):
    assert "Small-study effects" in plain(outcome(review, with_small_study(found(15))))


def test_a_name_or_reason_is_text_and_no_markup(with_small_study):
    hostile = {"egger": {"name": "<b>x</b>", "skipped": "<script>"}, "cautions": []}
    assert "<script>" not in small_study(with_small_study(hostile))


def test_every_number_follows_the_style_of_the_report(analysis):
    shown = small_study(replace(analysis, style=STYLES["Lancet"], explore={"small_study": found(15)}))
    rows = plain(shown[shown.index("<tbody>") : shown.index("</tbody>")])
    assert "0\N{MIDDLE DOT}" in rows
    assert not re.search(r"\d\.\d", rows)
