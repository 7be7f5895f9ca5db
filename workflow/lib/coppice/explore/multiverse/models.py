"""Models of a multiverse beside that of random effects: common effects, and generalised linear mixed models of counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from coppice.core.common_methods import COMMON_METHODS, INVERSE_VARIANCE
from coppice.core.contracts.pool import PoolResult, SelectedEffect
from coppice.core.specifications import RANDOM
from coppice.explore.multiverse.options import MAIN, OF_ONE_GROUP, OF_THE_MODEL
from coppice.explore.resampling.counts import fit_subsets_of_counts
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.models.glmm.counts import table_of
from coppice.pool.models.glmm.options import INFERENCES, LIKELIHOODS, measure_problem
from coppice.pool.models.glmm.studies import CountedStudy
from coppice.pool.parts import counted_part
from coppice.pool.profiles import Settings, settings_of, usual
from coppice.pool.stratified import counts_of

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "p", "tau2", "I2")


class Unfit(Exception):
    """A model can't be fitted to the studies of a combination; the message says why."""


@dataclass(frozen=True, slots=True)
class ModelChoices:
    """The models that a multiverse compares, with the estimators and inferences that they need; empty for one model."""

    models: tuple[str, ...]
    tau2: tuple[str, ...]
    inference: tuple[str, ...]
    main: Settings  # of the model of random effects

    @classmethod
    def of(cls, request: Mapping[str, Any], pooled: PoolResult) -> ModelChoices:
        """Return the models of a request, that of the main analysis first."""
        options = settings_of(pooled["settings"])
        named = [str(model) for model in request.get("model") or ()]
        estimators, inferences = [str(options.tau2)], [options.inference]
        if options.likelihood is None:
            models = [RANDOM, *named] if named else []
            own = [OF_THE_MODEL] if any(model != RANDOM for model in named) else []
            return cls(
                tuple(dict.fromkeys(models)), (*estimators, *own), (*inferences, *(["wald"] if own else [])), options
            )
        as_usual = usual(options)
        models = [options.glmm or OF_ONE_GROUP, *named]
        estimators = [OF_THE_MODEL, *([str(as_usual.tau2)] if RANDOM in named else [])]
        inferences += [as_usual.inference] if RANDOM in named else []
        inferences += ["wald"] if any(model in COMMON_METHODS for model in named) else []
        return cls(tuple(dict.fromkeys(models)), tuple(estimators), tuple(inferences), as_usual)


def needs(model: str, *, tau2: str) -> str | None:
    """Return why a model can't have an estimator of tau2; None where it can."""
    if model == RANDOM:
        return f"the model {RANDOM} needs an estimator of tau2" if tau2 == OF_THE_MODEL else None
    return None if tau2 == OF_THE_MODEL else "the model leaves no choice of an estimator of tau2"


def has_not(model: str, inference: str) -> str | None:
    """Return why a model can't have an inference; None where it can. That of random effects may have any."""
    allowed = ("wald",) if model in COMMON_METHODS else INFERENCES
    return None if model == RANDOM or inference in allowed else f"the model has no inference {inference}"


def reads_counts(model: str) -> bool:
    """Return whether a model takes counts, whatever the effects made of them."""
    return model not in (RANDOM, INVERSE_VARIANCE)


@dataclass(frozen=True, slots=True)
class Counted:
    """The effects and the counted studies of one combination of the choices that decide about them."""

    effects: Sequence[SelectedEffect]
    studies: Sequence[CountedStudy]
    choices: Mapping[str, str]


def row_of(model: str, inference: str, item: Counted, options: Settings) -> dict[str, float]:
    """Return the columns of a specification by a model of the effects or counts; Unfit says why that is not possible."""
    measure = item.choices["measure"]
    if reads_counts(model) and (item.choices["extract"], item.choices["route"]) != (MAIN, MAIN):
        raise Unfit("the model takes the counts, whatever the route and the corrections")
    fitted = (
        _common(model, item, options, measure)
        if model in COMMON_METHODS
        else _glmm(model, inference, item, options, measure)
    )
    if not all(np.isfinite(list(fitted.values()))):
        raise Unfit("the likelihood of these studies has no maximum")
    return fitted


def _common(model: str, item: Counted, options: Settings, measure: str) -> dict[str, float]:
    """Return a common effect; its tau2 and I2 are 0, as it has no heterogeneity."""
    if model == INVERSE_VARIANCE:
        yi, vi = np.array([[effect["yi"], effect["vi"]] for effect in item.effects]).T
        fitted = infer(studies(yi, vi), np.zeros(1), method="wald", level=options.level)
        numbers = {name: float(getattr(fitted, name)[0, 0]) for name in COLUMNS[:5]}
        return {**numbers, "tau2": 0.0, "I2": 0.0, "k": float(len(item.effects))}
    reported = [
        *(effect["reported"] for effect in item.effects),
        *(row.reported for row in item.studies if not row.has_effect),
    ]
    counted = counts_of(reported, measure)
    line = counted_part(replace(options, common=model), counted, measure)[0]
    if line is None or counted is None or line["p"] is None:
        raise Unfit(f"{model} needs a measure that it gives, and the counts of every study")
    values = dict(line)
    numbers = {name: float(cast(float, values[name])) for name in COLUMNS[:5]}
    return {**numbers, "tau2": 0.0, "I2": 0.0, "k": float(counted.tells(measure).sum())}


def _glmm(model: str, inference: str, item: Counted, options: Settings, measure: str) -> dict[str, float]:
    code = None if model == OF_ONE_GROUP else model
    fitting = [name for name in LIKELIHOODS if measure_problem(name, code, measure) is None]
    if not fitting or (code is None) != (measure in ("PLO", "IRLN")):
        raise Unfit(f"the model {model} does not give {measure}")
    if not {effect["study"] for effect in item.effects} <= {row.study for row in item.studies}:
        raise Unfit("the model needs the counts of every study")
    table = table_of([row.reported for row in item.studies], fitting[0], measure)
    chosen = replace(
        options,
        tau2="ML",
        inference=inference,
        tau2_interval="PL-ML",
        prediction="none",
        likelihood=fitting[0],
        glmm=code,
    )
    columns = fit_subsets_of_counts(table, code, np.ones((1, len(item.studies)), dtype=bool), chosen)
    return {**{name: float(columns[name][0]) for name in COLUMNS}, "k": float(len(item.studies))}
