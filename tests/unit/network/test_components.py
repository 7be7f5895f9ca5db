"""Additive effects of the components of treatments."""

from __future__ import annotations

import contextlib
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import block_diag

from coppice.core.errors import BadInput
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.kinds import pooling
from coppice.pool.multivariate.network.components import NOT_IDENTIFIED, additive, matrix_of
from coppice.pool.multivariate.network.contrasts import contrasts
from coppice.pool.multivariate.network.model import fit
from coppice.pool.multivariate.network.tau2 import ESTIMATORS, Blocks
from coppice.report.data.data_tables import frames
from coppice.report.data.r_script import r_script
from coppice.report.page import page
from coppice.report.read import read_review
from coppice.report.report_data import ReviewView

from .conftest import ANALYSIS, load

STUDIES = (
    ("placebo", "A"), ("placebo", "A"), ("placebo", "B"), ("A", "A + B"), ("placebo", "A + B", "B"), ("C", "A + C"),
    ("C", "B + C", "A + C"), ("placebo", "A + B + C"), ("placebo", "C"),
)  # fmt: skip
SETTINGS = {"separator": "+", "inactive": "placebo"}


def network(studies: Any = STUDIES, seed: int = 4) -> tuple[Any, list[tuple[tuple[str, ...], Any, Any]]]:
    """Return contrasts of invented studies, and for each study its arms, the levels and the variances of these."""
    random = np.random.default_rng(seed)
    effect = {"placebo": 0.0, "A": -0.4, "B": -0.2, "C": 0.3}
    rows, own = [], []
    for number, arms in enumerate(studies):
        levels = np.array([sum(effect[part] for part in arm.split(" + ")) for arm in arms]) + random.normal(
            0, 1.0, len(arms)
        )
        variances = random.uniform(0.02, 0.2, len(arms))
        own.append((arms, levels, variances))
        rows += [(f"S{number}", arms[a], arms[b], levels[a] - levels[b], variances[a] + variances[b]) for a, b in combinations(range(len(arms)), 2)]  # fmt: skip
    return contrasts(*zip(*rows, strict=True)), own


def least_squares(own: Any, names: list[str], tau2: float = 0.0) -> tuple[Any, Any, float, float]:
    """Return the components by generalised least squares on contrasts with the first arm: estimates, covariance, Q, -2 log REML."""
    y, x, v = [], [], []
    for arms, levels, variances in own:
        y.append(levels[1:] - levels[0])
        made = np.array([[arm.split(" + ").count(name) for name in names] for arm in arms], dtype=float)
        x.append(made[1:] - made[0])
        p = len(arms) - 1
        v.append(np.diag(variances[1:]) + variances[0] + tau2 * (np.eye(p) + 1) / 2)
    y, x, v = np.concatenate(y), np.vstack(x), block_diag(*v)
    inverse = np.linalg.inv(v)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    beta = covariance @ x.T @ inverse @ y
    q = float((y - x @ beta) @ inverse @ (y - x @ beta))
    return beta, covariance, q, q + np.linalg.slogdet(v)[1] - np.linalg.slogdet(covariance)[1]


@pytest.mark.parametrize("tau2", [0.0, 0.07])
def test_components_are_those_of_generalised_least_squares(tau2):
    data, own = network()
    names, parts = matrix_of(data.treatments, SETTINGS)
    fitted = additive(data, parts, tau2)
    beta, covariance, q, _ = least_squares(own, names, tau2)
    np.testing.assert_allclose(fitted.components, beta, rtol=1e-9)
    np.testing.assert_allclose(fitted.covariance, covariance, rtol=1e-9, atol=1e-14)
    assert fitted.q == pytest.approx(q, rel=1e-9)
    assert fitted.degrees == sum(len(arms) - 1 for arms in STUDIES) - 3


