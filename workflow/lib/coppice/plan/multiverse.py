"""What the multiverse of an analysis varies: its measures, ways of making effects, and sets of studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coppice.core.risk_of_bias import NOT_ASSESSED, for_outcome, judgement
from coppice.core.study import Study
from coppice.explore.multiverse.options import MAIN
from coppice.review.analysis import Analysis
from coppice.review.catalogue import Catalogue, listed
from coppice.review.review import Review


def multiverse_of(review: Review, item: Analysis) -> Mapping[str, Any] | None:
    """Return what the multiverse of an analysis varies; None where it has none."""
    own = item.settings.get("multiverse", True)
    return (review.settings.get("multiverse") if own is True else own) or None


def variants(review: Review, item: Analysis) -> Iterator[tuple[str, Analysis]]:
    """Yield an analysis as it is, then with each other measure and way of making effects, by the way's name."""
    varied = multiverse_of(review, item) or {}
    measures = dict.fromkeys([item.measure, *varied.get("measure", ())])
    own = item.settings.get("extract") or {}
    ways = {MAIN: {}} | {str(name): way for name, way in (varied.get("extract") or {}).items()}
    for measure in measures:
        for name, way in ways.items():
            yield name, replace(item, settings={**item.settings, "measure": measure, "extract": {**own, **way}})


def remaining(item: Analysis, rule: Mapping[str, Any]) -> list[str]:
    """Return the ids of the studies of an analysis that a rule leaves."""
    excluded = {str(study) for study in rule.get("exclude") or ()}
    members = Catalogue(item.members).accepted(rule.get("include") or {})
    return [study.study for study in members if study.study not in excluded]


def judged(study: Study, outcome: str, judgements: set[str]) -> bool:
    """Return whether the overall risk of bias of a study, for an outcome, is one of those; one not assessed has none."""
    overall = judgement((for_outcome(study.risk_of_bias, outcome) or {}).get("overall"))
    return overall != NOT_ASSESSED and overall in {judgement(value) for value in judgements}


def multiverse_spec(
    review: Review, item: Analysis, pool: Mapping[str, Any], effects: list[dict[str, str]]
) -> dict[str, Any]:
    """Return what `explore` reads of the multiverse of an analysis.

    `effects` has `measure`, `extract` and the `effect` in the extracts of each variant.
    """
    varied = multiverse_of(review, item) or {}
    return {
        "pool": pool,
        "effects": effects,
        **{name: list(varied.get(name) or ()) for name in ("route", "tau2", "inference")},
        **({"model": list(varied["model"])} if varied.get("model") else {}),
        **({"prior": {str(name): prior for name, prior in priors.items()}} if (priors := varied.get("prior")) else {}),
        "studies": {str(name): remaining(item, rule) for name, rule in (varied.get("studies") or {}).items()},
        "risk_of_bias": {
            " or ".join(map(str, listed(value))): [
                study.study for study in item.members if judged(study, item.outcome, set(map(str, listed(value))))
            ]
            for value in varied.get("risk_of_bias") or ()
        },
    }
