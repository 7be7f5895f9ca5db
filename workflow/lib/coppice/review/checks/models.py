"""What an analysis asks of its model, checked against its studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.errors import allowed_values_hint, studies_have
from coppice.core.importance import importance_findings
from coppice.core.measures import MEASURES
from coppice.core.schema import Finding
from coppice.core.study import Study
from coppice.pool.dependence.options import dependence_of
from coppice.pool.dependence.shared_control import COVARIANCES, sharing
from coppice.pool.formula import variables
from coppice.pool.models.glmm.options import measure_problem
from coppice.pool.options import INFERENCES
from coppice.pool.profiles import DEFAULT_PROFILE, OF_CORRECTIONS, Settings
from coppice.pool.profiles import settings as options_of
from coppice.pool.thresholds import on_scale
from coppice.review.catalogue import OWN, unknown_characteristic
from coppice.review.checks.bayes import bayes_findings
from coppice.review.comparison import Chosen
from coppice.review.tables import is_table


def model_of(review: Mapping[str, Any], analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model of an analysis: the profile, overridden by the review, overridden by the analysis."""
    profile = {"profile": review.get("profile", DEFAULT_PROFILE)}
    return profile | (review.get("model") or {}) | (analysis.get("model") or {})


def moderators_of(settings: Mapping[str, Any], key: str = "moderators") -> tuple[str, ...]:
    """Return the characteristics in a formula of the meta-regression; ValueError says why it can't be read."""
    return tuple(variables(str(settings[key]))) if settings.get(key) else ()


