"""One comparison out of the arms of a study: its figures by arm, and contrasts of two arms, as figures of two arms.

Several arms of one side are combined (Cochrane Handbook 2019, 23.3.4, doi:10.1002/9781119536604), or each experimental
arm is compared by itself with the control arms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.extract import ComparedFigure, LeftOut
from coppice.core.contracts.values import ArmsCompared
from coppice.core.printed_number import PrintedNumber
from coppice.core.reported_by_arm import BY_ARM, arm_fields, shared_fields
from coppice.core.reported_fields import ARMS
from coppice.core.reported_statistics import OF_TWO_ARMS, STATISTICS
from coppice.extract.combined_arms import COMBINE
from coppice.extract.route import Figure
from coppice.extract.summaries.spread import reported_arm

OTHER = {"e": "c", "c": "e"}
OTHER_ARM = {"experimental": "control", "control": "experimental"}
SIDED = ("direction", "standardise_by")  # fields that name an arm
NEGATED = ("t", "o_minus_e", "yi")
COMBINED_FIELDS = ("events", "n", "time", "mean", "sd")


class NotCompared(Exception):
    """A figure is not of the comparison; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The arms of a study on the two sides of a comparison.

    Attributes
    ----------
    names : tuple of str
        What the sides are called, the experimental first.
    arms : ArmsCompared
        The keys of the arms on each side.
    arm_names : mapping
        The printed name of each arm.
    label : str
        The study's name in figures.
    is_separate : bool
        Whether each of several experimental arms makes a comparison of its own.
    """

    names: tuple[str, str]
    arms: ArmsCompared
    arm_names: Mapping[str, str]
    label: str
    is_separate: bool = False

    @property
    def is_each_alone(self) -> bool:
        """Whether there are several experimental arms that are compared each by itself."""
        return self.is_separate and len(self.arms["experimental"]) > 1


def negated(value: Any) -> Any:
    """Return a number with the other sign, printed as before."""
    if isinstance(value, PrintedNumber):
        return PrintedNumber(value.text.removeprefix("-") if value.text.startswith("-") else f"-{value.text}")
    return None if value is None else -value


def exchanged(figure: Figure) -> dict[str, Any]:
    """Return a figure of two arms as it reads with the arms exchanged."""
    if (figure.get("split_c") or 1) > 1:
        raise NotCompared("its control arm is split, so that the arms can't be exchanged")
    names = STATISTICS[figure["statistic"]].keys
    is_ratio = any(key.name == "inverted" for key in names)
    is_difference = not is_ratio and any(key.name == "estimate" for key in names)
    turned: dict[str, Any] = {}
    for name, value in figure.items():
        if name in NEGATED or (is_difference and name == "estimate"):
            turned[name] = negated(value)
        elif name[-2:] in ("_e", "_c"):
            turned[name[:-1] + OTHER[name[-1]]] = value
        elif name in SIDED:
            turned[name] = OTHER_ARM[value]
        elif is_difference and name == "ci":
            turned[name] = [negated(limit) for limit in reversed(value)]
        else:
            turned[name] = value
    if is_ratio:
        turned["inverted"] = not figure.get("inverted", False)
    return turned


def one_side(figure: Figure, arms: Sequence[str], letter: str) -> dict[str, Any]:
    """Return the fields of one side of a comparison, from a figure by arm; several arms are combined."""
    if len(arms) == 1:
        return arm_fields(figure, arms[0], letter)
    combine = COMBINE.get(BY_ARM[figure["statistic"]])
    if combine is None:
        raise NotCompared("such figures of several arms can't be combined")
    entries = [combinable(figure, arm, letter) for arm in arms]
    try:
        total = {f"{name}_{letter}": value for name, value in combine(entries).items()}
    except KeyError:
        total = {}  # the route says which field is missing
    return {f"combine_{letter}": entries, **total}


def combinable(figure: Figure, arm: str, letter: str) -> dict[str, Any]:
    """Return what combining needs of an arm, the SD of a mean from its standard error or interval."""
    fields = {name: value for name, value in figure["arms"][arm].items() if value is not None}
    mean = reported_arm(shared_fields(figure) | arm_fields(figure, arm, letter), f"_{letter}")
    fields |= {"sd": mean.sd} if mean is not None else {}
    return {name: fields[name] for name in COMBINED_FIELDS if name in fields}


def pairs(figure: Figure, comparison: Comparison) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the experimental and the control arms that a figure compares."""
    sides = comparison.arms
    reported = figure.get("arms") or list(ARMS.values())
    experimental, control = ([arm for arm in sides[side] if arm in reported] for side in ("experimental", "control"))
    if not (experimental and control):
        raise NotCompared(f"it does not compare {comparison.names[0]} with {comparison.names[1]}")
    needed = sides["control"] if comparison.is_each_alone else [*sides["experimental"], *sides["control"]]
    missing = [comparison.arm_names[arm] for arm in needed if arm not in reported]
    if missing and not figure.get("use"):
        raise NotCompared(f"it leaves out {', '.join(missing)}; marked `use` it enters nevertheless")
    each = [[arm] for arm in experimental] if comparison.is_each_alone else [experimental]
    yield from ((arms, control) for arms in each)


def figures_of(figure: Figure, comparison: Comparison) -> Iterator[tuple[ArmsCompared, dict[str, Any]]]:
    """Yield the figures of two arms that a figure gives, each with its arms; raises NotCompared where it gives none."""
    form = figure["statistic"]
    if form not in OF_TWO_ARMS | BY_ARM.keys() | {"effect"}:
        raise NotCompared("it is of one group")
    for experimental, control in pairs(figure, comparison):
        if form in BY_ARM:
            fields = shared_fields(figure) | one_side(figure, experimental, "e") | one_side(figure, control, "c")
        else:
            as_reported = {name: value for name, value in figure.items() if name != "arms"}
            first = (figure.get("arms") or list(ARMS.values()))[0]
            fields = as_reported if first in experimental else exchanged(as_reported)
        if comparison.is_each_alone:
            fields.setdefault("label", f"{comparison.label}: {comparison.arm_names[experimental[0]]}")
        yield {"experimental": experimental, "control": control}, fields


def compared(figures: Sequence[Figure], comparison: Comparison) -> tuple[list[ComparedFigure], list[LeftOut]]:
    """Return the figures of one comparison, each with the place of the figure that it is from, and the others with the reason."""
    made: list[ComparedFigure] = []
    left_out: list[LeftOut] = []
    for index, figure in enumerate(figures):
        try:
            made += [
                {"figure": index, "arms": arms, "reported": fields} for arms, fields in figures_of(figure, comparison)
            ]
        except NotCompared as error:
            left_out.append({"figure": index, "reason": str(error)})
    return made, left_out
