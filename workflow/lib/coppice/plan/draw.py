"""What `draw` reads of one analysis, and of the review as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from coppice.core import results_layout
from coppice.core.contracts.values import ArmsCompared
from coppice.core.kinds import PAIRWISE, named
from coppice.core.results_layout import DEFAULT_FORMATS, FORMATS
from coppice.core.risk_of_bias import each_judgement, for_outcome, is_judged
from coppice.core.roles import MAIN
from coppice.draw.figures.shared_axis import on_one_axis
from coppice.draw.needs import MOST_ROWS
from coppice.draw.registry import FIGURES, REVIEW_FIGURES, asked_for
from coppice.jobs.canonical_json import digest_of_file
from coppice.plan import extract, pool
from coppice.plan.extract import Unit
from coppice.plan.kinds import planning
from coppice.report.manuscript.missing_glyphs import BUNDLED, uncommon
from coppice.review.analysis import Analysis, role_of
from coppice.review.arm_names import arms_of, favours_of
from coppice.review.review import Review

RISK_OF_BIAS = "risk_of_bias"  # the column of a forest plot that shows it
LEAST_ANALYSES = 2  # on one axis, before a summary of them says more than their own figures
OF_CURVES = "km_curve"  # the form of figure that is a curve
CURVES_FIGURE = "kaplan_meier"


def main_of(review: Review) -> list[str]:
    """Return the pairwise analyses that give a result of the review, in the order of the configuration."""
    every = review.analyses.values()
    return [item.name for item in every if item.is_pairwise and role_of(item, every) == MAIN]


def has_flow(review: Review) -> bool:
    """Return whether somebody counted the records and reports."""
    return bool((review.settings.get("review") or {}).get("flow"))


def has_judgements(review: Review) -> bool:
    """Return whether the risk of bias was judged in any study."""
    return any(is_judged(study.risk_of_bias or {}) for study in review.studies)


def has_common_axis(review: Review) -> bool:
    """Return whether several main analyses share an axis, and not too many."""
    items = [review.analyses[name] for name in main_of(review)]
    if len(items) > MOST_ROWS:
        return False
    return sum(on_one_axis([(item.measure, item.outcome) for item in items])) >= LEAST_ANALYSES


def has_legible_map(review: Review) -> bool:
    """Return whether a map of all studies can be read."""
    return len(review.studies) <= MOST_ROWS


WHERE_THERE_IS: dict[str, Callable[[Review], bool]] = {
    "prisma": has_flow,
    "risk_of_bias": has_judgements,
    "risk_of_bias_summary": has_judgements,
    "summary": has_common_axis,
    "routes_map": has_legible_map,
}


def review_figures(review: Review) -> dict[str, dict[str, Any]]:
    """Return the figures of the review that are drawn, each with its options, in the order of the registry.

    One that the configuration does not name is drawn where the review has what it shows.
    """
    settings = review.settings.get("figures") or {}
    drawn = [name for name in REVIEW_FIGURES if settings.get(name, WHERE_THERE_IS[name](review)) is not False]
    return {name: settings[name] if isinstance(settings.get(name), Mapping) else {} for name in drawn}


def of_kind(review: Review, kind: str) -> list[str]:
    """Return the figures that every analysis of a kind has, in the order of the report."""
    by_itself = {"history": True} if review.searches else {}
    return asked_for(by_itself | (review.settings.get("figures") or {}), kind)


def with_own(review: Review, item: Analysis) -> set[str]:
    """Return the figures that an analysis has since it requests what they show, unless they are switched off."""
    options = review.settings.get("figures") or {}
    shown = planning(item).figures(review, item)
    return {name for name in shown if options.get(name, True) is not False}


def figures(review: Review, item: Analysis) -> dict[str, dict[str, Any]]:
    """Return the figures of an analysis, each with its options, in the order of the report."""
    options = review.settings.get("figures") or {}
    drawn = {*of_kind(review, item.kind), *with_own(review, item)}
    return {name: options[name] if isinstance(options.get(name), Mapping) else {} for name in FIGURES if name in drawn}


def groups(review: Review) -> dict[str, tuple[list[str], list[str]]]:
    """Return the figures, and the analyses that have them, by the name of their rule; pairwise ones first, if only in name.

    A rule names its files, so that analyses with different figures have different rules.
    """
    grouped: dict[str, tuple[list[str], list[str]]] = {"draw": (of_kind(review, PAIRWISE), [])}
    for item in review.analyses.values():
        every = list(figures(review, item))
        own = [name for name in every if name not in of_kind(review, item.kind)]
        name = "_".join(["draw", *([] if item.kind == PAIRWISE else [item.kind]), *own])
        grouped.setdefault(name, (every, []))[1].append(item.name)
    return {name: group for name, group in grouped.items() if group[0]}


def formats(review: Review) -> list[str]:
    """Return the formats of the figures: SVG, those that the configuration names, and PNG where a DOCX file holds them."""
    asked = {*DEFAULT_FORMATS, *((review.settings.get("figures") or {}).get("formats") or ())}
    if "docx" in ((review.settings.get("report") or {}).get("formats") or ()):
        asked.add("png")
    return [form for form in FORMATS if form in asked]


def analyses_of(review: Review) -> list[str]:
    """Return the analyses whose pooled results the figures of the review read, in the order of the configuration."""
    options = review_figures(review)
    main = main_of(review) if "summary" in options else []
    in_summary = main if len(main) <= MOST_ROWS else []
    weighing = options.get("risk_of_bias_summary", {}).get("analysis")
    return [name for name in review.analyses if name in in_summary or name == weighing]


def reads(review: Review, analysis: str | None = None) -> list[Unit]:
    """Return the units of extract that the figures of an analysis read, or those of the review as a whole."""
    if analysis is not None:
        return with_curves(review, pool.reads(review, analysis), figures(review, review.analyses[analysis]))
    if "routes_map" not in review_figures(review) or not has_legible_map(review):
        return []
    place = {study.study: index for index, study in enumerate(review.studies)}
    return sorted(extract.units(review), key=lambda unit: place[unit[0]])


def spec(review: Review, analysis: str | None = None) -> dict[str, Any]:
    """Return what `draw` reads of one analysis besides its results, or of the review as a whole."""
    fonts = fonts_of(review)
    content = review_spec(review) if analysis is None else analysis_spec(review, analysis)
    return content | ({"fonts": fonts} if fonts else {})


def analysis_spec(review: Review, analysis: str) -> dict[str, Any]:
    """Return what `draw` reads of one analysis besides its results."""
    item, extracts = review.analyses[analysis], reads(review, analysis)
    return {
        "analysis": analysis,
        "title": item.title,
        "measure": item.measure,
        "arms": arms_of(review, item),
        "favours": favours_of(review, item),
        "figures": figures(review, item),
        "formats": formats(review),
        **({"important": important} if (important := item.settings.get("important")) else {}),
        **columns_of(review, analysis),
        **(of_extracts(review, extracts) if extracts else {}),
        **({"compared": compared} if extracts and (compared := arms_compared(item)) else {}),
        "style": review.settings.get("style") or {},
        **named(item.kind),
        **planning(item).draw(review, item),
    }


def arms_compared(analysis: Analysis) -> dict[str, ArmsCompared]:
    """Return the arms on both sides of an analysis by study, of which curves are drawn; nothing where it chooses none."""
    return {study.study: analysis.comparison.arms(study) for study in analysis.members} if analysis.comparison else {}


def columns_of(review: Review, analysis: str) -> dict[str, Any]:
    """Return what columns of the figures name of each study besides its results: characteristics and risk of bias."""
    of_kind = figures(review, review.analyses[analysis])
    columns = sorted({str(name) for options in of_kind.values() for name in options.get("columns") or ()})
    members, outcome = review.analyses[analysis].members, review.analyses[analysis].outcome
    characteristics = (
        {"design", "population"}.union(*(study.characteristics for study in review.studies)) if columns else set()
    )
    names = [name for name in columns if name in characteristics]
    return {
        "characteristics": {study.study: {name: study.value(name) for name in names} for study in members}
        if names
        else {},
        "risk_of_bias": {study.study: for_outcome(study.risk_of_bias, outcome) for study in members}
        if RISK_OF_BIAS in columns
        else {},
    }


def review_spec(review: Review) -> dict[str, Any]:
    """Return what `draw` reads of the review as a whole."""
    options, extracts = review_figures(review), reads(review)
    titles: dict[str, str] = {}
    for item in review.analyses.values():
        titles.setdefault(item.outcome, item.title)
    content: dict[str, Any] = {"figures": options, "style": review.settings.get("style") or {}, "counts": {}}
    if read := analyses_of(review):
        content["analyses"] = [
            {
                "analysis": name,
                "title": review.analyses[name].title,
                "favours": favours_of(review, review.analyses[name]),
                "pool": results_layout.file("pool", name),
                **(
                    {"certainty": judged["level"]}
                    if (judged := review.analyses[name].settings.get("certainty"))
                    else {}
                ),
                **({} if name in main_of(review) else {"only_weighs": True}),
            }
            for name in read
        ]
    if "summary" in options:
        content["counts"]["analyses"] = len(main_of(review))
    if "routes_map" in options:
        content["counts"]["studies"] = len(review.studies)
    if extracts:
        content |= of_extracts(review, extracts)
        # a list, as keys of a mapping are sorted when it is written
        content["outcomes"] = [{"outcome": outcome, "title": title} for outcome, title in titles.items()]
    if {"risk_of_bias", "risk_of_bias_summary"} & set(options):
        content["assessments"] = [
            {"study": study.study, **judgement}
            for study in review.studies
            for judgement in each_judgement(study.risk_of_bias, study.label, titles)
        ]
    if "prisma" in options:
        content["flow"] = (review.settings.get("review") or {}).get("flow") or {}
    return content


def of_extracts(review: Review, extracts: Iterable[Unit]) -> dict[str, Any]:
    """Return what a draw spec says of the extracts that its figures read: their files, and the labels of their studies."""
    units = list(extracts)
    return {
        "extracts": [results_layout.file("extract", "/".join(unit)) for unit in units],
        "labels": {study: review.study(study).label for study, _ in units},
    }


@lru_cache(maxsize=4)
def fonts_of(review: Review) -> dict[str, str | None]:
    """Return the machine's fonts that a review asks for, by its letters or by name, each with a hash: mostly none."""
    family = str((review.settings.get("style") or {}).get("font") or BUNDLED)
    wanted = uncommon([str(review.settings), *map(str, review.studies)])
    if not wanted and family == BUNDLED:
        return {}
    try:
        from coppice.draw.canvas import fonts  # matplotlib's, for the few reviews that need it
    except ModuleNotFoundError:  # in Snakemake's own environment, where an edit of the machine's fonts is not seen
        return {}
    names = [name for name in fonts.families(wanted, family) if name != BUNDLED]
    return {name: digest_of_file(fonts.path(name)) for name in names}


def with_curves(review: Review, units: Iterable[Unit], figures: Iterable[str]) -> list[Unit]:
    """Return those of an analysis's units of extract that report a curve, where its figures show curves."""
    if CURVES_FIGURE not in figures:
        return []
    return [
        (study, outcome)
        for study, outcome in units
        if any(figure["statistic"] == OF_CURVES for figure in review.study(study).outcomes[outcome]["reported"])
    ]
