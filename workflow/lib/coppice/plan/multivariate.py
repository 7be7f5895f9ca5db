"""What is planned for a multivariate analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import WantedMeasure
from coppice.core.study import Study
from coppice.plan.requests import effect_request, with_arms
from coppice.plan.switches import switches
from coppice.review.analysis import Analysis
from coppice.review.checks.models import model_of
from coppice.review.comparison import of_two_arms
from coppice.review.multivariate import settings_of
from coppice.review.review import Review


def requests(
    review: Review, analysis: Analysis, study: Study, reported: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, WantedMeasure]]:
    """Yield the effect that an analysis asks of each of its outcomes."""
    name, wanted = effect_request(review, analysis)
    if analysis.comparison or any(figure.get("arms") for figure in reported):
        wanted = with_arms(
            wanted, reported, analysis.comparison.of(study) if analysis.comparison else of_two_arms(study)
        )
    yield name, wanted


def names_of(review: Review, analysis: Analysis) -> dict[str, str]:
    """Return how each outcome is printed: by the title of an analysis of it alone, or by its key in words."""
    titles = {item.outcome: item.title for item in reversed(review.analyses.values()) if len(item.outcomes) == 1}
    names = {outcome: titles.get(outcome) or outcome.replace("_", " ") for outcome in analysis.outcomes}
    return names if len(set(names.values())) == len(names) else {outcome: outcome for outcome in names}


def pool(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `pool` reads of a multivariate analysis."""
    own = settings_of(item.settings)
    return {
        "analysis": item.name,
        "outcomes": [{"outcome": key, "name": name} for key, name in names_of(review, item).items()],
        "measure": item.measure,
        "effect": effect_request(review, item)[0],
        "model": model_of(review.settings, item.settings),
        "multivariate": own,
        "route": item.settings.get("route"),
        "studies": [
            {
                "study": study.study,
                "label": study.label,
                "year": study.year,
                "values": {name: str(study.value(name)) for name in own["random"]},
            }
            for study in item.members
        ],
        "excluded": list(item.excluded),
    }


def explore(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `explore` reads of a multivariate analysis besides its pooled result."""
    wanted = switches(review, item)
    return {"analysis": item.name, "explore": {name: wanted[name] for name in ("leave_one_out",) if name in wanted}}
