"""What is planned for a pairwise analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractContent, WantedMeasure
from coppice.core.study import Study
from coppice.explore.small_study.options import ADJUSTING, requested
from coppice.extract.choose import entering
from coppice.plan.multiverse import multiverse_of, multiverse_spec, variants
from coppice.plan.requests import effect_request, studies_with, with_arms
from coppice.plan.switches import switches
from coppice.review.analysis import Analysis
from coppice.review.checks.bayes import bayes_request
from coppice.review.checks.models import model_of, regressed_on
from coppice.review.comparison import of_two_arms
from coppice.review.keys.requests import MODEL_REQUESTS
from coppice.review.review import Review

RANDOMISED = "randomised"  # the design of studies without confounding


def requests(
    review: Review, analysis: Analysis, study: Study, reported: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, WantedMeasure]]:
    """Yield the effect of each variant of an analysis, with the figures of its comparison where it or a figure chooses arms."""
    names_arms = any(figure.get("arms") for figure in reported)
    for _, variant in variants(review, analysis):
        name, wanted = effect_request(review, variant)
        if variant.comparison or names_arms:
            wanted = with_arms(
                wanted, reported, variant.comparison.of(study) if variant.comparison else of_two_arms(study)
            )
        yield name, wanted


def entering_of(
    review: Review, analysis: Analysis, study: Study, extracted: ExtractContent
) -> tuple[list[Candidate], str]:
    """Return the candidates of a study that enter, or the reason why none does."""
    name = effect_request(review, analysis)[0]
    return entering(extracted["measures"].get(name), analysis.settings.get("route"))


def has_multiverse(review: Review, analysis: Analysis) -> bool:
    """Return whether an analysis has a multiverse, which extracts effects in other ways."""
    return multiverse_of(review, analysis) is not None


def bayes_of_analysis(review: Review, item: Analysis) -> dict[str, Any]:
    """Return the priors of the Bayesian model and the thresholds that it is asked about; nothing without one."""
    request = bayes_request(review.settings, item.settings)
    if request is None:
        return {}
    important = item.settings.get("important")
    return {"bayes": request, **({} if important is None else {"important": important})}


def figures(review: Review, item: Analysis) -> set[str]:
    """Return the figures that an analysis has since it requests what they show."""
    shown = {"posterior", "shrinkage"} if bayes_request(review.settings, item.settings) else set()
    return shown | ({"adjusted"} if requested(switches(review, item).get("small_study")) & ADJUSTING else set())


def pool(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `pool` reads of an analysis."""
    subgroups = item.subgroups
    model = model_of(review.settings, item.settings)
    names = sorted({*([subgroups] if subgroups else []), *regressed_on(item.settings, model)})
    return {
        "analysis": item.name,
        "outcome": item.outcome,
        "measure": item.measure,
        "effect": effect_request(review, item)[0],
        "model": model,
        "subgroups": subgroups,
        **({"levels": item.levels} if item.levels else {}),
        "moderators": item.settings.get("moderators"),
        **({"scale_moderators": formula} if (formula := item.settings.get("scale_moderators")) else {}),
        **{key.name: item.settings[key.name] for key in MODEL_REQUESTS if item.settings.get(key.name)},
        **bayes_of_analysis(review, item),
        "dependence": item.settings.get("dependence"),
        "overall": item.settings.get("overall", True),
        "route": item.settings.get("route"),
        "studies": studies_with(item, names),
        "excluded": list(item.excluded),
    }


def with_records(review: Review, item: Analysis, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return explorations with what they read of the records and the analysis: only those that are requested."""

    def added(name: str, more: Mapping[str, Any]) -> dict[str, Any]:
        own = wanted.get(name, False)
        return {name: {**(own if isinstance(own, Mapping) else {}), **more}} if own is not False and more else {}

    all_randomised = bool(item.members) and all(study.design == RANDOMISED for study in item.members)
    important = item.settings.get("important")
    return {
        **wanted,
        **added("e_values", {"all_randomised": True} if all_randomised else {}),
        **added("fragility", {"extract": effect_request(review, item)[1]["options"]}),
        **added("equivalence", {} if important is None else {"important": important}),
    }


def explore(review: Review, item: Analysis) -> dict[str, Any]:
    """Return what `explore` reads of an analysis besides its pooled result."""
    content = {"analysis": item.name, "explore": with_records(review, item, switches(review, item))}
    if not has_multiverse(review, item):
        return content
    effects = [
        {"measure": variant.measure, "extract": name, "effect": effect_request(review, variant)[0]}
        for name, variant in variants(review, item)
    ]
    return content | {"multiverse": multiverse_spec(review, item, pool(review, item), effects)}
