"""Rows of an exploration as Python users get them: a list that prints as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.api.text import columns, preformatted

SHOWN = ("name", "label", "k", "estimate", "se", "ci_low", "ci_high", "p", "tau2", "I2", "Q")


class Rows(list[Mapping[str, Any]]):
    """Rows of a result, each a mapping with the keys of the result file; printing them shows the main columns."""

    def to_frame(self) -> Any:
        """Return the rows as a data frame of pandas, which is imported here."""
        import pandas as pd

        return pd.DataFrame(list(self))

    def text(self, names: Sequence[str]) -> str:
        """Return the columns of these names as text; those without a value are left out."""
        return columns(names, [[row.get(name) for name in names] for row in self])

    def __getitem__(self, place: Any) -> Any:
        return Rows(super().__getitem__(place)) if isinstance(place, slice) else super().__getitem__(place)

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return self.text([name for name in SHOWN if any(name in row for row in self)])
