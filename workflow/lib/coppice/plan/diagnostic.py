"""What is planned for a diagnostic analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractContent, WantedMeasure
from coppice.core.study import Study
from coppice.extract.choose import entering
from coppice.plan.requests import studies_with
from coppice.pool.formula import variables
from coppice.pool.multivariate.diagnostic.options import NORMAL
from coppice.review.analysis import Analysis
from coppice.review.checks.models import model_of
from coppice.review.diagnostic import settings_of
from coppice.review.review import Review


def requests(
    review: Review, analysis: Analysis, study: Study, reported: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, WantedMeasure]]:
    """Yield the one effect that is asked of a study: its odds ratio, with which its counts come."""
    yield analysis.measure, {"measure": analysis.measure, "options": {}}


def entering_of(
    review: Review, analysis: Analysis, study: Study, extracted: ExtractContent
) -> tuple[list[Candidate], str]:
    """Return the candidates of a study that enter, or the reason why none does."""
    return entering(extracted["measures"].get(analysis.measure), None)


def pool(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `pool` reads of a diagnostic analysis."""
    formula = item.settings.get("moderators")
    names = sorted({*([item.subgroups] if item.subgroups else []), *(variables(str(formula)) if formula else ())})
    settings = settings_of(item.settings)
    model = model_of(review.settings, item.settings)
    read = ("profile", "level", "tau2") if settings["model"] == NORMAL else ("profile", "level")
    return {
        "analysis": item.name,
        "outcome": item.outcome,
        "measure": item.measure,
        "effect": item.measure,
        "model": {name: model[name] for name in read if name in model},
        "diagnostic": settings,
        "subgroups": item.subgroups,
        **({"levels": item.levels} if item.levels else {}),
        "moderators": formula,
        "studies": studies_with(item, names),
        "excluded": list(item.excluded),
    }


def explore(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `explore` reads of a diagnostic analysis besides its pooled result."""
    wanted = (review.settings.get("explore") or {}) | (item.settings.get("explore") or {})
    return {
        "analysis": item.name,
        "explore": {name: wanted[name] for name in ("leave_one_out",) if name in wanted},
        "models": bool(item.settings.get("multiverse", True)),
    }
