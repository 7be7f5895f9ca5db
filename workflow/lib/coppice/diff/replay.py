"""Pool again, to see what one change alone does to an estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.pool.results import pool

# what needs more of a study than its effect: other effects of its, weights, counts
NEEDS_MORE = ("dependence", "tau2_weights")
BY_EFFECTS = "IV"


def replay(effects: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], measure: str) -> float | None:
    """Return the random-effects estimate of effects under settings, on the model's scale.

    Returns
    -------
    float or None
        None where there is none, or where the model needs more than effects and their variances.
    """
    if (
        not effects
        or any(settings.get(name) for name in NEEDS_MORE)
        or settings.get("common", BY_EFFECTS) != BY_EFFECTS
    ):
        return None
    known = {name: value for name, value in settings.items() if value is not None and name not in NEEDS_MORE}
    found = pool(
        [effect["yi"] for effect in effects], [effect["vi"] for effect in effects], measure=measure, **known
    ).random
    return None if found is None else float(found["estimate"])
