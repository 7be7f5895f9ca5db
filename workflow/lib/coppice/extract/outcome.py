"""One outcome of one study: all its figures to candidate effects, and the choice among them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from coppice.core.contracts.extract import (
    Candidate,
    ExtractContent,
    ExtractedMeasure,
    ExtractSpec,
    Marks,
    WantedMeasure,
)
from coppice.core.contracts.values import ArmsCompared, EffectValues, FromAFigure
from coppice.core.limits import LARGEST_EFFECT, LARGEST_VARIANCE
from coppice.core.measures import MEASURES
from coppice.core.printed_number import with_texts
from coppice.core.reported_statistics import reported_values
from coppice.extract import combined_arms
from coppice.extract.checks.check import Case
from coppice.extract.checks.run import check_outcome
from coppice.extract.choose import choose
from coppice.extract.curves.kaplan_meier import curves_of
from coppice.extract.design_effect import with_clusters
from coppice.extract.numeric import LeftToTheJob
from coppice.extract.reasons import Attempt, why_no_effect, why_nothing
from coppice.extract.registry import routes_from
from coppice.extract.route import Effect, Figure, NotEstimable, NotForThisFigure, Options, Route


def try_route(route: Route, figure: Figure, measure: str, options: Options) -> Effect | Attempt:
    """Return the effect that a route gives, or why it gives none."""
    try:
        whole, notes = combined_arms.resolved(figure)
        missing = route.missing(whole)
        if missing:
            return Attempt(route.needs, missing)
        effect = with_clusters(route.gives[measure](whole, options), whole, options)
        effect = replace(effect, notes=notes + effect.notes)
    except NotForThisFigure:
        return Attempt(route.needs, ())
    except NotEstimable as error:
        return Attempt(route.needs, (), str(error))
    except (ArithmeticError, ValueError) as error:
        return Attempt(route.needs, (), f"no effect can be computed from these figures ({error})")
    beyond = beyond_computing(effect, measure)
    return Attempt(route.needs, (), beyond) if beyond else effect


def beyond_computing(effect: Effect, measure: str) -> str | None:
    """Return why an effect can't be pooled: not finite, without a variance, or too large for sums of its powers."""
    yi, vi = effect.yi, effect.vi
    if not (math.isfinite(yi) and math.isfinite(vi) and vi > 0):
        return "the figures give no finite effect with a positive variance"
    fits = abs(yi) <= LARGEST_EFFECT and 1 / LARGEST_VARIANCE <= vi <= LARGEST_VARIANCE
    if fits and math.isfinite(MEASURES[measure].back(yi, effect.size)):
        return None
    return f"an effect of {yi:.3g} with the variance {vi:.3g} is outside the supported range; check its unit"


class Origin(FromAFigure, Marks):
    """What a candidate and an unused figure both report of the figure they come from."""


def origin(figure: Figure, population: str) -> Origin:
    """Return where a candidate, or the reason for none, comes from."""
    source = figure.get("source") or {}
    place: Origin = {
        "statistic": figure["statistic"],
        "reported": reported_values(figure),
        "population": figure.get("population", population),
        "label": figure.get("label"),
        "report": source.get("report"),
        "source": dict(source),
        "use": figure.get("use"),
        "note": figure.get("note"),
    }
    if figure.get("characteristics"):
        place["characteristics"] = dict(figure["characteristics"])
    return place


def candidates_of(figure: Figure, measure: str, options: Options, population: str) -> Iterator[Candidate | Attempt]:
    """Yield a candidate for each route that the figure can take to the measure, or why it can't.

    While a review is planned, a candidate that needs a numeric package has NaN for effect and variance.
    """
    for route in routes_from(figure["statistic"], measure):
        try:
            effect = try_route(route, figure, measure, options)
        except LeftToTheJob:
            effect = Effect(math.nan, math.nan)
        if isinstance(effect, Attempt):
            yield effect
            continue
        values: EffectValues = {
            "route": route.name,
            "yi": effect.yi,
            "vi": effect.vi,
            "assumptions": list(route.assumptions),
            "notes": list(effect.notes),
        }
        if effect.size is not None:
            values["size"] = effect.size
        yield {**origin(figure, population), "rank": route.rank, **values}


def figures_read(
    reported: Sequence[Figure], wanted: WantedMeasure
) -> Iterator[tuple[int, Figure, ArmsCompared | None]]:
    """Yield the figures that give a measure, each with its index in the record and its arms: those of the comparison, or all."""
    if "compared" not in wanted:
        yield from ((index, figure, None) for index, figure in enumerate(reported))
        return
    compared = wanted["compared"]
    for item in with_texts(compared["figures"], compared["printed"]):
        yield item["figure"], item["reported"], item["arms"]


def extract_measure(spec: ExtractSpec, wanted: WantedMeasure) -> tuple[ExtractedMeasure, dict[int, str]]:
    """Return the candidates on one measure with the choice, and why the figures that gave none gave none, by index."""
    measure, options = wanted["measure"], Options(**wanted["options"])
    candidates: list[Candidate] = []
    figures: list[int] = []
    used: set[int] = set()
    reasons = (
        {item["figure"]: item["reason"] for item in wanted["compared"]["left_out"]} if "compared" in wanted else {}
    )
    for place, (index, figure, arms) in enumerate(figures_read(spec["reported"], wanted)):
        attempts: list[Attempt] = []
        for item in candidates_of(figure, measure, options, spec["population"]):
            if isinstance(item, Attempt):
                attempts.append(item)
            else:
                candidates.append({**item, "arms": arms} if arms else item)
                figures.append(place)
        if place in figures[-1:]:
            used.add(index)
        else:
            reasons[index] = why_no_effect(figure, measure, attempts)
    reasons = {index: reason for index, reason in reasons.items() if index not in used}
    several = figures if wanted.get("several") else None
    choice = choose(candidates, population=spec["population"], route=spec.get("route"), several=several)
    why = choice.why if candidates else spec.get("note") or why_nothing(reasons.values())
    return {"measure": measure, "candidates": candidates, "chosen": list(choice.chosen), "why": why}, reasons


def extract_outcome(spec: ExtractSpec) -> ExtractContent:
    """Turn every reported figure of one outcome of one study into candidate effects on each wanted measure.

    Parameters
    ----------
    spec : ExtractSpec
        The figures of the outcome, and the measures that analyses ask for.

    Returns
    -------
    ExtractContent
        The content of results/extract/<study>/<outcome>.json: for each wanted measure all candidates, the indices of
        those that enter and the reason; the figures that give no candidate on any of the measures, with the reason;
        the findings of the checks; and the reconstructed curves, where curves were read.
    """
    figures = with_texts(spec["reported"], spec.get("printed") or ())
    study, outcome, population = spec["study"], spec["outcome"], spec["population"]
    measures: dict[str, ExtractedMeasure] = {}
    reasons_of: dict[int, list[str]] = {}
    for name, wanted in spec["measures"].items():
        measures[name], reasons = extract_measure({**spec, "reported": figures}, wanted)
        for index, reason in reasons.items():
            reasons_of.setdefault(index, []).append(reason)
    content: ExtractContent = {
        "study": study,
        "outcome": outcome,
        "note": spec.get("note"),
        "measures": measures,
        "unused": [
            {**origin(figures[index], population), "reason": "; ".join(dict.fromkeys(reasons))}
            for index, reasons in sorted(reasons_of.items())
            if len(reasons) == len(spec["measures"])
        ],
        "findings": check_outcome(Case(study, outcome, population, figures, measures), spec.get("accept") or {}),
    }
    if curves := curves_of(figures, population):
        content["curves"] = curves
    return content
