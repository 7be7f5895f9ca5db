"""The page in layers holds what the long page of the shipped review held, before parts of it were folded away."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "results" / "report" / "report.html"
# every number in the text of that page, those of the section on software and input files left out
OLD = HERE / "numbers_of_the_long_page.txt"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
UNSEEN = re.compile(r"<script\b.*?</script>|<style\b.*?</style>", re.DOTALL)


def test_every_number_of_the_long_page_is_on_the_page_in_layers() -> None:
    text = unescape(re.sub(r"<[^>]+>", " ", UNSEEN.sub(" ", PAGE.read_text("utf-8"))))
    wanted = OLD.read_text("utf-8").split()
    assert len(wanted) > 800
    assert sorted(set(wanted) - set(NUMBER.findall(text))) == []
