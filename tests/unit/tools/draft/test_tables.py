"""`draft`: what is read in tables of plain text and of pages, and what is left out. All tables are made up."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.core.documents import from_html
from coppice.tools.draft.reader import as_json, of_names, read

TWO = {"experimental": ["velotinib"], "control": ["placebo"]}
THREE = {"experimental": ["velotinib 5 mg", "velotinib 10 mg"], "control": ["placebo"]}
DEATHS = {"statistic": "counts", "events_e": "12", "n_e": "236", "events_c": "20", "n_c": "238"}
RATIO = {"statistic": "risk_ratio", "estimate": "0.60", "ci": ["0.29", "1.23"]}


def figures(text: str, arms: dict[str, list[str]] | None = None) -> list[dict[str, Any]]:
    """Return the figures of a text, without what is only said of them."""
    document = read(text, of_names(TWO if arms is None else arms))
    left_out = ("quote", "arm", "outcome")
    return [{key: value for key, value in item.items() if key not in left_out} for item in as_json(document, text)]


@pytest.mark.parametrize(
    "table",
    [
        "Outcome\tVelotinib (N=236)\tPlacebo (N=238)\tRR (95% CI)\nDeaths\t12 (5.1)\t20 (8.4)\t0.60 (0.29 to 1.23)\n",
        "| Outcome | Velotinib (N=236) | Placebo (N=238) | RR (95% CI) |\n|---|---|---|---|\n| Deaths | 12 (5.1%) | 20 (8.4%) | 0.60 (0.29-1.23) |\n",
        "              Velotinib      Placebo      Risk ratio (95% CI)\n              (N = 236)      (N = 238)\nDeaths        12 (5.1)       20 (8.4)     0.60 (0.29, 1.23)\n",
        "Event  Velotinib  Placebo  Relative risk\nDeaths  12/236 (5.1)  20/238 (8.4)  0.60 (0.29 to 1.23)\n",
    ],
    ids=["tabs", "pipes", "blanks and sizes below", "two blanks"],
)
def test_a_row_is_read_under_a_header_that_names_the_arms(table: str) -> None:
    assert figures(f"Results at one year.\n\n{table}") == [DEATHS, RATIO]


def test_arms_that_stand_as_rows_are_compared_with_the_control() -> None:
    table = (
        "Arm | No. | Median OS, months (95% CI) | HR v placebo (95% CI) | P\n"
        "Velotinib 5 mg | 156 | 17.9 (15.1-22.0) | 0.66 (0.48-0.91) | .011\n"
        "Velotinib 10 mg | 155 | 14.6 (12.2-17.3) | 0.83 (0.61-1.13) | .24\n"
        "Placebo | 157 | 11.8 (9.9-14.0) | reference | \n"
    )
    read_there = figures(table, THREE)
    ratios = [item for item in read_there if item["statistic"] == "hazard_ratio"]
    assert [(item["experimental"], item["estimate"], item["p"]) for item in ratios] == [
        ("velotinib 5 mg", "0.66", "0.011"),
        ("velotinib 10 mg", "0.83", "0.24"),
    ]
    medians = [item for item in read_there if item["statistic"] == "median_survival"]
    assert [(item["median_e"], item["median_c"], item["unit"]) for item in medians] == [
        ("17.9", "11.8", "months"),
        ("14.6", "11.8", "months"),
    ]


def test_the_words_of_a_row_say_what_stands_in_brackets() -> None:
    table = (
        "Outcome\tVelotinib\tPlacebo\n"
        "Pain, mean (SD)\t3.1 (1.2)\t4.0 (1.3)\n"
        "Stay, median (IQR), days\t5 (3 to 8)\t7 (4 to 11)\n"
        "Survival at month 12, % (95% CI)\t71 (65 to 76)\t62 (56 to 68)\n"
        "Titre\t3.1 (1.2)\t4.0 (1.3)\n"
    )
    assert figures(table) == [
        {"statistic": "means", "mean_e": "3.1", "sd_e": "1.2", "mean_c": "4.0", "sd_c": "1.3"},
        {"statistic": "means", "median_e": "5", "q1_e": "3", "q3_e": "8", "median_c": "7", "q1_c": "4", "q3_c": "11"},
        {
            "statistic": "survival",
            "survival_e": "0.71",
            "ci_e": ["0.65", "0.76"],
            "survival_c": "0.62",
            "ci_c": ["0.56", "0.68"],
            "time": "12",
            "unit": "months",
        },
    ]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("Outcome\tGroup X\tGroup Y\nDeaths\t12 (5.1)\t20 (8.4)\n", "header does not name the arms"),
        ("Baseline characteristics\n\tVelotinib\tPlacebo\nDiabetes, n (%)\t12 (5.1)\t20 (8.4)\n", "at baseline"),
        ("Outcome\tVelotinib\tPlacebo\nAge, mean (SD)\t61 (9)\t62 (10)\n", "describes the patients"),
    ],
)
def test_a_table_that_can_not_be_read_is_listed_with_the_reason(table: str, reason: str) -> None:
    document = read(table, of_names(TWO))
    assert not document.proposals
    assert any(reason in one.reason for one in document.seen)


def test_counts_that_do_not_fit_their_percentages_are_left_out() -> None:
    assert figures("\tVelotinib (N=236)\tPlacebo (N=238)\nDeaths\t12 (9.1)\t20 (8.4)\n") == []


def test_sentences_with_two_blanks_are_no_table() -> None:
    text = (
        "In 12 of 236 on velotinib.  In 20 of 238 on placebo.  So it was.\nIt was 5 again.  It was 9 too.  It was 12.\n"
    )
    assert figures(text)[0]["statistic"] == "counts"


def test_a_table_of_a_page_is_read_like_one_of_plain_text() -> None:
    page = (
        "<p>Results</p><table><tr><th></th><th>Velotinib<br>(N=236)</th><th>Placebo (N=238)</th><th>RR (95% CI)</th></tr>\n"
        " <tr><td><p>Deaths</p></td><td>12 (5.1)</td><td>20 (8.4)</td><td>0.60 (0.29 to 1.23)</td></tr></table>"
    )
    assert figures(from_html(page).text) == [DEATHS, RATIO]


def test_a_page_that_is_laid_out_by_a_table_keeps_its_paragraphs() -> None:
    words = (
        "A sentence that is long enough to be a paragraph of the page, as navigation is laid out in cells of a table. "
        * 2
    )
    assert from_html(f"<table><tr><td>{words}</td><td>Menu</td></tr></table>").text.splitlines()[0] == words.strip()
