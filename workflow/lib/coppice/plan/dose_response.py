"""What is planned for a dose-response analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import WantedMeasure
from coppice.core.study import Study
from coppice.plan.requests import effect_request
from coppice.plan.switches import switches
from coppice.review.analysis import Analysis
from coppice.review.checks.models import model_of
from coppice.review.dose_response import settings_of
from coppice.review.review import Review


def requests(
    review: Review, analysis: Analysis, study: Study, reported: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, WantedMeasure]]:
    """Yield the effect that an analysis asks of its outcome; its figure holds the doses."""
    yield effect_request(review, analysis)


def pool(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `pool` reads of a dose-response analysis."""
    return {
        "analysis": item.name,
        "outcome": item.outcome,
        "measure": item.measure,
        "effect": effect_request(review, item)[0],
        "model": model_of(review.settings, item.settings),
        "dose_response": settings_of(item.settings),
        "route": item.settings.get("route"),
        "studies": [{"study": study.study, "label": study.label, "year": study.year} for study in item.members],
        "excluded": list(item.excluded),
    }


def explore(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `explore` reads of a dose-response analysis besides its pooled result."""
    wanted = switches(review, item)
    return {"analysis": item.name, "explore": {name: wanted[name] for name in ("leave_one_out",) if name in wanted}}
