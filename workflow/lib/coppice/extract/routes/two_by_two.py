"""Routes from the counts of two arms to every measure of a two-by-two table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

from coppice.extract.route import Effect, Figure, Formula, NotEstimable, Options, Route
from coppice.extract.routes.zero_cells import CORRECT, EVENTS, EXCLUDE_UNDEFINED, VARIANCE, added, concerns

HANDBOOK = (
    "Deeks JJ, Higgins JPT. Statistical algorithms in Review Manager 5, 2010; Cochrane Handbook 2019, 10.4; "
    "10.1002/9781119536604.ch10"
)
RANK = 10
NORMAL = NormalDist()
PROBIT_PER_SD = 1.65  # Cox & Snell 1989: a logit of 1.65 is about one standard deviation of a normal response
LOGISTIC_SD = math.pi / math.sqrt(3)


@dataclass(frozen=True, slots=True)
class Table:
    """Events and non-events: a, b in the experimental arm, c, d in the control arm; and what was added to them."""

    a: float
    b: float
    c: float
    d: float
    notes: tuple[str, ...] = ()

    @property
    def n1(self) -> float:
        """Patients of the experimental arm."""
        return self.a + self.b

    @property
    def n2(self) -> float:
        """Patients of the control arm."""
        return self.c + self.d

    @property
    def n(self) -> float:
        """Patients of both arms."""
        return self.n1 + self.n2

    @property
    def has_zero(self) -> bool:
        """Whether a cell is empty."""
        return min(self.a, self.b, self.c, self.d) <= 0

    @property
    def one_outcome(self) -> str | None:
        """What all patients of both arms have in common, if they do."""
        if self.a == self.c == 0:
            return EMPTY["ac"]
        return EMPTY["bd"] if self.b == self.d == 0 else None


Estimate = Callable[[Table], tuple[float, float]]
Undefined = Callable[[Table], str | None]
EMPTY = {  # what it means that cells are 0, those of both arms first
    "ac": "no event in either arm",
    "bd": "every patient of both arms had the event",
    "a": "no event in the experimental arm",
    "c": "no event in the control arm",
    "b": "every patient of the experimental arm had the event",
    "d": "every patient of the control arm had the event",
}


def risk_ratio(t: Table) -> tuple[float, float]:
    """Return ln RR = ln[(a/n1) / (c/n2)], variance 1/a - 1/n1 + 1/c - 1/n2."""
    return math.log(t.a / t.n1) - math.log(t.c / t.n2), 1 / t.a - 1 / t.n1 + 1 / t.c - 1 / t.n2


def sum_of_reciprocals(t: Table) -> float:
    """Return 1/a + 1/b + 1/c + 1/d (Woolf 1955, 10.1111/j.1469-1809.1955.tb01348.x)."""
    return 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d


def odds_ratio(t: Table) -> tuple[float, float]:
    """Return ln OR = ln[ad / (bc)], variance 1/a + 1/b + 1/c + 1/d."""
    return math.log(t.a * t.d / (t.b * t.c)), sum_of_reciprocals(t)


def risk_difference(t: Table) -> tuple[float, float]:
    """Return RD = a/n1 - c/n2, variance ab/n1^3 + cd/n2^3."""
    return t.a / t.n1 - t.c / t.n2, t.a * t.b / t.n1**3 + t.c * t.d / t.n2**3


def arcsine_difference(t: Table) -> tuple[float, float]:
    """Return asin(sqrt(a/n1)) - asin(sqrt(c/n2)), variance 1/(4 n1) + 1/(4 n2) (Rücker 2009, 10.1002/sim.3511)."""
    return math.asin(math.sqrt(t.a / t.n1)) - math.asin(math.sqrt(t.c / t.n2)), 1 / (4 * t.n1) + 1 / (4 * t.n2)


def peto(t: Table) -> tuple[float, float]:
    """Return (O - E) / V, variance 1 / V, V hypergeometric (Yusuf 1985, 10.1016/S0033-0620(85)80003-7)."""
    events, others = t.a + t.c, t.b + t.d
    v = t.n1 * t.n2 * events * others / (t.n**2 * (t.n - 1))
    return (t.a - t.n1 * events / t.n) / v, 1 / v


def phi(t: Table) -> tuple[float, float]:
    """Return the phi coefficient, with the large-sample variance under multinomial sampling (Yule 1912)."""
    rows, columns = (t.n1 / t.n, t.n2 / t.n), ((t.a + t.c) / t.n, (t.b + t.d) / t.n)
    r, s = rows[0] * rows[1], columns[0] * columns[1]
    value = (t.a * t.d - t.b * t.c) / t.n**2 / math.sqrt(r * s)
    dr, ds = rows[0] - rows[1], columns[0] - columns[1]
    skew = value * (1 + value**2 / 2) * dr * ds / math.sqrt(r * s)
    return value, (1 - value**2 + skew - 0.75 * value**2 * (dr**2 / r + ds**2 / s)) / t.n


def yule_q(t: Table) -> tuple[float, float]:
    """Return Yule's Q = (ad - bc) / (ad + bc), variance (1 - Q^2)^2 sum(1/cell) / 4 (Yule 1912, 10.2307/2340126)."""
    q = (t.a * t.d - t.b * t.c) / (t.a * t.d + t.b * t.c)
    return q, (1 - q**2) ** 2 * sum_of_reciprocals(t) / 4


