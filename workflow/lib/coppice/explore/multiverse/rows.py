"""The rows of a multiverse: every model of every combination of effects and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, cast

import numpy as np

from coppice.core.contracts.explore import Specification
from coppice.core.contracts.pool import SelectedEffect
from coppice.core.contracts.values import Figure
from coppice.core.measures import MEASURES
from coppice.core.specifications import RANDOM
from coppice.explore.multiverse import bayesian
from coppice.explore.multiverse.models import Counted, Unfit, has_not, needs, row_of
from coppice.explore.multiverse.options import BAYESIAN, NO_PRIOR
from coppice.explore.resampling.mantel_haenszel_tau2 import mantel_haenszel, subset_tau2
from coppice.explore.resampling.rule import infer_each
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.inference import inference
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.models.glmm.studies import CountedStudy
from coppice.pool.profiles import Settings

NO_INTERVAL = "the model gives no finite interval for these effects"
ROW = ("estimate", "se", "ci_low", "ci_high", "p", "tau2", "I2")
Choices = dict[str, str]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Choices that can't be combined, and why; those that are not named may be anything."""

    choices: Choices
    reason: str


@dataclass(frozen=True, slots=True)
class Pooled:
    """The effects of one combination of the choices that decide about them."""

    choices: Choices
    effects: tuple[SelectedEffect, ...]
    counted: tuple[Figure, ...] = ()  # figures of studies that give counts and no effect
    studies: tuple[CountedStudy, ...] = ()  # all that give counts, where a model takes them

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what two combinations share if they pool the same."""
        same = tuple((effect["study"], effect["population"], effect["yi"], effect["vi"]) for effect in self.effects)
        return self.choices["measure"], same, tuple(study.study for study in self.studies)


def _arranged(sets: Sequence[Pooled]) -> Studies:
    """Return the effects of all combinations as one array."""
    widest = max(len(item.effects) for item in sets)
    yi, vi = np.zeros((len(sets), widest)), np.ones((len(sets), widest))
    used = np.zeros((len(sets), widest), dtype=bool)
    for row, item in enumerate(sets):
        k = len(item.effects)
        yi[row, :k], vi[row, :k] = ([effect[name] for effect in item.effects] for name in ("yi", "vi"))
        used[row, :k] = True
    return studies(yi, vi, used=used)


def _model(data: Studies, tau2: Array, options: Settings) -> tuple[dict[str, Array], tuple[str, ...]]:
    """Return the columns of the rows for a model, each (n,), and the inference of each row."""
    line, codes = infer_each(data, tau2, options)
    i2 = heterogeneity(data, tau2, level=options.level).i2
    columns = (*(getattr(line, name)[:, 0] for name in ROW[:5]), tau2, i2)
    return dict(zip(ROW, columns, strict=True)), codes


def _tau2(data: Studies, sets: Sequence[Pooled], model: Settings, estimator: str) -> Array:
    """Return tau2 of each combination by one estimator, about Mantel-Haenszel's estimate where the profile takes it so."""
    means = np.full(len(sets), np.nan)
    options = replace(model, tau2="DL", inference="wald", tau2_interval="QP")
    for index, item in enumerate(sets) if estimator == "DL" and options.is_about_mantel_haenszel else ():
        reported = [*(effect["reported"] for effect in item.effects), *item.counted]
        mean = mantel_haenszel([reported], options, item.choices["measure"])
        means[index] = np.nan if mean is None else mean[0]
    return subset_tau2(data, _estimator(estimator), means)


