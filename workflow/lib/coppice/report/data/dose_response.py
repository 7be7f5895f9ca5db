"""Dose-response analyses as data: their tables, and the part of the R script that repeats them in dosresmeta."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from coppice.core.dose_options import ONE, QUADRATIC, SPLINE
from coppice.core.kinds import DOSE_RESPONSE
from coppice.jobs.canonical_json import rounded
from coppice.report.data.frame import Frame, Value, frame
from coppice.report.data.r_text import r_string
from coppice.report.other_view import OtherView

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView


def dose_response_effects(review: ReviewView) -> Frame:
    """Return one row per study and dose."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name, effect["study"], effect["label"], effect["design"], effect["reference"], point["dose"],
            point["cases"], point["total"], item.measure.code,
            *(item.back(point[key]) for key in ("yi", "ci_low", "ci_high")),
            point["yi"], point["se"] ** 2, effect["method"], effect["route"], review.citation(effect["study"], effect["report"]),
        )
        for item in review.of_kind(DOSE_RESPONSE)
        for effect in item.effects
        for point in effect["points"]
    )  # fmt: skip
    columns = "analysis study label design reference dose cases total measure estimate ci_low ci_high yi vi covariance route report"
    return frame("dose_response_effects", columns, rows)


def dose_response_curves(review: ReviewView) -> Frame:
    """Return one row per printed dose of a curve."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name, item.measure.code, item.pool["settings"]["shape"], item.pool["reference"], part["dose"], item.pool["k"],
            *(item.back(part[model][key]) for model in ("random", "common") for key in ("estimate", "ci_low", "ci_high")),
            *(item.back(part[key]) for key in ("prediction_low", "prediction_high")),
        )
        for item in review.of_kind(DOSE_RESPONSE)
        for part in item.pool["predictions"]
    )  # fmt: skip
    columns = (
        "analysis measure shape reference dose studies estimate ci_low ci_high common_estimate common_ci_low common_ci_high "
        "prediction_low prediction_high"
    )
    return frame("dose_response_curves", columns, rows)


def r_script(analysis: OtherView) -> str:
    """Return the part of the script of one analysis: its ratios, their covariances, the model in dosresmeta, the comparison.

    The covariances are those of the result: dosresmeta stops its own iterations early.
    """
    pool = analysis.pool
    lines = ["", f"# {analysis.name}: dose-response"]
    if not pool["predictions"]:
        return "\n".join([*lines, "# no curve could be fitted", ""])
    settings = pool["settings"]
    columns: dict[str, list[str]] = {"study": [], "dose": [], "logrr": [], "se": []}
    blocks = []
    for effect in analysis.effects:
        zero = {"dose": effect["reference"], "yi": 0.0, "se": 0.0}
        for point in (zero, *effect["points"]):
            columns["study"].append(r_string(str(effect["study"])))
            columns["dose"].append(repr(rounded(float(point["dose"]))))
            columns["logrr"].append(repr(rounded(float(point["yi"]))))
            columns["se"].append(repr(rounded(float(point["se"]))))
        values = ", ".join(repr(rounded(float(value))) for row in effect["covariance"] for value in row)
        blocks.append(f"matrix(c({values}), {len(effect['points'])})")
    lines += [f"{name} <- c({', '.join(values)})" for name, values in columns.items()]
    lines.append("doses <- data.frame(study = factor(study, levels = unique(study)), dose, logrr, se)")
    lines.append(f"S <- list({', '.join(blocks)})")
    terms = ["dose"]
    if settings["shape"] == QUADRATIC:
        lines.append("doses$dose2 <- doses$dose^2")
        terms.append("dose2")
    if settings["shape"] == SPLINE:
        knots = [rounded(float(knot)) for knot in settings["knots"]]
        lines.append(f"knots <- c({', '.join(map(repr, knots))})")
        lines.append(SPLINE_IN_R)
        for number in range(1, len(knots) - 1):
            lines.append(f"doses$s{number} <- spline_term(doses$dose, {number})")
            terms.append(f"s{number}")
    stages = '"1stage"' if settings["stages"] == ONE else '"2stage"'
    lines.append(
        f"fit <- dosresmeta::dosresmeta(logrr ~ {' + '.join(terms)}, id = study, se = se, data = doses, Slist = S, "
        f'covariance = "user", proc = {stages}, method = {r_string(settings["tau2"].lower())}, '
        "control = list(reltol = 1e-14, maxiter = 1000))"
    )
    for place, item in enumerate(pool["coefficients"], start=1):
        name = r_string(f"{analysis.name}: {item['term']}")
        lines.append(f"same({name}, {rounded(float(item['random']['estimate']))!r}, c(coef(fit))[{place}])")
    return "\n".join([*lines, ""])


SPLINE_IN_R = """spline_term <- function(x, j) {
  last <- knots[length(knots)]; before <- knots[length(knots) - 1]; cube <- function(t) pmax(x - t, 0)^3
  (cube(knots[j]) - (cube(before) * (last - knots[j]) - cube(last) * (before - knots[j])) / (last - before)) / (last - knots[1])^2
}"""
