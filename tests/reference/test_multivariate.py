"""The multivariate engine against R's metafor, on published data; multivariate.json names versions and settings.

Konstantopoulos (2011) schools within districts, Kalaian & Raudenbush (1996) coaching for two parts of a test, Ishak et al. (2007)
and Fine et al. (1993) repeated measurements, Lim et al. (2014) crossed articles and species.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coppice.pool.multivariate.engine import MultivariateResults, Term, fit_multivariate

CASES = json.loads((Path(__file__).parent / "multivariate.json").read_text())["cases"]
CLOSE = 1e-6
BETTER = 1e-12  # of a likelihood, above what rounding makes of it


def design(formula: str | None, data: dict[str, Any]) -> np.ndarray:
    """Return the matrix of a formula of R with factors and numbers."""
    k = len(data["yi"])
    without = formula is not None and "- 1" in formula
    columns = [] if without else [np.ones(k)]
    for name in [] if formula is None else formula.strip("~").replace("- 1", "").split("+"):
        values = data[name.strip()]
        if isinstance(values[0], str) or name.strip().startswith("f"):
            levels = sorted(set(values))[0 if without else 1 :]
            columns += [np.array([value == level for value in values], dtype=float) for level in levels]
        else:
            columns.append(np.array(values, dtype=float))
    return np.column_stack(columns)


def terms(model: dict[str, Any], data: dict[str, Any]) -> list[Term]:
    """Return the random terms of a formula such as ~ outcome | study or ~ 1 | district/school."""
    made = []
    random = model["random"] if isinstance(model["random"], list) else [model["random"]]
    for formula in random:
        inner, outer = (side.strip() for side in formula.strip("~").split("|"))
        if inner == "1":
            names = outer.split("/")
            for depth in range(1, len(names) + 1):
                group = list(zip(*(data[name] for name in names[:depth]), strict=True))
                made.append(Term(group=group, name="/".join(names[:depth])))
        else:
            made.append(Term(group=data[outer], levels=data[inner], structure=model["struct"][0], name=outer))
    return made


def sampling(data: dict[str, Any]) -> np.ndarray:
    """Return the sampling covariance."""
    covariance = np.diag(np.array(data["vi"]))
    if data["V"] != "diagonal":
        for i, j, value in data["V"]:
            covariance[i, j] = covariance[j, i] = value
    return covariance


def variances(fit: MultivariateResults) -> list[float]:
    """Return sigma2 and tau2 in the order in which R has them: levels sorted."""
    made: list[float] = []
    for component in sorted(fit.components, key=lambda each: each.structure != "ID"):
        if component.structure in ("ID", "CS", "AR", "CAR"):
            made.append(float(component.tau2[0]))
        else:
            made += [value for _, value in sorted(zip(component.labels, component.tau2.tolist(), strict=True))]
    return made


@pytest.mark.parametrize(
    ("case", "model"),
    [
        pytest.param(case, model, id=f"{case['name']}-{model['model']}-{model['method']}")
        for case in CASES
        for model in case["models"]
    ],
)
def test_estimates_agree_with_metafor_or_have_the_higher_likelihood(case, model):
    data = case["data"]
    fit = fit_multivariate(
        data["yi"], sampling(data), terms(model, data), design=design(model.get("mods"), data), method=model["method"]
    )
    assert fit.converged
    gain = fit.log_likelihood - model["logLik"]
    assert gain > -BETTER * (1 + abs(model["logLik"]))
    rtol = CLOSE if gain < BETTER else 50 * CLOSE  # a search that stops short by 1e-8 of a likelihood is off by 1e-5
    np.testing.assert_allclose(fit.params, model["beta"], rtol=rtol)
    np.testing.assert_allclose(fit.bse, model["se"], rtol=rtol)
    assert fit.q == pytest.approx(model["QE"], rel=1e-9)
    theirs = np.concatenate([np.atleast_1d(model.get(name, [])) for name in ("sigma2", "tau2")])
    np.testing.assert_allclose(variances(fit), theirs, rtol=rtol, atol=1e-6 * max(theirs))
