"""The settings of a diagnostic meta-analysis, and what is wrong with them or with its studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.schema import Choice, Finding, Key, ListOf, Number, Object, Text
from coppice.core.study import Study
from coppice.pool.multivariate.diagnostic.options import BINOMIAL, METHODS, MODELS, NORMAL, ZERO_RULES, ZEROS
from coppice.review.checks.models import moderator_findings
from coppice.review.comparison import Treatments

TEST, CONDITION = "the test", "the target condition"
MOST_PREVALENCES = 10
COUNTS = "diagnostic_counts"
DIAGNOSTIC = Object(
    (
        Key(
            "model",
            Choice(lambda: MODELS),
            "Likelihood: the exact binomial one, which needs nothing for empty cells, or the normal one of the logits",
            default=BINOMIAL,
        ),
        Key(
            "zero_cells",
            Choice(lambda: ZERO_RULES),
            f"Of the normal model: {'; '.join(f'{item.name} ({item.code})' for item in ZERO_RULES.values())}",
            default=ZEROS,
        ),
        Key(
            "prevalences",
            ListOf(Number(low=0, high=1), most=MOST_PREVALENCES),
            "Prevalences of the target condition, as fractions, at which consequences for 1,000 people are given. Default: the median of the studies",
        ),
        Key("test", Text(), "What the test is called in a sentence", default=TEST),
        Key("condition", Text(), "What the target condition is called in a sentence", default=CONDITION),
    )
)


def settings_of(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a diagnostic analysis with their defaults."""
    own = analysis.get("diagnostic") or {}
    model = str(own.get("model", BINOMIAL))
    return {
        "model": model,
        **({"zero_cells": str(own.get("zero_cells", ZEROS))} if model == NORMAL else {}),
        "test": str(own.get("test", TEST)),
        "condition": str(own.get("condition", CONDITION)),
        "prevalences": [float(value) for value in own.get("prevalences") or ()],
    }


def findings(
    settings: Mapping[str, Any], model: Mapping[str, Any], treatments: Treatments, members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the settings of a diagnostic analysis, given the studies that enter."""
    own = settings.get("diagnostic") or {}
    is_normal = own.get("model", BINOMIAL) == NORMAL
    if "zero_cells" in own and not is_normal:
        yield (
            ("diagnostic", "zero_cells"),
            "is for the normal model: the binomial one takes the counts as they are; leave it out",
        )
    if isinstance(settings.get("multiverse"), Mapping):
        yield (
            ("multiverse",),
            "is true or false of a diagnostic meta-analysis, which varies its model and the rule for empty cells",
        )
    tau2 = model.get("tau2")
    if is_normal and tau2 is not None and tau2 not in METHODS:
        yield ("model",), f"the normal model is fitted by {' or '.join(METHODS)}, not {tau2}"
    yield from moderator_findings(settings, members)
    for study in members:
        yield from _several_tables(study, str(settings["outcome"]))


def _several_tables(study: Study, outcome: str) -> Iterator[Finding]:
    """Yield a study with several two by two tables of the same people, as of several thresholds, and not one marked."""
    content = study.outcomes.get(outcome, {"reported": []})
    by_population: dict[str, list[Mapping[str, Any]]] = {}
    for figure in content["reported"]:
        if figure["statistic"] == COUNTS:
            people = str(figure.get("population") or content.get("population") or study.population)
            by_population.setdefault(people, []).append(figure)
    for figures in by_population.values():
        if len(figures) > 1 and sum("use" in figure for figure in figures) != 1:
            several = f"{study.study} has {len(figures)} two by two tables of the same people, as of several thresholds"
            yield (), f"{several}; mark with `use` the one that enters, with the reason"
