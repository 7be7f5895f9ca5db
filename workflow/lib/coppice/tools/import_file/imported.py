"""What a reader of another program's file returns: records, a configuration that runs, and what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.core.errors import CoppiceError


class NotImported(CoppiceError):
    """A file is not imported: one line says which, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A pooled result that the other program printed or stored, to be compared after the run.

    Attributes
    ----------
    by : str
        The program, such as "RevMan 5".
    at : str
        Where it stands in the file, such as "Analysis 1.3".
    estimate, ci_low, ci_high : float or None
        As printed: ratios as ratios.
    others : mapping
        Further figures by Coppice's names: k, Q, df, I2, tau2, p, Q_between; only those that are stored.
    model : str
        The model of Coppice that it is compared with: "common" or "random".
    level : float or None
        Level of its interval, such as 0.95.
    subgroups : mapping
        The subtotals by the name of the subgroup.
    """

    by: str
    at: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    others: Mapping[str, float] = field(default_factory=dict)
    model: str = "random"
    level: float | None = None
    subgroups: Mapping[str, StoredResult] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """Its values as the key `stored` of an analysis has them, those of a subgroup included."""
        has_ci = self.ci_low is not None and self.ci_high is not None
        return {
            **({} if self.estimate is None else {"estimate": self.estimate}),
            **({"ci": [self.ci_low, self.ci_high]} if has_ci else {}),
            **self.others,
        }

    @property
    def settings(self) -> dict[str, Any]:
        """The key `stored` of an analysis; empty if it holds no result."""
        subgroups = {name: part.values for name, part in self.subgroups.items() if part.values}
        if not self.values and not subgroups:
            return {}
        level = {} if self.level is None else {"level": self.level}
        beginning = {"by": self.by, "at": self.at, "model": self.model, **level, **self.values}
        return {"stored": {**beginning, **({"subgroups": subgroups} if subgroups else {})}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The content of a file in Coppice's terms.

    Attributes
    ----------
    file : str
        The name of the file.
    format : str
        The name of its format in the registry.
    records : mapping
        Content of each study's record (`config/studies/<study>.yaml`) by the study's id; each figure has `source.at`, where it
        stands in the file, so that a second import can be compared with the first.
    config : mapping
        What is written to `config/config.yaml`; empty for a file that only adds to records, such as references.
    comments : mapping
        A comment per key of the configuration, by its place such as "analyses.a1_3.measure": why it was read so.
    stored : mapping
        Results of the other program, by the name of the analysis.
    left_out : list of str
        A line for each thing that is not taken over, with the reason.
    notes : list of str
        A line for each repair or guess that a person should look at.
    """

    file: str
    format: str
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    stored: Mapping[str, StoredResult] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
