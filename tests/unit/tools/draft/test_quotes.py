"""The words that a record quotes for a proposal: they show its numbers, so that `check` accepts what `accept` writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_input.examples.case import CONFIGURATION

from coppice.cli import main
from coppice.plan import check
from coppice.plan.plan import load
from coppice.tools.draft.quotes import LONGEST, quote, with_neighbours

TEXT = """Death occurred in 12 (30%) of 40 patients on velotinib and in 20 of 41 on placebo (risk ratio 0.61, 95% CI 0.35 to 1.09; P = .08).
At week 8, healing was seen in 29% of those on placebo and 31% of those on velotinib (p = 0.76).
The mean score fell by 3.2 points more with velotinib than with placebo
(95% CI 1.1 to 5.3). Velotinib lowered the hazard of relapse by 41% (hazard ratio 0·59; 95% CI 0·38–0·91).
"""


def test_a_quote_of_few_words_is_shown_with_those_around_it() -> None:
    text = "One.\n\nOf all who came (n=29) in May, none left, as we had hoped.\n\nTwo."
    start = text.index("n=29")
    assert with_neighbours(text, "n=29", start, start + 4) == "Of all who came (n=29) in May, none left, as"
    assert with_neighbours(text, "of all who came here", start, start + 4) == "of all who came here"


def test_what_is_accepted_from_a_draft_passes_the_checks_of_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("".join(f"{key}: {value}\n" for key, value in CONFIGURATION.items()), "utf-8")
    for name in ("studies", "sources"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources/paper.txt").write_text(TEXT, "utf-8")
    arms = ["--arm", "experimental=velotinib", "--arm", "control=placebo"]
    assert main(["draft", "sources/paper.txt", "--study", "S", "--drafts", "drafts", *arms]) == 0
    figures = (tmp_path / "drafts/S.yaml").read_text("utf-8").count("- statistic:")
    assert figures >= 3
    numbers = [str(number + 1) for number in range(figures)]
    assert main(["accept", "S", *numbers, "--outcome", "os", "--drafts", "drafts", "--folder", "studies"]) == 0
    findings = check.of_review(load([Path("config.yaml")], {}).review)
    assert [item for item in findings if item["check"].startswith("evidence")] == []


@pytest.mark.parametrize(
    ("words", "read", "figure", "quoted"),
    [
        ("seen in 29% and 31% (p = 0.76) of all", "29% and 31%", {"statistic": "counts", "percent_e": "29", "percent_c": "31", "p": "0.76"}, "29% and 31% (p = 0.76)"),
        ("20 percent less likely to die", "20 percent", {"statistic": "hazard_ratio", "estimate": "0.80"}, "20 percent less"),
        ("HR 0.7 of all", "0.7", {"statistic": "hazard_ratio", "estimate": "0.7", "p": "0.5"}, "0.7"),
        (f"HR 0.7 {'and ' * 40}P = 0.5", "HR 0.7", {"statistic": "hazard_ratio", "estimate": "0.7", "p": "0.5"}, "HR 0.7 [...] 0.5"),
        ("HR 0.7\n\nP = 0.5", "HR 0.7", {"statistic": "hazard_ratio", "estimate": "0.7", "p": "0.5"}, "HR 0.7"),
    ],
)  # fmt: skip
def test_a_quote_grows_until_it_shows_the_numbers(words: str, read: str, figure: dict[str, str], quoted: str) -> None:
    start = words.index(read)
    result = quote(words, start, start + len(read), figure)
    assert result == quoted
    assert len(result.split()) <= LONGEST + 1  # and the sign of what is left out
