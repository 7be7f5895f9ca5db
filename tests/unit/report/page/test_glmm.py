"""What the page says of a generalised linear mixed model."""

from coppice.report.page.glmm import glmm_methods
from coppice.report.page.references import REFERENCES, cited_by

SETTINGS = {"likelihood": "binomial", "glmm": "CM.EL", "tau2": "ML", "inference": "PL", "prediction": "t_k-1"}


def test_the_methods_name_the_likelihood_the_model_and_their_sources():
    statements = list(glmm_methods(dict(SETTINGS), "Effects", "95%"))
    assert "binomial likelihood (conditional model with the exact likelihood, CM.EL)" in statements[0].text
    assert "without a continuity correction" in statements[0].text
    cited = {key for statement in statements for key in cited_by(statement)}
    assert {"stijnen2010", "jackson2018", "ml"} <= cited
    assert cited & set(REFERENCES)


def test_one_group_cites_the_advice_for_proportions():
    statements = list(glmm_methods({**SETTINGS, "glmm": None}, "Effects", "95%"))
    assert "linxu2020" in {key for statement in statements for key in cited_by(statement)}