def yule_y(t: Table) -> tuple[float, float]:
    """Return Yule's Y, Q of the square roots, variance (1 - Y^2)^2 sum(1/cell) / 16 (Yule 1912, 10.2307/2340126)."""
    concordant, discordant = math.sqrt(t.a * t.d), math.sqrt(t.b * t.c)
    y = (concordant - discordant) / (concordant + discordant)
    return y, (1 - y**2) ** 2 * sum_of_reciprocals(t) / 16


def probit_variance(p: float, n: float) -> float:
    """Return the variance of a probit, 2 pi p (1 - p) exp(z^2) / n, by the delta method."""
    return 2 * math.pi * p * (1 - p) * math.exp(NORMAL.inv_cdf(p) ** 2) / n


def probit_difference(t: Table) -> tuple[float, float]:
    """Return the difference of probits (Sánchez-Meca 2003, 10.1037/1082-989X.8.4.448)."""
    p1, p2 = t.a / t.n1, t.c / t.n2
    return NORMAL.inv_cdf(p1) - NORMAL.inv_cdf(p2), probit_variance(p1, t.n1) + probit_variance(p2, t.n2)


def standardised(divisor: float) -> Estimate:
    """Return the log odds ratio divided by the standard deviation of the latent response."""

    def estimate(t: Table) -> tuple[float, float]:
        yi, vi = odds_ratio(t)
        return yi / divisor, vi / divisor**2

    return estimate


def empty_cells(cells: str, t: Table) -> str | None:
    """Say which of the cells that a measure needs are empty."""
    empty = {cell for cell in cells if getattr(t, cell) <= 0}
    words = []
    for both, meaning in EMPTY.items():
        if set(both) <= empty:
            words.append(meaning)
            empty -= set(both)
    return " and ".join(words) or None


def no_risk_ratio(t: Table) -> str | None:
    """Say why a risk ratio can't be computed."""
    if t.b == t.d == 0 and t.a > 0 and t.c > 0:
        return "every patient of both arms had the event: the risk ratio is 1 with no variance"
    return empty_cells("ac", t)


def needs_all_cells(t: Table) -> str | None:
    """Say why a measure that needs all four cells can't be computed."""
    return empty_cells("abcd", t)


def no_risk_difference(t: Table) -> str | None:
    """Say why a risk difference has no variance."""
    if t.a * t.b == 0 and t.c * t.d == 0:
        return "no patient or every patient of each arm had the event: the risk difference has no variance"
    return None


def no_contrast(t: Table) -> str | None:
    """Say why a measure that needs both outcomes somewhere can't be computed."""
    return f"{t.one_outcome}, so nothing to compare" if t.one_outcome else None


