"""What if, in the result file: which studies, which choices, and the numbers of all models, packed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.common_methods import COMMON_METHODS
from coppice.core.contracts.explore import WhatIf, WhatIfChoice
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.explore.what_if.choices import Choice, choices, with_prediction
from coppice.explore.what_if.models import SIMULATED, studies_of, subsets_of
from coppice.explore.what_if.packing import FIELDS, packed
from coppice.pool.profiles import Settings, settings_of

MOST_STUDIES = 12  # 4,095 subsets
MOST_MODELS = 30_000  # subsets times choices: so many are 1.5 MB as texts of twelve digits, and half of it printed
NAMES = {"wald": "Wald"}


def what_if(pooled: PoolResult, request: Mapping[str, Any]) -> WhatIf | Skipped:
    """Return the models of every subset of the studies by every choice.

    `request` may have `prediction`, the prediction interval that the configuration names for the model.
    """
    if reason := _why_not(pooled):
        return {"skipped": reason}
    options = with_prediction(settings_of(pooled["settings"]), request.get("prediction"))
    subsets = subsets_of(pooled, options)
    possible = choices(options)
    kept = possible[: max(1, MOST_MODELS // len(subsets.used))]
    places, columns = packed((subsets.columns(choice) for choice in kept), subsets.printed)
    names = [effect["study"] for effect in pooled["effects"]]
    return {
        "studies": studies_of(pooled),
        "effects": [names.count(study) for study in studies_of(pooled)],
        "fields": list(FIELDS),
        "choices": [_choice(choice, pooled, where) for choice, where in zip(kept, places, strict=True)],
        "columns": columns,
        "limits": _limits(len(kept), len(possible), len(studies_of(pooled)), options),
    }


def _why_not(pooled: PoolResult) -> str | None:
    """Return why an analysis has no such models."""
    if pooled["moderators"] is not None or "moderators" in pooled["reasons"]:
        return "not available for models with moderators"
    if (number := len(studies_of(pooled))) < 2:
        return "there is only one study"
    if number > MOST_STUDIES:
        return f"there are {number:,} studies; every set of them is worked out for at most {MOST_STUDIES}"
    return None


def _limits(kept: int, possible: int, studies: int, options: Settings) -> list[str]:
    """Return what is left out, in sentences."""
    sentences = []
    if kept < possible:
        sentences.append(
            f"With {studies} studies, {kept} of the {possible} combinations of estimator and interval are worked out."
        )
    if options.prediction_method == SIMULATED:
        sentences.append(
            "The prediction interval by bootstrap is simulated for each set of studies and not worked out."
        )
    return sentences


def _choice(choice: Choice, pooled: PoolResult, places: list[int]) -> WhatIfChoice:
    if choice.is_common and pooled["common"] is not None:
        label = f"common effect, {COMMON_METHODS[pooled['common']['method']].name}"
    else:
        estimator = choice.tau2 if isinstance(choice.tau2, str) else f"tau2 = {choice.tau2:g}"
        label = f"{estimator}, {NAMES.get(choice.inference, choice.inference)}"
    return {"tau2": choice.tau2, "inference": choice.inference, "label": label, "columns": places}
