"""Checks of the studies of one analysis beside one another."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator
from statistics import median
from typing import Any

from coppice.core.contracts.extract import Candidate
from coppice.core.populations import overlapping
from coppice.core.reported_fields import ARMS
from coppice.extract.checks.check import ERROR, WARNING, Hit, Member, Pooling, check
from coppice.extract.checks.intervals import number

SENN = "Senn SJ 2009; 10.1186/1471-2288-9-10"
FEWEST = 3  # studies with an SD, without which nothing is implausible beside the others
SMALL_SD = 1 / 3  # of the usual SD
AS_ERROR = 2.0  # factor within which SD times sqrt(n) must come to the usual SD
LARGE_G, TIMES_OTHERS = 2.0, 4.0  # a standardised difference so large, and so many times the usual one, is implausible
LARGE_G_OF_SMALL_SD = 1.0  # enough where the SD also is implausibly small: SDs of skewed data vary with their means
SMALL_G = 0.1  # a usual difference is taken to be at least small
MEDIUM_G = 0.5  # an SD taken for an error hides a difference of medium size
REDUNDANT = ("p", "se", "se_log")  # follow from estimate and interval, so they tell no studies apart
FEWEST_DIGITS = 9  # digits of a figure below which two studies may well have the same: 0.70 (0.47 to 1.03) has 7

CONTROL_FIELDS = ("events_c", "n_c", "mean_c", "sd_c", "time_c", "median_c", "survival_c")
Entry = tuple[Member, Candidate]
COPIED = ("counts", "means", "hazard_ratio", "odds_ratio", "risk_ratio", "person_time", "effect")


def entries(pooling: Pooling) -> list[Entry]:
    """Return each candidate that enters, with its study."""
    return [(member, candidate) for member in pooling.members for candidate in member.chosen]


@check("analysis", ERROR, source=SENN)
def shared_patients(pooling: Pooling) -> Iterator[Hit]:
    """Two effects of one analysis are of the same patients, or of a part and the whole."""
    entering = entries(pooling)
    for position, later in overlapping([candidate["population"] for _, candidate in entering]):
        (one, first), (other, second) = entering[position], entering[later]
        mine, theirs = first["population"], second["population"]
        how = "the same patients" if mine == theirs else "a part of the patients beside the whole"
        yield other.hit(f"{pooling.analysis}: {one.name} and {other.name} enter with {how} ({mine}, {theirs})")


def digits(value: Any) -> int:
    """Return how many digits a reported value has, those of a pair together."""
    if isinstance(value, list):
        return sum(map(digits, value))
    return len(re.sub(r"[^0-9]", "", str(value)).lstrip("0")) if number(value) is not None else 0


def signature(candidate: Candidate) -> tuple[object, ...] | None:
    """Return the reported values of a figure with enough digits to distinguish it from another study's."""
    if candidate["statistic"] not in COPIED:
        return None
    reported = (candidate["reported"] or {}).items()
    values = {name: value for name, value in reported if value is not None and name not in ("sided", "level", "unit")}
    if sum(digits(value) for name, value in values.items() if name not in REDUNDANT) < FEWEST_DIGITS:
        return None
    return tuple(sorted((name, str(value)) for name, value in values.items()))


@check("analysis", WARNING, allows=f"figures with fewer than {FEWEST_DIGITS} digits", source=SENN)
def copied_figures(pooling: Pooling) -> Iterator[Hit]:
    """Two studies of one analysis have the same figures to the last digit."""
    groups: dict[Hashable, list[Member]] = {}
    for member, candidate in entries(pooling):
        groups.setdefault(signature(candidate), []).append(member)
    groups.pop(None, None)
    copies: dict[str, tuple[Member, Member]] = {}
    for one, *others in groups.values():
        for other in others:
            if one.name != other.name:
                copies.setdefault(other.name, (one, other))
    for one, other in copies.values():
        yield other.hit(
            f"{pooling.analysis}: {one.name} and {other.name} have the same figures to the last digit: two reports of one trial, or one entered twice"
        )


def identities(member: Member) -> set[str]:
    """Return what identifies the reports and the trial of a study."""
    reports = member.study.reports.values()
    names = [member.study.characteristics.get("registration")]
    names += [report.get(name) for report in reports for name in ("doi", "pmid", "pmcid")]
    return {str(name) for name in names if name}


