"""What is planned for a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractContent, WantedMeasure
from coppice.core.study import Study
from coppice.extract.choose import entering
from coppice.extract.routes.zero_cells import CORRECT, HALF
from coppice.plan.requests import against, request, with_arms
from coppice.review.analysis import Analysis
from coppice.review.checks.models import model_of
from coppice.review.comparison import comparison_in
from coppice.review.network import MANTEL_HAENSZEL, components_in, nodes_of, pairs_of, settings_of
from coppice.review.review import Review

IN_A_NETWORK = "network"  # where an arm without a treatment counts by its name, as in no pairwise comparison
# by Mantel-Haenszel the counts enter: each comparison needs an effect to be printed, whatever its cells are
OF_COUNTS = HALF | {"double_zeros": CORRECT}


def requests(
    review: Review, analysis: Analysis, study: Study, reported: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, WantedMeasure]]:
    """Yield the effect of each pair of treatments of a study."""
    for names, arms in pairs_of(analysis.treatments, study):
        name, wanted = request_of(review, analysis, names)
        yield name, with_arms(wanted, reported, comparison_in(study, names, arms))


def request_of(review: Review, analysis: Analysis, names: tuple[str, str]) -> tuple[str, WantedMeasure]:
    """Return the effect of two treatments, with its name in the extract."""
    is_counted = settings_of(analysis.settings).get("method") == MANTEL_HAENSZEL
    return request(review, analysis, [against(names), IN_A_NETWORK], OF_COUNTS if is_counted else None)


def names_of(review: Review, analysis: Analysis, study: Study) -> dict[str, list[str]]:
    """Return the two treatments of each effect that a network asks of a study, by its name in the extract."""
    pairs = (names for names, _ in pairs_of(analysis.treatments, study))
    return {request_of(review, analysis, names)[0]: list(names) for names in pairs}


def entering_of(
    review: Review, analysis: Analysis, study: Study, extracted: ExtractContent
) -> tuple[list[Candidate], str]:
    """Return the candidates of a study that enter, one per pair of treatments, or the reasons why none does."""
    route = analysis.settings.get("route")
    parts = [entering(extracted["measures"].get(name), route) for name in names_of(review, analysis, study)]
    chosen = [candidate for candidates, _ in parts for candidate in candidates]
    return chosen, "; ".join(dict.fromkeys(why for _, why in parts))


def figures(review: Review, item: Analysis) -> set[str]:
    """Return the figures that a network has since it requests what they show."""
    return {"network_components"} if components_in(item.settings.get("network") or {}) else set()


def pool(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `pool` reads of a network."""
    configured = review.settings.get("treatments") or {}
    names = dict.fromkeys(name for study in item.members for name in nodes_of(item.treatments, study))
    # in the order of the configuration, then of the alphabet
    ordered = [name for name in configured if name in names] + sorted(
        (name for name in names if name not in configured), key=lambda name: (name.casefold(), name)
    )
    return {
        "analysis": item.name,
        "outcome": item.outcome,
        "measure": item.measure,
        "model": model_of(review.settings, item.settings),
        "network": settings_of(item.settings),
        "treatments": [
            {"treatment": name, "name": str((configured.get(name) or {}).get("name") or name)} for name in ordered
        ],
        "route": item.settings.get("route"),
        "studies": [
            {
                "study": study.study,
                "label": study.label,
                "year": study.year,
                "pairs": names_of(review, item, study),
                "sizes": sizes_of(item, study),
            }
            for study in item.members
        ],
        "excluded": list(item.excluded),
    }


def sizes_of(analysis: Analysis, study: Study) -> dict[str, int | None]:
    """Return the patients of a study with each treatment: as its figures of the outcome count them, or else its arms."""
    sizes: dict[str, int | None] = {}
    counted = {arm: n for figure in study.figures(analysis.outcome) for arm, n in counted_in(figure).items()}
    for name, arms in nodes_of(analysis.treatments, study).items():
        each = [counted.get(arm, study.arms[arm].get("n")) for arm in arms]
        stated = [int(n) for n in each if n is not None]
        sizes[name] = sum(stated) if len(stated) == len(each) else None
    return sizes


def counted_in(figure: Mapping[str, Any]) -> dict[str, float]:
    """Return the patients of each arm that a figure counts."""
    arms = figure.get("arms")
    if isinstance(arms, Mapping):
        return {str(arm): fields["n"] for arm, fields in arms.items() if fields.get("n") is not None}
    names = [str(arm) for arm in arms or ("experimental", "control")]
    both = zip(names, ("n_e", "n_c"), strict=False)
    return {arm: figure[key] for arm, key in both if figure.get(key) is not None}


def explore(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `explore` reads of a network besides its pooled result."""
    wanted = (review.settings.get("explore") or {}) | (item.settings.get("explore") or {})
    models = {"models": True} if item.settings.get("multiverse") else {}
    return {
        "analysis": item.name,
        "explore": {name: wanted[name] for name in ("leave_one_out",) if name in wanted},
        **models,
    }
