"""The lines of the R script that repeat a generalised linear mixed model by metafor's rma.glmm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.jobs.canonical_json import rounded
from coppice.pool.models.glmm.options import keys_of
from coppice.report.report_data import AnalysisView

NAMES = {
    "OR": ("ai", "n1i", "ci", "n2i"),
    "IRR": ("x1i", "t1i", "x2i", "t2i"),
    "PLO": ("xi", "ni"),
    "IRLN": ("xi", "ti"),
}
# glmer stops near its maximum, and takes Laplace's approximation where there are two random effects
TOLERANCE, OF_LAPLACE = "5e-3", "5e-2"
TESTS = {"wald": "z", "t": "t"}


def glmm_lines(analysis: AnalysisView) -> list[str]:
    """Return the counts, the call of rma.glmm and the comparison; lme4, and BiasedUrn for CM.EL, must be installed."""
    pool, measure = analysis.pool, analysis.measure.code
    settings, main, spread = pool["settings"], pool["random"], pool["heterogeneity"]
    likelihood, model = str(settings["likelihood"]), settings.get("glmm")
    rows = [*analysis.effects, *(item for item in pool["excluded"] if "reported" in item)]
    if main is None or not isinstance(settings["tau2"], str):
        return ["# metafor has no counterpart of a GLMM with a given tau2."]
    columns = [
        f"{name} = c({', '.join(_number(row, key) for row in rows)})"
        for name, key in zip(NAMES[measure], keys_of(likelihood, measure), strict=True)
    ]
    has_points = model != "UM.RS" and (model, likelihood) != ("CM.EL", "binomial")
    test = TESTS.get(main["inference"])
    options = [
        *([f"model = {quoted(model)}", "drop00 = FALSE"] if model else []),
        *(["nAGQ = 25"] if has_points else []),
        *([f"test = {quoted(test)}"] if test else []),
        f"level = {100 * pool['level']:g}",
    ]
    named = [f"{name} = {name}" for name in NAMES[measure]]
    tolerance = OF_LAPLACE if model == "UM.RS" else TOLERANCE
    lines = [
        f"counts <- data.frame({', '.join(columns)})",
        f"fit <- try(rma.glmm({', '.join([f'measure = {quoted(measure)}', *named, 'data = counts', *options])}))",
        "# glmer is not exact, and now and then does not converge: then nothing is compared.",
        f"near <- function(here, there) stopifnot(isTRUE(all.equal(here, there, tolerance = {tolerance}, check.attributes = FALSE)))",
        'if (!inherits(fit, "try-error")) {',
        f"  near({rounded(float(main['estimate']))!r}, fit$beta[1])",
    ]
    if spread:
        lines.append(f"  near({rounded(float(spread['tau2']))!r} + 1, fit$tau2 + 1)")
    if test and main["ci_low"] is not None:
        lines.append(f"  near({rounded(float(main['ci_low']))!r}, fit$ci.lb)")
    return [*lines, "}"]


def quoted(text: str) -> str:
    """Quote a code for R; codes hold no quotation marks."""
    return f'"{text}"'


def _number(row: Mapping[str, Any], key: str) -> str:
    return f"{float(row['reported'][key]):.12g}"