def regressed_on(settings: Mapping[str, Any], model: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the characteristics that the meta-regression of an analysis or the weights of its estimator read."""
    names = dict.fromkeys((*moderators_of(settings), *moderators_of(settings, "scale_moderators")))
    weights = model.get("tau2_weights") if model.get("tau2") == "GENQ" else None
    return (*names, *([str(weights)] if weights else []))


def model_findings(
    settings: Mapping[str, Any],
    model: Mapping[str, Any],
    members: Sequence[Study],
    comparison: Chosen | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with the moderators, the handling of dependent effects and the weights of an analysis.

    `model` includes that of the review. Without members, as where not all could be read, nothing is reported as missing.
    """
    yield from option_findings(settings, model)
    if settings.get("dependence"):
        try:
            how = dependence_of(settings["dependence"])
        except ValueError as error:
            yield ("dependence",), str(error)
        else:
            if how is not None and how.method == "multilevel":
                yield from shared_control_findings(settings, members)
    else:
        yield from mark_findings(settings, members, comparison)
    yield from moderator_findings(settings, members)
    yield from place_findings(settings, members)
    yield from scale_findings(settings, model, members)
    yield from request_findings(settings)
    yield from bayes_findings(settings, len(members) or None)
    if model.get("tau2") == "GENQ":
        yield from weight_findings(model.get("tau2_weights"), members)


def shared_control_findings(settings: Mapping[str, Any], members: Sequence[Study]) -> Iterator[Finding]:
    """Yield that effects share a control arm, where the measure has no covariance for it and sampling errors no rho."""
    measure, outcome = str(settings["measure"]), str(settings["outcome"])
    figures = [
        {"study": study.study, "reported": figure}
        for study in members
        for figure in study.figures(outcome)
        if "use" in figure
    ]
    names = dict.fromkeys(str(figures[i]["study"]) for i, _ in sharing(figures))
    if names and measure not in COVARIANCES:
        shared = f"effects of {', '.join(names)} have the same control arm, whose covariance is not known for {measure}"
        yield ("dependence",), f"{shared}; take che or aggregate, with a rho"


def compared_arms(comparison: Chosen | None, study: Study) -> set[str]:
    """Return the arms of a study that an analysis compares; none where it chooses none."""
    arms = comparison.arms(study) if comparison else {"experimental": [], "control": []}
    return {*arms["experimental"], *arms["control"]}


def mark_findings(
    settings: Mapping[str, Any], members: Sequence[Study], comparison: Chosen | None = None
) -> Iterator[Finding]:
    """Yield studies with two marked figures of the same patients, which only one analysis of dependent effects can take.

    Figures of named arms that the analysis does not compare are left to the analyses that do.
    """
    for study in members:
        content = study.outcomes.get(str(settings["outcome"]), {"reported": []})
        sides = compared_arms(comparison, study)
        marked: dict[str, int] = {}
        for index, figure in enumerate(content["reported"]):
            population = str(figure.get("population") or content.get("population") or study.population)
            arms = figure.get("arms")
            if "use" not in figure or (sides and isinstance(arms, list) and not sides.issuperset(map(str, arms))):
                continue
            if population in marked:
                message = f"{study.study}: figures {marked[population]} and {index} of the same patients are both marked `use`"
                yield (), f"{message}; mark one, or choose by `dependence` how they are handled"
                break
            marked[population] = index


def moderator_findings(
    settings: Mapping[str, Any], members: Sequence[Study], key: str = "moderators"
) -> Iterator[Finding]:
    """Yield a formula that can't be read, moderators that no study has, and records that lack one.

    A record has it as null where it is not known, a table has an empty cell: such a study is left out of the
    meta-regression, which the result says.
    """
    outcome = str(settings["outcome"])
    try:
        names = moderators_of(settings, key)
    except ValueError as error:
        yield (key,), str(error)
        return
    characteristics = OWN.union(*(study.names_of(outcome) for study in members))
    for name in names if members else ():
        if name not in characteristics:
            yield (key,), unknown_characteristic(name, characteristics)
            continue
        lacking = [
            study.study for study in members if name not in OWN | study.names_of(outcome) and not is_table(study.file)
        ]
        if lacking:
            message = f"{studies_have(lacking)} no characteristic '{name}'; add it, null where it is not known"
            yield (key,), message


def scale_findings(
    settings: Mapping[str, Any],
    model: Mapping[str, Any],
    members: Sequence[Study],
    comparison: Chosen | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with the moderators of the heterogeneity, and models that have none."""
    if not settings.get("scale_moderators"):
        return
    yield from moderator_findings(settings, members, "scale_moderators")
    if model.get("likelihood"):
        yield ("scale_moderators",), "a GLMM has one tau2 for all studies; remove `scale_moderators`, or `likelihood`"
    elif (settings.get("dependence") or {}).get("method", "aggregate") != "aggregate":
        yield (
            ("scale_moderators",),
            "a location-scale model is for independent effects; aggregate the effects of a study",
        )


def place_findings(settings: Mapping[str, Any], members: Sequence[Study]) -> Iterator[Finding]:
    """Yield places at which a meta-regression can't predict: without a value of each moderator, or with an unknown one."""
    try:
        names = moderators_of(settings)
    except ValueError:  # the formula is wrong, which is reported as such
        return
    for index, place in enumerate((settings.get("regression") or {}).get("at") or () if names else ()):
        where = ("regression", "at", index)
        if set(place) != set(names):
            yield where, f"needs a value of each moderator and no other: {', '.join(sorted(names))}"
            continue
        for name, value in place.items():
            seen = {value for study in members for value in study.values_of(name, str(settings["outcome"]))}
            if isinstance(value, str) and seen and value not in seen:
                yield (*where, name), f"no study has '{value}'; {allowed_values_hint(value, map(str, seen))}"


def request_findings(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what can't be asked of an analysis, as a threshold of 0 for a ratio."""
    if settings.get("regression") and not settings.get("moderators"):
        yield ("regression",), "is for a meta-regression; add `moderators`"
    if settings.get("permutation") and (settings.get("dependence") or {}).get("method", "aggregate") != "aggregate":
        yield ("permutation",), "a permutation test is for independent effects; aggregate the effects of a study"
    for side, values in (settings.get("beyond") or {}).items():
        for index, value in enumerate(values):
            try:
                on_scale(MEASURES[str(settings["measure"])], float(value))
            except ValueError as error:
                yield ("beyond", side, index), str(error)
    yield from importance_findings(settings.get("important"), MEASURES[str(settings["measure"])])


def option_findings(settings: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield options that do not go together, or that no meta-regression of independent effects can have."""
    try:
        options = options_of(model)
    except ValueError as error:
        yield ("model",), str(error)
        return
    yield from ignored_findings(settings.get("model") or {}, model, options)
    yield from glmm_findings(settings, options)
    if not settings.get("moderators") or (settings.get("dependence") or {}).get("method", "aggregate") != "aggregate":
        return
    if INFERENCES[options.inference].is_of_the_mean:
        other = "HKSJ" if options.likelihood is None else "wald"
        message = f"the inference {options.inference} is for models without moderators; name another, as `model: {{inference: {other}}}`"
        yield ("moderators",), message
    if options.prediction == "bootstrap":
        yield ("moderators",), "the prediction bootstrap is for models without moderators; name another, as `HTS`"


def glmm_findings(settings: Mapping[str, Any], options: Settings) -> Iterator[Finding]:
    """Yield what a generalised linear mixed model can't have: another measure, dependent effects, exchanged signs."""
    if options.likelihood is None:
        return
    if problem := measure_problem(options.likelihood, options.glmm, str(settings["measure"])):
        yield ("model",), problem
    if settings.get("dependence"):
        yield ("dependence",), "a GLMM pools the counts of each study once; remove `dependence`, or `likelihood`"
    if settings.get("permutation"):
        yield ("permutation",), "a GLMM has no effects whose signs could be exchanged; remove `permutation`"
    if settings.get("bayes"):
        yield (
            ("bayes",),
            "the Bayesian model is of effects with variances, and a GLMM has none; give it an analysis of its own",
        )


def ignored_findings(own: Mapping[str, Any], model: Mapping[str, Any], options: Settings) -> Iterator[Finding]:
    """Yield options that another one leaves without effect.

    An analysis need not repeal the options of the review: with an estimator of its own it needs no `tau2_weights`.
    """
    read_by = {"tau2_weights": ("tau2", "GENQ"), "common_double_zeros": ("common", "MH or Peto")}
    read_by |= dict.fromkeys(OF_CORRECTIONS, ("common", "MH"))
    for name, (reader, values) in read_by.items():
        is_said = name in own or (name in model and reader not in own)
        if is_said and str(getattr(options, reader)) not in values.split(" or "):
            message = f"{name} is read with `{reader}: {values}` alone, not with {getattr(options, reader)}; remove it"
            yield ("model",), message


def weight_findings(name: Any, members: Sequence[Study]) -> Iterator[Finding]:
    """Yield that studies have no weight for the estimator GENQ."""
    if name is None:
        yield ("model",), "the estimator GENQ needs `tau2_weights`, the characteristic that holds its weights"
        return
    values = {study.study: study.value(str(name)) for study in members}
    lacking = [
        study
        for study, value in values.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0
    ]
    if lacking:
        yield ("model",), f"{studies_have(lacking)} no number above 0 as '{name}', the weight of the estimator GENQ"
