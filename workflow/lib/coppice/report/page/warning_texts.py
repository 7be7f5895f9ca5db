"""The warnings of a result, for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core import number_style
from coppice.core.contracts.lines import Line
from coppice.report.page import words
from coppice.report.report_data import AnalysisView


def warnings(analysis: AnalysisView) -> list[str]:
    """Return the warnings of the result; the last one on the HKSJ interval also compares its width with Wald's."""
    texts = [str(text) for text in analysis.pool["warnings"]]
    sentences = list(map(words.symbols, texts))
    of_hksj = [index for index, text in enumerate(texts) if "HKSJ" in text]
    if of_hksj and (consequence := _beside_wald(analysis)):
        sentences[of_hksj[-1]] = f"{sentences[of_hksj[-1]].rstrip('.')}. {consequence}"
    return sentences


def without_interval(subgroups: Mapping[str, Any]) -> list[str]:
    """Say why subgroups have no interval of tau2, one sentence per subgroup."""
    return [
        words.symbols(
            f"{words.level_of(subgroups['by'], level['level'])}: no confidence interval of tau2, I2 and H2 is reported: "
            f"{level['reasons']['tau2_interval']}."
        )
        for level in subgroups["levels"]
        if "tau2_interval" in (level.get("reasons") or {})
    ]


def _beside_wald(analysis: AnalysisView) -> str | None:
    """Compare the HKSJ interval with Wald's; None if the main model uses another method."""
    main = analysis.pool["random"]
    wald = analysis.pool["alternatives"].get("wald")
    if not main or not wald or main.get("inference") != "HKSJ":
        return None
    width, wald_width = _width(main), _width(wald)
    if width is None or wald_width is None:
        return None
    used, other = _told_apart(analysis, main, wald)
    if used == other:
        return f"With its t quantile the HKSJ interval, {used}, hardly differs from the Wald interval."
    than = "narrower than" if width < wald_width else "wider than" if width > wald_width else "as wide as"
    return f"With its t quantile the HKSJ interval, {used}, is {than} the Wald interval, {other}."


def _told_apart(analysis: AnalysisView, *parts: Line) -> list[str]:
    """Print several intervals with as many decimals as tell them apart."""
    for places in range(analysis.decimals, number_style.MOST_DECIMALS + 1):
        printed = [analysis.style.between(*words.texts(analysis, part, decimals=places)[-2:]) for part in parts]
        if len(set(printed)) == len(parts):
            return printed
    return [words.interval(analysis, part) for part in parts]


def _width(part: Line) -> float | None:
    low, high = part["ci_low"], part["ci_high"]
    return None if low is None or high is None else high - low
