"""The tables of one analysis: what entered, what could have, subgroups, leave-one-out, what was not pooled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.text import in_sentence
from coppice.report.page import html_elements, sentences, words
from coppice.report.page.html_elements import Html
from coppice.report.page.reported import printed
from coppice.report.page.tables import I2, TAU2, Row, table
from coppice.report.page.trace import whose
from coppice.report.report_data import AnalysisView, ReviewView


def effects(review: ReviewView, analysis: AnalysisView) -> Html:
    """Build the table of the effects that were pooled: what was reported, what it gives, its weight and why this figure."""
    risks = any(effect.get("risks") for effect in analysis.effects)
    reasons = any(effect.get("why") for effect in analysis.effects)
    columns = [
        "Study",
        "Reported",
        f"{analysis.measure.label} ({words.level(analysis.pool)} CI)",
        "Weight" if analysis.pool["random"] else "Weight in subgroup",
    ]
    if risks:
        columns += [f"Risk, {in_sentence(analysis.experimental)}", f"Risk, {in_sentence(analysis.control)}"]
    columns += ["Route", "Report"] + (["Reason for choice"] if reasons else [])

    def row(effect: Mapping[str, Any]) -> Row:
        cells: list[object] = [
            effect.get("label") or effect["study"],
            printed(effect["statistic"], effect.get("reported") or {}),
            words.estimate(analysis, {**effect, "estimate": effect["yi"]}),
            _weight(analysis, effect),
        ]
        if risks:
            cells += [_risk(analysis, effect, "experimental"), _risk(analysis, effect, "control")]
        return [
            *cells,
            words.route(effect["route"]),
            review.citation(effect["study"], effect.get("report")) or words.DASH,
            *([words.why(effect.get("why"))] if reasons else []),
        ]

    note = " Confidence intervals were recomputed from the effect and its variance and may differ from the published ones in the last digit."
    note += " Risks have exact (Clopper-Pearson) intervals." if risks else ""
    caption = f"{analysis.title}: pooled effects, {analysis.measure.name}{sentences.versus(analysis, ', {}')}.{note}"
    return table(caption, columns, map(row, analysis.effects), numeric=(2, 3), name=f"table-effects-{analysis.name}")


def _weight(analysis: AnalysisView, effect: Mapping[str, Any]) -> str:
    weight = effect.get("weight_random")
    return analysis.style.percent(weight if weight is not None else effect.get("weight_common"))


def _risk(analysis: AnalysisView, effect: Mapping[str, Any], arm: str) -> str:
    risk = (effect.get("risks") or {}).get(arm)
    if not risk:
        return words.DASH
    middle, low, high = analysis.style.together([100 * risk[name] for name in ("risk", "low", "high")], 1)
    return f"{middle}% ({analysis.style.between(low, high)})"


def others(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the table of the figures that could have entered and did not, and by how much they differ."""
    rows = [
        (
            review.label(effect["study"]),
            printed(candidate["statistic"], candidate.get("reported") or {}),
            whose(review, effect["study"], candidate),
            words.route(candidate["route"]),
            words.value(analysis, candidate["yi"], candidate.get("size")),
            analysis.style.number(candidate["vi"] ** 0.5, 3),
            _difference(analysis, candidate, effect),
            review.citation(effect["study"], candidate.get("report")) or words.DASH,
        )
        for effect, candidate in _not_chosen(review, analysis)
    ]
    if not rows:
        return None
    scale = f"SE ({analysis.measure.scale.name})" if analysis.measure.scale.is_ratio else "SE"
    differs = "Ratio to the result used" if analysis.measure.scale.is_ratio else "Difference from the result used"
    columns = ("Study", "Reported", "Patients", "Route", analysis.measure.label, scale, differs, "Report")
    return table(
        f"{analysis.title}: alternative results of the same studies, not used in this analysis.",
        columns,
        rows,
        numeric=(4, 5, 6),
        name=f"table-others-{analysis.name}",
    )


