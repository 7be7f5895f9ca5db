"""Figures against the texts that their records quote; the sentences were made up for these tests."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from tests.bad_input.examples.case import CONFIGURATION

from coppice.core import limits
from coppice.core.errors import BadInput
from coppice.extract.checks.printed_in import Printed, numbers_of
from coppice.plan import check, report
from coppice.plan.plan import Plan, load

HAZARD_RATIO = "statistic: hazard_ratio, estimate: 0.70, ci: [0.47, 1.03]"
COUNTS = "statistic: counts, events_e: 79, n_e: 105, events_c: 33, n_c: 103"
SURVIVAL = "statistic: survival, time: 3, unit: years, survival_e: 0.961, survival_c: 0.882, se_e: 0.012, se_c: 0.021"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("studies", "sources"):
        (tmp_path / name).mkdir()
    (tmp_path / "config.yaml").write_text("".join(f"{key}: {value}\n" for key, value in CONFIGURATION.items()), "utf-8")
    return tmp_path


def record(figure: str, quote: str, text: str = "sources/paper.txt", more: str = "") -> None:
    words = quote.replace("'", "''")
    Path("studies/ONE.yaml").write_text(
        "study: ONE\ndesign: randomised\nreports: {p: {citation: C}}\noutcomes: {os: {reported: "
        f"[{{{figure}, source: {{report: p, text: {text}, quote: '{words}'}}{more}}}]}}}}\n",
        "utf-8",
    )


def plan() -> Plan:
    return load([Path("config.yaml")], {})


def found(figure: str, quote: str, text: str | None = None, more: str = "") -> list[str]:
    """Return the checks of evidence that find something, errors first."""
    Path("sources/paper.txt").write_text(quote if text is None else text, "utf-8")
    record(figure, quote, more=more)
    try:
        return [item["check"] for item in check.of_review(plan().review) if item["check"].startswith("evidence")]
    except BadInput as error:
        return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(
    ("figure", "quote"),
    [
        (HAZARD_RATIO, "the hazard ratio was 0·70 (95% CI 0·47–1·03)"),
        (HAZARD_RATIO, "HR, .70 [.47-1.03]"),
        (HAZARD_RATIO, "HR 0,70 (0,47 bis 1,03)"),
        (HAZARD_RATIO, "HR 0.698, 95% CI 0.472 to 1.034"),
        (HAZARD_RATIO, "control against drug, HR 1.43 (0.97 to 2.13)"),
        ("statistic: hazard_ratio, estimate: 0.39", "61% less likely to relapse"),
        ("statistic: odds_ratio, estimate: 1.39", "the odds were 39% higher"),
        (COUNTS, "79 of 105 patients (75%) and 33 of 103 (32%)"),
        (COUNTS, "seventy-nine of 105 against thirty-three of one hundred and three"),
        (COUNTS, "in 75% of the 105 patients and in 32% of 103"),
        ("statistic: counts, events_e: 0, n_e: 12", "no deaths among twelve patients"),
        ("statistic: counts, percent_e: 25, n_e: 105", "26 of 105 patients"),
        ("statistic: counts, events_e: 1440, n_e: 2245", "1,440 of 2\u00a0245 patients"),
        (SURVIVAL, "the 3-year survival (±SE) was 96.1±1.2% and 88.2 ± 2.1%"),
        (SURVIVAL, "after three years 96.1% (SE 1.2) against 88.2% (SE 2.1)"),
        ("statistic: survival, time: 2, unit: years, survival_e: 1.0", "two-year survival was 100%"),
        ("statistic: survival, time: 2, unit: years, survival_e: 0.978", "at 2 years, 88 of 90 were alive"),
        ("statistic: risk_difference, estimate: 0.27, ci: [0.15, 0.41]", "27 percentage points (15-41)"),
        ("statistic: mean_difference, estimate: -5.2, ci: [-8.1, -2.3]", "−5.2 points (95% CI −8.1 to −2.3)"),
        ("statistic: logrank, p: <0.001, sided: 2", "P < .001 by the log-rank test"),
        ("statistic: logrank, p: 0.02, sided: 2", "P = ·02"),
        ("statistic: risk_ratio, estimate: 0.337, ci: [0.221, 0.512]", "vaccine efficacy 66.3% (95% CI, 48.8 to 77.9)"),
        ("statistic: risk_ratio, estimate: 0.80, ci: [0.55, 1.12]", "a reduction of 20 percent (CI -12 to 45)"),
        ("statistic: survival, time: 2, unit: years, survival_e: 0.91", "91% at 24 months"),
        ("statistic: survival, time: 18, unit: months, survival_e: 0.91", "91% at 1.5 years"),
        ("statistic: counts, events_e: 11262, n_e: 23870", "11 262 of 23.870 volunteers"),
        ("statistic: logrank, p: 0.000012, sided: 2", "P = 1.2 × 10−5"),
        ("statistic: logrank, p: 0.0000012, sided: 2", "P = 1.2e-6"),
        ("statistic: person_time, events_e: 12, rate_e: 0.034, unit: years", "12 events, 3.4 per 100 patient-years"),
    ],
)  # fmt: skip
def test_a_number_is_found_in_every_form_in_which_it_is_printed(folder: Path, figure: str, quote: str) -> None:
    assert found(figure, quote) == []


@pytest.mark.parametrize(
    ("figure", "quote", "named"),
    [
        (HAZARD_RATIO, "HR 0.71 (95% CI 0.47 to 1.03)", "estimate 0.70 is not in the quote"),
        (HAZARD_RATIO, "HR 0.70", "ci 0.47, ci 1.03 are not in the quote: its numbers are 0.70"),
        (HAZARD_RATIO, "HR 1 (0.47 to 1.03)", "estimate 0.70 is"),
        ("statistic: hazard_ratio, estimate: 0.39", "61% of them relapsed", "estimate 0.39 is"),
        (COUNTS, "78 of 105 and 33 of 103", "events_e 79 is"),
        (COUNTS, "in 74% of 105 and in 33 of 103", "events_e 79 is"),
        (SURVIVAL, "3-year survival 96±1.2% and 88.2±2.2%", "se_c 0.021 is"),
        ("statistic: logrank, p: 0.001, sided: 2", "P < .001", "p 0.001 is"),
        ("statistic: logrank, p: <0.001, sided: 2", "P = .001", "p <0.001 is"),
        ("statistic: counts, events_e: 19, n_e: 19", "anti-CD19 in AALL19", "events_e 19 is"),
        ("statistic: counts, events_e: 12", "by May 12, 2021, nobody had died", "events_e 12 is"),
        ("statistic: counts, events_e: 12", "on 2021-12-12 and 12/12/2021 and from 12 May to 3 June 2022", "events_e 12 is"),
        ("statistic: counts, percent_e: 95, n_e: 50", "(95% CI 0.47 to 1.03) in 50", "percent_e 95 is"),
        ("statistic: survival, time: 2, unit: years, survival_e: 0.91", "91% at 12 months", "time 2 is"),
        ("statistic: counts, events_e: 2", "none of them died", "events_e 2 is not in the quote: its numbers are none"),
    ],
)  # fmt: skip
def test_a_number_that_is_not_there_stops_the_review(folder: Path, figure: str, quote: str, named: str) -> None:
    problems = found(figure, quote)
    assert any(named in line for line in problems), problems
    assert all("studies/ONE.yaml:4: ONE: outcomes.os.reported.0: " in line for line in problems)


def test_the_numbers_of_each_arm_and_of_each_part_of_one_are_looked_for() -> None:
    by_arm = {"statistic": "arm_counts", "arms": {"low": {"events": 3, "n": 9}, "high": {"events": 4, "n": 8}}}
    parts = {"statistic": "counts", "combine_e": [{"events": 3, "n": 9}], "events_c": 4, "n_c": 8, "split_c": 2}
    for figure in (by_arm, parts):
        words = Printed("three of nine and 5/8")
        assert [wanted.value for wanted in numbers_of(figure)] == [3, 9, 4, 8] or figure is parts
        assert [wanted.value for wanted in numbers_of(figure) if not words.holds(wanted)] == [4]


def test_a_number_that_is_not_there_can_be_accepted_with_a_reason(folder: Path) -> None:
    accept = ", accept: {evidence_number: the limits stand in a table beside it}"
    assert found(HAZARD_RATIO, "HR 0.70", more=accept) == ["evidence_number"]


def test_an_accepted_check_of_a_text_that_is_not_here_is_not_called_unused(folder: Path) -> None:
    (folder / "sources/texts.yaml").write_text(f"paper.txt: {{sha256: {'b' * 64}}}\n", "utf-8")
    record(HAZARD_RATIO, "HR 0.70", more=", accept: {evidence_number: the limits stand in a table beside it}")
    assert check.of_review(plan().review) == []


@pytest.mark.parametrize(
    "text",
    [
        "Before.\n\nThe haz\u00adard\nratio   was 0·70 (95%\u00a0CI, 0·47–1·03); after.",
        "THE HAZARD RATIO WAS 0.70 (95 % CI, 0.47-1.03)",
        "the hazard ra-\ntio was 0.70 (95% CI, 0.47—1.03)",
        "the hazard-ratio was 0.70 (95% CI, 0.47 - 1.03)",
    ],
)
def test_a_quote_is_found_again_where_spaces_dashes_and_line_breaks_moved(folder: Path, text: str) -> None:
    assert found(HAZARD_RATIO, "the hazard ratio was 0.70 (95% CI, 0.47-1.03)", text) == []


def test_words_may_be_left_out_of_a_quote(folder: Path) -> None:
    text = "At 3 years, 96.1±1.2% of those with the drug, whose age was 12, and 88.2±2.1% without were alive."
    assert found(SURVIVAL, "At 3 years, 96.1±1.2% [...] and 88.2±2.1% without", text) == []
    (line,) = found(SURVIVAL, "88.2±2.1% without [...] 96.1±1.2%", text)
    assert "it has no '96.1±1.2%'" in line


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        (
            "the hazard ratio was 0.70 in adults",
            "'the hazard ratio was 0.70 in' is there, but not followed by 'adults'",
        ),
        ("a hazard ratio", "it has no 'a'"),
        ("...", "it has no words"),
        ("0.7", "it has no '0.7'"),
    ],
)
def test_a_quote_that_is_not_in_the_text_is_named_up_to_its_first_difference(
    folder: Path, quote: str, difference: str
) -> None:
    (line,) = found(HAZARD_RATIO, quote, "The hazard ratio was 0.70 in children")
    assert f"the quote is not in sources/paper.txt: {difference} (" in line


def test_a_text_whose_quotes_moved_is_searched_again_and_says_how_many_are_left(folder: Path) -> None:
    (folder / "sources/texts.yaml").write_text(f"paper.txt: {{sha256: {'b' * 64}}}\n", "utf-8")
    quotes = ("HR 0.70 (0.47 to 1.03)", "79 of 105 (75%) and 33 of 103")
    figures = ", ".join(
        f"{{{figure}, source: {{report: p, text: sources/paper.txt, quote: '{quote}'}}, accept: {{evidence_quote: as read}}}}"
        for figure, quote in zip((HAZARD_RATIO, COUNTS), quotes, strict=True)
    )
    record = f"study: ONE\ndesign: randomised\nreports: {{p: {{citation: C}}}}\noutcomes: {{os: {{reported: [{figures}]}}}}\n"
    (folder / "studies/ONE.yaml").write_text(record, "utf-8")
    (folder / "sources/paper.txt").write_text(f"A new title.\n\n{quotes[1]}; {quotes[0]}", "utf-8")
    (item,) = [item for item in check.of_review(plan().review) if item["check"] == "evidence_changed"]
    assert item["sentence"].endswith("2 of 2 quotes in this record are still there")
    (folder / "sources/paper.txt").write_text(quotes[0], "utf-8")
    (item,) = [item for item in check.of_review(plan().review) if item["check"] == "evidence_changed"]
    assert item["sentence"].endswith("1 of 2 quotes in this record are still there")


def test_times_and_patients_may_stand_around_the_quote_but_not_results(folder: Path) -> None:
    far = "x " * limits.QUOTE_LENGTH
    text = "Survival after 3 years (±SE) is given. It was 96.1±1.2% against 88.2±2.1%."
    assert found(SURVIVAL, "96.1±1.2% against 88.2±2.1%", text) == []
    (line,) = found(SURVIVAL, "96.1±1.2% against 88.2±2.1%", text.replace("It was", far))
    assert "time 3 is not in the quote or within 1,000 characters of it" in line
    (line,) = found(SURVIVAL, "It was 96.1±1.2%", text)
    assert "survival_c 0.882, se_c 0.021 are not in the quote" in line


def test_a_text_that_changed_is_named_with_both_hashes_and_searched_again(folder: Path) -> None:
    quote = "HR 0.70 (0.47 to 1.03)"
    (folder / "sources/texts.yaml").write_text(f"paper.txt: {{sha256: {'b' * 64}}}\n", "utf-8")
    assert found(HAZARD_RATIO, quote) == ["evidence_changed"]
    (item,) = [item for item in check.of_review(plan().review) if item["check"] == "evidence_changed"]
    now = hashlib.sha256(quote.encode()).hexdigest()
    assert item["severity"] == "warning" and f"{now[:12]} now" in item["sentence"] and now in item["sentence"]
    assert item["sentence"].endswith("its quote is still there")
    (folder / "sources/texts.yaml").write_text(f"paper.txt: {{sha256: {now}}}\n", "utf-8")
    assert check.of_review(plan().review) == []


def test_of_a_text_kept_elsewhere_the_check_says_that_alone(folder: Path) -> None:
    (folder / "sources/texts.yaml").write_text(f"paper.txt: {{sha256: {'a' * 64}}}\n", "utf-8")
    record(HAZARD_RATIO, "nothing of the kind")
    assert check.of_review(plan().review) == []
    lines = [line for line in check.spec(plan().review)["pooled"] if "paper.txt" in line]
    assert lines == ["sources/paper.txt: not available here (SHA-256 aaaaaaaaaaaa), quoted by 1 figure"]
    assert report.page_spec(plan().review)["evidence"] == {
        "figures": 1,
        "quoted": 1,
        "elsewhere": {"sources/paper.txt": 1},
    }


def test_a_text_without_a_hash_gets_the_line_to_add(folder: Path) -> None:
    assert found(HAZARD_RATIO, "HR 0.70 (0.47 to 1.03)") == []
    (line,) = [line for line in check.spec(plan().review)["pooled"] if "paper.txt" in line]
    added = line.split("`")[1]
    (folder / "sources/texts.yaml").write_text(f"{added}\n", "utf-8")
    assert not [line for line in check.spec(plan().review)["pooled"] if "paper.txt" in line]


def test_texts_lie_in_the_working_directory_or_beside_the_configuration(folder: Path) -> None:
    (folder / "config/sources").mkdir(parents=True)
    (folder / "config.yaml").rename(folder / "config/config.yaml")
    (folder / "sources").rmdir()
    (folder / "config/sources/paper.txt").write_text("HR 0.70 (0.47 to 1.03)", "utf-8")
    record(HAZARD_RATIO, "HR 0.70 (0.47 to 1.03)")
    assert check.of_review(load([Path("config/config.yaml")], {}).review) == []


def test_a_page_is_searched_without_its_markup_and_scripts(folder: Path) -> None:
    page = "<html><script>HR 9.99</script><p>The <b>H</b>R was 0.70<br>(0.47&ndash;1.03)</p></html>"
    (folder / "sources/paper.html").write_text(page, "utf-8")
    record(HAZARD_RATIO, "The HR was 0.70 (0.47-1.03)", "sources/paper.html")
    assert check.of_review(plan().review) == []
    record(HAZARD_RATIO, "HR 9.99", "sources/paper.html")
    with pytest.raises(BadInput, match=r"the quote is not in sources/paper\.html"):
        plan()


def test_a_text_in_windows_1252_is_read(folder: Path) -> None:
    (folder / "sources/paper.txt").write_bytes("HR 0.70 (0.47\u20131.03)".encode("cp1252"))
    record(HAZARD_RATIO, "HR 0.70 (0.47-1.03)")
    assert check.of_review(plan().review) == []


def test_a_link_that_leads_out_of_the_review_is_not_read(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("HR 0.70 (0.47 to 1.03)", "utf-8")
    (folder / "sources/paper.txt").symlink_to(secret)
    record(HAZARD_RATIO, "HR 0.70 (0.47 to 1.03)")
    with pytest.raises(BadInput, match="is a link that leads out of the review"):
        plan()


def test_a_device_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "sources/paper.txt")
    record(HAZARD_RATIO, "HR 0.70 (0.47 to 1.03)")
    with pytest.raises(BadInput, match="is not a file"):
        plan()


def test_a_long_text_with_many_numbers_is_searched_in_a_moment(folder: Path) -> None:
    text = (
        "a hazard ratio of 0.71 (0.47 to 1.03), and 1,2,3,4,5,6 of the hazard-\nratio " * 20_000
        + "HR 0.70 (0.47 to 1.03)"
    )
    begun = time.process_time()
    assert found(HAZARD_RATIO, "HR 0.70 (0.47 to 1.03)", text) == []
    assert time.process_time() - begun < 5


def test_an_edit_of_a_text_reaches_the_report_and_no_extract(folder: Path) -> None:
    quote = "HR 0.70 (0.47 to 1.03)"
    assert found(HAZARD_RATIO, quote) == []
    before, page = plan().spec("extract", study="ONE", outcome="os"), plan().content("report")
    assert found(HAZARD_RATIO, quote, f"{quote} and more") == []
    assert plan().spec("extract", study="ONE", outcome="os") == before
    assert plan().content("report")["inputs"] != page["inputs"]
