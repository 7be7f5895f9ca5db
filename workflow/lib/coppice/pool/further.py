"""What an analysis may ask of its model besides the estimate: a permutation test, probabilities beyond thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.measures import MEASURES
from coppice.pool.dependence.options import is_three_level
from coppice.pool.effects import given_weights
from coppice.pool.exceedance import WHY_NONE, beyond_part
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.profiles import Settings

Part = dict[str, Any]


def permutation_options(asked: Any) -> dict[str, Any] | None:
    """Return the options of the permutation test that is asked for by true or by its options; None for none."""
    if not asked:
        return None
    return {} if asked is True else dict(asked)


def further_parts(
    spec: Mapping[str, Any],
    result: Mapping[str, Any],
    effects: Sequence[Mapping[str, Any]],
    options: Settings,
    size: float | None,
) -> Part:
    """Return `permutation` and `beyond` as far as the analysis asks for them, with `reasons` where they are null.

    Parameters
    ----------
    spec : mapping
        What `pool` reads of the analysis.
    result : mapping
        Its result so far.
    effects : sequence of mapping
        The effects that are pooled.
    options : Settings
    size : float or None
        The harmonic mean of their sizes, for measures whose back-transformation needs it.

    Raises
    ------
    ValueError
        If a threshold is no value of the measure, or an option of the test is wrong.
    """
    parts: Part = {}
    reasons: dict[str, str] = {}
    if spec.get("beyond"):
        parts["beyond"] = beyond_part(
            result["random"], result["prediction"], spec["beyond"], MEASURES[result["measure"]], size
        )
        if parts["beyond"] is None:
            reasons["beyond"] = WHY_NONE
    asked = permutation_options(spec.get("permutation"))
    if asked is not None:
        parts["permutation"], why = _signs(result, effects, options, asked)
        if why:
            reasons["permutation"] = why
    return parts | ({"reasons": {**result["reasons"], **reasons}} if reasons else {})


def _signs(
    result: Mapping[str, Any], effects: Sequence[Mapping[str, Any]], options: Settings, asked: Mapping[str, Any]
) -> tuple[Part | None, str | None]:
    """Return the test of the pooled effect by exchanging the signs of the effects, or None and why there is none."""
    measure = MEASURES[result["measure"]]
    if is_three_level(result["settings"]):
        return None, "a permutation test is for independent effects"
    if result["random"] is None or len(effects) < 2:
        return None, "a permutation test needs an overall model of two effects or more"
    if measure.null != 0.0:
        return None, f"there is no effect of 0 to test for the measure {measure.code}"
    yi, vi = (np.array([effect[name] for effect in effects]) for name in ("yi", "vi"))
    found = permutation_test(
        yi,
        vi,
        tau2=options.tau2,
        inference=result["random"]["inference"],
        given=given_weights(effects, options),
        **asked,
    )
    return {"p": float(found.p[0])} | found.as_dict(), None
