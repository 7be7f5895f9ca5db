"""Sentences and tables on the meta-regression of an analysis."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from coppice.core.contracts.moderators import Coefficient, Contrast, Moderators
from coppice.core.number_style import degrees
from coppice.core.printing import LINE
from coppice.report.page import further, words
from coppice.report.page.html_elements import Html
from coppice.report.page.table import Column, analysis_table, number
from coppice.report.page.words import I2, TAU2
from coppice.report.report_data import AnalysisView, Record

COLLINEAR = 5  # James G et al. An Introduction to Statistical Learning, 2021, 3.3.3: 5 or 10 are the usual bounds
LEVEL = re.compile(r"(?:C\((\w+)[^\[\]]*\)|(\w+))\[T\.([^\]]*)\]")  # formulaic's name of a level of a category


def term(name: str) -> str:
    """Print a term of a formula: ``C(type, ...)[T.overt]`` reads `type: overt`, in an interaction too."""
    return LEVEL.sub(lambda match: f"{match[1] or match[2]}: {match[3]}", name)


def sentence(analysis: AnalysisView) -> str | None:
    """Say what the moderators explain, or why there is no meta-regression."""
    part = analysis.pool["moderators"]
    if not part:
        reason = analysis.pool["reasons"].get("moderators")
        return f"No meta-regression is reported: {reason.rstrip('.')}." if reason else None
    style = analysis.style
    whose = f" of {part['studies']} studies, cluster-robust ({part['inference']})," if part.get("studies") else ""
    text = f"Meta-regression of {part['k']} effects{whose} on {part['formula']}: {_tested(part, analysis)}."
    if part.get("R2") is not None:
        text += f" The moderators explain {style.percent(part['R2'], 0)} of {TAU2}"
        text += f", and {style.variance(part['tau2'])} remains ({I2} {style.percent(part['I2'], 0)})."
    text += _residual(part, analysis)
    caution = " These associations are observational and hold between studies, not between patients."
    sentences = [text + caution, further.of_moderators(analysis), _collinear(part), *part.get("warnings", [])]
    return " ".join(filter(None, sentences))


def _residual(part: Mapping[str, Any], analysis: AnalysisView) -> str:
    """Give the test of residual heterogeneity."""
    if part.get("QE") is None:
        return ""
    tested = words.omnibus(analysis.style, "QE", part["QE"], df=part["QE_df"], df2=None, p=part["QE_p"])
    return f" Residual heterogeneity: {tested}."


def _collinear(part: Mapping[str, Any]) -> str | None:
    """Name the moderators that are too collinear for their coefficients to be separated."""
    high = [term(name) for name, factor in (part.get("vif") or {}).items() if factor is not None and factor > COLLINEAR]
    if not high:
        return None
    return (
        f"The variance inflation factor of {words.listed(high)} is above {COLLINEAR}: these moderators are correlated, and "
        "their coefficients are difficult to separate."
    )


def _tested(part: Mapping[str, Any], analysis: AnalysisView) -> str:
    """Print the test of all moderators together."""
    if part["QM"] is None:
        return "no test of all moderators together is available"
    return words.omnibus(analysis.style, "QM", part["QM"], df=part["QM_df"], df2=part.get("QM_df2"), p=part["QM_p"])


def coefficients(analysis: AnalysisView) -> Html | None:
    """Build the table of the coefficients, on the model's scale."""
    part = analysis.pool["moderators"]
    if not part:
        return None
    style, inflated = analysis.style, part.get("vif") or {}
    is_permuted = bool(part.get("permutation"))
    has_df = any(item.get("df") is not None for item in part["coefficients"])  # as in cluster-robust inference
    columns: list[Column[Coefficient] | None] = [
        Column("Term", lambda item: term(item["name"])),
        number(of_scale("Coefficient", analysis), lambda item: estimated(item, analysis)[0]),
        number("SE", lambda item: style.number(item.get("se"), 3)),
        number(f"{words.level(analysis.pool)} CI", lambda item: estimated(item, analysis)[1]),
        number("df", lambda item: words.DASH if item["df"] is None else degrees(item["df"])) if has_df else None,
        number("p", lambda item: words.p_cell(analysis, item["p"])),
        number("Permutation p", lambda item: words.p_cell(analysis, item["p_permutation"])) if is_permuted else None,
        number("VIF", lambda item: style.number(inflated.get(item["name"]), 2)) if inflated else None,
    ]
    shows = f": meta-regression on {part['formula']}.{' VIF: variance inflation factor.' if inflated else ''}"
    return analysis_table(analysis, "moderators", shows, part["coefficients"], columns)


