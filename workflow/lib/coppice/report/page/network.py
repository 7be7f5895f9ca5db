"""What the report says of a network meta-analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.roles import MAIN, ROLES
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, heading, paragraph, tag
from coppice.report.page.references import Statement
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

METHOD = (
    "Network meta-analysis by weighted least squares on the graph of comparisons (frequentist), with random effects."
)
AGAINST = {"common": ("estimate", "ci_low", "ci_high"), "random": ("estimate", "ci_low", "ci_high")}


def against_reference(analysis: OtherView) -> list[tuple[str, Mapping[str, Any]]]:
    """Return each treatment against the reference: its name and the comparison, turned where it stands the other way."""
    reference = analysis.pool["reference"]
    rows = []
    for comparison in analysis.pool["comparisons"]:
        one, other = comparison["treatments"]
        if reference == other:
            rows.append((name_of(analysis, one), comparison))
        elif reference == one:
            rows.append((name_of(analysis, other), turned(comparison)))
    return rows


def turned(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison as it reads from the other side."""
    lines: dict[str, Any] = {name: turned_line(part) for name, part in comparison.items() if isinstance(part, Mapping)}
    return {**comparison, "treatments": comparison["treatments"][::-1], **lines}


def turned_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return an estimate with its limits as it reads from the other side."""

    def minus(value: float | None) -> float | None:
        return None if value is None else -value

    pairs = {"ci_low": "ci_high", "ci_high": "ci_low", "prediction_low": "prediction_high", "prediction_high": "prediction_low"}  # fmt: skip
    changed = {name: minus(line[other]) for name, other in pairs.items() if other in line}
    changed |= {name: minus(line[name]) for name in ("estimate", "statistic") if name in line}
    return {**line, **changed}


def name_of(analysis: OtherView, treatment: str) -> str:
    """Return how a treatment is printed."""
    names = {item["treatment"]: item["name"] for item in analysis.pool["treatments"]}
    return str(names.get(treatment, treatment))


def sentence(analysis: OtherView) -> str:
    """Give the size of the network and the effects against the reference."""
    if not analysis.pool["comparisons"]:
        return f"No network could be made: {analysis.pool['reasons'].get('comparisons', 'nothing could be pooled')}."
    size = f"{words.first_upper(words.studies(analysis.pool['k']))} compared {words.count(len(analysis.pool['treatments']), 'treatment')}"
    effects = [
        f"{name}, {analysis.measure.label} {analysis.estimate(item['random'])}"
        for name, item in against_reference(analysis)[:MOST_IN_A_SENTENCE]
    ]
    more = len(analysis.pool["treatments"]) - 1 - len(effects)
    rest = f"; the table has the other {more}" if more else ""
    reference = name_of(analysis, analysis.pool["reference"])
    return f"{size}. Against {reference} ({analysis.level} CI): {'; '.join(effects)}{rest}."


MOST_IN_A_SENTENCE = 6  # effects against the reference


def method(analysis: OtherView) -> str:
    """Give the method of a network in a sentence."""
    return METHOD


def summary(analysis: OtherView) -> Html | None:
    """Build the table of effects against the reference for the first screen."""
    return reference_table(analysis, f"{analysis.title}: each treatment against", "findings")


def reference_table(analysis: OtherView, lead: str, name: str) -> Html | None:
    """Build the table of all treatments against the reference; None without any."""
    rows = against_reference(analysis)
    if not rows:
        return None
    headings = (
        "Treatment",
        "Direct studies",
        f"{analysis.measure.label} ({analysis.level} CI)",
        "Prediction interval",
        "Common effect",
    )
    cells = [
        (
            name_,
            item["k"],
            analysis.estimate(item["random"]),
            analysis.between(item["random"], "prediction_low", "prediction_high") or words.DASH,
            analysis.estimate(item["common"]),
        )
        for name_, item in rows
    ]
    caption = f"{lead} {name_of(analysis, analysis.pool['reference'])}."
    return table(caption, headings, cells, numeric=range(1, 5), name=f"table-{name}-{analysis.name}")


def section(review: ReviewView, analysis: OtherView) -> Html:
    """Build the results of one network."""
    title = heading(3, analysis.title, id_=analysis.id)
    role = None
    if analysis.role != MAIN:
        role = f"{words.first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."
    parts = [
        tag("p", sentence(analysis), class_="lead"),
        paragraph(role),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
        html_elements.notice(map(words.sentence, analysis.pool["warnings"])),
        reference_table(analysis, "Each treatment against", "reference"),
        paragraph(spread(analysis)),
    ]
    shown = [title, *parts] if analysis.role == MAIN else [html_elements.fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def spread(analysis: OtherView) -> str | None:
    """Give the heterogeneity of a network in a sentence."""
    part, style = analysis.pool["heterogeneity"], analysis.style
    if part is None:
        return None
    i2 = f", {words.I2} {style.percent(part['I2'], 0)}" if part["I2"] is not None else ""
    q = f"; Q = {style.number(part['Q'], 2)} on {part['df']} df" if part["df"] else ""
    p = f", {style.with_p(part['p'])}" if part["p"] is not None else ""
    return f"Heterogeneity: {words.TAU2} {style.variance(part['tau2'])}{i2}{q}{p}."


def methods(analyses: Sequence[OtherView]) -> Iterator[Statement]:
    """Describe the model of the networks."""
    measures = words.listed(
        [words.plural(measure.name) for measure in dict.fromkeys(item.measure for item in analyses)]
    )
    yield Statement(
        f"Network meta-analysis ({measures}) used weighted least squares on the graph of the comparisons; the correlation of "
        "the comparisons of multi-arm studies enters exactly.",
        ("ruecker2012", "ruecker2014"),
    )
