"""Multivariate analyses as data: their tables, and the part of the R script that repeats them in metafor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from coppice.core.kinds import MULTIVARIATE
from coppice.jobs.canonical_json import rounded
from coppice.report.data.frame import Frame, Value, frame
from coppice.report.data.r_text import r_string
from coppice.report.other_view import OtherView
from coppice.report.page.reported import printed

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

CONTROL = "list(rel.tol = 1e-10, iter.max = 10000, eval.max = 20000)"


def multivariate_effects(review: ReviewView) -> Frame:
    """Return one row per study and outcome."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            effect["study"],
            effect["label"],
            effect["outcome"],
            printed(effect["statistic"], effect["reported"]),
            item.measure.code,
            *review.effect_cells(item, effect),
        )
        for item in review.of_kind(MULTIVARIATE)
        for effect in item.effects
    )
    columns = "analysis study label outcome reported measure estimate ci_low ci_high yi vi route report"
    return frame("multivariate_effects", columns, rows)


def multivariate_outcomes(review: ReviewView) -> Frame:
    """Return one row per outcome of a multivariate analysis."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            outcome["outcome"],
            item.measure.code,
            outcome["k"],
            *(item.back(outcome[model][key]) for model in ("random", "common", "alone") for key in ("estimate", "ci_low", "ci_high")),
            *(item.back(outcome[key]) for key in ("prediction_low", "prediction_high")),
            outcome["random"]["p"],
            *(outcome[key] for key in ("tau2", "tau2_low", "tau2_high", "I2", "borrowed")),
        )
        for item in review.of_kind(MULTIVARIATE)
        for outcome in item.pool["outcomes"]
    )  # fmt: skip
    columns = (
        "analysis outcome measure studies estimate ci_low ci_high common_estimate common_ci_low common_ci_high "
        "alone_estimate alone_ci_low alone_ci_high prediction_low prediction_high p tau2 tau2_low tau2_high I2 borrowed"
    )
    return frame("multivariate_outcomes", columns, rows)


def r_script(analysis: OtherView) -> str:
    """Return the part of the script of one analysis: its effects, the model in metafor's rma.mv, and the comparison."""
    effects, pool = analysis.effects, analysis.pool
    lines = ["", f"# {analysis.name}: several outcomes"]
    if not pool["outcomes"]:
        return "\n".join([*lines, "# no study could be pooled", ""])
    settings = pool["settings"]
    order = [item["outcome"] for item in pool["outcomes"]]
    columns = {
        "study": [r_string(str(effect["study"])) for effect in effects],
        "outcome": [r_string(effect["outcome"]) for effect in effects],
        "yi": [repr(rounded(float(effect["yi"]))) for effect in effects],
        "vi": [repr(rounded(float(effect["vi"]))) for effect in effects],
    }
    for number, name in enumerate(settings["random"], start=1):
        columns[f"shared{number}"] = [r_string(effect["values"][name]) for effect in effects]
    lines += [f"{name} <- c({', '.join(values)})" for name, values in columns.items()]
    lines.append(f"outcome <- factor(outcome, levels = c({', '.join(map(r_string, order))}))")
    lines.append(f"V <- outer(sqrt(vi), sqrt(vi)) * ifelse(outer(study, study, `==`), {settings['rho']!r}, 0)")
    lines.append("diag(V) <- vi")
    several = len(order) > 1
    terms = ["~ outcome | study" if several else "~ 1 | study"]
    terms += [f"~ 1 | shared{number}" for number in range(1, len(settings["random"]) + 1)]
    means = "mods = ~ outcome - 1, " if several else ""
    structure = f"struct = {r_string(settings['structure'])}, " if several else ""
    random = f"list({', '.join(terms)})" if len(terms) > 1 else terms[0]
    lines.append(
        f"fit <- rma.mv(yi, V, {means}random = {random}, {structure}method = {r_string(settings['tau2'])}, "
        f"level = {100 * pool['level']:g}, control = {CONTROL})"
    )
    for place, item in enumerate(pool["outcomes"], start=1):
        name = r_string(f"{analysis.name}: {item['outcome']}")
        lines.append(f"same({name}, {rounded(float(item['random']['estimate']))!r}, c(fit$beta)[{place}])")
    return "\n".join([*lines, ""])
