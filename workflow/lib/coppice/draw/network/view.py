"""One view of a pooled network: what its figures read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coppice.core.measures import MEASURES, Measure
from coppice.core.network_lines import is_common, names_of
from coppice.core.printing import back, decimals_of, landmarks
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.canvas.panel import Heading

Result = Mapping[str, Any]


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class NetworkView:
    """A pooled network as figures read it."""

    result: Result

    @property
    def measure(self) -> Measure | None:
        """The measure; None for an unknown code."""
        return MEASURES.get(self.result.get("measure", ""))

    @property
    def name(self) -> str:
        """Name of the measure as a heading."""
        return words.measure_name(self.result)

    @cached_property
    def names(self) -> dict[str, str]:
        """How the treatments are printed."""
        return {key: clean(name) for key, name in names_of(self.result).items()}

    @property
    def treatments(self) -> Sequence[Mapping[str, Any]]:
        """The treatments, in their order."""
        treatments: Sequence[Mapping[str, Any]] = self.result["treatments"]
        return treatments

    @property
    def reference(self) -> str:
        """How the reference is printed."""
        return self.names[self.result["reference"]]

    @property
    def size(self) -> str:
        """What the network is made of: ``26 studies of 10 treatments``."""
        return f"{self.studies} of {len(self.treatments)} treatments"

    @property
    def studies(self) -> str:
        """The number of studies."""
        return words.studies(int(self.result["k"]))

    @property
    def model(self) -> str:
        """What the estimates are of."""
        return (
            "Common-effect network model by Mantel-Haenszel"
            if is_common(self.result)
            else "Random-effects network model"
        )

    @cached_property
    def decimals(self) -> int:
        """Decimals of its effects."""
        return decimals_of(self.result, self.measure)

    def printed(self, line: Mapping[str, Any], keys: Sequence[str] = ("estimate", "ci_low", "ci_high")) -> list[Any]:
        """Return values of a line as they are printed: back-transformed."""
        return [back(self.measure, line.get(key)) for key in keys]

    @property
    def landmarks(self) -> tuple[float, ...]:
        """The values that no other effect prints as."""
        return landmarks(self.measure)

    def heading(self, title: str | None, kind: str) -> Heading:
        """Return what stands above a figure of the network."""
        return Heading(title, kind, self.size)
