"""Effect sizes from reported figures, by the routes of `extract`: the counterpart of metafor's `escalc`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coppice.api.analysis import NAME, extracted, read, settings_of
from coppice.api.rows import Rows
from coppice.api.table import Table, table_of
from coppice.extract.choose import entering
from coppice.plan.requests import effect_request
from coppice.pool.kernel.kernel import Array
from coppice.review.keys.extract import EXTRACT


@dataclass(frozen=True, slots=True, eq=False)
class EffectSizes:
    """Effect sizes, row by row as in the data, as :func:`coppice.effect_size` returns them.

    Attributes
    ----------
    measure : str
        Code of the measure.
    yi, vi : (k,)
        Effects on the scale on which they are pooled, and their sampling variances; NaN where a row gives none.
    rows : Rows
        For each row: `study`, `year`, `yi`, `vi`, the `route` from its figures, and what was done to them on the way (`notes`),
        or the `reason` why it gives no effect.
    """

    measure: str
    yi: Array
    vi: Array
    rows: Rows
    _table: Table = field(repr=False)
    _options: Mapping[str, Any] = field(repr=False)

    @property
    def studies(self) -> list[str]:
        """The names of the studies."""
        return list(self._table.studies)

    def to_dict(self) -> dict[str, Any]:
        """Return the measure and the rows as plain values."""
        return {"measure": self.measure, "rows": [dict(row) for row in self.rows]}

    def to_frame(self) -> Any:
        """Return the data with the columns `yi` and `vi` as a data frame of pandas, which is imported here."""
        import pandas as pd

        table = self._table
        own = {"study": table.studies, "year": table.years, **table.characteristics, **table.figures}
        return pd.DataFrame({**own, "yi": self.yi, "vi": self.vi})

    def __len__(self) -> int:
        return len(self.yi)

    def __str__(self) -> str:
        return self.rows.text(("study", "yi", "vi", "route", "reason"))

    def __repr__(self) -> str:
        return f"<EffectSizes: {self.measure}, {int(np.isfinite(self.yi).sum())} of {len(self)} rows>"


def effect_size(
    measure: str, data: Any = None, *, study: Any = None, year: Any = None, profile: str | None = None, **figures: Any
) -> EffectSizes:
    """Compute effect sizes and their sampling variances from what studies report.

    Parameters
    ----------
    measure : str
        Code of the measure, as the key ``measure`` of the configuration: ``"OR"``, ``"RR"``, ``"RD"``, ``"MD"``, ``"SMD"``,
        ``"ROM"``, ``"PLO"``, ``"ZCOR"``, ...
    data : data frame, mapping of columns, or list of mappings, optional
        The data, a row for each study.
    study, year : str or sequence, optional
        Names of the studies and years: a column of the data, or the values; of names also several columns that are joined, such as
        ``["author", "year"]``. Default: the columns of these names.
    profile : str, optional
        Named defaults, which also decide what is done about empty cells: ``"cochrane2025"`` by default.
    **figures
        The reported figures, each a column of the data by name, or its values. Their names are those of Coppice
        (``events_e``, ``n_e``, ``mean_c``, ...) or of metafor (``ai``, ``n1i``, ``m2i``, ...); without any, the columns of the data
        that are called so. Options of ``extract`` (``zero_cells``, ``smd_variance``, ...) are given in the same way.

    Returns
    -------
    EffectSizes
        Row by row as in the data; :func:`coppice.pool` takes it.

    Raises
    ------
    InputError
        If a measure, a column or an option is unknown, or figures contradict one another: one line for each problem.

    Notes
    -----
    The formulas and their sources are those of the routes, which ``docs/routes.md`` lists.

    Examples
    --------
    Deaths in the experimental and the control arm of three trials:

    >>> import coppice
    >>> effects = coppice.effect_size("RR", ai=[4, 6, 3], n1i=[123, 306, 231], ci=[11, 29, 11], n2i=[139, 303, 220])
    >>> print(effects)
    study         yi      vi   route
    Study 1  -0.8893  0.3256  counts
    Study 2  -1.5854  0.1946  counts
    Study 3  -1.3481  0.4154  counts
    """
    options = {name: figures.pop(name) for name in [*figures] if name in EXTRACT.names}
    table = table_of(data, study, year, figures)
    shared = {"profile": profile, "extract": options or None}
    content = read(table.lines(each_row=True), settings_of({"measure": measure, **shared}))
    analysis = content.analyses[NAME]
    wanted = effect_request(content, analysis)[0]
    lines = {item.study: item.lines.get((), 0) for item in content.studies}
    by_row = {lines[item["study"]]: item for item in extracted(content, (NAME,), lines)}
    rows = []
    for row, name in enumerate(table.studies, 1):
        part = by_row[row]["measures"].get(wanted) if row in by_row else None
        candidates, reason = entering(part, None)
        about = {"study": name, "year": table.years[row - 1]}
        effect = candidates[0] if candidates else None
        rows.append(
            {**about, "yi": None, "vi": None, "route": None, "notes": [], "reason": reason}
            if effect is None
            else {**about, **{key: effect[key] for key in ("yi", "vi", "route", "notes")}}
        )
    values = {
        key: np.array([np.nan if item[key] is None else item[key] for item in rows], dtype=float)
        for key in ("yi", "vi")
    }
    return EffectSizes(measure, values["yi"], values["vi"], Rows(rows), table, shared)
