"""What the report says of a multivariate meta-analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.multivariate_options import STRUCTURE_OPTIONS
from coppice.core.roles import MAIN, ROLES
from coppice.report.other_view import OtherView
from coppice.report.page import figures, html_elements, words
from coppice.report.page.html_elements import Html, fold, heading, join, paragraph, tag
from coppice.report.page.references import Statement
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

Record = Mapping[str, Any]
RHO = "\N{GREEK SMALL LETTER RHO}"
LIKELIHOODS = {"REML": "restricted maximum likelihood", "ML": "maximum likelihood"}


def line(analysis: OtherView, part: Record) -> str:
    """Print an estimate with its interval; alone where it has none."""
    if part["ci_low"] is None:
        return analysis.number(part["estimate"])
    return analysis.estimate(part)


def p_cell(analysis: OtherView, p: float | None) -> str:
    """Print a p value in a cell: what it is equal to without the sign."""
    return words.DASH if p is None else analysis.style.p_value(p).removeprefix("= ")


def sentence(analysis: OtherView) -> str:
    """Give the pooled effect on each outcome."""
    outcomes = analysis.pool["outcomes"]
    if not outcomes:
        return f"Nothing could be pooled: {analysis.pool['reasons'].get('outcomes', 'there are no effects')}."
    size = f"{words.first_upper(words.studies(analysis.pool['k']))} gave effects on {words.count(len(outcomes), 'outcome')}"
    effects = [f"{item['name']}, {analysis.measure.label} {line(analysis, item['random'])}" for item in outcomes]
    return f"{size}, pooled jointly ({analysis.level} CI): {'; '.join(effects)}."


def method(analysis: OtherView) -> str:
    """Give the method in a sentence."""
    return "Multivariate random-effects meta-analysis, in which the outcomes of a study are correlated."


def summary(analysis: OtherView) -> Html | None:
    """Build the table of the outcomes for the first screen."""
    return outcome_table(analysis, "findings")


def outcome_table(analysis: OtherView, name: str) -> Html | None:
    """Build the table of the outcomes: pooled jointly, with prediction, and each alone."""
    outcomes = analysis.pool["outcomes"]
    if not outcomes:
        return None
    headings = (
        "Outcome", "Studies", f"{analysis.measure.label} ({analysis.level} CI)", "Prediction interval", "p",
        "From this outcome alone", "Borrowed",
    )  # fmt: skip
    cells = [
        (
            item["name"],
            item["k"],
            line(analysis, item["random"]),
            analysis.between(item, "prediction_low", "prediction_high") or words.DASH,
            p_cell(analysis, item["random"]["p"]),
            line(analysis, item["alone"]),
            analysis.style.percent(item["borrowed"], 0),
        )
        for item in outcomes
    ]
    caption = (
        f"{analysis.title}: the outcomes pooled jointly, and each from its own effects alone. Borrowed: the reduction of "
        "the variance by the other outcomes."
    )
    return table(caption, headings, cells, numeric=range(1, 7), name=f"table-{name}-{analysis.name}")


def heterogeneity_table(analysis: OtherView) -> Html | None:
    """Build the table of the heterogeneity of each outcome."""
    style = analysis.style
    cells = [
        (item["name"], style.variance(item["tau2"]), variance_interval(analysis, item), style.percent(item["I2"], 0))
        for item in analysis.pool["outcomes"]
    ]
    cells += [
        (f"shared by {words.readable(item['name'])} ({item['groups']} groups)", style.variance(item["tau2"]), variance_interval(analysis, item), words.DASH)
        for item in analysis.pool["shared"]
    ]  # fmt: skip
    headings = ("Outcome", words.TAU2, f"{analysis.level} CI", words.I2)
    caption = "Heterogeneity of each outcome, with profile likelihood intervals."
    return (
        table(caption, headings, cells, numeric=range(1, 4), name=f"table-heterogeneity-{analysis.name}")
        if cells
        else None
    )


def variance_interval(analysis: OtherView, item: Record) -> str:
    """Print the profile interval of a variance."""
    low, high = item["tau2_low"], item["tau2_high"]
    if low is None:
        return words.DASH
    if high is None:
        return f"from {analysis.style.variance(low)}"
    return analysis.style.between(analysis.style.variance(low), analysis.style.variance(high))


def correlation_table(analysis: OtherView) -> Html | None:
    """Build the table of the correlations of the true effects."""
    style, named = analysis.style, names_of(analysis)

    def number(value: float | None) -> str:
        return words.DASH if value is None else style.number(value, 2)

    cells = [
        (
            " and ".join(named[key] for key in item["outcomes"]),
            item["k"],
            number(item["estimate"]) + (" (at the bound)" if item["at_bound"] else ""),
            words.DASH if item["low"] is None else style.between(number(item["low"]), number(item["high"])),
            p_cell(analysis, item["p"]),
        )
        for item in analysis.pool["correlations"]
    ]
    headings = ("Outcomes", "Studies with both", "Correlation", f"{analysis.level} CI", "p")
    caption = "Correlations of the true effects between studies, with profile likelihood intervals and likelihood-ratio tests."
    return (
        table(caption, headings, cells, numeric=range(1, 5), name=f"table-correlations-{analysis.name}")
        if cells
        else None
    )


def rho_table(analysis: OtherView) -> Html | None:
    """Build the table of the result for other correlations of the sampling errors."""
    rows, named = analysis.pool["over_rho"], names_of(analysis)
    if not rows:
        return None
    headings = (RHO, *(named[item["outcome"]] for item in rows[0]["outcomes"]))
    cells = [
        (analysis.style.number(row["rho"], 1), *(line(analysis, item["random"]) for item in row["outcomes"]))
        for row in rows
    ]
    own = analysis.style.number(analysis.pool["settings"]["rho"], 2)
    caption = f"The pooled effects for other correlations {RHO} of the sampling errors within studies; the analysis has {own}."
    return table(caption, headings, cells, numeric=range(len(headings)), name=f"table-rho-{analysis.name}")


def without_table(analysis: OtherView) -> Html | None:
    """Build the table of the outcomes without each study."""
    rows, named = analysis.explore.get("leave_one_out"), names_of(analysis)
    if not isinstance(rows, list):
        return None
    cells = [
        (row["label"], *(line(analysis, by_key[key]["random"]) if key in by_key else words.DASH for key in named))
        for row in rows
        if (by_key := {item["outcome"]: item for item in row["outcomes"]})
    ]
    headings = ("Without", *named.values())
    caption = f"{analysis.title}: the pooled effects without each study."
    return table(caption, headings, cells, numeric=range(1, len(headings)), name=f"table-without-{analysis.name}")


def study_table(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the table of the effects of each study."""
    named = names_of(analysis)
    by_study: dict[str, dict[str, Any]] = {}
    for effect in analysis.effects:
        by_study.setdefault(effect["study"], {})[effect["outcome"]] = effect
    keys = ("yi", "ci_low", "ci_high")
    cells = [
        (review.label(study), *(analysis.estimate(own[key], keys) if key in own else words.DASH for key in named))
        for study, own in by_study.items()
    ]
    headings = ("Study", *named.values())
    caption = f"{analysis.title}: {analysis.measure.label} ({analysis.level} CI) of each study and outcome."
    return (
        table(caption, headings, cells, numeric=range(1, len(headings)), name=f"table-effects-{analysis.name}")
        if cells
        else None
    )


