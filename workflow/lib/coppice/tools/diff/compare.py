"""Compare two results folders, analysis by analysis, and attribute the difference to single changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.core.measures import MEASURES, harmonic_size
from coppice.core.printing import LINE, back, decimals_of
from coppice.jobs import canonical_json
from coppice.tools.diff.changes import Change, Pool, Replay, attributed, changes, conclusion_of, effects_by_key
from coppice.tools.diff.kinds import parts_of

HALF = 0.5


@dataclass(frozen=True, slots=True)
class AnalysisChange:
    """One analysis before and after, or one subgroup of an analysis that has no average over its subgroups."""

    # the analysis and the code of its measure
    name: str
    measure: str
    was: str | None  # what it was called before, where it was renamed
    # `estimate`, `ci_low`, `ci_high`, `tau2`, `k` and `measure`, with the `decimals` and the back-transformed values
    # that are printed; None where there is no such analysis
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    # on which side of no difference the interval lies, or that it includes it
    conclusion_before: str
    conclusion_after: str
    changes: tuple[Change, ...]  # what changed, with the share of each
    together: float | None  # what the changes do only together: the whole shift less the sum of the single ones

    @property
    def is_changed(self) -> bool:
        """Whether anything of the analysis is different."""
        return bool(self.changes) or self.was is not None or self.before != self.after

    @property
    def has_flipped(self) -> bool:
        """Whether the interval of an analysis of both runs lies elsewhere with respect to no difference."""
        in_both = self.before is not None and self.after is not None
        return in_both and self.conclusion_before != self.conclusion_after


def read_pools(results: Path) -> dict[str, Pool]:
    """Read the pooled analyses of a results folder, those of other kinds by their parts; raises CoppiceError if it holds none."""
    files = sorted((results / "pool").glob("*.json"))
    pools = {file.stem: canonical_json.read(file) for file in files if not file.stem.startswith("_")}
    if not pools:
        raise CoppiceError(f"{results}: no pooled analysis in its folder `pool`; name a results folder")
    return {part: content for name, pool in pools.items() for part, content in parts_of(name, pool).items()}


def compare(old: Mapping[str, Pool], new: Mapping[str, Pool], *, replay: Replay | None = None) -> list[AnalysisChange]:
    """Compare the pooled analyses of two runs, in alphabetical order; without a replay no change is attributed.

    There is a change per analysis, or per subgroup of an analysis without an average over them.
    """
    was = _renamed(old, new)
    compared = []
    for name in sorted({*old, *new} - set(was.values())):
        before, after = old.get(was.get(name, name)), new.get(name)
        for part, one, other in _parts(before, after):
            label = f"{name}: {part}" if part else name
            compared.append(_compared(label, was.get(name), one, other, replay))
    return compared


def conclusion(pool: Pool | None) -> str:
    """Say on which side of no difference the interval of an analysis lies."""
    return conclusion_of((pool or {}).get("random"), (pool or {}).get("measure", "GEN"))


def _renamed(old: Mapping[str, Pool], new: Mapping[str, Pool]) -> dict[str, str]:
    """Return the analyses that have another name, by the new one: same outcome and measure, most effects the same."""
    renamed: dict[str, str] = {}
    for name in sorted(set(new) - set(old)):
        shared = {
            other: _shared(old[other], new[name]) for other in sorted(set(old) - set(new) - set(renamed.values()))
        }
        best = max(shared, key=lambda other: shared[other], default=None)
        if best is not None and shared[best] > HALF:
            renamed[name] = best
    return renamed


def _shared(old: Pool, new: Pool) -> float:
    """Return the share of the effects of two analyses that both have; 0 if they pool different things."""
    if any(old.get(key) != new.get(key) for key in ("outcome", "measure")):
        return 0.0
    keys = [set(effects_by_key(pool)) for pool in (old, new)]
    return len(keys[0] & keys[1]) / max(1, len(keys[0] | keys[1]))


def _parts(old: Pool | None, new: Pool | None) -> Iterator[tuple[str, Pool | None, Pool | None]]:
    """Yield an analysis as it is, or each of its subgroups where neither run averages over them."""
    levels = [_levels(pool) for pool in (old, new) if pool is not None]
    if not all(levels):
        yield "", old, new
        return
    if old and new and old["subgroups"]["by"] != new["subgroups"]["by"]:
        yield "", old, new  # that they are other subgroups is said once
    before, after = (_levels(pool) if pool is not None else {} for pool in (old, new))
    for level in dict.fromkeys([*before, *after]):
        yield level, before.get(level), after.get(level)


def _levels(pool: Pool) -> dict[str, Pool]:
    """Return the subgroups of an analysis without an average over them, each like an analysis of its own."""
    subgroups = pool.get("subgroups")
    if not subgroups or pool.get("random") is not None:
        return {}
    displayed = (pool.get("display") or {}).get("subgroups") or [{}] * len(subgroups["levels"])
    shared = {key: pool.get(key) for key in ("measure", "outcome")} | {"excluded": [], "moderators": None}
    settings = dict(pool.get("settings") or {})
    return {
        str(level["level"]): {
            **shared,
            "settings": settings,
            "k": level.get("k"),
            "random": level.get("random"),
            "display": displayed_level or {},
            "heterogeneity": level.get("heterogeneity"),
            "effects": [effect for effect in pool["effects"] if effect.get("subgroup") == level["level"]],
        }
        for level, displayed_level in zip(subgroups["levels"], displayed, strict=True)
    }


def _compared(name: str, was: str | None, old: Pool | None, new: Pool | None, replay: Replay | None) -> AnalysisChange:
    changes_of_analysis = tuple(changes(old, new)) if old and new else ()
    together = None
    if old and new and replay and changes_of_analysis:
        changes_of_analysis, together = attributed(old, new, changes_of_analysis, replay)
    measure = str((new or old or {})["measure"])
    return AnalysisChange(
        name, measure, was, _line(old), _line(new), conclusion(old), conclusion(new), changes_of_analysis, together
    )


def _printed(pool: Pool) -> list[float | None]:
    """Return the pooled estimate and its limits as they are printed."""
    printed, main = (pool.get("display") or {}).get("random"), pool.get("random") or {}
    size = harmonic_size(pool.get("effects") or ())
    return [
        (printed or {}).get(name) if printed else back(MEASURES[pool["measure"]], main.get(name), size) for name in LINE
    ]


def _line(pool: Pool | None) -> dict[str, Any] | None:
    if pool is None:
        return None
    main, heterogeneity = pool.get("random") or {}, pool.get("heterogeneity") or {}
    return {name: main.get(name) for name in ("estimate", "ci_low", "ci_high")} | {
        "tau2": heterogeneity.get("tau2"),
        "k": pool.get("k"),
        "measure": pool["measure"],
        "decimals": decimals_of(pool, MEASURES[pool["measure"]]),
        "printed": _printed(pool),
    }
