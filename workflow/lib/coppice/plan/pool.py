"""What `pool` reads of one analysis."""

from __future__ import annotations

from typing import Any

from coppice.plan.extract import Unit, effect_request
from coppice.review.checks.models import model_of, regressed_on
from coppice.review.keys.requests import MODEL_REQUESTS
from coppice.review.review import Review


def reads(review: Review, analysis: str) -> list[Unit]:
    """Return the units of extract that an analysis pools, in the order of its effects."""
    item = review.analyses[analysis]
    return [(study.study, item.outcome) for study in item.members]


def spec(review: Review, analysis: str) -> dict[str, Any]:
    """Return what `pool` reads of one analysis."""
    item = review.analyses[analysis]
    subgroups = item.subgroups
    model = model_of(review.settings, item.settings)
    names = sorted({*([subgroups] if subgroups else []), *regressed_on(item.settings, model)})
    return {
        "analysis": analysis,
        "outcome": item.outcome,
        "measure": item.measure,
        "effect": effect_request(review, item)[0],
        "model": model,
        "subgroups": subgroups,
        **({"levels": item.levels} if item.levels else {}),
        "moderators": item.settings.get("moderators"),
        **{key.name: item.settings[key.name] for key in MODEL_REQUESTS if item.settings.get(key.name)},
        "dependence": item.settings.get("dependence"),
        "overall": item.settings.get("overall", True),
        "route": item.settings.get("route"),
        "studies": [
            {
                "study": study.study,
                "label": study.label,
                "year": study.year,
                "values": {name: study.value(name) for name in names},
            }
            for study in item.members
        ],
        "excluded": list(item.excluded),
    }