def rows_of(
    sets: Sequence[Pooled],
    choices: Mapping[str, Sequence[str]],
    main: Settings,
    impossible: list[Impossible],
    priors: Mapping[str, Any],
) -> list[Specification]:
    """Return a row for each specification, in the order of the choices.

    Its inference follows the rule of the profile, as that of an analysis with these choices would. If two choices so
    give the same interval, both stay, so that each choice is combined with all others.
    """
    data = _arranged(sets)
    blocks = [*_blocks(data, sets, choices, main, impossible), *_bayesian(data, sets, choices, main, priors)]
    rows: list[Specification] = []
    for index, item in enumerate(sets):
        for block in blocks:
            values = block.results[index]
            if isinstance(values, str):
                impossible.append(Impossible(item.choices | block.choices, values))
            elif np.isfinite(list(values.values())).all():
                k = int(values.get("k", len(item.effects)))
                numbers = {name: values[name] for name in ROW}
                row = {"choices": item.choices | block.choices, "k": k, "inference": block.codes[index], **numbers}
                rows.append(cast(Specification, row))
            else:
                impossible.append(Impossible(item.choices | block.choices, block.not_finite))
    return rows


@dataclass(frozen=True, slots=True)
class Block:
    """One model, fitted to every combination of effects: its choices, the results and the inferences."""

    choices: Choices
    results: Sequence[dict[str, float] | str]
    codes: Sequence[str]
    not_finite: str = NO_INTERVAL


def _bayesian(
    data: Studies,
    sets: Sequence[Pooled],
    choices: Mapping[str, Sequence[str]],
    main: Settings,
    priors: Mapping[str, Any],
) -> Iterator[Block]:
    """Fit the random-effects model under every prior."""
    nulls = np.array([MEASURES[item.choices["measure"]].null or 0.0 for item in sets])
    named = {"model": RANDOM} if "model" in choices else {}
    for chosen, columns, codes in bayesian.blocks(data, priors, nulls, main.level):
        yield Block(named | chosen, _by_set(columns, len(sets)), codes, bayesian.IMPROPER)


def _by_set(columns: Mapping[str, Array], n: int) -> list[dict[str, float] | str]:
    return [{name: float(columns[name][i]) for name in ROW} for i in range(n)]


def _blocks(
    data: Studies,
    sets: Sequence[Pooled],
    choices: Mapping[str, Sequence[str]],
    main: Settings,
    impossible: list[Impossible],
) -> Iterator[Block]:
    """Fit every model of the choices that is not Bayesian."""
    no_prior = {"prior": NO_PRIOR} if "prior" in choices else {}
    estimators, codes_of_tests = (
        [name for name in choices[choice] if name != BAYESIAN] for choice in ("tau2", "inference")
    )
    for model, estimator in product(choices.get("model", [RANDOM]), estimators):
        chosen = ({"model": model} if "model" in choices else {}) | {"tau2": estimator}
        reason = needs(model, tau2=estimator)
        tau2 = None
        try:
            tau2 = _tau2(data, sets, main, estimator) if model == RANDOM and not reason else None
        except ValueError as error:
            reason = str(error)
        if reason:
            impossible.append(Impossible(chosen | no_prior, reason))
            continue
        for code in codes_of_tests:
            every = chosen | {"inference": code} | no_prior
            if reason := _needs_inference(model, estimator, code):
                impossible.append(Impossible(every, reason))
            elif tau2 is None:
                yield Block(every, _one_by_one(sets, main, model, code), (code,) * len(sets))
            else:
                options = replace(main, tau2=_estimator(estimator), inference=code, tau2_interval="QP")
                columns, codes = _model(data, tau2, options)
                yield Block(every, _by_set(columns, len(sets)), codes)


def _needs_inference(model: str, estimator: str, code: str) -> str | None:
    """Return why a model can't have an inference; None where it can."""
    needed = inference(code).tau2 if model == RANDOM else None
    if needed is not None and needed != estimator:
        return f"the inference {code} is defined only for tau2: {needed}"
    return has_not(model, code)


def _one_by_one(sets: Sequence[Pooled], main: Settings, model: str, code: str) -> list[dict[str, float] | str]:
    """Return the columns of each combination by a model of counts, or of a common effect, or why that is not possible."""
    results: list[dict[str, float] | str] = []
    for item in sets:
        try:
            results.append(row_of(model, code, Counted(item.effects, item.studies, item.choices), main))
        except Unfit as error:
            results.append(str(error))
    return results


def _estimator(name: str) -> str | float:
    """Return an estimator's code, or the value that a number stands for."""
    try:
        return float(name)
    except ValueError:
        return name
