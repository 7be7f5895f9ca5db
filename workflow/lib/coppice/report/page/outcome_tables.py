"""The tables of one analysis: pooled effects, alternative results, subgroups, leave-one-out, excluded studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal

from coppice.core.contracts.explore import ResampledRow
from coppice.core.contracts.extract import Candidate, ExtractedMeasure, ExtractResult
from coppice.core.contracts.pool import Effect, Excluded, Level
from coppice.core.text import in_sentence
from coppice.pool.models.glmm.options import is_glmm
from coppice.report.page import html_elements, sentences, words
from coppice.report.page.html_elements import Html, tag
from coppice.report.page.reported import printed_with_arms
from coppice.report.page.table import Column, analysis_table, number
from coppice.report.page.trace import whose
from coppice.report.report_data import AnalysisView, ReviewView

MARKED = "marked in the record: "  # in front of a reason of the record; the table leaves it out


def effects(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the table of the pooled effects: the result as reported, the effect, its weight and the reason for the choice."""
    risks = any(effect.get("risks") for effect in analysis.effects)
    reasons = any(effect.get("why") for effect in analysis.effects)
    arms = {"experimental": analysis.experimental, "control": analysis.control} if risks else {}
    columns: list[Column[Effect] | None] = [
        Column("Study", lambda effect: effect["label"]),
        Column("Reported", lambda effect: printed_with_arms(review, effect["study"], effect)),
        number(
            words.estimate_heading(analysis),
            lambda effect: words.estimate(analysis, {**effect, "estimate": effect["yi"]}),
        ),
        number("Weight" if analysis.pool["random"] else "Weight in subgroup", partial(weight, analysis))
        if not is_glmm(analysis.pool["settings"])
        else None,
        *(Column(f"Risk, {in_sentence(name)}", partial(_risk, analysis, arm=arm)) for arm, name in arms.items()),
        Column("Route", lambda effect: words.route(effect["route"])),
        Column("Report", lambda effect: review.citation(effect["study"], effect["report"]) or words.DASH),
        Column("Reason for choice", lambda effect: (effect["why"] or words.DASH).replace(MARKED, ""))
        if reasons
        else None,
    ]
    note = (
        " Confidence intervals were recomputed from the effect and its variance and may differ from the published ones in the "
        f"last digit.{' Risks have exact (Clopper-Pearson) intervals.' if risks else ''}"
    )
    shows = f": pooled effects, {analysis.measure.name}{sentences.versus(analysis, ', {}')}.{note}"
    return analysis_table(analysis, "effects", shows, analysis.effects, columns)


def weight(analysis: AnalysisView, effect: Mapping[str, Any]) -> str:
    """Print the weight of an effect, in the random-effects model if there is one."""
    random = effect.get("weight_random")
    return analysis.style.percent(random if random is not None else effect.get("weight_common"))


def _risk(analysis: AnalysisView, effect: Mapping[str, Any], arm: str) -> str:
    risk = (effect.get("risks") or {}).get(arm)
    if not risk:
        return words.DASH
    middle, low, high = analysis.style.together([100 * risk[name] for name in ("risk", "low", "high")], 1)
    return f"{middle}% ({analysis.style.between(low, high)})"


