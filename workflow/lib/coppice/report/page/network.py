"""What the report says of a network meta-analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.network_lines import against_reference, is_common, main_line, names_of
from coppice.core.roles import MAIN, ROLES
from coppice.report.other_view import OtherView
from coppice.report.page import figures, html_elements, network_components, network_facts, words
from coppice.report.page import network_tables as tables
from coppice.report.page.html_elements import Html, heading, paragraph, tag
from coppice.report.page.references import Statement

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

METHOD = (
    "Network meta-analysis by weighted least squares on the graph of comparisons (frequentist), with random effects."
)
OF_COUNTS = "Network meta-analysis of counts by Mantel-Haenszel, with common effects."
MOST_IN_A_SENTENCE = 6  # effects against the reference
CHECKLIST = (
    "PRISMA extension for network meta-analysis (Hutton B et al. Ann Intern Med 2015;162:777-784): location of each item.",
    (
        ("S1", "Geometry of the network, methods", "graph"),
        ("S2", "Assessment of inconsistency, methods", "split"),
        ("S3", "Presentation of network structure", "graph"),
        ("S4", "Summary of network geometry", "transitivity"),
        ("S5", "Exploration for inconsistency", "split"),
    ),
)
TAU2_NAMES = {"REML": "restricted maximum likelihood", "ML": "maximum likelihood", "DL": "the method of DerSimonian and Laird, generalised to networks"}  # fmt: skip


def sentence(analysis: OtherView) -> str:
    """Give the size of the network and the effects against the reference."""
    pool = analysis.pool
    if not pool["comparisons"] and pool.get("components"):
        return network_components.sentence(analysis)
    if not pool["comparisons"]:
        return f"No network could be made: {pool['reasons'].get('comparisons', 'nothing could be pooled')}."
    names = names_of(pool)
    scores = {item["treatment"]: item["p_score"] for item in pool["treatments"]}
    ordered = sorted(against_reference(pool), key=lambda item: -scores[item["treatments"][0]])
    effects = [
        f"{names[item['treatments'][0]]}, {analysis.measure.label} {analysis.estimate(main_line(item))}"
        for item in ordered[:MOST_IN_A_SENTENCE]
    ]
    size = f"{words.first_upper(words.studies(pool['k']))} compared {words.count(len(pool['treatments']), 'treatment')}"
    more = len(pool["treatments"]) - 1 - len(effects)
    rest = f"; the table has the other {more}" if more else ""
    return f"{size}. Against {names[pool['reference']]} ({analysis.level} CI): {'; '.join(effects)}{rest}."


def method(analysis: OtherView) -> str:
    """Give the method of a network in a sentence."""
    return OF_COUNTS if is_common(analysis.pool) else METHOD


def summary(analysis: OtherView) -> Html | None:
    """Build the table of effects against the reference for the first screen."""
    return tables.reference_table(analysis, f"{analysis.title}: each treatment against", "findings")


def geometry(analysis: OtherView) -> str | None:
    """Describe the network: comparisons with direct evidence, multi-arm studies."""
    pool = analysis.pool
    if not pool["comparisons"]:
        return None
    direct = sum(1 for item in pool["comparisons"] if item["k"])
    multi = len(pool["multi_arm"])
    text = f"{words.first_upper(words.share(direct, len(pool['comparisons']), 'comparison'))} {'has' if direct == 1 else 'have'} direct evidence"
    return (
        f"{text}; {words.studies(multi)} {'compares' if multi == 1 else 'compare'} more than two treatments."
        if multi
        else f"{text}."
    )


def spread(analysis: OtherView) -> list[str]:
    """Give heterogeneity and inconsistency of a network, a sentence each."""
    part, style, inconsistency = analysis.pool["heterogeneity"], analysis.style, analysis.pool["inconsistency"]
    if not analysis.pool["comparisons"]:
        return []
    if part is None:
        between = tables.test(analysis, inconsistency["between"]) if inconsistency else f"not tested, as {analysis.pool['reasons']['inconsistency']}"  # fmt: skip
        return [
            "Heterogeneity: not estimated, as Mantel-Haenszel assumes common effects.",
            f"Inconsistency (between designs, common effects): {between}.",
        ]
    i2 = f", {words.I2} {style.percent(part['I2'], 0)}" if part["I2"] is not None else ""
    q = f"; {tables.test(analysis, part)}" if part["df"] else ""
    texts = [f"Heterogeneity: {words.TAU2} {style.variance(part['tau2'])}{i2}{q}."]
    if inconsistency is None:
        return [*texts, f"Inconsistency: not tested, as {analysis.pool['reasons']['inconsistency']}."]
    return [
        *texts,
        f"Inconsistency (design-by-treatment interaction, random effects): {tables.test(analysis, inconsistency['interaction'])}.",
    ]


def drawn(analysis: OtherView, name: str) -> Html | None:
    """Embed a figure; None where it is not drawn."""
    return figures.of_other(analysis, name, f"{sentence(analysis)} The tables below give the numbers.")


def section(review: ReviewView, analysis: OtherView) -> Html:
    """Build the results of one network: what a reader needs first, then folds with everything behind it."""
    role = None
    if analysis.role != MAIN:
        role = f"{words.first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."
    lines = html_elements.lines(spread(analysis))
    parts = [
        tag("p", sentence(analysis), class_="lead"),
        paragraph(role),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
        html_elements.notice(map(words.sentence, analysis.pool["warnings"])),
        tag("div", drawn(analysis, "network_graph"), paragraph(geometry(analysis)), id=f"{analysis.id}-graph"),
        drawn(analysis, "network_forest"),
        tables.reference_table(analysis, f"{analysis.title}: each treatment against", "reference"),
        tag("p", lines, class_="spread") if lines else None,
        tag("div", *folds(review, analysis), class_="folds"),
    ]
    title = heading(3, analysis.title, id_=analysis.id)
    shown = [title, *parts] if analysis.role == MAIN else [html_elements.fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def folds(review: ReviewView, analysis: OtherView) -> list[Html | None]:
    """Build the folds of a network, in reading order; those that have nothing to say are None."""

    def fold(key: str, title: str, *parts: Html | None) -> Html | None:
        return html_elements.fold(title, *parts, id_=f"{analysis.id}-{key}")

    of_components = network_components.components(analysis, drawn(analysis, "network_components"))
    excluded = fold("excluded", "Studies not pooled", tables.excluded(analysis))
    if not analysis.pool["comparisons"]:
        reason = paragraph(words.sentence(analysis.pool["reasons"]["comparisons"])) if of_components else None
        included = fold("included", "Results included in the analysis", tables.effects(review, analysis))
        return [
            fold("components", "Components", reason, *of_components),
            *([included] if of_components else []),
            excluded,
        ]
    return [
        fold("components", "Components", *of_components),
        fold("league", "League table", drawn(analysis, "league"), tables.league(analysis)),
        fold("ranks", "Ranks", paragraph(RANKS), tables.ranks(analysis), drawn(analysis, "rankogram")),
        fold(
            "split",
            "Direct and indirect evidence",
            paragraph(*inconsistency(analysis)),
            drawn(analysis, "network_split"),
            tables.split(analysis),
            tables.designs(analysis),
        ),
        fold("contributions", "Where the evidence comes from", tables.contributions(analysis)),
        fold(
            "transitivity", "Characteristics by comparison (transitivity)", network_facts.transitivity(review, analysis)
        ),
        fold("certainty", "CINeMA worksheet", network_facts.worksheet(review, analysis)),
        fold(
            "sensitivity",
            "Sensitivity analyses",
            tables.other_models(analysis),
            tables.left_out(analysis, "leave_one_out", "without one study"),
            tables.left_out(analysis, "leave_treatment_out", "without one treatment"),
            tables.left_out(analysis, "leave_comparison_out", "without one comparison (its two-arm studies)"),
        ),
        fold("small-study", "Small-study effects", drawn(analysis, "comparison_funnel")),
        fold("included", "Results included in the analysis", tables.effects(review, analysis)),
        excluded,
    ]


RANKS = (
    "A P-score is the mean certainty that a treatment is better than another one; a rank says nothing about how large the "
    "difference is, or how certain the evidence."
)


LOW_POWER = "Such tests have low power; a large p value does not show that the evidence is consistent."


def inconsistency(analysis: OtherView) -> list[str]:
    """Give Q within and between designs, and the design-by-treatment interaction."""
    part = analysis.pool["inconsistency"]
    if part is None:
        return [words.sentence(analysis.pool["reasons"]["inconsistency"])]
    if part["interaction"] is None:
        return [f"Between designs {tables.test(analysis, part['between'])}, with common effects. {LOW_POWER}"]
    return [
        f"Within designs {tables.test(analysis, part['within'])}; between designs {tables.test(analysis, part['between'])}, both with common effects.",
        f"The design-by-treatment interaction with random effects gives {tables.test(analysis, part['interaction'])}, {words.TAU2} within designs being {analysis.style.variance(part['interaction']['tau2'])}.",
        LOW_POWER,
    ]


def methods(analyses: Sequence[OtherView]) -> Iterator[Statement]:
    """Describe the model of the networks."""
    measures = words.listed(
        [words.plural(measure.name) for measure in dict.fromkeys(item.measure for item in analyses)]
    )
    on_log = (
        " Ratios were pooled on the logarithmic scale." if any(item.measure.scale.is_ratio for item in analyses) else ""
    )
    by_effects = [item for item in analyses if not is_common(item.pool)]
    if by_effects:
        yield Statement(
            f"Network meta-analysis ({measures}) used weighted least squares on the graph of the comparisons; the correlation of "
            f"the comparisons of multi-arm studies enters exactly.{on_log}",
            ("ruecker2012", "ruecker2014"),
        )
    if len(by_effects) < len(analyses):
        yield Statement(
            "Odds ratios of rare events were pooled from the counts by Mantel-Haenszel for networks, with common effects: studies of the "
            "same design first, designs by weighted least squares then. Zeros were not corrected; studies in which no patient, or every one, "
            "had the event do not contribute.",
            ("efthimiou2019",),
        )
    yield from (
        Statement(text, cites) for text, cites in dict.fromkeys(_model(item.pool["settings"]) for item in by_effects)
    )
    if any(item.pool.get("components") for item in analyses):
        yield Statement(
            "Components of treatments were given additive effects by weighted least squares; additivity was tested by the difference of "
            "Q between the additive model and the network, where the network is connected.",
            ("ruecker2020",),
        )
    yield Statement(
        "Treatments were ranked by P-scores; probabilities of ranks are from draws of the estimates.", ("ruecker2015",)
    )
    yield Statement(
        "Indirect evidence was separated from direct evidence by back-calculation.", ("dias2010", "koenig2013")
    )
    if by_effects:
        yield Statement(
            "Inconsistency was assessed by Cochran's Q within and between designs, and by the design-by-treatment interaction with random effects.",
            ("krahn2013", "higgins2012"),
        )
    if len(by_effects) < len(analyses):
        yield Statement(
            "With Mantel-Haenszel, inconsistency was assessed by Cochran's Q between designs.", ("krahn2013",)
        )
    yield Statement(
        "The contribution of each direct comparison follows from random walks along the evidence.", ("davies2022",)
    )


def _model(settings: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    tau2 = settings["tau2"]
    how = f"was estimated by {TAU2_NAMES[tau2]}" if isinstance(tau2, str) else f"was set to {tau2:g}"
    text = (
        f"All comparisons of a network share one variance between studies, {words.TAU2}, which {how}; confidence intervals use the normal "
        "distribution, prediction intervals the t distribution with the degrees of freedom of Q."
    )
    return text, ("jackson2013moments",) if tau2 == "DL" else ("patterson1971",) if tau2 == "REML" else ()
