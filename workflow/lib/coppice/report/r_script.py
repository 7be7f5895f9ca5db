"""A script for R's metafor that repeats the main estimates from the exported effects, so that any R user can check."""

from __future__ import annotations

from coppice.jsonio import rounded
from coppice.report.review import Analysis, Review

SAME_IN_METAFOR = frozenset({"REML", "ML", "DL", "PM", "EB", "HE", "HS", "HSk", "SJ", "PMM", "DLIT"})
TESTS = {"wald": "z", "t": "t", "HKSJ": "knha", "HKSJ-adhoc": "adhoc"}
TOLERANCE = "1e-6"  # the effects are written with 12 digits, and metafor's own default tolerance is wider
CONTROL = "list(threshold = 1e-12, maxiter = 10000)"
HEADER = """# Repeats the main estimates of this review in metafor, from the effects that it pooled.
# Run it with `Rscript analysis.R`; it stops if an estimate differs.
library(metafor)

same <- function(what, here, there) {
  cat(sprintf("%-60s %12.6f %12.6f\\n", what, here, there))
  stopifnot(isTRUE(all.equal(here, there, tolerance = TOLERANCE, check.attributes = FALSE)))
}
"""


def r_string(text: str) -> str:
    """Quote a text for R: what it holds is never part of the script."""
    plain = "".join(
        character if " " <= character < "\x7f" and character not in '"\\' else _escaped(character) for character in text
    )
    return f'"{plain}"'


def _escaped(character: str) -> str:
    return f"\\{character}" if character in '"\\' else f"\\U{ord(character):08x}" if character != "\0" else " "


def r_script(review: Review) -> str:
    """Return the script: for each analysis its effects, the model in metafor, and the comparison."""
    parts = [HEADER.replace("TOLERANCE", TOLERANCE), *(_analysis(analysis) for analysis in review.analyses)]
    return "\n".join(parts)


def _numbers(values: list[float]) -> str:
    return f"c({', '.join(repr(rounded(float(value))) for value in values)})"


def _analysis(analysis: Analysis) -> str:
    title = " ".join(analysis.title.split())
    main, settings = analysis.pool.get("random"), analysis.pool.get("settings") or {}
    lines = [f"# {title.encode('ascii', 'replace').decode()}"]
    if not main or not analysis.effects:
        return "\n".join([*lines, "# There is no overall estimate.", ""])
    labels = ", ".join(r_string(str(effect.get("label") or effect["study"])) for effect in analysis.effects)
    lines += [
        "effects <- data.frame(",
        f"  study = c({labels}),",
        f"  yi = {_numbers([effect['yi'] for effect in analysis.effects])},",
        f"  vi = {_numbers([effect['vi'] for effect in analysis.effects])}",
        ")",
    ]
    tau2, note = settings.get("tau2"), []
    if settings.get("common") not in (None, "IV"):
        # its Q, from which a moment estimator starts, is not that of inverse variance
        tau2 = rounded(float((analysis.pool.get("heterogeneity") or {}).get("tau2") or 0.0))
        note = [f"# tau2 is given: here it rests on the common effect by {settings['common']}."]
    return "\n".join([*lines, *note, *_model(analysis, tau2, str(main.get("inference"))), ""])


def _model(analysis: Analysis, tau2: object, inference: str) -> list[str]:
    main = analysis.pool["random"]
    if inference not in TESTS or (isinstance(tau2, str) and tau2 not in SAME_IN_METAFOR):
        return [f"# metafor has no counterpart of {tau2} with {inference}."]
    level = f"level = {100 * float(analysis.pool.get('level') or 0.95):g}"
    method = f"method = {r_string(tau2)}, control = {CONTROL}" if isinstance(tau2, str) else f"tau2 = {tau2}"
    call = (
        f"rma(yi, vi, data = effects, {method if len(analysis.effects) > 1 else 'method = ' + r_string('EE')}, {level}"
    )
    compare = {"estimate": "fit$beta[1]", "ci_low": "fit$ci.lb", "ci_high": "fit$ci.ub"}
    lines = [f"fit <- {call}, test = {r_string(TESTS[inference])})"]
    lines += [_same(analysis, name, where, main.get(name)) for name, where in compare.items()]
    heterogeneity, predicted = analysis.pool.get("heterogeneity"), analysis.pool.get("prediction")
    if heterogeneity and isinstance(tau2, str):
        lines += [
            _same(analysis, "tau2", "fit$tau2", heterogeneity["tau2"]),
            _same(analysis, "Q", "fit$QE", heterogeneity["Q"]),
        ]
    if predicted and predicted.get("method") == "t_k-1":
        lines.append(f'predicted <- predict({call}, test = "t"))')
        lines += [
            _same(analysis, f"prediction {end}", f"predicted$pi.{key}", predicted[end])
            for end, key in (("low", "lb"), ("high", "ub"))
        ]
    return lines


def _same(analysis: Analysis, name: str, there: str, here: float) -> str:
    return f"same({r_string(f'{analysis.name}: {name}')}, {rounded(float(here))!r}, {there})"
