"""What the report says of a dose-response meta-analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.dose_options import COVARIANCES, LINEAR, ONE, SHAPES, SPLINE, STAGES
from coppice.core.roles import MAIN, ROLES
from coppice.report.other_view import OtherView
from coppice.report.page import figures, html_elements, words
from coppice.report.page.html_elements import Html, fold, heading, join, paragraph, tag
from coppice.report.page.references import Statement
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

Record = Mapping[str, Any]
LIKELIHOODS = {"REML": "restricted maximum likelihood", "ML": "maximum likelihood"}


def dose(analysis: OtherView, value: float, *, unit: bool = False) -> str:
    """Print a dose, with its unit."""
    text = f"{value:.4g}"
    return f"{text} {analysis.pool['unit']}" if unit and analysis.pool["unit"] else text


def against(analysis: OtherView) -> str:
    """Name the reference dose."""
    return dose(analysis, analysis.pool["reference"], unit=True)


def sentence(analysis: OtherView) -> str:
    """Give the ratios at the printed doses, and the tests."""
    pool = analysis.pool
    if not pool["predictions"]:
        return f"No curve could be fitted: {pool['reasons'].get('curve', 'there are no effects')}."
    doses = sum(len(effect["points"]) for effect in pool["effects"])
    size = f"{words.first_upper(words.studies(pool['k']))} gave ratios at {words.count(doses, 'dose')}"
    ratios = "; ".join(
        f"{analysis.estimate(item['random'])} at {dose(analysis, item['dose'])}" for item in pool["predictions"]
    )
    shape = SHAPES[pool["settings"]["shape"]].name
    test = f" {tests(analysis)}" if pool["tests"] else ""
    return f"{size}. By {shape}, {analysis.measure.label} ({analysis.level} CI) against {against(analysis)}: {ratios}.{test}"


def tests(analysis: OtherView) -> str:
    """Give the tests of association and of non-linearity."""
    part, style = analysis.pool["tests"], analysis.style
    text = f"Association: {style.with_p(part['association']['p'])}"
    if part["nonlinearity"]:
        text += f"; non-linearity: {style.with_p(part['nonlinearity']['p'])}"
    return f"{text}."


def method(analysis: OtherView) -> str:
    """Give the method in a sentence."""
    return f"Dose-response meta-analysis by {SHAPES[analysis.pool['settings']['shape']].name}, with random effects."


def summary(analysis: OtherView) -> Html | None:
    """Build the table of the ratios for the first screen."""
    return dose_table(analysis, "findings")


def dose_table(analysis: OtherView, name: str) -> Html | None:
    """Build the table of the ratios at the printed doses."""
    pool = analysis.pool
    if not pool["predictions"]:
        return None
    label = f"{analysis.measure.label} ({analysis.level} CI)"
    headings = (f"Dose ({pool['unit']})" if pool["unit"] else "Dose", label, "Prediction interval", "Common effect")
    cells = [
        (
            dose(analysis, item["dose"]),
            analysis.estimate(item["random"]),
            analysis.between(item, "prediction_low", "prediction_high") or words.DASH,
            analysis.estimate(item["common"]),
        )
        for item in pool["predictions"]
    ]
    caption = f"{analysis.title}: {analysis.measure.label} at doses against {against(analysis)}, from the curve of {words.studies(pool['k'])}."
    return table(caption, headings, cells, numeric=range(1, 4), name=f"table-{name}-{analysis.name}")


def coefficient_table(analysis: OtherView) -> Html | None:
    """Build the table of the coefficients, on the scale of the model."""
    style = analysis.style

    def number(value: float) -> str:
        return f"{value:.3g}".replace("-", "\N{MINUS SIGN}") if value else style.number(0.0, 0)

    def line(part: Record) -> str:
        return f"{number(part['estimate'])} ({style.between(number(part['ci_low']), number(part['ci_high']))})"

    cells = [
        (item["term"], line(item["random"]), number(item["tau"]), line(item["common"]))
        for item in analysis.pool["coefficients"]
    ]
    headings = ("Term", f"Coefficient ({analysis.level} CI)", "SD between studies", "Common effect")
    caption = "Coefficients of the curve, of the logarithm of the ratio."
    return table(caption, headings, cells, numeric=range(1, 4), name=f"table-curve-{analysis.name}") if cells else None


def study_table(review: ReviewView, analysis: OtherView) -> Html | None:
    """Build the table of the ratios of each study."""
    keys = ("yi", "ci_low", "ci_high")
    cells = [
        (
            review.label(effect["study"]) if number == 0 else "",
            dose(analysis, point["dose"]),
            dose(analysis, effect["reference"]),
            words.DASH if point["cases"] is None else f"{point['cases']:g}",
            words.DASH if point["total"] is None else f"{point['total']:,.6g}",
            analysis.estimate(point, keys),
        )
        for effect in analysis.effects
        for number, point in enumerate(effect["points"])
    ]
    headings = (
        "Study",
        "Dose",
        "Against",
        "Cases",
        "Persons or person-time",
        f"{analysis.measure.label} ({analysis.level} CI)",
    )
    caption = f"{analysis.title}: the ratios that studies report."
    return (
        table(caption, headings, cells, numeric=range(1, 6), name=f"table-effects-{analysis.name}") if cells else None
    )


def other_table(analysis: OtherView, part: str, first: str, caption: str, named: Any) -> Html | None:
    """Build a table of the ratios at the printed doses in other models, a row each."""
    rows = analysis.explore.get(part)
    if not isinstance(rows, list) or not rows:
        return None
    doses = [item["dose"] for item in analysis.pool["predictions"]]
    cells = [
        (
            *named(row),
            *(
                (analysis.estimate(item) for item in row["predictions"])
                if row["predictions"]
                else [words.DASH] * len(doses)
            ),
            words.DASH
            if row["nonlinearity"] is None
            else analysis.style.p_value(row["nonlinearity"]["p"]).removeprefix("=").strip(),
        )
        for row in rows
    ]
    more = ("AIC",) if part == "shapes" else ()
    headings = (first, *more, *(f"At {dose(analysis, value)}" for value in doses), "p, non-linearity")
    return table(caption, headings, cells, numeric=range(1, len(headings)), name=f"table-{part}-{analysis.name}")


def shape_table(analysis: OtherView) -> Html | None:
    """Build the table of the result for each shape."""

    def named(row: Record) -> tuple[str, str]:
        return words.first_upper(row["shape"]), analysis.style.number(row["AIC"], 1)

    caption = f"{analysis.title}: the ratios at each dose by other shapes of the curve, in one stage by maximum likelihood; a lower AIC is a better fit for the number of coefficients."
    return other_table(analysis, "shapes", "Shape", caption, named)


def without_table(analysis: OtherView) -> Html | None:
    """Build the table of the curve without each study."""
    caption = f"{analysis.title}: the ratios at each dose without each study."
    return other_table(analysis, "leave_one_out", "Without", caption, lambda row: (row["label"],))


def drawn(analysis: OtherView) -> Html | None:
    """Embed the curve; None where it is not drawn."""
    return figures.of_other(analysis, "dose_response", sentence(analysis))


def section(review: ReviewView, analysis: OtherView) -> Html:
    """Build the results of one dose-response analysis."""
    title = heading(3, analysis.title, id_=analysis.id)
    role = None
    if analysis.role != MAIN:
        role = f"{words.first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."
    details = join(
        [coefficient_table(analysis), study_table(review, analysis), without_table(analysis), excluded(analysis)]
    )
    reasons = [] if analysis.pool["predictions"] else list(analysis.pool["reasons"].values())
    parts = [
        tag("p", sentence(analysis), class_="lead"),
        paragraph(role),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
        html_elements.notice(map(words.sentence, [*analysis.pool["warnings"], *reasons])),
        drawn(analysis),
        dose_table(analysis, "doses"),
        paragraph(model_of(analysis)),
        paragraph(spread(analysis)),
        shape_table(analysis),
        fold("Coefficients, ratios of the studies, and the result without each study", details),
    ]
    shown = [title, *parts] if analysis.role == MAIN else [fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def excluded(analysis: OtherView) -> Html | None:
    """Build the list of the studies that could not be pooled."""
    items = [f"{item['label']}: {item['reason']}" for item in analysis.pool["excluded"]]
    return paragraph(f"Not pooled: {'; '.join(items)}.") if items else None


def model_of(analysis: OtherView) -> str | None:
    """Name the model in a sentence."""
    settings = analysis.pool["settings"]
    if not analysis.pool["predictions"]:
        return None
    knots = words.listed([dose(analysis, knot) for knot in settings["knots"]])
    at = f" with knots at {knots}" if settings["shape"] == SPLINE else ""
    stages = "one stage" if settings["stages"] == ONE else "two stages"
    return (
        f"The curve is {SHAPES[settings['shape']].name}{at}, fitted in {stages}; the covariance of the ratios of a study is "
        f"built by {COVARIANCES[settings['covariance']].name}."
    )


def spread(analysis: OtherView) -> str | None:
    """Give heterogeneity and goodness of fit in a sentence."""
    part, fit, style = analysis.pool["heterogeneity"], analysis.pool["fit"], analysis.style
    if part is None or fit is None:
        return None
    q = ""
    if part["Q"]:
        p = "" if part["Q"]["p"] is None else f", {style.with_p(part['Q']['p'])}"
        q = f"; Q of the curves of studies = {style.number(part['Q']['statistic'], 2)} on {part['Q']['df']} df{p}"
    deviance = fit["deviance"]
    p = "" if deviance["p"] is None else f", {style.with_p(deviance['p'])}"
    return (
        f"Heterogeneity: {words.I2} {style.percent(part['I2'], 0)}{q}. Goodness of fit of the common curve: deviance "
        f"{style.number(deviance['statistic'], 2)} on {deviance['df']} df{p}; R\N{SUPERSCRIPT TWO} {style.percent(100 * fit['R2'], 0)}."
    )


def methods(analyses: Sequence[OtherView]) -> Iterator[Statement]:
    """Describe the model of the dose-response analyses."""
    settings = [item.pool["settings"] for item in analyses]

    def of(key: str, names: Mapping[str, Any]) -> str:
        return words.listed([str(names[value]) for value in dict.fromkeys(item[key] for item in settings)])

    shapes = of("shape", {code: option.name for code, option in SHAPES.items()})
    stages = of("stages", {code: f"{code} stage{'s' if code != ONE else ''}" for code in STAGES})
    yield Statement(
        f"Ratios at several doses were pooled by {shapes} in {stages}, with random coefficients of studies by {of('tau2', LIKELIHOODS)}.",
        ("crippa2019", "orsini2012"),
    )
    covariances = of("covariance", {code: option.name for code, option in COVARIANCES.items()})
    yield Statement(
        f"The covariance of the ratios of a study, which share its reference dose, was built by {covariances}.",
        ("greenland1992", *(("hamling2008",) if any(item["covariance"] == "hamling" for item in settings) else ())),
    )
    if any(item["shape"] != LINEAR for item in settings):
        yield Statement("Non-linearity was tested by a Wald test of the coefficients beyond the linear one.")
    yield Statement(
        "Goodness of fit is that of residuals from which the correlation within studies was removed.",
        ("discacciati2017",),
    )