def test_the_variance_between_studies_has_the_highest_restricted_likelihood_of_the_additive_model():
    data, own = network()
    names, parts = matrix_of(data.treatments, SETTINGS)
    tau2 = ESTIMATORS["REML"](additive(data, parts))
    assert tau2 > 0
    best = least_squares(own, names, tau2)[3]
    assert all(best <= least_squares(own, names, tau2 * factor)[3] for factor in (0.9, 0.99, 1.01, 1.1))


def test_the_moments_estimator_makes_q_its_expectation():
    data, own = network()
    names, parts = matrix_of(data.treatments, SETTINGS)
    fitted = additive(data, parts)
    tau2 = ESTIMATORS["DL"](fitted)
    x = np.vstack([np.array([[arm.split(" + ").count(name) for name in names] for arm in arms], dtype=float)[1:] - [arms[0].split(" + ").count(name) for name in names] for arms, _, _ in own])  # fmt: skip
    v = block_diag(*[np.diag(variances[1:]) + variances[0] for _, _, variances in own])
    shape = block_diag(*[(np.eye(len(arms) - 1) + 1) / 2 for arms, _, _ in own])
    w = np.linalg.inv(v)
    projection = w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w
    assert fitted.q == pytest.approx(fitted.degrees + tau2 * np.trace(projection @ shape), rel=1e-9)


def test_without_combinations_the_components_are_the_treatments_of_the_network():
    data, _ = network((("placebo", "A"), ("A", "B"), ("placebo", "B"), ("placebo", "A", "C"), ("B", "C")))
    names, parts = matrix_of(data.treatments, SETTINGS)
    fitted, whole = additive(data, parts), fit(data)
    base = data.treatments.index("placebo")
    places = [data.treatments.index(name) for name in names]
    np.testing.assert_allclose(fitted.components, whole.effects[places, base], rtol=1e-9)
    np.testing.assert_allclose(fitted.variances, whole.variances, rtol=1e-9, atol=1e-12)
    assert Blocks(fitted).pieces(0.1)[1] == pytest.approx(Blocks(whole).pieces(0.1)[1], rel=1e-9)


def spec_of(studies: Any, **components: Any) -> tuple[dict[str, Any], list[Any]]:
    """Return what `pool` reads of a network of invented studies, and its extracts."""
    data, _ = network(studies)
    names = list(data.treatments)
    of_study: dict[str, Any] = {study: {"study": study, "measures": {}} for study in data.studies}
    pairs: dict[str, dict[str, list[str]]] = {study: {} for study in data.studies}
    for study, one, other, yi, vi in zip(data.study, data.one, data.other, data.yi, data.vi, strict=True):
        name, key = data.studies[study], f"MD ({names[one]} against {names[other]})"
        candidate = {"yi": yi, "vi": vi, "population": "p", "route": "counts", "statistic": "counts", "reported": {}, "report": None, "source": {}, "assumptions": [], "notes": []}  # fmt: skip
        of_study[name]["measures"][key] = {"measure": "MD", "candidates": [candidate], "chosen": [0], "why": "w"}
        pairs[name][key] = [names[one], names[other]]
    return {
        "kind": "network",
        "analysis": "x",
        "outcome": "o",
        "measure": "MD",
        "model": {"profile": "metafor"},
        "network": {"reference": "placebo", "small_values": "good", "components": SETTINGS | components},
        "treatments": [{"treatment": name, "name": name} for name in names],
        "studies": [{"study": name, "label": name, "year": 2000, "pairs": pairs[name], "sizes": {}} for name in data.studies],
    }, list(of_study.values())  # fmt: skip


def test_a_connected_network_has_the_test_of_additivity_beside_its_own_results():
    spec, extracts = spec_of(STUDIES)
    result = pooling(spec).pool(spec, extracts)
    part = result["components"]
    assert result["comparisons"] and part["is_connected"]
    assert part["difference"]["df"] == len(result["treatments"]) - 1 - len(part["components"])
    assert part["difference"]["Q"] == pytest.approx(part["heterogeneity"]["Q"] - result["heterogeneity"]["Q"])
    both = next(item for item in part["treatments"] if item["name"] == "A + B")
    sums = sum(item["random"]["estimate"] for item in part["components"] if item["name"] in "AB")
    assert both["random"]["estimate"] == pytest.approx(sums)


