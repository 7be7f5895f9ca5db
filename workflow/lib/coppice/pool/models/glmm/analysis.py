"""An analysis by a generalised linear mixed model: its parts in place of those of effects and variances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from scipy.special import chdtrc

from coppice.core.contracts.glmm import CorrectedModel, Glmm
from coppice.core.contracts.pool import DifferenceTest, Level, PooledAnalysis, Subgroups
from coppice.pool.kernel.kernel import studies
from coppice.pool.models.glmm.counts import table_of
from coppice.pool.models.glmm.options import model_of
from coppice.pool.models.glmm.part import GlmmParts, glmm_parts, zeros_of
from coppice.pool.models.glmm.studies import CountedStudy
from coppice.pool.profiles import Settings, usual
from coppice.pool.results import pool_settings

OF_THE_EFFECTS = ("random", "prediction", "heterogeneity", "inference", "tau2_interval")


def parts_of(rows: Sequence[CountedStudy], options: Settings, measure: str) -> GlmmParts:
    """Fit the model to the counts of studies."""
    return glmm_parts(table_of([row.reported for row in rows], str(options.likelihood), measure), options, measure)


def with_glmm(
    spec: Mapping[str, Any],
    result: PooledAnalysis,
    rows: Sequence[CountedStudy],
    options: Settings,
) -> PooledAnalysis:
    """Return a result with the model of the counts in place of that of the effects, if the options ask for one."""
    if options.likelihood is None:
        return result
    parts = parts_of(rows, options, result["measure"])
    has_overall = bool(spec.get("overall", True))
    glmm = cast(
        Glmm,
        {
            "likelihood": options.likelihood,
            "model": model_of(str(options.likelihood), options.glmm, result["measure"]),
            **parts.glmm,
            "counts_only": [row.label for row in rows if not row.has_effect],
            "corrected": corrected(result, rows, options),
        },
    )
    result["settings"]["glmm"] = glmm["model"]
    for effect in result["effects"]:  # a model of counts has none
        effect["weight_random"] = effect["weight_common"] = None
    if spec.get("subgroups") and rows:
        result["subgroups"] = glmm_subgroups(result, spec["subgroups"], rows, options)
    if not has_overall:
        return {**result, "glmm": glmm}
    kept = {name: text for name, text in result["reasons"].items() if name not in OF_THE_EFFECTS}
    about_common = [
        sentence for sentence in result["warnings"] if "common effect" in sentence or "Cochran's Q" in sentence
    ]
    return {
        **result,
        "random": parts.random,
        "alternatives": {"wald": parts.wald, "HKSJ": None},
        "prediction": parts.prediction,
        "heterogeneity": parts.heterogeneity,
        "reasons": kept | parts.reasons,
        "warnings": [*parts.warnings, *about_common],
        "glmm": glmm,
    }


def corrected(result: PooledAnalysis, rows: Sequence[CountedStudy], options: Settings) -> CorrectedModel | None:
    """Return what the usual model of the profile gives with 0.5 added to the cells of tables with a zero.

    Of two arms, tables in which all patients fared alike are left out, as they have no ratio.
    """
    table = table_of([row.reported for row in rows], str(options.likelihood), result["measure"])
    kept = table.has_effect[0]
    if not kept.any():
        return None
    inside, as_usual = table.at(kept), usual(options)
    yi, vi = inside.effects()
    model = pool_settings(yi[0], vi[0], as_usual)
    if model.random is None:
        return None
    return {
        "line": model.random,
        "tau2": None if model.heterogeneity is None else model.heterogeneity["tau2"],
        "estimator": as_usual.tau2,
        "k": model.k,
        "corrected": zeros_of(inside)[0],
    }


def glmm_subgroups(result: PooledAnalysis, by: str, rows: Sequence[CountedStudy], options: Settings) -> Subgroups:
    """Return the levels of a characteristic, each with a model of its own counts, and Wald's test of their difference."""
    before = {level["level"]: level for level in (result["subgroups"] or {"levels": []})["levels"]}
    levels: list[Level] = []
    singles: list[GlmmParts] = []
    for name in dict.fromkeys(str(row.subgroup) for row in rows):
        inside = [row for row in rows if str(row.subgroup) == name]
        parts = parts_of(inside, options, result["measure"])
        singles.append(parts)
        common = before[name]["common"] if name in before else None
        alone = len(inside) < 2
        reasons = dict.fromkeys(("random", "common"), "a subtotal needs more than one study") if alone else {}
        if not alone and common is None:
            reasons["common"] = "no study gives an effect"
        levels.append(
            {
                "level": name,
                "k": len(inside),
                "common": None if alone else common,
                "random": None if alone else parts.random,
                "alternatives": None if alone else {"wald": parts.wald, "HKSJ": None},
                "prediction": parts.prediction,
                "heterogeneity": parts.heterogeneity,
                "reasons": parts.reasons | reasons,
                "warnings": [] if alone else parts.warnings,
                "glmm": parts.glmm,
            }
        )
    test_common = (result["subgroups"] or {"test_common": None})["test_common"]
    return {
        "by": by,
        "levels": levels,
        "test": difference_test(singles),
        "test_common": test_common,
        "test_common_tau2": None,
    }


def difference_test(levels: Sequence[GlmmParts]) -> DifferenceTest | None:
    """Test for differences between levels by Q of their estimates with Wald's variances; None below two levels."""
    lines = [(level.wald["estimate"], level.wald["se"]) for level in levels if level.wald is not None]
    pairs = [(estimate, se) for estimate, se in lines if se is not None and se > 0]
    if len(pairs) < 2:
        return None
    data = studies(np.array([estimate for estimate, _ in pairs]), np.array([se**2 for _, se in pairs]))
    q, df = float(data.at(np.zeros(1)).q()[0]), len(pairs) - 1
    return {"method": "wald", "Q": q, "df": df, "df2": None, "p": float(chdtrc(df, q))}