def others(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the table of the alternative results that were not used, and by how much they differ."""
    is_ratio = analysis.measure.scale.is_ratio
    columns: list[Column[tuple[Effect, Candidate]]] = [
        Column("Study", lambda pair: review.label(pair[0]["study"])),
        Column("Reported", lambda pair: printed_with_arms(review, pair[0]["study"], pair[1])),
        Column("Patients", lambda pair: whose(review, pair[0]["study"], pair[1])),
        Column("Route", lambda pair: words.route(pair[1]["route"])),
        number(analysis.measure.label, lambda pair: words.value(analysis, pair[1]["yi"], pair[1].get("size"))),
        number(
            f"SE ({analysis.measure.scale.name})" if is_ratio else "SE",
            lambda pair: analysis.style.number(pair[1]["vi"] ** 0.5, 3),
        ),
        number(
            "Ratio to the result used" if is_ratio else "Difference from the result used",
            lambda pair: _difference(analysis, *pair),
        ),
        Column("Report", lambda pair: review.citation(pair[0]["study"], pair[1]["report"]) or words.DASH),
    ]
    shows = ": alternative results of the same studies, not used in this analysis."
    return analysis_table(analysis, "others", shows, list(_not_chosen(review, analysis)), columns)


def why_others_differ(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """List the remarks on the alternative results of each study, and what their routes assume; None without either."""
    by_study: dict[str, list[Candidate]] = {}
    for effect, candidate in _not_chosen(review, analysis):
        by_study.setdefault(effect["study"], []).append(candidate)
    used = {effect["study"]: effect["route"] for effect in analysis.effects}
    items = []
    for study, candidates in by_study.items():
        extract = review.extract(study, analysis.outcome)
        remark = [extract["note"]] if extract and extract["note"] else []
        remarks = [*remark, *_assumed(candidate for candidate in candidates if candidate["route"] != used[study])]
        if remarks:
            label = tag("b", f"{words.ended(review.label(study))} ")
            items.append(html_elements.join([label, html_elements.linked(" ".join(remarks))]))
    return html_elements.bullets(items) if items else None


def _assumed(candidates: Iterable[Candidate]) -> list[str]:
    """State the assumptions of each route and the notes on each conversion, once."""
    assumptions, remarks = [], []
    for candidate in candidates:
        if assumed := "; ".join(candidate["assumptions"]):
            assumptions.append(f"The route {words.quoted(words.route(candidate['route']))} assumes that {assumed}.")
        remarks += [f"{words.first_upper(note.rstrip('.'))}." for note in candidate["notes"]]
    return list(dict.fromkeys([*assumptions, *remarks]))


def single_route(review: ReviewView, analysis: AnalysisView) -> str | None:
    """Name the studies in which only one result could be converted to the measure."""
    several = {effect["study"] for effect, _ in _not_chosen(review, analysis)}
    studies = dict.fromkeys(effect["study"] for effect in analysis.effects)
    single = [review.label(study) for study in studies if study not in several]
    lead = f"No alternative result could be converted to {words.a(analysis.measure)}"
    return words.ended(f"{lead} in {words.listed(single)}") if single else None


def _not_chosen(review: ReviewView, analysis: AnalysisView) -> Iterator[tuple[Effect, Candidate]]:
    """Yield each candidate that was not chosen, with the effect of its study that was."""
    for study in dict.fromkeys(effect["study"] for effect in analysis.effects):
        entered = [effect for effect in analysis.effects if effect["study"] == study]
        measure = _measure_of(review.extract(study, analysis.outcome), entered[0], analysis.measure.code)
        for index, candidate in enumerate(measure["candidates"] if measure else ()):
            if measure and index not in measure["chosen"]:
                same = [effect for effect in entered if effect["population"] == candidate["population"]]
                yield (same or entered)[0], candidate


def _measure_of(extract: ExtractResult | None, effect: Effect, code: str) -> ExtractedMeasure | None:
    """Return the part of an extract in which an effect was chosen: an extract may hold a measure under several options."""
    for name, measure in extract["measures"].items() if extract else ():
        chosen = [measure["candidates"][index] for index in measure["chosen"]]
        if name.partition(" ")[0] == code and any(candidate["yi"] == effect["yi"] for candidate in chosen):
            return measure
    return None


def _difference(analysis: AnalysisView, effect: Effect, candidate: Candidate) -> str:
    if candidate["population"] != effect["population"]:
        return "other patients"
    apart = candidate["yi"] - effect["yi"]
    text = words.value(analysis, apart)
    return text if analysis.measure.scale.is_ratio or apart <= 0 else f"+{text}"


def subgroups(analysis: AnalysisView) -> Html | None:
    """Build the table of the subgroups."""
    part = analysis.pool["subgroups"]
    if not part:
        return None
    by = part["by"]

    def estimate(level: Level) -> str:
        is_alone = not level["random"] and level["k"] == 1
        return "one study, no subtotal" if is_alone else words.estimate(analysis, level["random"])

    columns: list[Column[Level]] = [
        Column(words.first_upper(words.readable(by)), lambda level: words.level_of(by, level["level"])),
        number("Effects", lambda level: level["k"]),
        number(words.estimate_heading(analysis), estimate),
        Column("CI method", lambda level: words.interval_by(level["random"])),
        number(words.TAU2, lambda level: words.tau2(analysis, level["heterogeneity"])),
        number(words.I2, lambda level: words.i2(analysis, level["heterogeneity"])),
    ]
    return analysis_table(analysis, "subgroups", f" by {words.readable(by)}.", part["levels"], columns)


def leave_one_out(analysis: AnalysisView) -> Html | None:
    """Build the table of the estimates without each study."""
    return _pooled_rows(analysis, "leave_one_out", "Omitted", "pooled estimate with each effect omitted in turn")


def _added_by(analysis: AnalysisView) -> str | None:
    """Return the order of the cumulative analysis; None for that of publication."""
    rows: list[ResampledRow] = analysis.explored("cumulative")
    return rows[0].get("by") if rows else None


def cumulative_title(analysis: AnalysisView) -> str:
    """Return the heading of the table of cumulative pooling."""
    by = _added_by(analysis)
    return "Cumulative meta-analysis" if by is None else f"Cumulative meta-analysis by {words.readable(by)}"


def cumulative(analysis: AnalysisView) -> Html | None:
    """Build the table of the cumulative estimates."""
    by = _added_by(analysis)
    order = "in order of publication year" if by is None else f"by {words.readable(by)}"
    return _pooled_rows(analysis, "cumulative", "Study added", f"cumulative pooled estimate, studies added {order}")


def _pooled_rows(
    analysis: AnalysisView, part: Literal["leave_one_out", "cumulative"], first: str, shows: str
) -> Html | None:
    """Build a table of estimates, one per subset of the effects."""
    rows: list[ResampledRow] = analysis.explored(part)
    columns: list[Column[ResampledRow]] = [
        Column(first, lambda row: row["label"]),
        number(words.estimate_heading(analysis), partial(words.estimate, analysis)),
        number(words.TAU2, partial(words.tau2, analysis)),
        number(words.I2, partial(words.i2, analysis)),
        Column("CI method", words.interval_by),
    ]
    return analysis_table(analysis, part.replace("_", "-"), f": {shows}.", rows, columns)


def excluded(analysis: AnalysisView) -> Html | None:
    """Build the table of the studies that could not be pooled."""
    columns: list[Column[Excluded]] = [
        Column("Study", lambda row: row.get("label") or row["study"]),
        Column("Reason", lambda row: row["reason"]),
    ]
    return analysis_table(analysis, "excluded", ": studies not pooled.", analysis.pool["excluded"], columns)
