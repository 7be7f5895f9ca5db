"""Optional results of a model: probabilities of effects beyond thresholds, permutation tests, stored results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.stored_result import compare
from coppice.report.page import words
from coppice.report.report_data import AnalysisView


def beyond(analysis: AnalysisView) -> str | None:
    """Give the probability that the effect in a new study lies beyond each threshold, or why it is missing."""
    if "beyond" not in analysis.pool:
        return None
    rows = analysis.pool["beyond"]
    if not rows:
        reason = analysis.pool["reasons"].get("beyond")
        return words.sentence(reason) if reason else None
    style, printing = analysis.style, (analysis.decimals, analysis.landmarks)
    thresholds = [f"{row['side']} {style.number(row['threshold'], *printing)}" for row in rows]
    probabilities = [f"with probability {style.percent(100 * row['probability'], 0)}" for row in rows]
    each = [" ".join(pair) for pair in zip(thresholds, probabilities, strict=True)]
    return f"From the same distribution, the true effect in a future, similar study is {words.listed(each)}."


def permutation(analysis: AnalysisView) -> str | None:
    """Give the p value of the pooled effect by permutation of signs, or why it is missing."""
    if "permutation" not in analysis.pool:
        return None
    part = analysis.pool["permutation"]
    if not part:
        reason = analysis.pool["reasons"].get("permutation")
        return words.sentence(reason) if reason else None
    return f"Permutation test of the pooled effect: {analysis.style.with_p(part['p'])} ({arrangements(part, 'signs')})."


def stored(analysis: AnalysisView) -> str | None:
    """Say whether the result that another program stored is that of this run."""
    return compare(analysis.stored, analysis.pool, analysis.style).sentence if analysis.stored else None


def of_moderators(analysis: AnalysisView) -> str | None:
    """Give the p value of all moderators together by permutation of studies, if it was requested."""
    moderators = analysis.pool["moderators"]
    part = moderators.get("permutation") if moderators else None
    if not part:
        return None
    p = f" of all moderators together: {analysis.style.with_p(part['QM_p'])}" if part["QM_p"] is not None else ""
    return f"Permutation test{p} ({arrangements(part, 'studies')})."


def arrangements(part: Mapping[str, Any], exchanged: str) -> str:
    """State the number of permutations and whether it is exhaustive."""
    origin = "all possible" if part["exact"] else f"sampled at random with seed {part['seed']}"
    return f"{part['permutations']:,} permutations of the {exchanged}, {origin}"