def names_of(analysis: OtherView) -> dict[str, str]:
    """Return how each outcome that was pooled is printed."""
    return {item["outcome"]: item["name"] for item in analysis.pool["outcomes"]}


def section(review: ReviewView, analysis: OtherView) -> Html:
    """Build the results of one multivariate analysis."""
    title = heading(3, analysis.title, id_=analysis.id)
    role = None
    if analysis.role != MAIN:
        role = f"{words.first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."
    details = join([study_table(review, analysis), rho_table(analysis), without_table(analysis), excluded(analysis)])
    parts = [
        tag("p", sentence(analysis), class_="lead"),
        paragraph(role),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
        html_elements.notice(map(words.sentence, [*analysis.pool["warnings"], *reasons(analysis)])),
        figures.of_other(analysis, "outcomes_forest", f"{sentence(analysis)} The tables below give the numbers."),
        outcome_table(analysis, "outcomes"),
        paragraph(model_of(analysis)),
        heterogeneity_table(analysis),
        paragraph(spread(analysis)),
        correlation_table(analysis),
        fold("Effects of the studies, other correlations, and the result without each study", details),
    ]
    shown = [title, *parts] if analysis.role == MAIN else [fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def reasons(analysis: OtherView) -> list[str]:
    """Return why outcomes are missing."""
    return list(analysis.pool["reasons"].values()) if analysis.pool["outcomes"] else []


def excluded(analysis: OtherView) -> Html | None:
    """Build the list of the studies that could not be pooled."""
    items = [f"{item['label']}: {item['reason']}" for item in analysis.pool["excluded"]]
    return paragraph(f"Not pooled: {'; '.join(items)}.") if items else None


def model_of(analysis: OtherView) -> str | None:
    """Name the structure of the model."""
    if not analysis.pool["outcomes"]:
        return None
    settings = analysis.pool["settings"]
    structure = STRUCTURE_OPTIONS[settings["structure"]].name
    shared = words.listed([words.readable(name) for name in settings["random"]])
    more = f", and a random effect that studies of the same {shared} share" if shared else ""
    robust = "" if settings["robust"] == "none" else f" Intervals are cluster-robust ({settings['robust']})."
    rho = analysis.style.number(settings["rho"], 2)
    return f"The true effects of a study have {structure}{more}; the sampling errors of two outcomes correlate by {rho}.{robust}"


def spread(analysis: OtherView) -> str | None:
    """Give the heterogeneity of all outcomes in a sentence."""
    part, style = analysis.pool["heterogeneity"], analysis.style
    if part is None:
        return None
    q = "" if part["Q"] is None else f"; Q = {style.number(part['Q'], 2)} on {part['df']} df"
    p = "" if part["p"] is None else f", {style.with_p(part['p'])}"
    return f"Of all outcomes together: {words.I2} {style.percent(part['I2'], 0)}{q}{p}."


def more(analysis: OtherView) -> list[str]:
    """Give heterogeneity and the correlations of the true effects in sentences."""
    named = names_of(analysis)
    each = [
        f"{' and '.join(named[key] for key in item['outcomes'])} {analysis.style.number(item['estimate'], 2)}{' (at the bound)' if item['at_bound'] else ''}"
        for item in analysis.pool["correlations"]
        if item["estimate"] is not None
    ]
    correlated = [f"Correlation of the true effects between studies: {'; '.join(each)}."] if each else []
    return [text for text in (spread(analysis), *correlated) if text]


def methods(analyses: Sequence[OtherView]) -> Iterator[Statement]:
    """Describe the model of the multivariate analyses."""
    how = words.listed(
        [LIKELIHOODS[name] for name in dict.fromkeys(item.pool["settings"]["tau2"] for item in analyses)]
    )
    yield Statement(
        f"Several outcomes were pooled jointly by multivariate random-effects meta-analysis, with variances and correlations by {how}; "
        "the correlation of the sampling errors within studies was set, and varied.",
        ("jackson2011",),
    )
    yield Statement(
        f"{words.I2} of each outcome compares the variance of its mean with and without heterogeneity; borrowing of strength "
        "compares it with that from the outcome's own effects.",
        ("jackson2012", "jackson2017"),
    )
