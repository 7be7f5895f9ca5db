"""A p value as the standard normal deviate behind it, and why some can't be computed with."""

from __future__ import annotations

from statistics import NormalDist

from coppice.extract.route import Figure, NotEstimable

TWO_SIDED = 2
Z_OF_P = "z = Phi^-1(1 - p/2), or Phi^-1(1 - p) where p is one-sided"


def computable_p(figure: Figure) -> tuple[float, int]:
    """Return a reported p value, and whether it is one- or two-sided.

    Raises
    ------
    NotEstimable
        If p is a bound, such as "<0.001", or exactly 0, or if it is unknown whether it is one- or two-sided.
    """
    p, sided = figure["p"], figure.get("sided")
    if isinstance(p, str):
        raise NotEstimable(f"p is reported as a bound ({p}), from which no effect is computed")
    if p == 0:
        raise NotEstimable("p is reported as 0, a rounded value or a bound, from which no effect is computed")
    if sided is None:
        raise NotEstimable("whether p is one- or two-sided is not recorded; add `sided: 1` or `sided: 2`")
    return p, sided


def deviate(figure: Figure) -> tuple[float, tuple[str, ...]]:
    """Return the absolute standard normal deviate of a reported p value, and a note where p is one-sided.

    z = Phi^-1(1 - p / 2) for a two-sided p and |Phi^-1(1 - p)| for a one-sided one. Parmar 1998, section 4;
    10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8. The direction of the effect does not come from p.
    """
    p, sided = computable_p(figure)
    if sided == TWO_SIDED:
        return abs(NormalDist().inv_cdf(p / TWO_SIDED)), ()
    if p == 1:
        raise NotEstimable("a one-sided p of 1 has no finite deviate")
    return abs(NormalDist().inv_cdf(p)), ("p is one-sided",)


def standard_error(estimate: float, figure: Figure) -> tuple[float, tuple[str, ...]]:
    """Return |estimate| / z, the standard error behind an estimate on the model's scale and its p value, with notes.

    Nothing is known of the error where the estimate is the null value, or z is 0.
    """
    z, notes = deviate(figure)
    if z == 0 or estimate == 0:
        raise NotEstimable("an estimate of no effect, or a z of 0, does not determine the standard error")
    return abs(estimate) / z, notes
