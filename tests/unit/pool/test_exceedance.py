"""The probability that the effect in a new study lies beyond a threshold."""

import numpy as np
import pytest
from scipy import stats

from coppice.core.errors import BadInput
from coppice.core.measures import MEASURES
from coppice.pool import pool
from coppice.pool.analysis import pool_analysis
from coppice.pool.thresholds import on_scale

from .fixtures import EXTRACTS, FIVE, spec

YI, VI = (np.array([value[index] for value in FIVE.values()]) for index in (0, 1))


def test_both_sides_of_a_threshold_are_the_whole_distribution():
    model = pool(YI, VI)
    above, below = model.probability_beyond(-0.5), model.probability_beyond(-0.5, side="below")
    assert above + below == pytest.approx(1, rel=1e-12)
    expected = stats.t.sf(-0.5, 4, loc=model.random["estimate"], scale=model.prediction["se"])
    assert above == pytest.approx(expected, rel=1e-10)


def test_an_unknown_side_is_named_with_the_allowed_ones():
    with pytest.raises(ValueError, match="below"):
        pool(YI, VI).probability_beyond(0.0, side="under")


def test_an_analysis_gives_the_probabilities_that_it_asks_for_at_printed_thresholds():
    result = pool_analysis(spec(FIVE, beyond={"above": [1], "below": [0.8, 0.5]}), EXTRACTS)
    assert [(row["side"], row["threshold"]) for row in result["beyond"]] == [
        ("below", 0.8),
        ("below", 0.5),
        ("above", 1.0),
    ]
    model = pool(YI, VI)
    assert result["beyond"][0]["probability"] == pytest.approx(model.probability_beyond(np.log(0.8), side="below"))


@pytest.mark.parametrize("prediction", ["none", "bootstrap"])
def test_without_a_predictive_distribution_there_is_a_reason(prediction):
    asked = spec(FIVE, beyond={"below": [0.8]}, model={"profile": "cochrane2025", "prediction": prediction})
    result = pool_analysis(asked, EXTRACTS)
    assert result["beyond"] is None and "prediction interval" in result["reasons"]["beyond"]


def test_a_threshold_that_the_measure_can_not_take_is_bad_input():
    with pytest.raises(BadInput, match="HR can't be 0"):
        pool_analysis(spec(FIVE, beyond={"below": [0]}), EXTRACTS)


@pytest.mark.parametrize(("code", "size"), [("PFT", 37.0), ("IRFT", 0.4), ("IRFT", 250.0), ("OR", None), ("PFT", None)])
def test_a_threshold_goes_to_the_scale_of_the_model_and_back(code, size):
    measure = MEASURES[code]
    for value in (0.2, 0.5, 0.9):
        assert measure.back(on_scale(measure, value, size), size) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(("measure", "value"), [("PLO", 0), ("PLO", 1), ("OR", 0), ("ZCOR", 1)])
def test_a_threshold_at_the_end_of_what_a_measure_can_be_is_refused(measure, value):
    with pytest.raises(ValueError, match=f"{measure} can't be {value}"):
        on_scale(MEASURES[measure], value)
