"""The summary of findings in the form of GRADE: relative and absolute effects, certainty, and the result in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.report import html, sentences, words
from coppice.report.absolute import PER, WITH_TREATMENT, Baseline, baselines, risk_with_treatment
from coppice.report.html import Html, tag
from coppice.report.review import Analysis, Review
from coppice.report.tables import table

PROPORTIONAL = "These numbers take the hazards to be proportional up to the time stated, and the relative effect to be the same at every risk."
CAP = "\N{DAGGER}"
CLIPPED = f"{CAP} Clipped: the effect applied to this risk would give fewer patients than none, or more than all."
# Santesso N et al. GRADE guidelines 26, J Clin Epidemiol 2020;119:126-135, doi:10.1016/j.jclinepi.2019.10.014
WORDING = {"high": "", "moderate": "probably ", "low": "may ", "very low": None}


def summary_of_findings(review: Review) -> Html:
    """Build the table: for each outcome patients, relative effect, absolute effects, certainty, plain words."""
    rows = [
        (
            tag("a", analysis.title, href=f"#{analysis.id}"),
            _size(review, analysis),
            _relative(analysis),
            _absolute(analysis),
            _certainty(analysis),
            plain_statement(analysis) or tag("span", "not worded: its certainty is not assessed", class_="absent"),
        )
        for analysis in review.analyses
    ]
    columns = (
        "Outcome",
        "Patients (studies)",
        "Relative effect or difference",
        f"Events per {PER:,} patients",
        "Certainty",
        "In plain words",
    )
    caption = "Summary of findings."
    capped = any(CAP in row[3] for row in rows)
    note = tag("p", CLIPPED, class_="footnote") if capped else None
    return html.join([table(caption, columns, rows, name="table-findings"), note])


def _size(review: Review, analysis: Analysis) -> str:
    patients = sentences.participants(review, analysis)
    studies = len({effect["study"] for effect in analysis.effects})
    return f"{words.DASH if patients is None else f'{patients:,}'} ({studies})"


def _relative(analysis: Analysis) -> object:
    main = analysis.pool.get("random")
    if main:
        return f"{analysis.measure.code} {words.estimate(analysis, main)}"
    return (
        tag("a", "by subgroup", href=f"#table-subgroups-{analysis.name}")
        if analysis.pool.get("subgroups")
        else words.DASH
    )


def _absolute(analysis: Analysis) -> Html:
    main = analysis.pool.get("random")
    if not main or analysis.measure.code not in WITH_TREATMENT:
        return html.escape(words.DASH)
    found = baselines(analysis)
    if not found:
        return tag("span", "not assessed: no risk without the treatment is given", class_="absent")
    return html.join(tag("span", absolute_effect(analysis, main, baseline), class_="line") for baseline in found)


def absolute_effect(analysis: Analysis, part: Mapping[str, Any], baseline: Baseline) -> str:
    """Say the absolute effect at one baseline risk: ``first relapse, death by 4 years: 51 on A, 98 (62 to 140) on B``."""
    code = analysis.measure.code
    ratios = [analysis.measure.scale.back(part[name]) for name in ("estimate", "ci_low", "ci_high")]
    middle, low, high = (_clipped(code, baseline.risk, ratio) for ratio in ratios)
    happens = [event] if (event := words.event(analysis)) != words.AN_EVENT and code not in words.COUNTED else []
    by = " ".join([*happens, *([f"by {baseline.time}"] if baseline.time else [])])
    control, experimental = words.in_text(analysis.control), words.in_text(analysis.experimental)
    whose = f"{baseline.name}, {by}" if by else baseline.name
    return f"{whose}: {_per_thousand(baseline.risk)} on {control}, {middle} ({low} to {high}) on {experimental}"


def _clipped(code: str, risk: float, effect: float) -> str:
    """Print a risk with the treatment per 1,000 patients, marked if the effect leads beyond what is possible."""
    mark = "" if 0 <= WITH_TREATMENT[code](risk, effect) <= 1 else CAP
    return f"{_per_thousand(risk_with_treatment(code, risk, effect))}{mark}"


def in_absolute_numbers(analysis: Analysis) -> Html | None:
    """Say what the estimate means per 1,000 patients, at each risk without the treatment; None where it can't be said."""
    main = analysis.pool.get("random")
    found = baselines(analysis) if main and analysis.measure.code in WITH_TREATMENT else []
    if not main or not found:
        return None
    same = {baseline.source for baseline in found}
    where = f", where the risk without the treatment is as in {same.pop()}" if len(same) == 1 else ""
    said = [
        absolute_effect(analysis, main, baseline)
        + ("" if where else f"; without the treatment as in the {baseline.source}")
        for baseline in found
    ]
    lead = f"Of {PER:,} patients, the number with {words.event(analysis)}{where}:"
    capped = CLIPPED if any(CAP in item for item in said) else None
    return html.join(
        [
            tag("p", lead),
            html.bullets(said),
            tag("p", capped) if capped else None,
            tag("p", PROPORTIONAL) if analysis.measure.code == "HR" else None,
        ]
    )


def _per_thousand(risk: float) -> str:
    return f"{PER * risk:,.0f}"


def _certainty(analysis: Analysis) -> object:
    judged = analysis.certainty
    if not judged or not judged.get("level"):
        return None
    reasons = judged.get("reasons") or []
    return f"{judged['level']}" + (f" ({'; '.join(map(str, reasons))})" if reasons else "")


def plain_statement(analysis: Analysis) -> str | None:
    """Say the result in the words that GRADE keeps for its certainty; None where the certainty is not judged.

    Parameters
    ----------
    analysis : Analysis
        The analysis, with the judgement that people made.

    Returns
    -------
    str or None
    """
    main, level = analysis.pool.get("random"), str((analysis.certainty or {}).get("level") or "")
    if not main or level not in WORDING:
        return None
    experimental, control = words.first_upper(words.in_text(analysis.experimental)), words.in_text(analysis.control)
    wording = WORDING[level]
    if wording is None:
        return f"The evidence is very uncertain about the effect of {words.in_text(analysis.experimental)} on {words.event(analysis)}."
    fewer = main["estimate"] < (analysis.measure.null or 0)
    verb = ("lead" if level == "low" else "leads") + (" to less" if fewer else " to more")
    event = words.event(analysis)
    noun = f"{'of the event' if event == words.AN_EVENT else event} than {control}"
    doubt = "" if not sentences.includes_null(analysis, main) else ", but the interval includes no difference"
    return f"{experimental} {wording}{verb} {noun}{doubt}."
