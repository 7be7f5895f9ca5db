"""Reviews of single groups: what the report calls the quantity, how much it rests on, and that it speaks of no arms."""

from pathlib import Path

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.analysis import pool_analysis
from coppice.report.page import page
from coppice.report.page.html_elements import plain
from coppice.report.read import read_review

SECTIONS = (
    page.structured_abstract, page.question, page.findings, page.studies, page.results, page.sources, page.method,
)  # fmt: skip
OF_ARMS = (
    "experimental", "control arm", "control,", " versus ", "baseline risk", "per 1,000 patients", "Comparator",
    "Relative effect", "Plain-language summary",
)  # fmt: skip
SCALES = ("(logit)", "(log)", "(square root)", "(Fisher's z)", "PLO", "IRLN", "IRS ", "MNLN", "ZCOR")


@pytest.fixture
def text(request, monkeypatch, tmp_path):
    """Return the text of the report of a review, without its figures."""
    monkeypatch.chdir(Path(__file__).parent / request.param)
    made = plan.load([Path("config.yaml")], {})
    found = {unit: extract_outcome(made.unit("extract", study=unit[0], outcome=unit[1])) for unit in made.extracts}
    for (study, outcome), extract in found.items():
        canonical_json.write(tmp_path / "extract" / study / f"{outcome}.json", extract)
    for name in made.review.analyses:
        pooled = pool_analysis(
            made.unit("pool", analysis=name), [found[unit] for unit in made.reads("pool", analysis=name)]
        )
        canonical_json.write(tmp_path / "pool" / f"{name}.json", pooled)
        canonical_json.write(tmp_path / "explore" / f"{name}.json", {})
    review = read_review(made.content("report"), tmp_path)
    return "\n".join(plain(section(review) or "") for section in SECTIONS)


ONE_GROUP = ("pritz1997", "nielweise2008_rates", "normand1999_means", "molloy2014")


@pytest.mark.parametrize("text", ONE_GROUP, indirect=True)
def test_a_review_of_single_groups_speaks_of_no_arms(text):
    assert [said for said in OF_ARMS if said in text] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pritz1997", ("Proportion 0.7", "14 studies with 326 patients yielded a pooled proportion of", "Proportion (95% CI)")),
        ("nielweise2008_rates", ("Incidence rate 0.00", "Nine studies with 77 events in 25,605 units of person-time", "Person-time (studies)")),
        ("normand1999_means", ("Mean 54.0", "Nine studies with 610 patients yielded a pooled mean of", "Mean (95% CI)")),
        ("molloy2014", ("Correlation 0.1", "16 studies with 3,509 patients yielded a pooled correlation of", "Correlation (95% CI)")),
    ],
    indirect=["text"],
)  # fmt: skip
def test_the_quantity_is_named_by_what_is_printed_and_its_patients_are_summed(text, shown):
    assert [said for said in shown if said not in text] == []


@pytest.mark.parametrize("text", ONE_GROUP, indirect=True)
def test_the_scale_of_the_model_stands_in_the_methods_and_in_no_result(text):
    results = text.split("Results included in the analysis")[0]
    assert [said for said in SCALES if said in results] == []
    assert "each of a single group of patients" in text


@pytest.mark.parametrize("text", ONE_GROUP, indirect=True)
def test_no_sentence_ends_twice(text):
    assert ".." not in text
