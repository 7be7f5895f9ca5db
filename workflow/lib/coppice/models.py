"""What an analysis asks of its model, checked against its studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.errors import nearest
from coppice.pool.formula import variables
from coppice.pool.handling import Dependence
from coppice.pool.profiles import DEFAULT_PROFILE
from coppice.pool.profiles import settings as options_of
from coppice.records import Study
from coppice.shape import Finding
from coppice.tables import is_table

BUILT_IN = frozenset(("study", "design", "year", "population"))  # characteristics that every study has


def model_of(review: Mapping[str, Any], analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model of an analysis: the profile, what the review says over it, what the analysis says over that."""
    profile = {"profile": review.get("profile", DEFAULT_PROFILE)}
    return profile | (review.get("model") or {}) | (analysis.get("model") or {})


def regressed_on(settings: Mapping[str, Any], model: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the characteristics that the meta-regression of an analysis or the weights of its estimator read."""
    names = variables(str(settings["moderators"])) if settings.get("moderators") else ()
    weights = model.get("tau2_weights") if model.get("tau2") == "GENQ" else None
    return (*names, *([str(weights)] if weights else []))


def model_findings(
    settings: Mapping[str, Any], model: Mapping[str, Any], members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the moderators, the handling of dependent effects and the weights of an analysis.

    Parameters
    ----------
    settings : mapping
        The analysis's part of the configuration.
    model : mapping
        Its model, that of the review included.
    members : sequence of Study
        Its studies; none where they are not all known, and then nothing is said to be missing from them.
    """
    try:
        options_of(model)
    except ValueError as error:
        yield ("model",), str(error)
    if settings.get("dependence"):
        try:
            Dependence(**settings["dependence"])
        except ValueError as error:
            yield ("dependence",), str(error)
        if settings.get("subgroups") and settings["dependence"]["method"] != "aggregate":
            yield ("dependence",), "a three-level model has no subgroups; aggregate the effects of a study"
        if settings.get("moderators") and settings["dependence"]["method"] != "aggregate":
            # the meta-regression would count the effects of a study as independent
            yield ("dependence",), "a three-level model has no moderators yet; aggregate the effects of a study"
    else:
        yield from mark_findings(settings, members)
    if settings.get("moderators"):
        try:
            names = variables(str(settings["moderators"]))
        except ValueError as error:
            yield ("moderators",), str(error)
        else:
            yield from moderator_findings(names, members)
    if model.get("tau2") == "GENQ":
        yield from weight_findings(model.get("tau2_weights"), members)


def mark_findings(settings: Mapping[str, Any], members: Sequence[Study]) -> Iterator[Finding]:
    """Yield studies with two marked figures of the same patients, which only one analysis of dependent effects can take."""
    for study in members:
        content = study.outcomes.get(str(settings["outcome"]), {"reported": []})
        marked: dict[str, int] = {}
        for index, figure in enumerate(content["reported"]):
            population = str(figure.get("population") or content.get("population") or study.population)
            if "use" in figure and population in marked:
                message = f"{study.study}: figures {marked[population]} and {index} of the same patients are both marked `use`"
                yield (), f"{message}; mark one, or say by `dependence` how they are handled"
                break
            if "use" in figure:
                marked[population] = index


def moderator_findings(names: Sequence[str], members: Sequence[Study]) -> Iterator[Finding]:
    """Yield moderators that no study has, and records that lack one.

    A record has it as null where it is not known, a table has an empty cell: such a study is left out of the
    meta-regression, which the result says.
    """
    known = BUILT_IN.union(*(study.characteristics for study in members))
    for name in names if members else ():
        if name not in known:
            yield ("moderators",), f"no study has the characteristic '{name}'; {nearest(name, known)}"
            continue
        lacking = [
            study.study
            for study in members
            if name not in BUILT_IN | set(study.characteristics) and not is_table(study.file)
        ]
        if lacking:
            yield (
                ("moderators",),
                f"no characteristic '{name}' in {', '.join(lacking)}; add it, null where it is not known",
            )


def weight_findings(name: Any, members: Sequence[Study]) -> Iterator[Finding]:
    """Yield studies without a weight for the estimator GENQ."""
    if name is None:
        yield ("model",), "the estimator GENQ needs `tau2_weights`, the characteristic that holds its weights"
        return
    for study in members:
        value = study.value(str(name))
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            yield ("model",), f"{study.study} has no number above 0 as '{name}', the weight of the estimator GENQ"
