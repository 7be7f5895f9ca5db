"""What the report says of a Bayesian model."""

import pytest

from coppice.pool.models.bayes.part import bayes_part
from coppice.report.data.data_tables import bayes as frame_of
from coppice.report.data.r_bayes import lines, prior
from coppice.report.page import bayes, html_elements
from coppice.report.page.methods import methods

REQUEST = {"tau_prior": {"half_normal": 0.5}}


@pytest.fixture
def modelled(changed):
    """Return the review with a Bayesian model of its analysis."""

    def build(request=REQUEST, k=None, **thresholds):
        analysis = changed().analyses[0]
        effects = analysis.effects[:k]
        part, why = bayes_part(effects, request, analysis.measure, level=0.95, thresholds=thresholds)
        return changed(bayes=part, effects=effects, reasons={"bayes": why} if why else {})

    return build


def text_of(review):
    return html_elements.plain(str(bayes.section(review.analyses[0])))


def test_a_result_without_a_model_has_no_section(analysis):
    assert bayes.section(analysis) is None


def test_the_section_names_priors_and_says_how_much_is_prior(modelled):
    text = text_of(modelled(important=0.8))
    assert "half-normal(0.5)" in text and "a flat prior of the mean effect" in text
    assert "credible interval" in text and "overlap by" in text and "Bayes factors: of τ = 0" in text
    assert "below 0.80" in text and "above 1.25" in text


def test_one_study_is_said_to_leave_the_prior_as_it_is(modelled):
    text = text_of(modelled(k=1))
    assert "There is one study" in text and "overlap by 100%" in text


def test_an_improper_posterior_gives_its_reason(modelled):
    text = text_of(modelled({"tau_prior": "uniform"}, k=1))
    assert "There is no Bayesian model: the posterior is improper" in text


def test_the_methods_name_the_model_its_priors_and_their_source(modelled):
    (statement,) = [item for item in methods(modelled()) if "Bayesian" in item.text]
    assert "half-normal(0.5)" in statement.text and "without simulation" in statement.text
    assert "roever2020" in statement.cites and any("jrsm.1475" in source for source in statement.cites)


def test_the_workbook_has_a_sheet_with_every_posterior(modelled):
    review = modelled()
    rows = frame_of(review).rows
    assert len(rows) == len(review.analyses[0].effects) + 3
    assert [row[2] for row in rows[:2]] == ["mean effect", "effect in a new study"] and rows[-1][2] == "tau"


@pytest.mark.parametrize(
    ("request_", "call"),
    [
        ({"half_normal": 0.5}, "function(t) bayesmeta::dhalfnormal(t, scale = 0.5)"),
        ({"half_t": {"scale": 0.5, "df": 4}}, "function(t) bayesmeta::dhalft(t, df = 4.0, scale = 0.5)"),
        ("uniform", '"uniform"'),
        ({"turner2015": {"outcome": "any"}}, "function(t) ifelse(t > 0, 2 * t * dlnorm(t^2, -2.56, 1.74), 0)"),
    ],
)
def test_the_script_calls_bayesmeta_with_the_same_prior(modelled, request_, call):
    part = modelled({"tau_prior": request_, "mu_prior": {"mean": 0, "sd": 4}}).analyses[0].pool["bayes"]
    assert prior(part["tau_prior"]) == call
    script = "\n".join(lines("os", part))
    assert call in script and "mu.prior = c(0.0, 4.0)" in script
    assert script.count("near(") == 6
