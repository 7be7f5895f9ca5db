"""Compare two results folders, analysis by analysis, and attribute the difference to single changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice import jsonio
from coppice.errors import CoppiceError
from coppice.measures import MEASURES

Pool = Mapping[str, Any]
Key = tuple[str, str]
Replay = Callable[[Sequence[Mapping[str, Any]], Mapping[str, Any], str], float | None]
NONE, INCLUDED, BELOW, ABOVE = "no estimate", "includes no difference", "below no difference", "above no difference"
FIGURE = ("reported", "route", "report", "yi", "vi")


@dataclass(frozen=True, slots=True)
class Change:
    """One change to an analysis.

    Attributes
    ----------
    kind : str
        ``added``, ``removed``, ``changed`` (an effect) or ``setting``.
    what : str
        The effect's label, or the setting's name.
    before, after : object
        What it was and is; None where there is nothing.
    key : tuple of str
        Study and patients of the effect, or the name of the setting.
    shift : float or None
        By how much this change alone moves the old estimate, on the model's scale; None where it can't be told.
    """

    kind: str
    what: str
    before: Any
    after: Any
    key: tuple[str, ...]
    shift: float | None = None


@dataclass(frozen=True, slots=True)
class AnalysisChange:
    """One analysis before and after.

    Attributes
    ----------
    name, measure : str
        The analysis and the code of its measure.
    before, after : mapping or None
        `estimate`, `ci_low`, `ci_high`, `tau2` and `k`; None where there is no such analysis.
    conclusion_before, conclusion_after : str
        On which side of no difference the interval lies, or that it includes it.
    changes : tuple of Change
        What changed, with the share of each.
    together : float or None
        What the changes do only together: the whole shift less the sum of the single ones.
    """

    name: str
    measure: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    conclusion_before: str
    conclusion_after: str
    changes: tuple[Change, ...]
    together: float | None

    @property
    def is_changed(self) -> bool:
        """Whether anything of the analysis is different."""
        return bool(self.changes) or self.before != self.after

    @property
    def has_flipped(self) -> bool:
        """Whether the interval lies elsewhere with respect to no difference."""
        return self.conclusion_before != self.conclusion_after


def read_pools(results: Path) -> dict[str, Pool]:
    """Read the pooled analyses of a results folder.

    Raises
    ------
    CoppiceError
        If the folder holds none.
    """
    files = sorted((results / "pool").glob("*.json"))
    found = {file.stem: jsonio.read(file) for file in files if not file.stem.startswith("_")}
    if not found:
        raise CoppiceError(f"{results}: no pooled analysis in its folder `pool`; name a results folder")
    return found


def compare(old: Mapping[str, Pool], new: Mapping[str, Pool], *, replay: Replay | None = None) -> list[AnalysisChange]:
    """Compare two runs.

    Parameters
    ----------
    old, new : mapping
        Pooled analyses by name.
    replay : callable, optional
        Pools effects with settings and a measure and returns the estimate; without it no change is attributed.

    Returns
    -------
    list of AnalysisChange
        One for each analysis of either run, in alphabetical order.
    """
    return [_compared(name, old.get(name), new.get(name), replay) for name in sorted({*old, *new})]


def conclusion(pool: Pool | None) -> str:
    """Say on which side of no difference the interval of an analysis lies."""
    main = (pool or {}).get("random")
    null = MEASURES[pool["measure"]].null if pool else None
    if not main or main.get("ci_low") is None or null is None:
        return NONE
    if main["ci_low"] <= null <= main["ci_high"]:
        return INCLUDED
    return BELOW if main["ci_high"] < null else ABOVE


def _compared(name: str, old: Pool | None, new: Pool | None, replay: Replay | None) -> AnalysisChange:
    changes = tuple(_changes(old, new)) if old and new else ()
    together = None
    if old and new and replay and changes and old["measure"] == new["measure"]:
        changes, together = _attributed(old, new, changes, replay)
    known = new or old or {}
    return AnalysisChange(
        name, str(known["measure"]), _line(old), _line(new), conclusion(old), conclusion(new), changes, together
    )


def _line(pool: Pool | None) -> dict[str, Any] | None:
    if pool is None:
        return None
    main, heterogeneity = pool.get("random") or {}, pool.get("heterogeneity") or {}
    return {name: main.get(name) for name in ("estimate", "ci_low", "ci_high")} | {
        "tau2": heterogeneity.get("tau2"),
        "k": pool.get("k"),
    }


def _by_key(pool: Pool) -> dict[Key, Mapping[str, Any]]:
    return {
        (str(effect["study"]), str(effect.get("population") or effect["study"])): effect
        for effect in pool.get("effects") or []
    }


def _changes(old: Pool, new: Pool) -> Iterator[Change]:
    before, after = _by_key(old), _by_key(new)
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        label = str((now or was or {}).get("label") or key[0])
        if was is None or now is None:
            yield Change("added" if was is None else "removed", label, _figure(was), _figure(now), key)
        elif any(was.get(name) != now.get(name) for name in FIGURE):
            yield Change("changed", label, _figure(was), _figure(now), key)
    settings = [pool.get("settings") or {} for pool in (old, new)]
    for name in sorted({*settings[0], *settings[1]}):
        if settings[0].get(name) != settings[1].get(name):
            yield Change("setting", name, settings[0].get(name), settings[1].get(name), (name,))
    if old["measure"] != new["measure"]:
        yield Change("setting", "measure", old["measure"], new["measure"], ("measure",))


def _figure(effect: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if effect is None else {name: effect.get(name) for name in ("statistic", *FIGURE)}


def _attributed(
    old: Pool, new: Pool, changes: Sequence[Change], replay: Replay
) -> tuple[tuple[Change, ...], float | None]:
    """Repeat the old analysis with each change alone."""
    start, end = (pool.get("random") or {} for pool in (old, new))
    if start.get("estimate") is None:
        return tuple(changes), None
    found = []
    for change in changes:
        effects, settings = _with(old, new, change)
        estimate = replay(effects, settings, old["measure"])
        shift = None if estimate is None else estimate - start["estimate"]
        found.append(Change(change.kind, change.what, change.before, change.after, change.key, shift))
    shifts = [change.shift for change in found if change.shift is not None]
    whole = None if end.get("estimate") is None else end["estimate"] - start["estimate"]
    return tuple(found), None if whole is None or len(shifts) < len(found) else whole - sum(shifts)


def _with(old: Pool, new: Pool, change: Change) -> tuple[list[Mapping[str, Any]], dict[str, Any]]:
    """Return the old effects and settings with one change made."""
    before, after, settings = _by_key(old), _by_key(new), dict(old.get("settings") or {})
    if change.kind == "setting":
        return list(before.values()), settings | {change.what: change.after}
    key = (change.key[0], change.key[1])
    order = [item for item in [*after, *before] if item in before or item == key]
    chosen = {item: after.get(item) if item == key else before[item] for item in dict.fromkeys(order)}
    return [effect for effect in chosen.values() if effect is not None], settings