def always(t: Table) -> str | None:
    """Say nothing: the measure is defined at every table."""
    return None


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure of a two-by-two table.

    Attributes
    ----------
    estimate : callable
        From the table to the effect and its variance.
    undefined : callable
        Why it can't be computed from a table, or None.
    is_corrected : bool
        Whether a zero cell is a reason to add something to the table.
    is_relative : bool
        Whether a table with events in no arm, or in all patients, is uninformative.
    zero_in : tuple of str
        The places other than all four cells that a correction may have, names in `zero_cells.ZERO_IN`.
    is_one_where_all_have_events : bool
        Whether a table with only events in both arms has a ratio, of 1.
    """

    estimate: Estimate
    undefined: Undefined
    is_corrected: bool = True
    is_relative: bool = True
    zero_in: tuple[str, ...] = ()
    is_one_where_all_have_events: bool = False


DEFINITIONS: Mapping[str, Definition] = {
    "RR": Definition(risk_ratio, no_risk_ratio, zero_in=(EVENTS,), is_one_where_all_have_events=True),
    "OR": Definition(odds_ratio, needs_all_cells),
    "RD": Definition(risk_difference, no_risk_difference, is_relative=False, zero_in=(VARIANCE,)),
    "AS": Definition(arcsine_difference, always, is_corrected=False, is_relative=False),
    "PETO": Definition(peto, no_contrast),
    "PHI": Definition(phi, no_contrast, is_corrected=False),
    "YUQ": Definition(yule_q, needs_all_cells),
    "YUY": Definition(yule_y, needs_all_cells),
    "PBIT": Definition(probit_difference, needs_all_cells, is_relative=False),
    "OR2D": Definition(standardised(LOGISTIC_SD), needs_all_cells),
    "OR2DL": Definition(standardised(LOGISTIC_SD), needs_all_cells),
    "OR2DN": Definition(standardised(PROBIT_PER_SD), needs_all_cells),
}


def is_excluded(t: Table, definition: Definition, options: Options) -> bool:
    """Return whether a table in which all patients fared alike gives no relative effect, whatever the correction."""
    if not (definition.is_relative and t.one_outcome) or options.double_zeros == CORRECT:
        return False
    spared = options.double_zeros == EXCLUDE_UNDEFINED and definition.is_one_where_all_have_events
    return not (spared and t.a > 0)


def corrected(t: Table, definition: Definition, options: Options) -> tuple[Table, Table]:
    """Return the tables for the effect and for its variance, with the chosen correction if it is for this table.

    A risk ratio of (a + c) / (n + c) has no variance where both arms have only events: the constant is then added to
    the patients without the event there, as meta does, and the variance is 1/a - 1/(n1 + c) + 1/c - 1/(n2 + c).
    """
    if not definition.is_corrected:
        return t, t
    if is_excluded(t, definition, options):
        raise NotEstimable(f"{t.one_outcome}, so no relative effect, and such a table is not corrected")
    if not concerns(options, has_zero=t.has_zero, is_undefined=definition.undefined(t) is not None):
        return t, t
    to_e, to_c, note = added(options, t.n1, t.n2)
    place = options.zero_in if options.zero_in in definition.zero_in else None
    if place == EVENTS:
        notes = (*t.notes, note.replace("each cell", "the events"))
        of_events = replace(t, a=t.a + to_e, c=t.c + to_c, notes=notes)
        return of_events, replace(t, b=t.b + to_e, d=t.d + to_c) if t.b == t.d == 0 else of_events
    full = replace(t, a=t.a + to_e, b=t.b + to_e, c=t.c + to_c, d=t.d + to_c, notes=(*t.notes, note))
    if place == VARIANCE:
        return replace(t, notes=(*t.notes, f"{note}, for the variance alone")), full
    return full, full


def counted(figure: Figure) -> Table:
    """Return the table of a figure with events and patients of both arms."""
    a, n1, c, n2 = (float(figure[name]) for name in ("events_e", "n_e", "events_c", "n_c"))
    return Table(a, n1 - a, c, n2 - c)


def formula(definition: Definition, read: Callable[[Figure], Table] = counted) -> Formula:
    """Return the formula of a measure, from figures that `read` turns into a table."""

    def compute(figure: Figure, options: Options) -> Effect:
        t, spread = corrected(read(figure), definition, options)
        reason = definition.undefined(spread)
        if reason:
            raise NotEstimable(reason)
        return Effect(definition.estimate(t)[0], definition.estimate(spread)[1], t.notes)

    return compute


ROUTES = [
    Route(
        name="counts",
        statistic="counts",
        needs=("events_e", "n_e", "events_c", "n_c"),
        gives={code: formula(definition) for code, definition in DEFINITIONS.items()},
        rank=RANK,
        formula="RR: ln[(a/n1)/(c/n2)], 1/a - 1/n1 + 1/c - 1/n2; OR: ln[ad/(bc)], 1/a + 1/b + 1/c + 1/d; "
        "RD: a/n1 - c/n2, ab/n1^3 + cd/n2^3; "
        "AS: asin sqrt(a/n1) - asin sqrt(c/n2), 1/(4 n1) + 1/(4 n2); PETO: (O - E)/V, 1/V; OR2D: ln OR sqrt(3)/pi",
        assumptions=("every patient was followed for the same time, or time does not matter",),
        source=HANDBOOK,
    )
]
