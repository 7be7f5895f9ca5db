"""One multivariate analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.multivariate import MultivariateExplored, MultivariateResult, WithoutStudy
from coppice.core.contracts.values import Skipped
from coppice.explore.options import off, options_of, too_few
from coppice.pool.multivariate.outcomes.analysis import over
from coppice.pool.multivariate.outcomes.model import fit_outcomes

LEAST = 3  # leaving one of two studies out leaves nothing to pool
MOST = 300  # studies, each with a model of its own


def explore_outcomes(
    spec: Mapping[str, Any], pooled: MultivariateResult, extracts: Iterable[ExtractContent] = ()
) -> MultivariateExplored:
    """Explore a pooled multivariate analysis, and return the content of its result file."""
    options = options_of(spec, "leave_one_out", default=True)
    return {
        "kind": "multivariate",
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
        "leave_one_out": off("leave_one_out") if options is None else leave_one_out(pooled),
    }


def leave_one_out(pooled: MultivariateResult) -> list[WithoutStudy] | Skipped:
    """Return the outcomes without each study."""
    labels = {effect["study"]: effect["label"] for effect in pooled["effects"]}
    if not LEAST <= len(labels) <= MOST:
        few = too_few(LEAST, len(labels))
        reason = few if len(labels) < LEAST else f"not run for {len(labels):,} studies (limit {MOST:,})"
        return {"skipped": reason}
    outcomes = [item["outcome"] for item in pooled["outcomes"]]
    rows: list[WithoutStudy] = []
    for study, label in labels.items():
        rest = [effect for effect in pooled["effects"] if effect["study"] != study]
        rows.append(
            {"study": study, "label": label, "outcomes": over(fit_outcomes(rest, outcomes, pooled["settings"]))}
        )
    return rows