def estimated(item: Mapping[str, Any], analysis: AnalysisView) -> tuple[str, str]:
    """Print an estimate on the model's scale, and its interval."""
    estimate, low, high = analysis.style.together([item[name] for name in LINE], 3)
    return estimate, words.DASH if item["ci_low"] is None else analysis.style.between(low, high)


def correlations(analysis: AnalysisView) -> Html | None:
    """Build the table of the coefficients by the assumed correlation of the effects of a study."""
    part = analysis.pool["moderators"]
    rows = (part.get("over_rho") or []) if part else []

    def at(rho: int) -> Column[int]:
        """Declare the column of one correlation, whose rows are the places of the coefficients."""
        fitted = rows[rho]["coefficients"]
        return number(
            f"Correlation {rows[rho]['rho']:g}", lambda place: "{} ({})".format(*estimated(fitted[place], analysis))
        )

    columns: list[Column[int]] = [
        Column(of_scale("Coefficient", analysis), lambda place: term(rows[0]["coefficients"][place]["name"])),
        *map(at, range(len(rows))),
    ]
    shows = ": coefficients by the assumed correlation of effects within a study."
    return analysis_table(analysis, "correlations", shows, range(len(rows[0]["coefficients"]) if rows else 0), columns)


def places(analysis: AnalysisView) -> Html | None:
    """Build the table of the mean effect at the configured values of the moderators, or else over the range of a single one."""
    part, level = analysis.pool["moderators"], words.level(analysis.pool)

    def values(item: Record) -> str:
        pairs = item["values"].items()
        return ", ".join(
            f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in pairs
        )

    def predicted(item: Record) -> str:
        return words.DASH if item["pi_low"] is None else words.interval(analysis, item, "pi_low", "pi_high")

    columns: list[Column[Record]] = [
        Column("Moderators", values),
        number(analysis.measure.label, partial(words.estimated, analysis)),
        number(f"{level} CI", partial(words.interval, analysis)),
        number(f"{level} prediction interval", predicted),
    ]
    rows: Sequence[Record] = (part.get("at") or _over_the_range(part)) if part else []
    return analysis_table(analysis, "places", ": mean effect at given values of the moderators.", rows, columns)


def _over_the_range(part: Moderators) -> list[Record]:
    """Return the predictions at the lowest, the middle and the highest value of a single moderator."""
    rows = part.get("predictions") or []
    ends = (0, len(rows) // 2, -1) if rows else ()
    return [{**rows[at], "values": {part["formula"]: rows[at]["value"]}} for at in ends]


def contrasts(analysis: AnalysisView) -> Html | None:
    """Build the table of the configured linear combinations of coefficients, on the model's scale."""
    part, style = analysis.pool["moderators"], analysis.style

    def definition(item: Contrast) -> str:
        return " + ".join(
            f"{style.number(weight, 0 if weight == int(weight) else 2)} \N{MULTIPLICATION SIGN} {term(name)}"
            for name, weight in item["weights"].items()
        )

    columns: list[Column[Contrast]] = [
        Column("Contrast", lambda item: item["name"]),
        Column("Definition", definition),
        number(of_scale("Estimate", analysis), lambda item: estimated(item, analysis)[0]),
        number(f"{words.level(analysis.pool)} CI", lambda item: estimated(item, analysis)[1]),
        number("p", lambda item: words.p_cell(analysis, item["p"])),
    ]
    rows = (part.get("contrasts") or []) if part else []
    return analysis_table(analysis, "contrasts", ": contrasts of the coefficients.", rows, columns)


def of_scale(what: str, analysis: AnalysisView) -> str:
    """Return a heading of a number on the model's scale, which it names where that is not the printed one."""
    return f"{what} ({analysis.measure.scale.name} scale)" if analysis.measure.scale.is_ratio else what
