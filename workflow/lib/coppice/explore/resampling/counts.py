"""Subsets of the studies of a generalised linear mixed model: all of them in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.explore import ResampledRow
from coppice.core.contracts.pool import PoolResult
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.models.glmm.counts import Table, table_of
from coppice.pool.models.glmm.fit import fit
from coppice.pool.models.glmm.options import model_of
from coppice.pool.models.glmm.part import fixed_tau
from coppice.pool.models.glmm.profile import profile_mean
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings, settings_of

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p", "tau2", "I2", "H2")


def rows_of(pooled: PoolResult) -> list[Mapping[str, Any]]:
    """Return the studies whose counts are in a pooled result: those with an effect, then those with counts alone."""
    counted = [
        {"study": item["study"], "label": item["label"], "population": item["study"], "reported": item["reported"]}
        for item in pooled["excluded"]
        if "reported" in item
    ]
    return [*pooled["effects"], *counted]


def fit_subsets_of_counts(
    table: Table, code: str | None, used: NDArray[np.bool_], options: Settings
) -> dict[str, Array]:
    """Return the model of each subset (m, k) as columns (m,): NaN where its likelihood has no maximum."""
    model = table.model(code)
    fixed = fixed_tau(options, len(used))
    best = fit(model, used, tau=fixed)
    estimate = best.coefficients[:, 0]
    se = np.sqrt(best.covariance(is_tau_free=fixed is None)[:, 0, 0])
    informative = (table.tells(code) & used).sum(axis=1)
    df = (
        np.where(informative > 1, informative - 1.0, np.inf) if options.inference == "t" else np.full(len(used), np.inf)
    )
    half = two_sided_quantile(options.level, df) * se
    low, high, statistic = estimate - half, estimate + half, estimate / se
    p = two_sided_p(statistic, df)
    if options.inference == "PL":
        low, high, p = profile_mean(model, used, best, level=options.level, null=0.0, tau=fixed)
        statistic = np.full(len(used), np.nan)
    spread = heterogeneity(table.inverse_variance(table.has_effect & used), best.tau**2)
    values = (estimate, se, low, high, statistic, p, best.tau**2, spread.i2, spread.h2)
    is_estimable = best.is_converged & has_both(table, used)
    return {name: np.where(is_estimable, column, np.nan) for name, column in zip(COLUMNS, values, strict=True)}


def has_both(table: Table, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which subsets (m,) have, in each arm, some events and some patients without."""
    arms = [(table.events_e, table.total_e), *([] if table.is_one_group else [(table.events_c, table.total_c)])]
    has = np.ones(len(used), dtype=bool)
    for events, total in arms:
        has &= (events * used).sum(axis=1) > 0
        if table.likelihood == "binomial":
            has &= ((total - events) * used).sum(axis=1) > 0
    return np.asarray(has)


def leave_one_out_of_counts(pooled: PoolResult) -> list[ResampledRow]:
    """Return the model without each study, by the inference of the analysis."""
    studies, options = rows_of(pooled), settings_of(pooled["settings"])
    likelihood, measure, k = str(options.likelihood), pooled["measure"], len(studies)
    table = table_of([study["reported"] for study in studies], likelihood, measure)
    columns = fit_subsets_of_counts(table, model_of(likelihood, options.glmm, measure), ~np.eye(k, dtype=bool), options)
    return [_row(study, columns, index, k - 1, options.inference) for index, study in enumerate(studies)]


def _row(
    study: Mapping[str, Any], columns: Mapping[str, Sequence[float] | Array], index: int, k: int, inference: str
) -> ResampledRow:
    numbers = {name: finite(values[index]) for name, values in columns.items()}
    about = {name: study[name] for name in ("study", "label", "population")}
    return cast(ResampledRow, {**about, "k": k, "inference": inference, "Q": None, **numbers})
