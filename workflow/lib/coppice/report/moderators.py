"""What the meta-regression and the model of dependent effects of an analysis say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.report import words
from coppice.report.html import Html, paragraph
from coppice.report.review import Analysis
from coppice.report.tables import I2, TAU2, table

HANDLED = {
    "multilevel": "in a three-level model with independent sampling errors",
    "che": "in a three-level model of correlated and hierarchical effects",
}


def sentence(analysis: Analysis) -> str | None:
    """Say what the moderators explain, or why there is no meta-regression."""
    part = analysis.pool.get("moderators")
    if not part:
        reason = (analysis.pool.get("reasons") or {}).get("moderators")
        return f"There is no meta-regression: {reason.rstrip('.')}." if reason else None
    style = analysis.style
    tested = (
        f"F = {style.number(part['QM'], 2)} on {part['QM_df']:g} and {part['QM_df2']:g} df"
        if part.get("QM_df2")
        else f"QM = {style.number(part['QM'], 2)} on {part['QM_df']:g} df"
    )
    text = f"Meta-regression of {part['k']} effects on {part['formula']}: {tested}, {style.with_p(part['QM_p'])}."
    if part.get("R2") is not None:
        text += f" The moderators explain {style.percent(part['R2'], 0)} of {TAU2}"
        text += f", and {words.variance(part['tau2'], style)} remains ({I2} {style.percent(part['I2'], 0)})."
    told = " Such relations are between studies, not patients, and none was randomised."
    return " ".join([text + told, *part.get("warnings", [])])


def coefficients(analysis: Analysis) -> Html | None:
    """Build the table of the coefficients, on the model's scale."""
    part = analysis.pool.get("moderators")
    if not part:
        return None
    style = analysis.style

    def row(item: Mapping[str, Any]) -> tuple[str, ...]:
        limits = style.interval(item["ci_low"], item["ci_high"], 3)
        return (item["name"], style.number(item["estimate"], 3), limits, style.p_value(item["p"]))

    scale = f" ({analysis.measure.scale.name} scale)" if analysis.measure.scale.is_ratio else ""
    columns = ("Term", f"Coefficient{scale}", f"{words.level(analysis.pool)} CI", "p")
    caption = f"{analysis.title}: meta-regression on {part['formula']}."
    rows = map(row, part["coefficients"])
    return table(caption, columns, rows, numeric=(1, 2, 3), name=f"table-moderators-{analysis.name}")


def dependence(analysis: Analysis) -> Html | None:
    """Say how several effects of a study were handled, and what other correlations would give."""
    settings = analysis.pool.get("settings") or {}
    how, rows = settings.get("dependence"), analysis.pool.get("over_rho")
    if how not in HANDLED or not rows:
        return None
    part = analysis.pool["heterogeneity"]
    style = analysis.style
    rho = f", correlated by {settings['rho']:g} within a study" if settings.get("rho") is not None else ""
    text = (
        f"Several effects of a study were handled {HANDLED[how]}{rho}, with cluster-robust inference "
        f"({settings['inference']}): {TAU2} is {words.variance(part['tau2_between'], style)} between studies and "
        f"{words.variance(part['tau2_within'], style)} within them."
    )
    others = [f"{words.estimate(analysis, row)} with {row['rho']:g}" for row in rows]
    return paragraph(text, f"By the correlation that is assumed, the estimate is {words.listed(others)}.")
