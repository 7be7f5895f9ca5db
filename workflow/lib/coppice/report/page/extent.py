"""The size of an analysis: studies and patients, or events and person-time for rates of single groups."""

from __future__ import annotations

from typing import cast

from coppice.core.contracts.pool import Effect
from coppice.pool.models.glmm.options import is_glmm
from coppice.report.page import words
from coppice.report.report_data import AnalysisView, Record, ReviewView, arm_of

MANY = 100  # units of person-time: from here on printed without decimals


def pooled_figures(analysis: AnalysisView) -> list[Effect]:
    """Return the effects, and with them the studies of a GLMM that give counts alone."""
    if not is_glmm(analysis.pool["settings"]):
        return list(analysis.effects)
    counted = [item for item in analysis.pool["excluded"] if "reported" in item]
    return [*analysis.effects, *(cast(Effect, {**item, "population": None}) for item in counted)]


def participants(review: ReviewView, analysis: AnalysisView) -> int | None:
    """Count the patients behind the effects; None if the number of any study is unknown."""
    if analysis.measure.is_of_one_group:
        return _patients_of_one_group(review, analysis)
    total = 0
    counted: set[tuple[str, str]] = set()
    for effect in pooled_figures(analysis):
        if "arms" in effect:
            patients = _of_named_arms(review.studies.get(effect["study"], {}), effect, counted)
            if patients is None:
                return None
            total += patients
            continue
        reported, study = effect["reported"] or {}, review.studies.get(effect["study"], {})
        sizes = [reported.get("n_e"), reported.get("n_c")]
        if None in sizes:
            sizes = [arm_of(study, arm).get("n") for arm in ("experimental", "control")]
        numbers = [int(number) for number in sizes if number is not None]
        if len(numbers) < len(sizes):
            return None
        total += sum(numbers)
    return total


def _of_named_arms(study: Record, effect: Effect, counted: set[tuple[str, str]]) -> int | None:
    """Count the patients of the arms of an effect that no earlier one has counted; None if a number is unknown."""
    total = 0
    for arms, field in ((effect["arms"]["experimental"], "n_e"), (effect["arms"]["control"], "n_c")):
        new = [arm for arm in arms if (effect["study"], arm) not in counted]
        counted.update((effect["study"], arm) for arm in new)
        reported = (effect["reported"] or {}).get(field) if new == arms else None
        sizes = [arm_of(study, arm).get("n") for arm in new] if reported is None else [reported]
        numbers = [int(number) for number in sizes if number is not None]
        if len(numbers) < len(sizes):
            return None
        total += sum(numbers)
    return total


def _patients_of_one_group(review: ReviewView, analysis: AnalysisView) -> int | None:
    """Sum the patients of single groups, those of one population once however many of its effects are pooled."""
    sizes: dict[tuple[str, str], int] = {}
    for effect in pooled_figures(analysis):
        number = (effect["reported"] or {}).get("n")
        if number is None:
            arms = (review.studies.get(effect["study"], {}).get("arms") or {}).values()
            stated = [arm["n"] for arm in arms if arm.get("n") is not None]
            number = stated[0] if len(stated) == 1 else None
        if number is None:
            return None
        key = effect["study"], effect["population"] or effect["study"]
        sizes[key] = max(sizes.get(key, 0), int(number))
    return sum(sizes.values())


def person_time(analysis: AnalysisView) -> tuple[float, float] | None:
    """Return the events of single groups and their person-time; None if any of them is unknown."""
    reported = [effect["reported"] or {} for effect in pooled_figures(analysis)]
    if not reported or any(item.get("events") is None or item.get("time") is None for item in reported):
        return None
    return sum(item["events"] for item in reported), sum(item["time"] for item in reported)


def size(review: ReviewView, analysis: AnalysisView) -> str:
    """Print the size of an analysis: ``5 studies with 1,216 patients``."""
    pooled = pooled_figures(analysis)
    effects, studies = len(pooled), len({effect["study"] for effect in pooled})
    noun = "effect" if analysis.measure.is_of_one_group else "comparison"
    text = (
        words.studies(studies) if studies == effects else f"{words.count(effects, noun)} from {words.studies(studies)}"
    )
    size_of_sample = extent(review, analysis)
    return f"{text} with {size_of_sample}" if size_of_sample else text


def extent(review: ReviewView, analysis: AnalysisView) -> str | None:
    """Print the number of patients, or the events and the person-time; None if neither is known."""
    if patients := participants(review, analysis):
        return f"{patients:,} patients" if patients > 1 else "one patient"
    if analysis.measure.is_of_one_group and (observed := person_time(analysis)):
        events = f"{observed[0]:,g} event{'' if observed[0] == 1 else 's'}"
        time = f"{observed[1]:,.0f}" if observed[1] >= MANY else analysis.style.number(observed[1], 1)
        return f"{events} in {time} units of person-time"
    return None


def counted(review: ReviewView, analysis: AnalysisView) -> str:
    """Print the number of patients (for single rates: the person-time) as a cell of a table."""
    patients = participants(review, analysis)
    if patients is None and is_of_rates(analysis):
        return extent(review, analysis) or words.DASH
    return words.DASH if patients is None else f"{patients:,}"


def is_of_rates(analysis: AnalysisView) -> bool:
    """Return whether rates of single groups are pooled."""
    return analysis.measure.is_of_one_group and person_time(analysis) is not None


def heading_of(review: ReviewView) -> str:
    """Return the heading of the column of sizes."""
    of_rates = [is_of_rates(analysis) for analysis in review.analyses if analysis.effects]
    return "Person-time" if of_rates and all(of_rates) else "Patients or person-time" if any(of_rates) else "Patients"
