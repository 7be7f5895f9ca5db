"""The plan of a review: its units of work, and the spec of each, which holds exactly the keys that its command reads.

The spec of each verb is in the module of its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.jobs.batch import THRESHOLD, batches
from coppice.jobs.canonical_json import canonical
from coppice.plan import check, draw, explore, extract, extras, fingerprint, pool, read, report
from coppice.review import review
from coppice.review.review import Review

VERBS = {
    "extract": extract,
    "pool": pool,
    "explore": explore,
    "draw": draw,
    "report": report,
    "check": check,
    "read": read,
}


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Plan:
    """The units of work of a review, and their specs."""

    review: Review  # the checked review

    @cached_property
    def extracts(self) -> list[extract.Unit]:
        """The units of extract, (study, outcome), in canonical order."""
        return extract.units(self.review)

    def content(self, verb: str, **unit: Any) -> dict[str, Any]:
        """Return what the command of a verb reads of one unit."""
        content: dict[str, Any] = VERBS[verb].spec(self.review, **unit)
        return content

    def unit(self, verb: str, **unit: Any) -> dict[str, Any]:
        """Return what the command of a verb reads of one unit, with the versions of what computes it."""
        used = extras.of_unit(self.review, verb, **unit)
        versions = {"verb": verb, "code": fingerprint.code(verb), "versions": fingerprint.versions(verb, used)}
        return self.content(verb, **unit) | versions

    def spec(self, verb: str, **unit: Any) -> str:
        """Return the spec of one unit of a verb: canonical JSON of exactly what its command reads."""
        return canonical(self.unit(verb, **unit))

    def reads(self, verb: str, **unit: Any) -> list[extract.Unit]:
        """Return the units of extract that a unit of pool, explore or draw reads."""
        units: list[extract.Unit] = VERBS[verb].reads(self.review, **unit)
        return units

    def units(self, verb: str) -> dict[str, dict[str, str]]:
        """Return the units of a verb by name, each as the arguments that its spec takes."""
        if verb == "read":
            return {name: {"text": name} for name in read.units(self.review)}
        names = map("/".join, self.extracts) if verb == "extract" else self.review.analyses
        return {name: arguments_of(verb, name) for name in names}

    def batches(self, verb: str) -> dict[str, Sequence[str]]:
        """Return the names of a verb's units by batch; none where there are few enough for a job each."""
        units = self.units(verb)
        return batches(units) if len(units) > THRESHOLD else {}

    def batch_spec(self, verb: str, units: Sequence[str]) -> str:
        """Return the spec of a batch: those of its units, by name."""
        return canonical({"units": {name: self.unit(verb, **arguments_of(verb, name)) for name in units}})


def arguments_of(verb: str, unit: str) -> dict[str, str]:
    """Return what the spec of a unit takes, from the unit's name."""
    return dict(zip(("study", "outcome"), unit.split("/"), strict=True)) if verb == "extract" else {"analysis": unit}


def load(files: Sequence[Path], overrides: Mapping[str, Any]) -> Plan:
    """Return the plan of a review; see `review.load`."""
    return Plan(review.load(files, overrides))