def why_others_differ(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Say of each study with other figures what its record remarks on them, and what their routes assume.

    Returns
    -------
    Html or None
        None when no study has figures by another route, and no record remarks on them.
    """
    by_study: dict[str, list[Mapping[str, Any]]] = {}
    for effect, candidate in _not_chosen(review, analysis):
        by_study.setdefault(effect["study"], []).append(candidate)
    used = {effect["study"]: effect["route"] for effect in analysis.effects}
    items = []
    for study, candidates in by_study.items():
        remark = (review.extract(study, analysis.outcome) or {}).get("note")
        others = [candidate for candidate in candidates if candidate["route"] != used[study]]
        sentences_ = [*([str(remark)] if remark else []), *_assumed(others)]
        if sentences_:
            items.append(
                html_elements.join(
                    [
                        html_elements.tag("b", f"{words.ended(review.label(study))} "),
                        html_elements.linked(" ".join(sentences_)),
                    ]
                )
            )
    return html_elements.bullets(items) if items else None


def _assumed(candidates: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say what each route assumes, and what was remarked on its way, once."""
    assumptions = [
        f"The route \N{LEFT SINGLE QUOTATION MARK}{words.route(item['route'])}\N{RIGHT SINGLE QUOTATION MARK} assumes that {'; '.join(item['assumptions'])}."
        for item in candidates
        if item.get("assumptions")
    ]
    remarks = [f"{words.first_upper(note.rstrip('.'))}." for item in candidates for note in item.get("notes") or []]
    return list(dict.fromkeys([*assumptions, *remarks]))


def single_route(review: ReviewView, analysis: AnalysisView) -> str | None:
    """Name the studies in which only one figure could be turned into the measure."""
    several = {effect["study"] for effect, _ in _not_chosen(review, analysis)}
    single = [
        str(review.label(study))
        for study in dict.fromkeys(effect["study"] for effect in analysis.effects)
        if study not in several
    ]
    if not single:
        return None
    return words.ended(
        f"No alternative result could be converted to {words.a(analysis.measure)} in {words.listed(single)}"
    )


def _not_chosen(review: ReviewView, analysis: AnalysisView) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each candidate that did not enter, with the effect of its study that did."""
    for study in dict.fromkeys(effect["study"] for effect in analysis.effects):
        entered = [effect for effect in analysis.effects if effect["study"] == study]
        measure = _measure_of(review.extract(study, analysis.outcome) or {}, entered[0], analysis.measure.code)
        chosen = set(measure.get("chosen") or [])
        for index, candidate in enumerate(measure.get("candidates") or []):
            if index not in chosen:
                same = [effect for effect in entered if effect.get("population") == candidate.get("population")]
                yield (same or entered)[0], candidate


def _measure_of(extract: Mapping[str, Any], effect: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """Return the part of an extract in which an effect was chosen: one measure may be there with several options."""
    for name, measure in (extract.get("measures") or {}).items():
        candidates = measure.get("candidates") or []
        if name.partition(" ")[0] == code and any(
            candidates[index]["yi"] == effect["yi"] for index in measure["chosen"]
        ):
            return dict(measure)
    return {}


def _difference(analysis: AnalysisView, candidate: Mapping[str, Any], effect: Mapping[str, Any]) -> str:
    if candidate.get("population") != effect.get("population"):
        return "other patients"
    apart = candidate["yi"] - effect["yi"]
    text = words.value(analysis, apart)
    return text if analysis.measure.scale.is_ratio or apart <= 0 else f"+{text}"


def subgroups(analysis: AnalysisView) -> Html | None:
    """Build the table of the subgroups."""
    part = analysis.pool["subgroups"]
    if not part:
        return None

    def row(level: Mapping[str, Any]) -> Row:
        heterogeneity, main = level.get("heterogeneity") or {}, level.get("random") or {}
        alone = level.get("k") == 1
        return (
            words.level_of(part["by"], level["level"]),
            level.get("k"),
            words.estimate(analysis, level.get("random"))
            if main
            else "one study, no subtotal"
            if alone
            else words.DASH,
            words.interval_by(main),
            analysis.style.variance(heterogeneity.get("tau2")),
            analysis.style.percent(heterogeneity.get("I2"), 0),
        )

    columns = (
        words.first_upper(words.readable(part["by"])),
        "Effects",
        f"{analysis.measure.label} ({words.level(analysis.pool)} CI)",
        "CI method",
        TAU2,
        I2,
    )
    return table(
        f"{analysis.title} by {words.readable(part['by'])}.",
        columns,
        map(row, part["levels"]),
        numeric=(1, 2, 4, 5),
        name=f"table-subgroups-{analysis.name}",
    )


def leave_one_out(analysis: AnalysisView) -> Html | None:
    """Build the table of the estimates without each study."""
    return _pooled_rows(analysis, "leave_one_out", "Omitted", "pooled estimate with each effect omitted in turn")


def _added_by(analysis: AnalysisView) -> str | None:
    """Return what cumulative pooling adds the studies by; None for the order in which they came."""
    rows = analysis.explore.get("cumulative")
    return rows[0].get("by") if isinstance(rows, list) and rows else None


def cumulative_title(analysis: AnalysisView) -> str:
    """Return the heading of the table of cumulative pooling."""
    by = _added_by(analysis)
    return "Cumulative meta-analysis" if by is None else f"Cumulative meta-analysis by {words.readable(by)}"


def cumulative(analysis: AnalysisView) -> Html | None:
    """Build the table of the estimates as studies are added, one after the other."""
    by = _added_by(analysis)
    order = "in order of publication year" if by is None else f"by {words.readable(by)}"
    return _pooled_rows(analysis, "cumulative", "Study added", f"cumulative pooled estimate, studies added {order}")


def _pooled_rows(analysis: AnalysisView, name: str, first: str, shows: str) -> Html | None:
    """Build a table of estimates, one a subset of the effects."""
    rows = analysis.explore.get(name)
    if not isinstance(rows, list) or not rows:
        return None

    def row(entry: Mapping[str, Any]) -> Row:
        return (
            entry.get("label") or entry["study"],
            words.estimate(analysis, entry),
            analysis.style.variance(entry.get("tau2")),
            analysis.style.percent(entry.get("I2"), 0),
            words.interval_by(entry),
        )

    columns = (first, f"{analysis.measure.label} ({words.level(analysis.pool)} CI)", TAU2, I2, "CI method")
    caption = f"{analysis.title}: {shows}."
    return table(
        caption, columns, map(row, rows), numeric=(1, 2, 3), name=f"table-{name.replace('_', '-')}-{analysis.name}"
    )


def excluded(analysis: AnalysisView) -> Html | None:
    """Build the table of the studies that could not be pooled."""
    rows = [(row.get("label") or row["study"], row["reason"]) for row in analysis.pool["excluded"]]
    return (
        table(
            f"{analysis.title}: studies not pooled.", ("Study", "Reason"), rows, name=f"table-excluded-{analysis.name}"
        )
        if rows
        else None
    )
