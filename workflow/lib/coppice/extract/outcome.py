"""One outcome of one study: all its figures to candidate effects, and the choice among them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coppice.core.limits import LARGEST_EFFECT, LARGEST_VARIANCE
from coppice.core.measures import MEASURES
from coppice.core.printed_number import with_texts
from coppice.core.reported_statistics import reported_values
from coppice.extract import combined_arms
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
        whole, done = combined_arms.resolved(figure)
        missing = route.missing(whole)
        if missing:
            return Attempt(route.needs, missing)
        effect = with_clusters(route.gives[measure](whole, options), whole, options)
        effect = replace(effect, notes=done + effect.notes)
    except NotForThisFigure:
        return Attempt(route.needs, ())
    except NotEstimable as error:
        return Attempt(route.needs, (), str(error))
    except (ArithmeticError, ValueError) as error:
        return Attempt(route.needs, (), f"the figures can't be computed with ({error})")
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
    return f"an effect of {yi:.3g} with the variance {vi:.3g} is beyond what can be computed with; look up its unit"


def described(figure: Figure, population: str) -> dict[str, Any]:
    """Return what a candidate and an unused figure both say of the figure they come from."""
    source = figure.get("source") or {}
    return {
        "statistic": figure["statistic"],
        "reported": reported_values(figure),
        "population": figure.get("population", population),
        "label": figure.get("label"),
        "report": source.get("report"),
        "source": dict(source),
        "use": figure.get("use"),
        "note": figure.get("note"),
        **({"characteristics": dict(figure["characteristics"])} if figure.get("characteristics") else {}),
    }


def candidates_of(
    figure: Figure, measure: str, options: Options, population: str
) -> Iterator[dict[str, Any] | Attempt]:
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
        yield described(figure, population) | {
            "route": route.name,
            "rank": route.rank,
            "yi": effect.yi,
            "vi": effect.vi,
            "assumptions": list(route.assumptions),
            "notes": list(effect.notes),
            **({} if effect.size is None else {"size": effect.size}),
        }


def extract_measure(
    spec: Mapping[str, Any], measure: str, options: Options, *, several: bool = False
) -> tuple[dict[str, Any], dict[int, str]]:
    """Return the candidates on one measure with the choice, and why the figures that gave none gave none, by index."""
    candidates: list[dict[str, Any]] = []
    figures: list[int] = []
    reasons: dict[int, str] = {}
    for index, figure in enumerate(spec["reported"]):
        found = list(candidates_of(figure, measure, options, spec["population"]))
        effects = [item for item in found if not isinstance(item, Attempt)]
        candidates += effects
        figures += [index] * len(effects)
        if not effects:
            attempts = [item for item in found if isinstance(item, Attempt)]
            reasons[index] = why_no_effect(figure, measure, attempts)
    choice = choose(
        candidates, population=spec["population"], route=spec.get("route"), several=figures if several else None
    )
    why = choice.why
    if not candidates:
        why = spec.get("note") or why_nothing(reasons.values())
    return {"measure": measure, "candidates": candidates, "chosen": list(choice.chosen), "why": why}, reasons


def extract_outcome(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Turn every reported figure of one outcome of one study into candidate effects on each wanted measure.

    Parameters
    ----------
    spec : mapping
        `study`, `outcome`, `population`, `note`, `route`, `reported` (the figures of the record), `printed` (place and text
        of each number that ends in zeros, which JSON does not keep) and `measures`: under
        the name by which analyses ask for it, each wanted `measure` (a code) with its `options`, and `several` where
        dependent effects may enter.

    Returns
    -------
    dict
        The content of results/extract/<study>/<outcome>.json: for each wanted measure all candidates, the indices of
        those that enter and the reason; the figures that give no candidate on any of the measures, with the reason;
        what the checks found; and the reconstructed curves, where curves were read.
    """
    spec = {**spec, "reported": with_texts(spec["reported"], spec.get("printed") or ())}
    measures: dict[str, Any] = {}
    unused: dict[int, list[str]] = {}
    for name, wanted in spec["measures"].items():
        measures[name], reasons = extract_measure(
            spec, wanted["measure"], Options(**wanted["options"]), several=bool(wanted.get("several"))
        )
        for index, reason in reasons.items():
            unused.setdefault(index, []).append(reason)
    return {
        "study": spec["study"],
        "outcome": spec["outcome"],
        "note": spec.get("note"),
        "measures": measures,
        "unused": [
            described(spec["reported"][index], spec["population"]) | {"reason": "; ".join(dict.fromkeys(reasons))}
            for index, reasons in sorted(unused.items())
            if len(reasons) == len(spec["measures"])
        ],
        "findings": check_outcome(spec, measures),
        **({"curves": curves} if (curves := curves_of(spec["reported"], spec["population"])) else {}),
    }
