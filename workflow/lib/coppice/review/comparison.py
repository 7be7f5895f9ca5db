"""Which arms of a study an analysis compares: those of two treatments that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coppice.core.contracts.values import ArmsCompared
from coppice.core.errors import allowed_values_hint
from coppice.core.measures import MEASURES
from coppice.core.reported_fields import ARMS
from coppice.core.schema import Finding, Place
from coppice.core.study import Study, StudyArm
from coppice.extract import compared

COMBINE, SEPARATE = "combine", "separate"
SEVERAL_ARMS = (COMBINE, SEPARATE)


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Treatments:
    """The treatments of a review: what the records call them, and what the configuration says of them in addition."""

    settings: Mapping[str, Mapping[str, Any]]  # the key `treatments`

    @cached_property
    def lumped(self) -> dict[str, str]:
        """The treatments of the records that count as another one, each with that one."""
        return {str(part): name for name, item in self.settings.items() for part in item.get("lumps") or ()}

    def treatment(self, arm: StudyArm) -> str | None:
        """Return the treatment as which an arm counts."""
        own = arm.get("treatment")
        return None if own is None else self.lumped.get(own, own)

    def label(self, kind: str, key: str, arm: StudyArm) -> str | None:
        """Return what an arm is called, by the kind of name."""
        labels: dict[str, Callable[[], str | None]] = {
            "treatment": lambda: self.treatment(arm),
            "class": lambda: self.settings.get(self.treatment(arm) or "", {}).get("class"),
            "name": lambda: arm["name"],
            "key": lambda: key,
        }
        return labels[kind]()

    def arms_called(self, kind: str, name: str, study: Study) -> list[str]:
        """Return the keys of the arms of a study that have a name of this kind."""
        return [key for key, arm in study.arms.items() if self.label(kind, key, arm) == name]

    def names(self, studies: Sequence[Study]) -> dict[str, str]:
        """Return every name by which an analysis may call arms, with its kind: treatments before classes, names and keys."""
        arms = [(key, arm) for study in studies for key, arm in study.arms.items()]
        names: dict[str, str] = {}
        for kind in ("treatment", "class", "name", "key"):
            for key, arm in arms:
                if (label := self.label(kind, key, arm)) is not None:
                    names.setdefault(label, kind)
        return names

    def findings(self, studies: Sequence[Study]) -> Iterator[Finding]:
        """Yield the treatments of the configuration that no record has, and those that are lumped twice."""
        of_records = {arm["treatment"] for study in studies for arm in study.arms.values() if "treatment" in arm}
        first: dict[str, str] = {}
        for name, item in self.settings.items():
            place: Place = ("treatments", name)
            parts = [str(part) for part in item.get("lumps") or ()]
            for part in parts or [name]:
                if part not in of_records:
                    where = (*place, "lumps", part) if parts else place
                    yield where, f"no study has the treatment '{part}'; {allowed_values_hint(part, of_records)}"
            for part in parts:
                if first.setdefault(part, name) != name:
                    yield (*place, "lumps", part), f"counts as '{first[part]}' already; name it once"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The comparison of an analysis: experimental first."""

    names: tuple[str, str]  # as the analysis calls the two sides
    kinds: tuple[str, str]  # what kind of names these are
    treatments: Treatments
    several: str  # what becomes of several arms of one side

    def arms(self, study: Study) -> ArmsCompared:
        """Return the arms of a study on the two sides."""
        experimental, control = (
            self.treatments.arms_called(kind, name, study) for kind, name in zip(self.kinds, self.names, strict=True)
        )
        return {"experimental": experimental, "control": control}

    def missing(self, study: Study) -> str | None:
        """Return why a study can't be in the analysis: one of the sides has no arm in it; None where both have."""
        sides = self.arms(study)
        lacking = [name for name, side in zip(self.names, ARMS.values(), strict=True) if not sides[side]]  # type: ignore[literal-required]
        return f"it has no arm with {' and none with '.join(lacking)}" if lacking else None

    def of(self, study: Study) -> compared.Comparison:
        """Return the comparison as it is in one study."""
        return comparison_in(study, self.names, self.arms(study), is_separate=self.several == SEPARATE)

    def printed(self, side: int, studies: Sequence[Study]) -> str:
        """Return what a side is called in figures and tables: the name of its treatment, or of its arms where all agree."""
        name, kind = self.names[side], self.kinds[side]
        if kind != "key":
            return str(self.treatments.settings.get(name, {}).get("name") or name)
        names = {study.arms[name]["name"] for study in studies if name in study.arms}
        return names.pop() if len(names) == 1 else name


def comparison_in(
    study: Study, names: tuple[str, str], arms: ArmsCompared, *, is_separate: bool = False
) -> compared.Comparison:
    """Return a comparison of arms of a study."""
    arm_names = {key: arm["name"] for key, arm in study.arms.items()}
    return compared.Comparison(names, arms, arm_names, study.label, is_separate)


def of_two_arms(study: Study) -> compared.Comparison:
    """Return the comparison of a study with the arms `experimental` and `control` alone."""
    experimental, control = ARMS.values()
    return comparison_in(study, (experimental, control), {"experimental": [experimental], "control": [control]})


def chosen(settings: Mapping[str, Any], treatments: Treatments, names: Mapping[str, str]) -> Chosen | None:
    """Return the comparison that an analysis chooses; None if it chooses none, or names what no arm is called."""
    one, other = (str(name) for name in settings.get("compare") or ("", ""))
    if one not in names or other not in names or one == other:
        return None
    return Chosen((one, other), (names[one], names[other]), treatments, settings.get("several_arms", COMBINE))


def comparison_findings(
    settings: Mapping[str, Any], comparison: Chosen | None, names: Mapping[str, str], members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the comparison of an analysis, or with its lack of one."""
    written, measure = [str(name) for name in settings.get("compare") or ()], MEASURES[settings["measure"]]
    for name in written:
        if name not in names:
            yield ("compare",), f"no arm has the treatment '{name}'; {allowed_values_hint(name, names)}"
    if len(set(written)) == 1:
        yield ("compare",), f"'{written[0]}' is on both sides; write [experimental, control]"
    if written and measure.is_of_one_group:
        yield ("compare",), f"a {measure.name} does not compare arms; leave it out"
    if "several_arms" in settings and not written:
        yield ("several_arms",), "is about the arms that `compare` chooses; write both, or leave it out"
    if settings.get("several_arms") == SEPARATE and not settings.get("dependence"):
        yield ("several_arms",), "separate comparisons of a study are dependent; say with `dependence` how they enter"
    if comparison is not None:
        yield from overlap_findings(comparison, members)
    elif not written and not measure.is_of_one_group:
        for study in [study for study in members if study.has_named_arms][:1]:
            arms = f"{study.study} names its arms ({', '.join(study.arms)})"
            yield ("compare",), f"is missing: {arms}; choose two treatments; {allowed_values_hint('', names)}"


def overlap_findings(comparison: Chosen, members: Sequence[Study]) -> Iterator[Finding]:
    """Yield each study with an arm on both sides of a comparison."""
    for study in members:
        sides = comparison.arms(study)
        if both := [arm for arm in sides["experimental"] if arm in sides["control"]]:
            yield ("compare",), f"the arm '{both[0]}' of {study.study} is on both sides"
