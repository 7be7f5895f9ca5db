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
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p", "tau2", "I2", "H2", "Q")


def history_rows(
    effects: Sequence[SelectedEffect],
    searches: Sequence[Mapping[str, Any]],
    options: Settings,
    *,
    means_of: Callable[[Array], Array | None] = lambda used: None,
) -> list[HistoryRow]:
    """Pool, for each search, the studies that it and earlier searches added; a row per search, null before any effect.

    `effects` are those of the analysis today: figures that were corrected since are included as corrected. `searches`,
    the oldest first, have `searched`, the date, and `added`, the ids of the studies added. `means_of`, see
    :func:`coppice.explore.resampling.mantel_haenszel_tau2.means_of`, takes subsets (m, k).
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
        values = {name: finite(pooled[name][place[index]]) if some[index] else None for name in COLUMNS}
        rows.append(
            {
                "searched": search["searched"],
                "label": f"{search['searched']}, {k} effect{'' if k == 1 else 's'}",
                "added": [effect["label"] for effect, new in zip(effects, added[index], strict=True) if new],
                "k": k,
                "inference": str(pooled["inference"][place[index]]) if some[index] else None,
                **values,
            }
        )
    return cast(list[HistoryRow], rows)
