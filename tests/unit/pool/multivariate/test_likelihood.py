import numpy as np
import pytest

from coppice.pool.multivariate.engine import Term
from coppice.pool.multivariate.engine.blocks import entries, stacks
from coppice.pool.multivariate.engine.likelihood import Problem
from coppice.pool.multivariate.engine.structures import STRUCTURES, angles_of
from coppice.pool.multivariate.engine.terms import prepare

RNG = np.random.default_rng(7)
STUDIES = np.repeat(np.arange(6), [3, 2, 3, 1, 3, 2])
TIMES = np.array([1, 2, 4, 1, 4, 1, 2, 4, 2, 1, 2, 4, 2, 4])
YI = RNG.normal(size=len(TIMES))


def problem(code: str, *, restricted: bool) -> Problem:
    factor = RNG.normal(size=(len(YI), len(YI))) * (STUDIES[:, None] == STUDIES[None, :])
    covariance = factor @ factor.T + 0.1 * np.eye(len(YI))
    known = np.ones(len(YI), dtype=bool)
    listed = [
        prepare(Term(group=STUDIES, levels=TIMES.tolist(), structure=code), known),
        prepare(Term(group=range(len(YI))), known),
    ]
    x = np.column_stack([np.ones(len(YI)), TIMES])
    gram = float(np.linalg.slogdet(x.T @ x)[1])
    return Problem(stacks(YI, x, entries(covariance, len(YI)), listed), listed, len(YI), 2, restricted, gram)


@pytest.mark.parametrize("code", STRUCTURES)
@pytest.mark.parametrize("restricted", [True, False])
def test_the_gradient_is_the_derivative_of_the_likelihood(code, restricted):
    model = problem(code, restricted=restricted)
    theta = np.abs(RNG.normal(0.7, 0.3, size=sum(STRUCTURES[code].sizes(3)) + 1))
    _, slope = model.evaluate(theta)
    for place in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        assert slope[place] == pytest.approx((model.value(up) - model.value(down)) / 2e-6, rel=1e-6, abs=1e-7)


def test_the_angles_of_correlations_give_them_back():
    factor = RNG.normal(size=(4, 4))
    covariance = factor @ factor.T
    scale = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(scale, scale)
    angles = angles_of(correlations)
    made, _ = STRUCTURES["UN"].correlations(angles, np.zeros((4, 4)))
    np.testing.assert_allclose(made, correlations, atol=1e-12)
