"""Diagnostic analyses as data: their tables, and the part of the R script that repeats them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from coppice.core.kinds import DIAGNOSTIC
from coppice.jobs.canonical_json import rounded
from coppice.pool.multivariate.diagnostic.options import ALL, BINOMIAL, IF_ANY, NOTHING, ZEROS
from coppice.report.data.frame import Frame, Value, frame
from coppice.report.data.r_text import r_string
from coppice.report.other_view import OtherView

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

CELLS = ("tp", "fp", "fn", "tn")
LIMITS = ("estimate", "ci_low", "ci_high")
SIDES = ("sensitivity", "specificity")
RATIOS = ("dor", "lr_positive", "lr_negative")
OF_MADA = {ZEROS: "single", IF_ANY: "all", ALL: "all", NOTHING: "none"}  # its correction.control


def _spread(part: Any, names: tuple[str, ...]) -> list[Value]:
    return [part[name][limit] for name in names for limit in LIMITS]


def _columns(names: tuple[str, ...]) -> str:
    return " ".join(f"{name} {name}_ci_low {name}_ci_high" for name in names)


def diagnostic_studies(review: ReviewView) -> Frame:
    """Return one row per study."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            effect["study"],
            effect["label"],
            effect["subgroup"],
            *(effect[name] for name in CELLS),
            effect.get("threshold"),
            *_spread(effect, SIDES),
            "yes" if effect["corrected"] else "no",
            review.citation(effect["study"], effect["report"]),
        )
        for item in review.of_kind(DIAGNOSTIC)
        for effect in item.effects
    )
    columns = f"analysis study label subgroup tp fp fn tn threshold {_columns(SIDES)} corrected report"
    return frame("diagnostic_studies", columns, rows)


def diagnostic_summaries(review: ReviewView) -> Frame:
    """Return one row per summary point: of all studies, and of each subgroup."""
    rows: Iterator[tuple[Value, ...]] = (
        (item.name, level, k, item.pool["settings"]["model"], *_spread(point, (*SIDES, *RATIOS)))
        for item in review.of_kind(DIAGNOSTIC)
        for level, k, point in _points(item)
    )
    return frame("diagnostic_summaries", f"analysis subgroup studies model {_columns((*SIDES, *RATIOS))}", rows)


def _points(item: OtherView) -> Iterator[tuple[str | None, int, Any]]:
    if item.pool["point"]:
        yield None, item.pool["k"], item.pool["point"]
    for level in (item.pool["subgroups"] or {"levels": []})["levels"]:
        yield level["level"], level["k"], level["point"]


def diagnostic_consequences(review: ReviewView) -> Frame:
    """Return one row per prevalence: what the test does to 1,000 people."""
    names = ("tp", "fn", "fp", "tn")
    rows: Iterator[tuple[Value, ...]] = (
        (item.name, row["prevalence"], row["source"], *_spread(row, names), row["ppv"], row["npv"])
        for item in review.of_kind(DIAGNOSTIC)
        for row in item.pool["consequences"]
    )
    return frame("diagnostic_consequences", f"analysis prevalence source {_columns(names)} ppv npv", rows)


def r_script(analysis: OtherView) -> str:
    """Return the part of the script of one analysis: its counts, the model in R, and the comparison."""
    lines = ["", f"# {analysis.name}: test accuracy"]
    if analysis.pool["point"] is None:
        return "\n".join([*lines, "# There is no summary point.", ""])
    for name in CELLS:
        values = ", ".join(str(effect[name]) for effect in analysis.effects)
        lines.append(f"{name} <- c({values})")
    lines.append("study <- seq_along(tp)")
    own = _of_binomial if analysis.pool["settings"]["model"] == BINOMIAL else _of_normal
    return "\n".join([*lines, *own(analysis), ""])


def _of_binomial(analysis: OtherView) -> Iterator[str]:
    """Yield the model in lme4, which approximates the integral, so that the script compares without stopping."""
    logits = analysis.pool["point"]["logits"]
    yield "# lme4 takes the integral by Laplace's approximation: it differs from the quadrature here in the third digit or so."
    yield 'if (requireNamespace("lme4", quietly = TRUE)) {'
    yield "  counts <- data.frame(study = factor(c(study, study)), right = c(tp, tn), wrong = c(fn, fp),"
    yield "    sens = rep(1:0, each = length(tp)), spec = rep(0:1, each = length(tp)))"
    yield "  fit <- lme4::glmer(cbind(right, wrong) ~ 0 + sens + spec + (0 + sens + spec | study), counts, binomial)"
    for place, side in enumerate(SIDES, start=1):
        name = r_string(f"{analysis.name}: logit of {side}")
        yield f'  cat(sprintf("%-60s %12.6f %12.6f\\n", {name}, {rounded(float(logits[place - 1]))!r}, lme4::fixef(fit)[{place}]))'
    yield "}"


def _of_normal(analysis: OtherView) -> Iterator[str]:
    """Yield the model in metafor, whose result the script compares, and in mada."""
    pool = analysis.pool
    settings, logits, between = pool["settings"], pool["point"]["logits"], pool["between"]
    added = ", ".join("0.5" if effect["corrected"] else "0" for effect in analysis.effects)
    yield f"added <- c({added})"
    yield 'logits <- data.frame(study = c(study, study), side = rep(c("sensitivity", "specificity"), each = length(tp)),'
    yield "  yi = c(log((tp + added) / (fn + added)), log((tn + added) / (fp + added))),"
    yield "  vi = c(1 / (tp + added) + 1 / (fn + added), 1 / (tn + added) + 1 / (fp + added)))"
    method = r_string(settings["method"])
    yield (
        'fit <- rma.mv(yi, vi, mods = ~ 0 + side, random = ~ side | study, struct = "UN", data = logits, '
        f"method = {method}, control = list(rel.tol = 1e-10, eval.max = 1e5, iter.max = 1e5))"
    )
    for place, side in enumerate(SIDES, start=1):
        yield f"same({r_string(f'{analysis.name}: logit of {side}')}, {rounded(float(logits[place - 1]))!r}, fit$beta[{place}])"
    if not pool["fit"]["at_bound"]:
        for place, side in enumerate(SIDES, start=1):
            # where the likelihood is flat, metafor's search stops short of the last digits of a variance
            yield f"stopifnot(abs(fit$tau2[{place}] / {rounded(float(between[side]))!r} - 1) < 1e-4)"
    control = r_string(OF_MADA[settings["zero_cells"]])
    call = f"mada::reitsma(data.frame(TP = tp, FN = fn, FP = fp, TN = tn), correction.control = {control}, method = {r_string(settings['method'].lower())})"
    yield f'if (requireNamespace("mada", quietly = TRUE)) print(summary({call}))'
