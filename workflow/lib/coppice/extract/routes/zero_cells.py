"""Zero cells: what may be added to a table that has one, to which tables, and what each profile does by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.extract import options
from coppice.extract.route import NotEstimable, Options

Correction = Callable[[float, float, float], tuple[float, float]]


def none(n_e: float, n_c: float, value: float) -> tuple[float, float]:
    """Add nothing."""
    return 0.0, 0.0


def constant(n_e: float, n_c: float, value: float) -> tuple[float, float]:
    """Add the same value to each cell (Gart & Zweifel 1967, 10.1093/biomet/54.1-2.181)."""
    return value, value


def treatment_arm(n_e: float, n_c: float, value: float) -> tuple[float, float]:
    """Add to each arm in proportion to the reciprocal of the other arm's size; the two values sum to 2 x `value`.

    Sweeting 2004, 10.1002/sim.1761: with R = n_c / n_e and value 1/2, 1/(R + 1) and R/(R + 1).
    """
    return 2 * value * n_e / (n_e + n_c), 2 * value * n_c / (n_e + n_c)


def reciprocal(n_e: float, n_c: float, value: float) -> tuple[float, float]:
    """Add the reciprocal of the other arm's size itself, whatever `value` (Sweeting 2004, 10.1002/sim.1761)."""
    return 1 / n_c, 1 / n_e


CORRECTIONS: dict[str, Correction] = {
    "none": none,
    "constant": constant,
    "treatment-arm": treatment_arm,
    "reciprocal": reciprocal,
}
FOR_ONE_GROUP = ("none", "constant")
TO = tuple(options.ZERO_TO)
# into all four cells; for risk ratios into the events, (a + c) / (n + c); for differences into the variance alone
CELLS, EVENTS, VARIANCE = ZERO_IN = tuple(options.ZERO_IN)
CORRECT, EXCLUDE, EXCLUDE_UNDEFINED = DOUBLE_ZEROS = tuple(options.DOUBLE_ZEROS)


def concerns(options: Options, *, has_zero: bool, is_undefined: bool) -> bool:
    """Return whether this table is to be corrected."""
    return options.zero_cells != "none" and {"zeros": has_zero, "needed": is_undefined, "all": True}[options.zero_to]


def added(options: Options, n_e: float, n_c: float) -> tuple[float, float, str]:
    """Return what is added to each cell of the two arms with n patients (for rates, person-time), and the note of it."""
    to_e, to_c = CORRECTIONS[options.zero_cells](n_e, n_c, options.zero_value)
    where = f"{to_e:g} added to each cell of the experimental arm, {to_c:g} of the control arm"
    return to_e, to_c, f"continuity correction ({options.zero_cells}): {where}"


def added_to_one(options: Options) -> tuple[float, str]:
    """Return what is added to the cells of a single group, and the note of it."""
    if options.zero_cells not in FOR_ONE_GROUP:
        raise NotEstimable(f"the correction '{options.zero_cells}' of a zero cell needs two arms; choose 'constant'")
    return options.zero_value, f"continuity correction (constant): {options.zero_value:g} added to each cell"


@dataclass(frozen=True, slots=True)
class Default:
    """Options of the routes that a profile has for zero cells, and those of single measures in their place."""

    options: Mapping[str, Any] = field(default_factory=dict)
    by_measure: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, measure: str) -> dict[str, Any]:
        """Return the options for a measure; none for a measure that has no zero cells."""
        return dict(self.by_measure.get(measure, self.options)) if measure in CORRECTABLE else {}


# measures whose variance or logarithm fails at a zero; the arcsine and square-root measures are defined there
TWO_BY_TWO = ("RR", "OR", "RD", "PETO", "YUQ", "YUY", "PBIT", "OR2D", "OR2DN", "OR2DL")
PAIRED = ("MPRR", "MPOR", "MPRD", "MPORC", "MPPETO")
SINGLE_OR_RATES = ("PR", "PLN", "PLO", "PRZ", "IR", "IRLN", "IRR", "IRD")
CORRECTABLE = frozenset((*TWO_BY_TWO, *PAIRED, *SINGLE_OR_RATES))
HALF: dict[str, Any] = {"zero_cells": "constant", "zero_value": 0.5, "zero_to": "zeros"}
# RevMan 5: no relative effect where neither arm has events (or both only events); the Peto odds ratio needs no
# correction, and the risk difference one only where its variance would be 0 (Deeks & Higgins 2010, Statistical
# algorithms in Review Manager 5)
NO_DOUBLE_ZEROS = HALF | {"double_zeros": EXCLUDE}
SPARING = Default(NO_DOUBLE_ZEROS, {"PETO": {}, "RD": HALF | {"zero_to": "needed"}})
# metabin() and metainc() of meta 8.4 by their defaults, from what they return (tests/reference/test_meta.py)
OF_META = Default(
    NO_DOUBLE_ZEROS,
    {
        "PETO": {},
        "RR": HALF | {"zero_in": EVENTS, "double_zeros": EXCLUDE_UNDEFINED},
        "RD": HALF | {"zero_in": VARIANCE},
        "IRR": HALF,
        "IRD": HALF | {"zero_in": VARIANCE},
    },
)

ZERO_CELLS: dict[str, Default] = {
    "cochrane2025": Default(),
    "revman5": SPARING,
    "iqwig6": Default(),
    "metafor": Default(HALF),
    "meta": OF_META,
    "dersimonian1986": Default(),
}


def profile_options(profile: str, measure: str) -> dict[str, Any]:
    """Return the zero-cell options that a profile has for a measure; none for a profile without an entry."""
    return ZERO_CELLS.get(profile, Default()).of(measure)
