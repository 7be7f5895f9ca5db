"""How the pooled estimate moved with each search of a living review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.explore import HistoryRow
from coppice.core.contracts.pool import SelectedEffect
from coppice.explore.resampling.resample import pool_subsets
from coppice.pool.kernel.kernel import Array
from coppice.pool.profiles import Settings

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p", "tau2", "I2", "H2", "Q")


def history_rows(
    effects: Sequence[SelectedEffect],
    searches: Sequence[Mapping[str, Any]],
    options: Settings,
    *,
    means_of: Callable[[Array], Array | None] = lambda used: None,
) -> list[HistoryRow]:
    """Pool, for each search, the studies that it and earlier searches added.

    Parameters
    ----------
    effects : sequence of mapping
        The effects of the analysis, as they are today: figures that were corrected since are included as corrected.
    searches : sequence of mapping
        The oldest first: `searched`, its date, and `added`, the ids of the studies that it added.
    options : Settings
        Those of the analysis, whose rule of inference holds in each row.
    means_of : callable
        Subsets (m, k) -> what DerSimonian and Laird's tau2 is taken about in each, see :mod:`coppice.explore.resampling.mantel_haenszel_tau2`.

    Returns
    -------
    list of dict
        One per search: `searched`, `label`, `added` (labels of the effects that are new), `k`, and `inference` with the
        estimate, null before there is an effect. A search that added none repeats the estimate before it.
    """
    added = np.array([[effect["study"] in set(search["added"]) for effect in effects] for search in searches])
    used = np.asarray(np.logical_or.accumulate(added, axis=0))
    some: NDArray[np.bool_] = np.asarray(used.any(axis=1))
    yi, vi = ([effect[name] for effect in effects] for name in ("yi", "vi"))
    pooled = pool_subsets(yi, vi, used[some], options, means=means_of(used[some])) if some.any() else {}
    place = np.cumsum(some) - 1
    rows = []
    for index, search in enumerate(searches):
        k = int(used[index].sum())
        values = {name: float(pooled[name][place[index]]) if some[index] else np.nan for name in COLUMNS}
        rows.append(
            {
                "searched": search["searched"],
                "label": f"{search['searched']}, {k} effect{'' if k == 1 else 's'}",
                "added": [effect["label"] for effect, new in zip(effects, added[index], strict=True) if new],
                "k": k,
                "inference": str(pooled["inference"][place[index]]) if some[index] else None,
                **{name: value if np.isfinite(value) else None for name, value in values.items()},
            }
        )
    return cast(list[HistoryRow], rows)
