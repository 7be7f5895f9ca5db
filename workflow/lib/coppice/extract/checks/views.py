"""How the checks read figures that name their arms: arm by arm, and two arms at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coppice.core.reported_by_arm import BY_ARM, single_arms
from coppice.core.reported_fields import ARMS
from coppice.extract.checks.check import Case, Figure
from coppice.extract.compared import Comparison, compared


@dataclass(frozen=True, slots=True)
class View:
    """Figures of an outcome as a check reads them."""

    case: Case
    indices: Sequence[int]  # of each of its figures among those of the outcome
    whose: str = ""  # which arms they are of, before each sentence


def arms_in(figure: Figure) -> list[str]:
    """Return the arms that a figure names."""
    return list(map(str, figure.get("arms") or ()))


def of_figure(figure: Figure) -> Iterator[tuple[str, Figure]]:
    """Yield a figure as it is, or each arm of a figure by arm as one of a single group, after the arm's name."""
    if figure["statistic"] not in BY_ARM:
        yield "", figure
        return
    for arm, fields in single_arms(figure):
        yield f"{arm}: ", fields


def pairs_of(figures: Sequence[Figure]) -> list[tuple[str, str]]:
    """Return the pairs of arms that figures compare: those of contrasts, then the first arm of a figure by arm with each other."""
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for is_by_arm in (False, True):
        for figure in figures:
            if (figure["statistic"] in BY_ARM) is is_by_arm:
                first, *others = arms_in(figure) or list(ARMS.values())
                for other in others:
                    pairs.setdefault(frozenset((first, other)), (first, other))
    return list(pairs.values())


def views(case: Case) -> Iterator[View]:
    """Yield an outcome as it is where no figure names its arms; else its effects, then its figures by pairs of arms."""
    if not any(map(arms_in, case.figures)):
        yield View(case, range(len(case.figures)))
        return
    yield View(replace(case, figures=()), ())
    for one, other in pairs_of(case.figures):
        names: Mapping[str, Any] = {arm: arm for figure in case.figures for arm in arms_in(figure)}
        comparison = Comparison((one, other), {"experimental": [one], "control": [other]}, names, case.study)
        made, _ = compared(case.figures, comparison)
        figures = [item["reported"] for item in made]
        yield View(replace(case, figures=figures, measures={}), [item["figure"] for item in made], f"{one}, {other}: ")
