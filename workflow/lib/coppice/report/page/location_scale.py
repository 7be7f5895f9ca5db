"""The location-scale model of an analysis: what the size of the heterogeneity depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coppice.core.contracts.moderators import Coefficient, LocationScale
from coppice.report.page import words
from coppice.report.page.html_elements import Html, paragraph
from coppice.report.page.moderators import estimated, of_scale, term
from coppice.report.page.references import Statement
from coppice.report.page.table import Column, analysis_table, number
from coppice.report.page.words import TAU2
from coppice.report.report_data import AnalysisView

SOURCE = "Viechtbauer & López-López 2022, doi:10.1002/jrsm.1562"


def section(analysis: AnalysisView) -> list[Html | None]:
    """Build what the model says, or why it is missing; nothing where it was not requested."""
    if "location_scale" not in analysis.pool:
        return []
    part = analysis.pool["location_scale"]
    if part is None:
        reason = analysis.pool["reasons"].get("location_scale", "")
        return [paragraph(f"No location-scale model is reported: {words.symbols(reason).rstrip('.')}.")]
    tables = [
        _table(analysis, part["scale"], "scale", f": coefficients of ln({TAU2}).", f"Coefficient of ln({TAU2})"),
        _table(
            analysis,
            part["location"],
            "location",
            f": coefficients of the effect, with {TAU2} by the model of ln({TAU2}).",
            of_scale("Coefficient", analysis),
        ),
    ]
    return [paragraph(sentence(analysis, part)), *tables]


def sentence(analysis: AnalysisView, part: LocationScale) -> str:
    """Give the tests of the scale moderators, and the range of the between-study variance."""
    style = analysis.style
    low, high = style.variance_limits(part["tau2_low"], part["tau2_high"])
    text = (
        f"Location-scale model of {part['k']} effects, ln({TAU2}) on {part['formula']}: {TAU2} of the studies ranges from {low} "
        f"to {high}."
    )
    if part["QS"] is not None:
        text += f" {words.omnibus(style, 'QS', part['QS'], df=part['QS_df'], df2=None, p=part['QS_p'])}"
        if test := part["test"]:
            ratio = words.omnibus(style, "Chi-squared", test["statistic"], df=test["df"], df2=None, p=test["p"])
            text += f"; likelihood ratio test against one {TAU2} for all: {ratio}"
        text += "."
    caution = (
        "These associations hold between studies, and the logarithm of a variance is estimated with little precision."
    )
    return " ".join([text, caution, *part["warnings"]])


def _table(analysis: AnalysisView, rows: list[Coefficient], name: str, shows: str, heading: str) -> Html | None:
    style = analysis.style
    columns: list[Column[Coefficient]] = [
        Column("Term", lambda item: term(item["name"])),
        number(heading, lambda item: estimated(item, analysis)[0]),
        number("SE", lambda item: style.number(item["se"], 3)),
        number(f"{words.level(analysis.pool)} CI", lambda item: estimated(item, analysis)[1]),
        number("p", lambda item: words.p_cell(analysis, item["p"])),
    ]
    return analysis_table(analysis, f"location-scale-{name}", shows, rows, columns)


def methods(analyses: Iterable[AnalysisView]) -> Iterator[Statement]:
    """Say how the model was fitted, where an analysis has one."""
    fitted = [part for analysis in analyses if (part := analysis.pool.get("location_scale"))]
    if fitted:
        how = words.listed(sorted({part["likelihood"] for part in fitted}))
        yield Statement(
            f"Moderators of the heterogeneity were examined in location-scale models, in which ln({TAU2}) is linear in them, "
            f"fitted by {how}, with Wald-type intervals and tests.",
            (SOURCE,),
        )
