"""What an analysis requests of its model in addition to its estimates: each a part of the result, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from coppice.core.contracts.pool import PooledAnalysis, SelectedEffect
from coppice.core.errors import BadInput, Problem
from coppice.core.measures import MEASURES, harmonic_size
from coppice.pool.exceedance import WHY_NONE, beyond_part
from coppice.pool.profiles import Settings
from coppice.pool.sign_test import permutation_options, sign_test


@contextmanager
def reporting(spec: Mapping[str, Any], key: str) -> Iterator[None]:
    """Report a ValueError as bad input, at a key of the analysis."""
    try:
        yield
    except ValueError as error:
        raise BadInput([Problem(f"analysis {spec['analysis']}", 0, key, str(error))]) from error


def add_requests(
    spec: Mapping[str, Any], result: PooledAnalysis, effects: Sequence[SelectedEffect], options: Settings
) -> None:
    """Add what the analysis requests of its model, with `reasons` where a part is null."""
    reasons: dict[str, str] = {}
    if spec.get("bayes"):
        # few analyses request it, and its import takes time
        from coppice.pool.models.bayes.part import bayes_part

        with reporting(spec, "bayes"):
            result["bayes"], why_none = bayes_part(
                effects,
                spec["bayes"],
                MEASURES[result["measure"]],
                level=options.level,
                thresholds=spec,
                size=harmonic_size(effects),
            )
        if why_none:
            reasons["bayes"] = why_none
    if spec.get("beyond"):
        with reporting(spec, "beyond"):
            result["beyond"] = beyond_part(
                result["random"],
                result["prediction"],
                spec["beyond"],
                MEASURES[result["measure"]],
                harmonic_size(effects),
            )
        if result["beyond"] is None:
            reasons["beyond"] = WHY_NONE
    if spec.get("scale_moderators"):
        from coppice.pool.models.location_scale import location_scale

        with reporting(spec, "scale_moderators"):
            result["location_scale"], why_none = location_scale(effects, spec, options, result["settings"])
        if why_none:
            reasons["location_scale"] = why_none
    test_options = permutation_options(spec.get("permutation"))
    if test_options is not None:
        with reporting(spec, "permutation"):
            result["permutation"], why_none = sign_test(result, effects, options, test_options)
        if why_none:
            reasons["permutation"] = why_none
    result["reasons"] = result["reasons"] | reasons
