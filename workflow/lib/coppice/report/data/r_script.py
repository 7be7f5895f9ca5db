"""A script for R's metafor that repeats the main estimates from the exported effects, so that any R user can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from coppice.jobs.canonical_json import rounded
from coppice.pool.dependence.options import is_three_level
from coppice.pool.models.glmm.options import is_glmm
from coppice.report.data import r_bayes
from coppice.report.data.kinds import EXPORTING
from coppice.report.data.r_conclusions import conclusion_lines
from coppice.report.data.r_glmm import glmm_lines
from coppice.report.data.r_small_study import small_study_lines
from coppice.report.data.r_text import r_string
from coppice.report.report_data import AnalysisView, Record, ReviewView

SAME_IN_METAFOR = frozenset({"REML", "ML", "DL", "PM", "EB", "HE", "HS", "HSk", "SJ", "PMM"})
TESTS = {"wald": "z", "t": "t", "HKSJ": "knha", "HKSJ-adhoc": "adhoc"}
TOLERANCE = "1e-6"  # the effects are written with 12 digits, and metafor's own default tolerance is wider
CONTROL = "list(threshold = 1e-12, maxiter = 10000)"
ROOT_CONTROL = "list(tol = 1e-15, maxiter = 10000)"
BY_ROOT = frozenset({"PM", "PMM"})  # metafor solves their equation by uniroot, which has no threshold
HEADER = """# Repeats the main estimates of this review in metafor, from the effects that it pooled.
# Run it with `Rscript analysis.R`; it stops if an estimate differs.
library(metafor)

same <- function(what, here, there) {
  cat(sprintf("%-60s %12.6f %12.6f\\n", what, here, there))
  stopifnot(isTRUE(all.equal(here, there, tolerance = TOLERANCE, check.attributes = FALSE)))
}
"""


def r_script(review: ReviewView) -> str:
    """Return the script: for each analysis its effects, the model in metafor, and the comparison."""
    head = HEADER.replace("TOLERANCE", TOLERANCE)
    if any(analysis.pool.get("bayes") for analysis in review.analyses):
        head += r_bayes.HEADER
    parts = [head, *(_analysis(analysis) for analysis in review.analyses)]
    parts += [EXPORTING[item.kind].r_script(item) for item in review.others]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Fit:
    """One model of an analysis, of all its effects or of a subgroup: what the script calls it, its effects and its results."""

    name: str
    effects: Sequence[Record]
    part: Record


def _fits(analysis: AnalysisView) -> list[Fit]:
    """Return the models of an analysis that have an estimate: all effects, then the subgroups with a variance of their own."""
    fits = [Fit(analysis.name, analysis.effects, analysis.pool)]
    if analysis.pool["settings"].get("subgroup_tau2") != "common":
        for level in analysis.levels:
            inside = [effect for effect in analysis.effects if effect.get("subgroup") == level["level"]]
            fits.append(Fit(f"{analysis.name}, {level['level']}", inside, level))
    return [fit for fit in fits if fit.effects and fit.part["random"]]


def _analysis(analysis: AnalysisView) -> str:
    title = " ".join(analysis.title.split())
    lines = [f"# {title.encode('ascii', 'replace').decode()}"]
    fits = _fits(analysis)
    if not fits:
        return "\n".join([*lines, "# There is no estimate.", ""])
    if is_glmm(analysis.pool["settings"]):
        return "\n".join([*lines, *glmm_lines(analysis), ""])
    if is_three_level(analysis.pool["settings"]):
        return "\n".join([*lines, "# Its effects depend on one another; rma is not its model.", ""])
    for fit in fits:
        lines += _data(fit)
        lines += _model(analysis, fit)
        if fit is fits[0] and fit.part is analysis.pool and fit.part["heterogeneity"]:
            lines += small_study_lines(analysis.explore, fit.part["heterogeneity"]["tau2"], partial(_same, fit))
        if fit.part is analysis.pool and any(line.startswith("fit <- ") for line in lines):
            lines += conclusion_lines(analysis.explore, analysis.measure.code, partial(_same, fit))
        if fit.part is analysis.pool and (bayes := analysis.pool.get("bayes")):
            lines += r_bayes.lines(analysis.name, bayes)
    return "\n".join([*lines, ""])


def _data(fit: Fit) -> list[str]:
    labels = ", ".join(r_string(str(effect.get("label") or effect["study"])) for effect in fit.effects)
    return [
        "effects <- data.frame(",
        f"  study = c({labels}),",
        f"  yi = {_numbers([effect['yi'] for effect in fit.effects])},",
        f"  vi = {_numbers([effect['vi'] for effect in fit.effects])}",
        ")",
    ]


def _numbers(values: list[float]) -> str:
    return f"c({', '.join(repr(rounded(float(value))) for value in values)})"


def _model(analysis: AnalysisView, fit: Fit) -> list[str]:
    settings, main, spread = analysis.pool["settings"], fit.part["random"], fit.part["heterogeneity"]
    tau2, inference = settings.get("tau2"), str(main["inference"])
    note: list[str] = []
    if settings.get("common") not in (None, "IV"):
        # its Q, from which a moment estimator starts, is not that of inverse variance
        tau2 = rounded(float(spread["tau2"] if spread else 0.0))
        note = [f"# tau2 is given: here it rests on the common effect by {settings['common']}."]
    if inference not in TESTS or (isinstance(tau2, str) and tau2 not in SAME_IN_METAFOR):
        return [f"# metafor has no counterpart of {tau2} with {inference}."]
    method = f"tau2 = {tau2}"
    if len(fit.effects) == 1:
        method = f"method = {r_string('EE')}"
    elif isinstance(tau2, str):
        method = f"method = {r_string(tau2)}, control = {ROOT_CONTROL if tau2 in BY_ROOT else CONTROL}"
    call = f"rma(yi, vi, data = effects, {method}, level = {100 * analysis.pool['level']:g}"
    compare = {"estimate": "fit$beta[1]", "ci_low": "fit$ci.lb", "ci_high": "fit$ci.ub"}
    lines = [*note, f"fit <- {call}, test = {r_string(TESTS[inference])})"]
    lines += [_same(fit, name, where, main[name]) for name, where in compare.items() if main.get(name) is not None]
    if spread and isinstance(tau2, str):
        lines += [_same(fit, "tau2", "fit$tau2", spread["tau2"]), _same(fit, "Q", "fit$QE", spread["Q"])]
    predicted = fit.part.get("prediction")
    if predicted and predicted.get("method") == "t_k-1":
        lines.append(f'predicted <- predict({call}, test = "t"))')
        ends = {"low": "predicted$pi.lb", "high": "predicted$pi.ub"}
        lines += [_same(fit, f"prediction {end}", where, predicted[end]) for end, where in ends.items()]
    return lines


def _same(fit: Fit, name: str, there: str, here: float) -> str:
    return f"same({r_string(f'{fit.name}: {name}')}, {rounded(float(here))!r}, {there})"
