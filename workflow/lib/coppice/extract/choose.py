"""Which of the candidate effects of an outcome enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.core.contracts.extract import Candidate, ExtractedMeasure
from coppice.core.populations import overlapping
from coppice.core.reported_fields import QUALITIES
from coppice.extract.reasons import NOTHING

NO_FIGURE = "no figure gives this measure"


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates that enter, by index, and why these."""

    chosen: tuple[int, ...]
    why: str


def standing(candidate: Candidate) -> tuple[bool, int, int]:
    """Return the key by which candidates are ordered: the mark `use`, the route's rank, where it was read."""
    quality = (candidate.get("source") or {}).get("quality")
    read_in = QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES)
    return not candidate.get("use"), candidate["rank"], read_in


def reason(candidate: Candidate, others: int) -> str:
    """Say why a candidate was chosen."""
    if candidate.get("use"):
        return f"marked in the record: {candidate['use']}"
    if others == 0:
        return "the only figure that gives this measure"
    return f"route {candidate['route']}, of best rank among {others + 1} candidates"


def best(candidates: Sequence[Candidate], indices: Sequence[int]) -> int:
    """Return the index of the best candidate; the first in the record among equals."""
    return min(indices, key=lambda index: (standing(candidates[index]), index))


def choose(
    candidates: Sequence[Candidate], *, population: str, route: str | None = None, several: Sequence[int] | None = None
) -> Choice:
    """Choose the effect of an outcome, or one for each of its strata.

    Parameters
    ----------
    candidates : sequence of mapping
        Candidate effects on one measure, each with `rank`, `route`, `population`, `use` and `source`.
    population : str
        The outcome's patients. A figure of all of them enters alone; strata enter together only when no figure is of
        all, there are at least two, and none shares patients with another. A stratum marked `use` may enter by itself.
    route : str, optional
        Take this route only.
    several : sequence of int, optional
        The figure that each candidate is of, for an analysis that handles dependent effects: then every
        figure marked `use` enters, by its best route, where several are.

    Returns
    -------
    Choice
        Indices into `candidates`, none where no candidate may enter, and the reason in words.
    """
    allowed = [index for index, candidate in enumerate(candidates) if route is None or candidate["route"] == route]
    if not allowed:
        return Choice((), f"no figure takes the route {route}" if route and candidates else NO_FIGURE)
    pairs = by_arms(candidates, allowed) if several is not None else {}
    if several is not None and len(pairs) > 1:
        return of_each_pair(candidates, pairs, population, route, several)
    if several is not None and (marked := by_figure(candidates, allowed, several)):
        why = f"{len(marked)} figures marked in the record enter, as the analysis handles dependent effects"
        return Choice(marked, why)
    whole = [index for index in allowed if candidates[index]["population"] == population]
    if whole:
        index = best(candidates, whole)
        forced = f"; the route {route} is requested" if route else ""
        return Choice((index,), reason(candidates[index], len(whole) - 1) + forced)
    return choose_strata(candidates, allowed)


def by_arms(candidates: Sequence[Candidate], allowed: Sequence[int]) -> dict[str, list[int]]:
    """Return the candidates of each pair of arms, or groups of arms, that they compare."""
    pairs: dict[str, list[int]] = {}
    for index in allowed:
        if arms := candidates[index].get("arms"):
            pairs.setdefault(str((arms["experimental"], arms["control"])), []).append(index)
    return pairs


def of_each_pair(
    candidates: Sequence[Candidate],
    pairs: dict[str, list[int]],
    population: str,
    route: str | None,
    several: Sequence[int],
) -> Choice:
    """Choose among the candidates of each pair of arms by itself."""
    chosen: list[int] = []
    reasons: dict[str, None] = {}
    for indices in pairs.values():
        own = [candidates[index] for index in indices]
        choice = choose(own, population=population, route=route, several=[several[index] for index in indices])
        chosen += [indices[index] for index in choice.chosen]
        reasons[choice.why] = None
    why = f"each of {len(pairs)} comparisons of its arms enters by itself: {'; '.join(reasons)}"
    return Choice(tuple(sorted(chosen)), why)


def by_figure(candidates: Sequence[Candidate], allowed: Sequence[int], figures: Sequence[int]) -> tuple[int, ...]:
    """Return the best candidate of each figure marked `use`; none where fewer than two figures are."""
    marked: dict[int, list[int]] = {}
    for index in allowed:
        if candidates[index].get("use"):
            marked.setdefault(figures[index], []).append(index)
    return tuple(best(candidates, indices) for indices in marked.values()) if len(marked) > 1 else ()


def choose_strata(candidates: Sequence[Candidate], allowed: Sequence[int]) -> Choice:
    """Choose one effect for each stratum of an outcome that has no figure of all its patients."""
    marked = [index for index in allowed if candidates[index].get("use")] or list(allowed)
    strata: dict[str, list[int]] = {}
    for index in marked:
        strata.setdefault(candidates[index]["population"], []).append(index)
    names = ", ".join(strata)
    if any(overlapping(list(strata))):
        return Choice(
            (), f"only overlapping parts of its patients are reported ({names}); mark with `use` those that enter"
        )
    chosen = {best(candidates, indices): len(indices) - 1 for indices in strata.values()}
    if len(chosen) == 1 and not any(candidates[index].get("use") for index in chosen):
        return Choice((), f"only a part of its patients is reported ({names}); mark it with `use` if it is to enter")
    reasons = dict.fromkeys(reason(candidates[index], others) for index, others in chosen.items())
    why = f"no figure of all patients, so {len(chosen)} separate strata enter: {'; '.join(reasons)}"
    return Choice(tuple(sorted(chosen)), why)


def entering(part: ExtractedMeasure | None, route: str | None) -> tuple[list[Candidate], str]:
    """Return the candidates of an outcome that enter an analysis with the reason, or none with the reason why not.

    `part` is what was extracted on the measure, if anything, and `route` the only one that the analysis takes, if it names one.
    """
    if not part:
        return [], NOTHING
    chosen = [part["candidates"][index] for index in part["chosen"]]
    if route is None:
        return chosen, part["why"] or NO_FIGURE
    of_route = [candidate for candidate in chosen if candidate["route"] == route]
    of_route = of_route or [candidate for candidate in part["candidates"] if candidate["route"] == route][:1]
    if of_route:
        return of_route, f"the analysis asks for the route {route}"
    return [], f"no figure for the route {route}, which the analysis asks for"
