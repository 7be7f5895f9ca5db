"""What the report says of a diagnostic meta-analysis, in the words of the Cochrane Handbook for test accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.roles import MAIN, ROLES
from coppice.pool.multivariate.diagnostic.options import BINOMIAL, MODELS, ZERO_RULES
from coppice.report.other_view import OtherView
from coppice.report.page import figures, html_elements, words
from coppice.report.page.diagnostic_tables import (
    consequences,
    covariates,
    excluded,
    included,
    leave_one_out,
    models,
    percent,
    prevalence,
    ratios,
    subgroups,
    tests,
)
from coppice.report.page.html_elements import Html, heading, join, paragraph, tag
from coppice.report.page.references import Statement
from coppice.report.page.table import table

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView

NOTHING_POOLED = "No study could be pooled."
NAMED = "named in the configuration"
SUMMARY_HEADINGS = ("Test", "Studies", "Participants", "With the condition", "Sensitivity", "Specificity")

# the topics are paraphrased; the parts are the ids of the folds of an analysis
CHECKLIST = (
    "PRISMA extension for diagnostic test accuracy (McInnes MDF et al. JAMA 2018;319:388-396): location of each item.",
    (
        ("13", "Principal measures of accuracy and unit of assessment", "estimate"),
        ("14", "Two by two data, thresholds and variability between studies", "included"),
        ("D2", "Meta-analysis of test accuracy, methods", "estimate"),
        ("16", "Additional analyses", "sensitivity"),
        ("20", "Results of each study: two by two data, sensitivity and specificity with intervals", "included"),
        ("21", "Synthesis of results", "estimate"),
        ("23", "Results of additional analyses", "sensitivity"),
    ),
)


def sentence(analysis: OtherView) -> str:
    """Give summary sensitivity and specificity in a sentence."""
    pool, point = analysis.pool, analysis.pool["point"]
    people = pool["with_condition"] + pool["without_condition"]
    size = (
        f"{words.first_upper(words.studies(pool['k']))} with {words.count(people, 'participant')}, "
        f"{pool['with_condition']:,} of whom had {pool['condition']}"
    )
    if point is None:
        return f"No summary sensitivity and specificity: {pool['reasons'].get('point', 'nothing could be pooled')}."
    sides = [f"summary {side} of {percent(analysis, point[side])}" for side in ("sensitivity", "specificity")]
    first, second = sides
    return (
        f"{size}, give a {first.replace(' (', f' ({analysis.level} CI ', 1)} and a "
        f"{second.replace(' (', f' ({analysis.level} CI ', 1)} for {pool['test']}."
    )


def more(analysis: OtherView) -> list[str]:
    """Give the summary points of subgroups in a sentence, and the tests of their difference."""
    part = analysis.pool["subgroups"]
    if part is None:
        return []
    levels = [
        f"{words.level_of(part['by'], item['level'])} ({words.studies(item['k'])}) sensitivity {percent(analysis, item['point']['sensitivity'])}, "
        f"specificity {percent(analysis, item['point']['specificity'])}"
        for item in part["levels"]
    ]
    text = f"By {words.readable(part['by']).lower()}: {'; '.join(levels)}."
    return [item for item in (text, tests(analysis, part)) if item]


def in_people(analysis: OtherView) -> str | None:
    """Say what the test does to 1,000 people, at the first of the prevalences."""
    rows = analysis.pool["consequences"]
    if not rows:
        return None
    row, pool = rows[0], analysis.pool
    source = f" ({row['source']})" if row["source"] != NAMED else ""
    tp, fn, fp, tn = (f"{round(row[name]['estimate']):,}" for name in ("tp", "fn", "fp", "tn"))
    return (
        f"Of 1,000 people tested, at a prevalence of {prevalence(analysis, row)}{source}, {round(1000 * row['prevalence']):,} have "
        f"{pool['condition']}: {tp} of them would be detected and {fn} missed. Of those without it, {fp} would be wrongly "
        f"classified as having it, and {tn} correctly as not."
    )


def method(analysis: OtherView) -> str:
    """Give the method in a sentence."""
    return (
        f"Sensitivity and specificity were summarised jointly by the {MODELS[analysis.pool['settings']['model']].name}."
    )


def summary(analysis: OtherView) -> Html | None:
    """Build the row of the first screen, with the consequences in 1,000 people."""
    pool, point = analysis.pool, analysis.pool["point"]
    if point is None:
        return None
    rows = [_found(analysis, words.first_upper(pool["test"]), analysis.effects, point)]
    for level in (pool["subgroups"] or {"levels": []})["levels"]:
        own = [effect for effect in analysis.effects if effect["subgroup"] == level["level"]]
        rows.append(_found(analysis, words.level_of(pool["subgroups"]["by"], level["level"]), own, level["point"]))
    text = f"{analysis.title}: summary sensitivity and specificity ({analysis.level} CI)."
    first = table(text, SUMMARY_HEADINGS, rows, numeric=range(1, 6), name=f"table-findings-{analysis.name}")
    return join([first, paragraph(in_people(analysis))])


def _found(analysis: OtherView, label: str, effects: Sequence[Any], point: Mapping[str, Any]) -> tuple[object, ...]:
    """Return the row of a summary point: what it is of, studies, participants, those with the condition, and the point."""
    ill = sum(effect["tp"] + effect["fn"] for effect in effects)
    people = ill + sum(effect["fp"] + effect["tn"] for effect in effects)
    sides = (percent(analysis, point[side]) for side in ("sensitivity", "specificity"))
    return (label, len(effects), f"{people:,}", f"{ill:,}", *sides)


def section(review: ReviewView, analysis: OtherView) -> Html:
    """Build the results: what a reader needs first, then folds with what stands behind it."""
    title = heading(3, analysis.title, id_=analysis.id)
    role = None
    if analysis.role != MAIN:
        role = f"{words.first_upper(ROLES[analysis.role])}: not reported in the abstract or the summary of findings."
    parts = [
        tag("p", sentence(analysis), class_="lead"),
        paragraph(in_people(analysis)),
        paragraph(role),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
        html_elements.notice(map(words.sentence, analysis.pool["warnings"])),
        consequences(analysis),
        _drawn(analysis, "coupled_forest"),
        _drawn(analysis, "sroc"),
        tag("div", *_folds(review, analysis), class_="folds"),
    ]
    shown = [title, *parts] if analysis.role == MAIN else [html_elements.fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def _folds(review: ReviewView, analysis: OtherView) -> list[Html | None]:
    pool, explored = analysis.pool, analysis.explore

    def fold(key: str, title: str, *parts: Html | None) -> Html | None:
        return html_elements.fold(title, *parts, id_=f"{analysis.id}-{key}")

    def why_not(part: str) -> str | None:
        reason = pool["reasons"].get(part)
        return f"Not available: {reason}." if reason else None

    return [
        fold(
            "estimate",
            "Estimate in full",
            ratios(analysis),
            paragraph(spread(analysis)),
            paragraph(curve(analysis)),
            paragraph(why_not("point")),
        ),
        fold(
            "subgroups",
            "Subgroups",
            subgroups(analysis),
            paragraph(tests(analysis, pool["subgroups"])),
            paragraph(why_not("subgroups")),
        ),
        fold(
            "regression",
            "Covariates",
            covariates(analysis),
            paragraph(tests(analysis, pool["regression"])),
            paragraph(why_not("regression")),
        ),
        fold(
            "sensitivity",
            "Sensitivity analyses",
            tag("h5", "Leave-one-out analysis"),
            paragraph(_range(analysis, explored.get("leave_one_out"))),
            leave_one_out(analysis),
            tag("h5", "Other models"),
            paragraph(_skipped(explored.get("multiverse"))),
            models(analysis),
        )
        if explored
        else None,
        fold("included", "Results included in the analysis", included(review, analysis) or paragraph(NOTHING_POOLED)),
        fold("excluded", "Studies not pooled", excluded(analysis)),
    ]


def _skipped(part: object) -> str | None:
    return f"Not performed: {part['skipped']}." if isinstance(part, Mapping) else None


def _range(analysis: OtherView, rows: Any) -> str | None:
    """Say how far both move when each study is omitted."""
    if not isinstance(rows, list):
        return _skipped(rows)
    texts = []
    for side in ("sensitivity", "specificity"):
        having = [row for row in rows if row[side]]
        if not having:
            return None
        ends = [end(having, key=lambda row: row[side]["estimate"]) for end in (min, max)]
        values = [f"{analysis.style.percent(100 * row[side]['estimate'])} without {row['label']}" for row in ends]
        texts.append(f"the summary {side} ranges from {values[0]} to {values[1]}")
    return f"When one study is omitted at a time, {words.listed(texts)}."


def spread(analysis: OtherView) -> str | None:
    """Give the variation between studies in a sentence."""
    part, style = analysis.pool["between"], analysis.style
    if part is None:
        return None
    correlation = "not estimable" if part["correlation"] is None else style.number(part["correlation"], 2)
    return (
        f"Between studies, the logit of sensitivity has the variance {style.variance(part['sensitivity'])} and that of "
        f"specificity {style.variance(part['specificity'])}; their correlation is {correlation}. The prediction region of the "
        "summary ROC plot shows this variation. I² is not given, as it does not account for a threshold effect."
    )


def curve(analysis: OtherView) -> str | None:
    """Give the summary ROC curve in a sentence, or say why it is not available."""
    parameters, part, style = analysis.pool["hsroc"], analysis.pool["curve"], analysis.style
    if parameters is None:
        reason = analysis.pool["reasons"].get("hsroc")
        return f"There is no summary ROC curve: {reason}." if reason else None
    values = ", ".join(
        f"{name} {style.number(parameters[key], 3)}"
        for name, key in (("accuracy (Lambda)", "Lambda"), ("threshold (Theta)", "Theta"), ("shape (beta)", "beta"))
    )
    ends = words.listed([style.percent(100 * (1 - rate)) for rate in reversed(part["fpr_range"])])
    partial = part["auc_partial"]
    within = (
        f" over the whole range of specificity; between the specificities of the studies, {ends}, its mean sensitivity is {style.percent(100 * partial)}"
        if partial is not None
        else ""
    )
    return f"Summary ROC curve (HSROC): {values}. The area beneath it is {style.number(part['auc'], 3)}{within}."


def _drawn(analysis: OtherView, name: str) -> Html | None:
    """Embed a figure; None where it was not drawn."""
    return figures.of_other(analysis, name, f"{sentence(analysis)} The tables below give the numbers.")


def methods(analyses: Sequence[OtherView]) -> Iterator[Statement]:
    """Describe the models of the diagnostic analyses."""
    for code in dict.fromkeys(item.pool["settings"]["model"] for item in analyses):
        own = [item.pool["settings"] for item in analyses if item.pool["settings"]["model"] == code]
        of_cells = ""
        if code == BINOMIAL:
            of_cells = " by maximum likelihood with adaptive Gauss-Hermite quadrature; empty cells need no correction"
        else:
            how = words.listed(list(dict.fromkeys(item["method"] for item in own)))
            rules = dict.fromkeys(item["zero_cells"] for item in own)
            of_cells = f" by {how}; empty cells: {words.listed([ZERO_RULES[rule].name for rule in rules])}"
        yield Statement(
            f"Sensitivity and specificity were summarised jointly by the {MODELS[code].name}, fitted{of_cells}.",
            (MODELS[code].source, "dta_handbook10"),
        )
    yield Statement("The summary ROC curve and its parameters follow from the bivariate model.", ("harbord2007",))
    yield Statement("Intervals of the studies are exact.", ("clopper",))
    if any(item.pool["subgroups"] or item.pool["regression"] for item in analyses):
        yield Statement(
            "Subgroups and covariates enter as fixed effects on both logits, with one covariance between studies, and are "
            "tested by likelihood ratio.",
            ("dta_handbook10",),
        )
