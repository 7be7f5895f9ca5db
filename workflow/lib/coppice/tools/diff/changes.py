"""What changed between two runs of one analysis, and what each change does by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coppice.core.common_methods import INVERSE_VARIANCE
from coppice.core.measures import MEASURES
from coppice.pool.dependence.options import AGGREGATE

Pool = Mapping[str, Any]
Effect = Mapping[str, Any]
Key = tuple[str, ...]
Replay = Callable[[Sequence[Effect], Mapping[str, Any], str], Mapping[str, Any] | None]
NONE, INCLUDED, BELOW, ABOVE = "no estimate", "includes no difference", "below no difference", "above no difference"
REPORTED = ("reported", "report")
FIGURE = (*REPORTED, "route", "yi", "vi")
HANDLING = ("dependence", "rho", "inference")  # several effects of a study: they come and go together
HANDLED = "dependence"
ESTIMATOR = ("tau2", "tau2_weights")  # the second is read by one estimator, which needs it
COMMON = "common"  # how the common effect is made: with it the reasons of studies without an effect change their words
MEASURE = "measure"
SAME = 1e-8  # relative; result files have 12 digits, and the solvers of three-level models some fewer


@dataclass(frozen=True, slots=True)
class Change:
    """One change to an analysis."""

    kind: str  # ``added``, ``removed``, ``changed`` (an effect), ``unpooled`` (a study without one) or ``setting``
    what: str  # the effect's label, or the setting's name
    # what it was and is: the figure, the reason why it is missing, or the value; None where there is nothing
    before: Any
    after: Any
    key: Key  # study and patients of the effect, or the name of the setting
    # by how much this change alone moves the old estimate, on the model's scale; None where it can't be told
    shift: float | None = None
    conclusion: str | None = None  # where the old interval lies with this change alone; None where it can't be told


def conclusion_of(line: Mapping[str, Any] | None, measure: str) -> str:
    """Say on which side of no difference an interval lies."""
    null = MEASURES[measure].null
    if not line or line.get("ci_low") is None or line.get("ci_high") is None or null is None:
        return NONE
    if line["ci_low"] <= null <= line["ci_high"]:
        return INCLUDED
    return BELOW if line["ci_high"] < null else ABOVE


def changes(old: Pool, new: Pool) -> list[Change]:
    """List what changed from one run of an analysis to another: effects, studies without one, settings."""
    return [*_of_effects(old, new), *_of_unpooled(old, new), *_of_settings(old, new)]


def attributed(
    old: Pool, new: Pool, found: Sequence[Change], replay: Replay
) -> tuple[tuple[Change, ...], float | None]:
    """Repeat the old analysis with each change alone.

    Returns
    -------
    tuple of Change, float or None
        The changes with what each does, and what they do only together: the whole shift less the sum of the single
        ones. Nothing is attributed unless the replay without any change gives the old estimate.
    """
    start, end = (pool.get("random") or {} for pool in (old, new))
    again = replay(list(effects_by_key(old).values()), _settings(old), old["measure"])
    if start.get("estimate") is None or again is None or not _same(again["estimate"], start["estimate"]):
        return tuple(found), None
    single = tuple(_alone(old, new, change, replay) for change in found)
    shifts = [change.shift for change in single if change.shift is not None]
    whole = None if end.get("estimate") is None else end["estimate"] - start["estimate"]
    comparable = whole is not None and len(shifts) == len(single) and old["measure"] == new["measure"]
    return single, whole - sum(shifts) if whole is not None and comparable else None


def effects_by_key(pool: Pool) -> dict[Key, Effect]:
    """Return the effects of an analysis by study and patients, and by label where these have several."""
    effects = [(_patients(effect), effect) for effect in pool.get("effects") or []]
    several = Counter(patients for patients, _ in effects)
    return {
        patients if several[patients] == 1 else (*patients, str(effect.get("label"))): effect
        for patients, effect in effects
    }


def _patients(effect: Effect) -> Key:
    return str(effect["study"]), str(effect.get("population") or effect["study"])


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(1.0, abs(other))


def _settings(pool: Pool) -> dict[str, Any]:
    """Return the settings of an analysis, with what stands elsewhere in its result."""
    subgroups, moderators = (pool.get("subgroups") or {}), (pool.get("moderators") or {})
    more = {"subgroups": subgroups.get("by"), "moderators": moderators.get("formula")}
    if bayes := pool.get("bayes"):
        mu = bayes["mu_prior"]
        of_mu = "flat" if mu is None else f"normal({mu['mean']:g}, {mu['sd']:g})"
        more["bayes"] = f"tau {bayes['tau_prior']['name']}, mean {of_mu}"
    if scale := pool.get("location_scale"):
        more["scale_moderators"] = scale["formula"]
    return dict(pool.get("settings") or {}) | {name: value for name, value in more.items() if value is not None}


def _regrouped(old: Pool, new: Pool) -> set[str]:
    """Return the studies whose effects are others because several effects of a study are handled otherwise."""
    one, other = _settings(old), _settings(new)
    if all(one.get(name) == other.get(name) for name in HANDLING[:2]):
        return set()
    keys = [_keys_of_studies(effects_by_key(pool)) for pool in (old, new)]
    combined = {
        str(effect["study"])
        for pool in (old, new)
        for effect in pool.get("effects") or []
        if effect.get("route") == AGGREGATE
    }
    return {study for study in keys[0].keys() & keys[1].keys() if study in combined or keys[0][study] != keys[1][study]}


def _keys_of_studies(effects: Mapping[Key, Effect]) -> dict[str, set[Key]]:
    by_study: dict[str, set[Key]] = {}
    for key in effects:
        by_study.setdefault(key[0], set()).add(key)
    return by_study


def _of_effects(old: Pool, new: Pool) -> Iterator[Change]:
    before, after, regrouped = effects_by_key(old), effects_by_key(new), _regrouped(old, new)
    compared = FIGURE if old["measure"] == new["measure"] else REPORTED
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        label = str((now or was or {}).get("label") or key[0])
        if key[0] in regrouped:
            continue
        if was is None or now is None:
            kind = "added" if was is None else "removed"
            yield Change(kind, label, _figure(was) or _reason(old, key), _figure(now) or _reason(new, key), key)
        elif any(was.get(name) != now.get(name) for name in compared):
            yield Change("changed", label, _figure(was), _figure(now), key)


def _figure(effect: Effect | None) -> dict[str, Any] | None:
    return None if effect is None else {name: effect.get(name) for name in ("statistic", *FIGURE)}


def _excluded(pool: Pool) -> dict[str, Mapping[str, Any]]:
    return {str(item["study"]): item for item in pool.get("excluded") or []}


def _reason(pool: Pool, key: Key) -> str | None:
    item = _excluded(pool).get(key[0])
    return f"not pooled: {item['reason']}" if item else None


def _of_unpooled(old: Pool, new: Pool) -> Iterator[Change]:
    pooled = {key[0] for pool in (old, new) for key in effects_by_key(pool)}
    before, after = _excluded(old), _excluded(new)
    for study in dict.fromkeys([*before, *after]):
        was, now = (side.get(study, {}).get("reason") for side in (before, after))
        new_words = was is not None and now is not None and _common(old) != _common(new)
        if study not in pooled and was != now and not new_words:
            yield Change("unpooled", str((after.get(study) or before[study]).get("label") or study), was, now, (study,))


def _common(pool: Pool) -> dict[str, Any]:
    return {name: value for name, value in _settings(pool).items() if name.startswith(COMMON)}


def _of_settings(old: Pool, new: Pool) -> Iterator[Change]:
    one, other = _settings(old), _settings(new)
    handled = any(one.get(name) != other.get(name) for name in HANDLING[:2])
    if handled:
        yield Change("setting", HANDLED, _handling(one), _handling(other), (HANDLED,))
    for name in sorted({*one, *other}):
        with_another = (handled and name in HANDLING) or (name == ESTIMATOR[1] and one["tau2"] != other["tau2"])
        if one.get(name) != other.get(name) and not with_another:
            yield Change("setting", name, one.get(name), other.get(name), (name,))
    if old["measure"] != new["measure"]:
        yield Change("setting", MEASURE, old["measure"], new["measure"], (MEASURE,))


def _handling(settings: Mapping[str, Any]) -> str | None:
    if not settings.get("dependence"):
        return None
    rho = settings.get("rho")
    return ", ".join([str(settings["dependence"]), *([f"rho {rho:g}"] if rho is not None else []), str(settings.get("inference"))])  # fmt: skip


def _alone(old: Pool, new: Pool, change: Change, replay: Replay) -> Change:
    """Return a change with what it does by itself."""
    start = old["random"]["estimate"]
    if change.kind == "unpooled":
        # what a study without an effect adds to a common effect from counts is not in the results
        by_effects = _settings(old).get(COMMON, INVERSE_VARIANCE) == INVERSE_VARIANCE
        return (
            replace(change, shift=0.0, conclusion=conclusion_of(old["random"], old["measure"]))
            if by_effects
            else change
        )
    other_measure = old["measure"] != new["measure"]
    if other_measure and (change.kind in ("added", "changed") or change.what in (MEASURE, HANDLED)):
        return change
    line = replay(*_with(old, new, change), old["measure"])
    if line is None:
        return change
    shift = 0.0 if _same(line["estimate"], start) else line["estimate"] - start
    return replace(change, shift=shift, conclusion=conclusion_of(line, old["measure"]))


def _with(old: Pool, new: Pool, change: Change) -> tuple[list[Effect], dict[str, Any]]:
    """Return the old effects and settings with one change made."""
    before, after, settings = effects_by_key(old), effects_by_key(new), _settings(old)
    if change.kind != "setting":
        order = [key for key in dict.fromkeys([*after, *before]) if key in before or key == change.key]
        chosen = [after.get(key) if key == change.key else before[key] for key in order]
        return [effect for effect in chosen if effect is not None], settings
    names = next((group for group in (HANDLING, ESTIMATOR) if change.what == group[0]), (change.what,))
    settings |= {name: _settings(new).get(name) for name in names}
    regrouped = _regrouped(old, new) if change.what == HANDLED else set()
    # weights and moderators stand beside an effect only where the model reads them
    kept = [
        {**effect, **{name: after[key][name] for name in ("values",) if name in after.get(key, {})}}
        for key, effect in before.items()
        if key[0] not in regrouped
    ]
    return [*kept, *(effect for key, effect in after.items() if key[0] in regrouped)], settings
