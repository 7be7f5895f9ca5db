"""The fragility index: how many patients' outcomes separate the result from the other side of significance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from coppice.core.contracts.conclusions import ChangedArm, Fragility
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.core.measures import MEASURES
from coppice.explore.options import EXPLORATIONS
from coppice.explore.resampling.rule import infer_each
from coppice.extract.route import NotEstimable, Options
from coppice.extract.routes.two_by_two import DEFINITIONS, formula
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.profiles import Settings, settings_of

ARMS: tuple[Literal["experimental", "control"], ...] = ("experimental", "control")
CELLS = ("events_e", "n_e", "events_c", "n_c")
MOST_EFFECTS = 100  # each change asks for four models per study
MOST_CHANGES = 500  # of patients: a result that needs more is not fragile
DECIMALS = 11  # to which limits are compared, so that ties are broken alike on every machine
AGREEMENT = 1e-8  # of an effect computed again, as result files are rounded
Change = tuple[int, int, int]  # study, arm (0 experimental, 1 control), +1 or -1 event
Table = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Effects:
    """How counts become effects: measure and options of the routes."""

    measure: str
    options: Options

    def of(self, table: Table) -> tuple[float, float] | None:
        """Return the effect of a table and its variance; None where it has none."""
        try:
            effect = formula(DEFINITIONS[self.measure])(dict(zip(CELLS, table, strict=True)), self.options)
        except NotEstimable:
            return None
        return (effect.yi, effect.vi) if effect.vi > 0 else None


def table_of(reported: Mapping[str, Any]) -> Table:
    """Return events and patients of both arms of a reported figure, NaN where it has none."""
    events_e, n_e, events_c, n_c = (float(np.nan if (value := reported.get(cell)) is None else value) for cell in CELLS)
    return events_e, n_e, events_c, n_c


def changed(table: Table, arm: int, by: int) -> Table | None:
    """Return a table with one event more or less in an arm; None where there is no such patient."""
    cells = list(table)
    cells[2 * arm] += by
    return (cells[0], cells[1], cells[2], cells[3]) if 0 <= cells[2 * arm] <= cells[2 * arm + 1] else None


def intervals(yi: Array, vi: Array, options: Settings) -> tuple[Array, Array, Array]:
    """Return estimate and limits of each of several meta-analyses (m, k), by the rule of the profile, each (m,)."""
    data = studies(yi, vi)
    line, _ = infer_each(data, estimate_tau2(data, options.tau2).tau2, options)
    return line.estimate[:, 0], line.ci_low[:, 0], line.ci_high[:, 0]


@dataclass(frozen=True, slots=True)
class Path:
    """The changes that led to the other side, and estimate and limits after them."""

    changes: tuple[Change, ...]
    line: tuple[float, float, float]


@dataclass(slots=True)
class Search:
    """One search: the tables so far, the effects that follow from them, and those of every possible next change."""

    tables: list[Table]
    effects: Effects
    options: Settings
    _now: list[tuple[float, float]] = field(init=False)
    _next: list[list[tuple[Change, tuple[float, float]]]] = field(init=False)

    def __post_init__(self) -> None:
        """Compute the effects of the tables and of all changes of one patient."""
        self._now = [effect for table in self.tables if (effect := self.effects.of(table))]
        self._next = [self._of(study) for study in range(len(self.tables))]

    def _of(self, study: int) -> list[tuple[Change, tuple[float, float]]]:
        possible = []
        for arm, by in ((0, 1), (0, -1), (1, 1), (1, -1)):
            table = changed(self.tables[study], arm, by)
            if table is not None and (effect := self.effects.of(table)) is not None:
                possible.append(((study, arm, by), effect))
        return possible

    def step(self, limit: int, sign: float) -> tuple[Change, tuple[float, float, float]] | None:
        """Make the change that moves a limit (1 lower, 2 upper) farthest up or down; None if no change is possible."""
        every = [item for changes in self._next for item in changes]
        if not every:
            return None
        base = np.array(self._now)
        yi, vi = (np.repeat(base[None, :, column], len(every), axis=0) for column in (0, 1))
        rows, places = np.arange(len(every)), [change[0] for change, _ in every]
        yi[rows, places], vi[rows, places] = np.array([effect for _, effect in every]).T
        lines = intervals(yi, vi, self.options)
        values = np.where(np.isfinite(lines[limit]), sign * lines[limit], -np.inf)
        best = int(np.argmax(np.round(values, DECIMALS)))
        (study, arm, by), effect = every[best]
        table = changed(self.tables[study], arm, by)
        assert table is not None
        self.tables[study], self._now[study] = table, effect
        self._next[study] = self._of(study)
        return every[best][0], (float(lines[0][best]), float(lines[1][best]), float(lines[2][best]))


def path(search: Search, null: float, limit: int, sign: float, *, excludes_null: bool) -> Path | None:
    """Follow the changes that move a limit until the interval excludes no effect, or includes it; None if it never does."""
    changes: list[Change] = []
    reached = -np.inf
    while len(changes) < MOST_CHANGES:
        step = search.step(limit, sign)
        if step is None or not sign * step[1][limit] > reached:
            return None
        changes.append(step[0])
        reached = sign * step[1][limit]
        is_beyond = sign * (step[1][limit] - null) > 0
        is_there = sign * (step[1][limit] - null) >= 0 if excludes_null else is_beyond
        if is_there:
            return Path(tuple(changes), step[1])
    return None


def fragility(pooled: PoolResult, options: Mapping[str, Any]) -> Fragility | Skipped:
    """Give the fragility index of Atal et al. 2019, doi:10.1016/j.jclinepi.2019.03.012.

    One patient at a time is given the event, or relieved of it: of all such changes the one is made that moves the limit
    of the interval nearest to no effect farthest, until the interval includes no effect where it excluded it, or excludes
    it where it included it; then both directions are tried. It is the shortest way that single steps find.
    """
    tables = [table_of(item["reported"] or {}) for item in pooled["effects"]]
    effects = Effects(pooled["measure"], Options(**options.get("extract", {})))
    if reason := why_not(pooled, tables, effects):
        return {"skipped": reason}
    random, null, model = pooled["random"], MEASURES[pooled["measure"]].null or 0.0, settings_of(pooled["settings"])
    assert random is not None
    assert random["ci_low"] is not None
    assert random["ci_high"] is not None
    excludes = not random["ci_low"] <= null <= random["ci_high"]
    # to include no effect, the limit nearer to it has to pass it; to exclude it, either the lower or the upper one
    ways = [(1, -1.0) if random["ci_low"] > null else (2, 1.0)] if excludes else [(1, 1.0), (2, -1.0)]
    found = [
        way
        for limit, sign in ways
        if (way := path(Search(list(tables), effects, model), null, limit, sign, excludes_null=excludes))
    ]
    if not found:
        return {"skipped": f"no {MOST_CHANGES} changes of single patients, each the best at its step, lead there"}
    shortest = min(found, key=lambda way: len(way.changes))
    option = EXPLORATIONS["fragility"]
    return {
        "name": option.name,
        "source": option.source,
        "index": len(shortest.changes),
        "patients": int(sum(table[1] + table[3] for table in tables)),
        "excludes_null": excludes,
        "changes": _by_arm(shortest.changes, pooled),
        "estimate": shortest.line[0],
        "ci_low": shortest.line[1],
        "ci_high": shortest.line[2],
    }


def why_not(pooled: PoolResult, tables: list[Table], effects: Effects) -> str | None:
    """Return why a result has no fragility index, or None."""
    random = pooled["random"]
    if random is None or random["ci_low"] is None or random["ci_high"] is None:
        return "there is no overall estimate with an interval"
    if pooled["measure"] not in DEFINITIONS or MEASURES[pooled["measure"]].null is None:
        return f"{pooled['measure']} is not a measure of the counts of two arms"
    if len(tables) > MOST_EFFECTS:
        return f"there are {len(tables):,} effects (limit {MOST_EFFECTS})"
    if settings_of(pooled["settings"]).is_about_mantel_haenszel:
        return "not available where tau2 is taken about the Mantel-Haenszel estimate"
    return _why_not_counts(pooled, tables, effects)


def _why_not_counts(pooled: PoolResult, tables: list[Table], effects: Effects) -> str | None:
    if not np.isfinite(np.array(tables)).all():
        return "not every study reports the events and patients of both arms"
    for table, item in zip(tables, pooled["effects"], strict=True):
        again = effects.of(table)
        if again is None or not np.allclose(again, (item["yi"], item["vi"]), rtol=AGREEMENT, atol=AGREEMENT):
            return f"the effect of {item['label']} does not follow from its counts alone"
    return None


def _by_arm(changes: tuple[Change, ...], pooled: PoolResult) -> list[ChangedArm]:
    total: Counter[tuple[int, int]] = Counter()
    for study, arm, by in changes:
        total[study, arm] += by
    effects = pooled["effects"]
    return [
        {"study": effects[i]["study"], "label": effects[i]["label"], "arm": ARMS[arm], "events": total[i, arm]}
        for i, arm in sorted(total)
        if total[i, arm]
    ]