def test_components_connect_a_network_in_parts():
    spec, extracts = spec_of((("placebo", "A"), ("A", "A + B"), ("C", "C + B"), ("C + A", "C + B")))
    result = pooling(spec).pool(spec, extracts)
    part = result["components"]
    assert result["comparisons"] == [] and "2 parts that only components connect" in result["reasons"]["comparisons"]
    assert [item["name"] for item in part["components"] if item["random"]] == ["A", "B"]
    unknown = next(item for item in part["components"] if item["name"] == "C")
    assert (unknown["random"], unknown["reason"]) == (None, NOT_IDENTIFIED)
    assert {item["name"] for item in part["treatments"] if item["random"]} == {"A", "A + B"}


def test_what_is_wrong_with_components_is_said_in_one_line():
    with pytest.raises(BadInput, match="no treatment has several components"):
        load(analyses={ANALYSIS: {"network": {"components": "+"}}})
    with pytest.raises(BadInput, match="no treatment has the component 'selfhelp'; did you mean 'self'"):
        load(analyses={ANALYSIS: {"network": {"components": {"separator": "-", "inactive": "selfhelp"}}}})


GALLERY = Path(__file__).parents[3] / "docs" / "gallery" / "components"
PARTS = """study,treatment,events,n
One,usual care,12,60
One,therapy,20,62
Two,therapy,18,58
Two,drug + therapy,25,57
Three,exercise,14,61
Three,exercise + drug,22,60
"""


def view_of(folder: Path, text: str) -> ReviewView:
    """Return a review of arms with components, through all verbs."""
    (folder / "arms.csv").write_text(text, "utf-8")
    analysis = {"measure": "OR", "network": {"reference": "usual care", "components": {"inactive": "usual care"}}}
    with contextlib.chdir(folder):
        planned = plan.load([], {"review": {"title": "t"}, "studies": "arms.csv", "arms": {"column": "treatment"}, "analyses": {"response": analysis}})  # fmt: skip
    spec = planned.unit("pool", analysis="response")
    extracts = {
        unit: extract_outcome(planned.unit("extract", study=unit[0], outcome=unit[1])) for unit in planned.extracts
    }
    pooled = pooling(spec).pool(spec, [extracts[unit] for unit in planned.reads("pool", analysis="response")])
    explored = exploring(pooled)(planned.unit("explore", analysis="response"), pooled, ())
    canonical_json.write(folder / "pool" / "response.json", canonical_json.rounded(pooled))
    canonical_json.write(folder / "explore" / "response.json", canonical_json.rounded(explored))
    for (study, outcome), extract in extracts.items():
        canonical_json.write(folder / "extract" / study / f"{outcome}.json", {**extract, "made_from": "x"})
    return read_review(planned.content("report"), folder)


def test_the_report_has_the_components_beside_the_network(tmp_path):
    review = view_of(tmp_path, (GALLERY / "arms.csv").read_text("utf-8"))
    text = str(page.results(review))
    assert 'id="table-additive-components-response"' in text and 'id="table-league-response"' in text
    assert "Additivity (Q of the additive model less that of the network, common effects): Q = " in text
    assert "10.1002/bimj.201800167" in str(page.method(review)) + str(page.references(review))
    assert 'netmeta::netcomb(net, inactive = "usual care", sep.comps = "+")' in r_script(review)
    assert len(next(item for item in frames(review) if item.name == "network_component_effects").rows) == 10


def test_the_report_of_a_network_in_parts_has_its_components_alone(tmp_path):
    review = view_of(tmp_path, PARTS)
    text = str(page.results(review))
    assert "Three studies compared treatments in parts that only their components connect." in text
    assert "2 parts that only components connect" in text
    assert "the studies do not tell it apart from other components" in text
    assert "netmeta::discomb(" in r_script(review)
    assert "drug, OR" in str(page.structured_abstract(review))