def control_arm(candidate: Candidate) -> tuple[tuple[str, float], ...] | None:
    """Return the numbers of the control arm, if there are at least two."""
    reported = candidate["reported"] or {}
    values = tuple((name, value) for name in CONTROL_FIELDS if (value := number(reported.get(name))) is not None)
    return values if len(values) > 1 else None


def of_one_trial(pooling: Pooling) -> Iterator[tuple[Entry, Entry]]:
    """Yield each pair of candidates of one study, or of studies with a report in common, that have the same control arm."""
    entering = entries(pooling)
    positions: dict[Hashable, list[int]] = {}
    for position, (member, candidate) in enumerate(entering):
        arm = control_arm(candidate)
        if arm is None:
            continue
        keys = [(arm, name) for name in (("study", member.name), *identities(member))]
        for earlier in sorted({index for key in keys for index in positions.get(key, ())}):
            yield entering[earlier], entering[position]
        for key in keys:
            positions.setdefault(key, []).append(position)


@check(
    "analysis",
    WARNING,
    allows="trials that do not cite a common report or registration",
    source="Cochrane Handbook 2019, 23.3.4; 10.1002/9781119536604.ch23",
)
def shared_control(pooling: Pooling) -> Iterator[Hit]:
    """Two comparisons of one analysis share a control arm."""
    for (one, first), (other, second) in of_one_trial(pooling):
        is_handled = one.name == other.name and "arms" in first  # with the covariance that follows
        if first["reported"] != second["reported"] and not is_handled:
            arm = ", ".join(f"{name} {value:g}" for name, value in control_arm(first) or ())
            yield other.hit(
                f"{pooling.analysis}: {one.name} and {other.name} have one control arm ({arm}), whose patients would count twice"
            )


def pooled_spread(candidate: Candidate) -> tuple[float, float, float] | None:
    """Return the pooled SD, the standardised difference and the patients of an arm of a figure of two means."""
    reported = candidate["reported"] or {}
    fields = [[number(reported.get(f"{name}_{arm}")) for arm in ARMS] for name in ("mean", "sd", "n")]
    values = [value for pair in fields for value in pair if value is not None]
    if len(values) < 2 * len(fields):
        return None
    mean_e, mean_c, sd_e, sd_c, n_e, n_c = values
    spread = math.sqrt(((n_e - 1) * sd_e**2 + (n_c - 1) * sd_c**2) / (n_e + n_c - 2)) if n_e + n_c > 2 else 0.0
    return (spread, abs(mean_e - mean_c) / spread, (n_e + n_c) / 2) if spread > 0 else None


def looks_like_error(
    spread: float, effect: float, n: float, others: list[tuple[float, float, float]], *, same_unit: bool
) -> bool:
    """Return whether an SD is implausible beside those of other studies, and would fit as a standard error."""
    usual = max(median(other for _, other, _ in others), SMALL_G)
    if same_unit:
        sd = median(sd for sd, _, _ in others)
        fits = spread < SMALL_SD * sd and sd / AS_ERROR < spread * math.sqrt(n) < sd * AS_ERROR
        return fits and effect > max(LARGE_G_OF_SMALL_SD, TIMES_OTHERS * usual)
    return effect > max(LARGE_G, TIMES_OTHERS * usual) and effect / math.sqrt(n) < AS_ERROR * max(usual, MEDIUM_G)


@check(
    "analysis",
    WARNING,
    allows="large effects that the other studies have too",
    source="Goetzsche PC et al. 2007; 10.1001/jama.298.4.430",
)
def sd_is_se(pooling: Pooling) -> Iterator[Hit]:
    """An SD makes the effect implausible beside the other studies, and would fit as a standard error."""
    spreads = [(member, values) for member, candidate in entries(pooling) if (values := pooled_spread(candidate))]
    for index, (member, (spread, effect, n)) in enumerate(spreads):
        if effect <= LARGE_G_OF_SMALL_SD:
            continue
        others = [values for position, (_, values) in enumerate(spreads) if position != index]
        if len(others) >= FEWEST - 1 and looks_like_error(spread, effect, n, others, same_unit=pooling.measure == "MD"):
            yield member.hit(
                f"{pooling.analysis}: the SD of {spread:.3g} makes a standardised difference of {effect:.1f}, implausible beside the other studies; "
                f"as a standard error it would be an SD of {spread * math.sqrt(n):.3g}"
            )
