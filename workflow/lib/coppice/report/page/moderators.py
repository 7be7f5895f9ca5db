"""What the meta-regression of an analysis says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.number_style import degrees
from coppice.core.printing import LINE
from coppice.report.page import further, words
from coppice.report.page.formula_terms import term
from coppice.report.page.html_elements import Html
from coppice.report.page.tables import I2, TAU2, table
from coppice.report.report_data import AnalysisView

COLLINEAR = 5  # James G et al. An Introduction to Statistical Learning, 2021, 3.3.3: 5 or 10 are the usual bounds


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
    """Say how much the effects differ beyond the moderators."""
    if part.get("QE") is None:
        return ""
    style = analysis.style
    tested = f"QE = {style.number(part['QE'], 2)} on {degrees(part['QE_df'])} df, {style.with_p(part['QE_p'])}"
    return f" Residual heterogeneity: {tested}."


def _collinear(part: Mapping[str, Any]) -> str | None:
    """Name the moderators that go together so much that their coefficients can't be told apart."""
    high = [term(name) for name, factor in (part.get("vif") or {}).items() if factor is not None and factor > COLLINEAR]
    if not high:
        return None
    return (
        f"The variance inflation factor of {words.listed(high)} is above {COLLINEAR}: these moderators are correlated, and "
        "their coefficients are difficult to separate."
    )


def _tested(part: Mapping[str, Any], analysis: AnalysisView) -> str:
    """Print the test of all moderators together."""
    style = analysis.style
    if part["QM"] is None:
        return "no test of all moderators together is available"
    if part.get("QM_df2"):
        tested = f"F = {style.number(part['QM'], 2)} on {degrees(part['QM_df'])} and {degrees(part['QM_df2'])} df"
    else:
        tested = f"QM = {style.number(part['QM'], 2)} on {degrees(part['QM_df'])} df"
    return f"{tested}, {style.with_p(part['QM_p'])}"


def coefficients(analysis: AnalysisView) -> Html | None:
    """Build the table of the coefficients, on the model's scale."""
    part = analysis.pool["moderators"]
    if not part:
        return None
    style, permuted, inflated = analysis.style, bool(part.get("permutation")), part.get("vif") or {}
    own_df = any(item.get("df") is not None for item in part["coefficients"])  # as in cluster-robust inference

    def row(item: Mapping[str, Any]) -> tuple[str, ...]:
        last = [words.p_cell(analysis, item["p_permutation"])] if permuted else []
        last += [style.number(inflated.get(item["name"]), 2)] if inflated else []
        df = [words.DASH if item["df"] is None else degrees(item["df"])] if own_df else []
        p = words.p_cell(analysis, item["p"])
        estimate, limits = _estimated(item, analysis)
        return (term(item["name"]), estimate, style.number(item.get("se"), 3), limits, *df, p, *last)

    more = [*(["Permutation p"] if permuted else []), *(["VIF"] if inflated else [])]
    level = words.level(analysis.pool)
    columns = ("Term", _of_scale("Coefficient", analysis), "SE", f"{level} CI", *(["df"] if own_df else []), "p", *more)
    caption = f"{analysis.title}: meta-regression on {part['formula']}."
    caption += " VIF: variance inflation factor." if inflated else ""
    rows = map(row, part["coefficients"])
    return table(caption, columns, rows, numeric=range(1, len(columns)), name=f"table-moderators-{analysis.name}")


def _estimated(item: Mapping[str, Any], analysis: AnalysisView) -> tuple[str, str]:
    """Print an estimate on the model's scale, and its interval."""
    estimate, low, high = analysis.style.together([item[name] for name in LINE], 3)
    return estimate, words.DASH if item["ci_low"] is None else analysis.style.between(low, high)


def correlations(analysis: AnalysisView) -> Html | None:
    """Build the table of the coefficients by the correlation that is assumed of a study's effects."""
    part = analysis.pool["moderators"]
    rows = part.get("over_rho") if part else None
    if not rows:
        return None

    def row(place: int, item: Mapping[str, Any]) -> tuple[str, ...]:
        estimates = [each["coefficients"][place] for each in rows]
        return (term(item["name"]), *("{} ({})".format(*_estimated(each, analysis)) for each in estimates))

    columns = (_of_scale("Coefficient", analysis), *(f"Correlation {each['rho']:g}" for each in rows))
    caption = f"{analysis.title}: coefficients by the assumed correlation of effects within a study."
    body = [row(place, item) for place, item in enumerate(rows[0]["coefficients"])]
    numeric = tuple(range(1, len(columns)))
    return table(caption, columns, body, numeric=numeric, name=f"table-correlations-{analysis.name}")


def places(analysis: AnalysisView) -> Html | None:
    """Build the table of the mean effect at values of the moderators: those asked for, or else over the range of one."""
    part = analysis.pool["moderators"]
    rows = (part.get("at") or _over_the_range(part)) if part else []
    if not rows:
        return None

    def row(item: Mapping[str, Any]) -> tuple[str, ...]:
        values = ", ".join(
            f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in item["values"].items()
        )
        predicted = words.interval(analysis, item, "pi_low", "pi_high") if item["pi_low"] is not None else words.DASH
        return (values, words.estimated(analysis, item), words.interval(analysis, item), predicted)

    level = words.level(analysis.pool)
    columns = ("Moderators", analysis.measure.label, f"{level} CI", f"{level} prediction interval")
    caption = f"{analysis.title}: mean effect at given values of the moderators."
    return table(caption, columns, map(row, rows), numeric=(1, 2, 3), name=f"table-places-{analysis.name}")


def _over_the_range(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the predictions at the lowest, the middle and the highest value of a single moderator."""
    rows = part.get("predictions") or []
    return (
        [{**rows[at], "values": {part["formula"]: rows[at]["value"]}} for at in (0, len(rows) // 2, -1)] if rows else []
    )


def contrasts(analysis: AnalysisView) -> Html | None:
    """Build the table of the linear combinations of coefficients that were asked for, on the model's scale."""
    part = analysis.pool["moderators"]
    rows = part.get("contrasts") if part else None
    if not rows:
        return None
    style = analysis.style

    def row(item: Mapping[str, Any]) -> tuple[str, ...]:
        made = " + ".join(
            f"{style.number(weight, 0 if weight == int(weight) else 2)} \N{MULTIPLICATION SIGN} {term(name)}"
            for name, weight in item["weights"].items()
        )
        return (item["name"], made, *_estimated(item, analysis), words.p_cell(analysis, item["p"]))

    columns = ("Contrast", "Definition", _of_scale("Estimate", analysis), f"{words.level(analysis.pool)} CI", "p")
    caption = f"{analysis.title}: contrasts of the coefficients."
    return table(caption, columns, map(row, rows), numeric=(2, 3, 4), name=f"table-contrasts-{analysis.name}")


def _of_scale(what: str, analysis: AnalysisView) -> str:
    return f"{what} ({analysis.measure.scale.name} scale)" if analysis.measure.scale.is_ratio else what
