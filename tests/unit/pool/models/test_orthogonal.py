"""Nearly collinear moderators: the tests of all moderators are those of exact arithmetic, and a warning names the trouble."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from coppice.pool.dependence.multilevel import multilevel
from coppice.pool.dependence.robust import cluster_robust
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.models.regression import design_of, regress

YI = np.array([0.12, 0.35, -0.18, 0.55, 0.41, 0.83, 0.22, 0.64, 0.09, 0.47])
VI = np.array([0.04, 0.05, 0.03, 0.06, 0.05, 0.08, 0.04, 0.07, 0.03, 0.05])
DOSE = np.arange(10.0)
NOISE = np.array([0.3, -0.8, 0.5, 0.9, -0.4, 0.1, -0.7, 0.6, -0.2, 0.35])
STUDY = list("AABBCCDDEE")
SIZES = (1e-5, 1e-6, 1e-7)


def exact_qe(x: np.ndarray) -> float:
    """Weighted residual sum of squares in rational arithmetic, of the doubles as they are."""
    rows = [[Fraction(float(value)) for value in row] for row in x]
    y, w = [Fraction(float(value)) for value in YI], [1 / Fraction(float(value)) for value in VI]
    p = len(rows[0])
    system = [
        [sum(w[i] * rows[i][a] * rows[i][b] for i in range(10)) for b in range(p)]
        + [sum(w[i] * rows[i][a] * y[i] for i in range(10))]
        for a in range(p)
    ]
    for a in range(p):
        system[a] = [value / system[a][a] for value in system[a]]
        for b in range(p):
            if b != a:
                system[b] = [u - system[b][a] * v for u, v in zip(system[b], system[a], strict=True)]
    fitted = [sum(row[a] * system[a][-1] for a in range(p)) for row in rows]
    return float(sum(w[i] * (y[i] - fitted[i]) ** 2 for i in range(10)))


def twins(size: float):
    return design_of("x1 + x2", {"x1": DOSE.tolist(), "x2": (DOSE + size * NOISE).tolist()})


@pytest.mark.parametrize("size", SIZES)
def test_the_tests_of_nearly_collinear_moderators_are_those_of_exact_arithmetic(size):
    design = twins(size)
    part = regress(YI, VI, design, profile="metafor", tau2=0.0).part
    whole = exact_qe(design.matrix)
    assert part["QE"] == pytest.approx(whole, rel=1e-8)
    assert part["QM"] == pytest.approx(exact_qe(design.matrix[:, :1]) - whole, rel=1e-8)


@pytest.mark.parametrize("size", SIZES)
def test_a_nearly_collinear_pair_gives_the_fit_of_the_pair_written_as_one_and_the_difference(size):
    design = twins(size)
    found = regress(YI, VI, design, profile="metafor")
    difference = (design.matrix[:, 2] - design.matrix[:, 1]) / size
    plain = design_of("x1 + d", {"x1": DOSE.tolist(), "d": difference.tolist()})
    other = regress(YI, VI, plain, profile="metafor")
    for name in ("QM", "QE", "tau2", "R2"):
        assert found.part[name] == pytest.approx(other.part[name], rel=1e-6, abs=1e-9)
    at, there = found.predict(design.matrix[3]), other.predict(plain.matrix[3])
    assert at == pytest.approx(there, rel=1e-6)


def test_dependent_effects_keep_their_robust_test_of_nearly_collinear_moderators():
    design = twins(1e-6).matrix
    difference = (design[:, 2] - design[:, 1]) / 1e-6
    plain = np.column_stack([design[:, :2], difference])
    found, other = (cluster_robust(YI, 0.05 + VI, STUDY, design=x).wald(np.eye(3)[1:]) for x in (design, plain))
    assert found.f == pytest.approx(other.f, rel=1e-6)
    assert found.p == pytest.approx(other.p, rel=1e-6)
    first, second = (multilevel(YI, VI, STUDY, design=x).sigma2 for x in (design, plain))
    assert first == pytest.approx(second, rel=1e-6, abs=1e-9)


def test_a_permutation_test_of_nearly_collinear_moderators_is_that_of_one_and_the_difference():
    design = twins(1e-6).matrix[:6]
    plain = np.column_stack([design[:, :2], (design[:, 2] - design[:, 1]) / 1e-6])
    found, other = (permutation_test(YI[:6], VI[:6], design=x, tau2="DL") for x in (design, plain))
    assert found.p_omnibus == other.p_omnibus


def test_nearly_collinear_moderators_give_a_warning_and_those_alike_to_ten_digits_an_error():
    part = regress(YI, VI, twins(1e-6), profile="metafor").part
    assert any("nearly collinear" in warning for warning in part["warnings"])
    with pytest.raises(ValueError, match="determine one another"):
        twins(1e-11)


def test_years_and_their_squares_are_not_taken_for_collinear():
    year = 2000.0 + DOSE
    design = design_of("year + square", {"year": year.tolist(), "square": (year**2).tolist()})
    assert not any("collinear" in warning for warning in regress(YI, VI, design, profile="metafor").part["warnings"])


def test_the_basis_is_orthonormal_and_gives_the_design():
    x = twins(1e-7).matrix
    basis = orthonormal(x)
    assert basis.matrix.T @ basis.matrix == pytest.approx(np.eye(3), abs=1e-14)
    assert basis.matrix @ basis.triangle == pytest.approx(x, rel=1e-14)
