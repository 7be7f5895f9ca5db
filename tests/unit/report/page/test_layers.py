"""What the page folds away is all there: each part that a module builds is on the page, and each fold is whole."""

from __future__ import annotations

import re

import pytest
from tests.unit.report.conftest import NOTEBOOK

from coppice.report.page import findings as findings_of_checks
from coppice.report.page import (
    further,
    leaving_out,
    outcome_tables,
    page,
    sensitivity,
    sentences,
    summary,
    tables,
    trace,
)
from coppice.report.page.html_elements import join, plain
from coppice.report.page.small_study import small_study

OF_A_REVIEW = (summary.summary_of_findings, tables.summary, tables.studies, tables.versions, tables.inputs, findings_of_checks.findings)  # fmt: skip
OF_AN_ANALYSIS = (
    sentences.prediction, sentences.common, sentences.alternatives, sentences.subgroups, further.beyond,
    leaving_out.leave_one_out, outcome_tables.leave_one_out, outcome_tables.cumulative, outcome_tables.subgroups,
    outcome_tables.excluded, sensitivity.influence, sensitivity.multiverse, small_study, summary.in_absolute_numbers,
)  # fmt: skip
OF_BOTH = (sentences.result, outcome_tables.effects, outcome_tables.others, outcome_tables.why_others_differ)
FOLD = re.compile(r"<details[^>]*>(<summary>.*?</summary>)?(.*?)(?=</?details)", re.DOTALL)


@pytest.fixture
def whole(review):
    """Return the markup of all sections that the notebook shows."""
    shown = re.findall(r"^page\.(\w+)\(review\)", NOTEBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    return join(getattr(page, name)(review) for name in shown)


def test_every_part_is_on_the_page(whole, review, analysis):
    text = plain(whole)
    parts = [build(review) for build in OF_A_REVIEW] + [build(analysis) for build in OF_AN_ANALYSIS]
    parts += [build(review, analysis) for build in OF_BOTH]
    parts += [sentences.heterogeneity(analysis, analysis.pool["heterogeneity"])]
    parts += [build(review, study) for study in review.studies for build in (tables.study, trace.trace)]
    built = [plain(str(part)) for part in parts if part]
    assert len(built) > 20
    assert [part for part in built if part not in text] == []


def test_every_fold_has_a_title_and_something_beneath_it(whole):
    folds = FOLD.findall(whole)
    assert len(folds) == whole.count("</details>") > 10
    assert [head for head, content in folds if not plain(head) or not content] == []


def test_no_id_is_there_twice(whole):
    ids = re.findall(r'\bid="([^"]+)"', whole)
    assert len(ids) == len(set(ids))


def test_no_level_of_headings_is_skipped(whole):
    levels = list(map(int, re.findall(r"<h(\d)", whole)))
    assert levels[0] == 1
    assert [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1] == []
