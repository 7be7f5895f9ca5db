"""The page of questions: every line of configuration in it is one that Coppice takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.config import CONFIG

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto.md").read_text("utf-8")
OF_RECORDS = ("source: ", "use: ")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for line in re.findall(r"`([a-z_]+: [^`]+)`", PAGE) if not line.startswith(OF_RECORDS)]


@pytest.mark.parametrize("text", [*BLOCKS, *LINES])
def test_every_line_of_configuration_on_the_page_is_one_that_coppice_takes(text):
    for key, content in yaml.safe_load(text).items():
        shape = next(top.names[key].shape for top in (ANALYSIS, CONFIG) if key in top.names)
        assert list(shape.findings(content, (key,))) == []


def test_every_question_is_one_and_has_a_short_answer():
    questions = re.findall(r"^### (.+)\n\n((?:.+\n|\n(?!#))+)", PAGE, re.MULTILINE)
    assert len(questions) > 30
    assert [question for question, _ in questions if not (question.startswith("... ") and question.endswith("?"))] == []
    assert [question for question, answer in questions if len(answer) > 700] == []
