"""Pool again, to see what one change alone does to an estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.pool.results import pool


def replay(effects: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], measure: str) -> float | None:
    """Return the random-effects estimate of effects under settings, on the model's scale; None where there is none."""
    if not effects:
        return None
    known = {name: value for name, value in settings.items() if value is not None}
    found = pool(
        [effect["yi"] for effect in effects], [effect["vi"] for effect in effects], measure=measure, **known
    ).random
    return None if found is None else float(found["estimate"])
