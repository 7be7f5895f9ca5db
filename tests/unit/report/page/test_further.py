"""What the report says of probabilities beyond thresholds and of permutation tests."""

from tests.unit.report.page.test_moderators import PART

from coppice.report.page import further, html_elements, moderators
from coppice.report.page.methods import differences

DRAWN = {"permutations": 10_000, "exact": False, "seed": 7}
EXACT = {"permutations": 720, "exact": True, "seed": None}


def test_the_probability_beyond_each_threshold_is_said(changed):
    rows = [
        {"threshold": 0.8, "side": "below", "probability": 0.7999},
        {"threshold": 1.0, "side": "above", "probability": 0.1106},
    ]
    text = further.beyond(changed(beyond=rows).analyses[0])
    assert "below 0.80 with probability 80% and above 1.00 with probability 11%" in text


def test_what_was_not_asked_for_is_not_mentioned(analysis):
    assert further.beyond(analysis) is None and further.permutation(analysis) is None
    assert further.of_moderators(analysis) is None and moderators.places(analysis) is None


def test_a_reason_stands_where_it_was_asked_for_in_vain(changed):
    (analysis,) = changed(
        beyond=None, permutation=None, reasons={"beyond": "no interval.", "permutation": "too few"}
    ).analyses
    assert further.beyond(analysis) == "No interval." and further.permutation(analysis) == "Too few."


def test_a_permutation_test_names_its_arrangements_and_its_source(changed):
    review = changed(permutation={"p": 0.0123} | DRAWN)
    text = further.permutation(review.analyses[0])
    assert "p = 0.01 " in text and "10,000 permutations of the signs, sampled at random with seed 7" in text
    assert any("higgins2004" in statement.cites for statement in differences(review))


def test_the_moderators_have_a_column_of_p_values_by_permutation(changed):
    rows = [row | {"p_permutation": p} for row, p in zip(PART["coefficients"], (0.25, 0.0375), strict=True)]
    part = PART | {"coefficients": rows, "permutation": {"QM_p": 0.0375} | EXACT}
    (analysis,) = changed(moderators=part).analyses
    table = html_elements.plain(str(moderators.coefficients(analysis)))
    assert "Permutation p" in table and "0.25" in table
    assert "all moderators together: p = 0.04 (720 permutations of the studies, all possible)" in moderators.sentence(
        analysis
    )


def test_predictions_and_contrasts_have_a_table_each(changed):
    place = {
        "values": {"dose": 3},
        "estimate": -0.6931,
        "ci_low": -1.0,
        "ci_high": -0.3,
        "pi_low": None,
        "pi_high": None,
    }
    contrast = {
        "name": "ten",
        "weights": {"dose": 10.0},
        "estimate": -0.28,
        "ci_low": -0.48,
        "ci_high": -0.08,
        "p": 0.02,
    }
    (analysis,) = changed(moderators=PART | {"at": [place], "contrasts": [contrast]}).analyses
    assert "dose 3" in (table := html_elements.plain(str(moderators.places(analysis)))) and "0.50" in table
    assert "10 \N{MULTIPLICATION SIGN} dose" in html_elements.plain(str(moderators.contrasts(analysis)))
