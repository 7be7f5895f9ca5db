"""The lines of the script for R that repeat what would overturn a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coppice.explore.e_values import conversion_of
from coppice.explore.options import E_VALUE_MEASURES
from coppice.jobs.canonical_json import rounded

Part = Mapping[str, Any]
Same = Callable[[str, str, float], str]  # name, expression in R, value here -> the line that compares them
E_VALUE = "e_value <- function(rr) { rr <- pmax(rr, 1 / rr); rr + sqrt(rr * (rr - 1)) }"
RISK_RATIOS = {  # of an estimate on the model's scale, by what the measure compares, for a common outcome
    "risk": "exp(fit$beta[1])",
    "rate": "exp(fit$beta[1])",
    "odds": "exp(fit$beta[1] / 2)",
    "hazard": "(1 - 0.5^exp(fit$beta[1] / 2)) / (1 - 0.5^exp(-fit$beta[1] / 2))",
    "difference": "exp(0.91 * fit$beta[1])",
}


def conclusion_lines(explored: Part, measure: str, same: Same) -> list[str]:
    """Return the lines for the methods that an exploration holds; `fit` is the model in the script."""
    return [
        line
        for code, lines in LINES.items()
        if code in explored and "skipped" not in explored[code]
        for line in lines(explored[code], measure, same)
    ]


def _e_values(part: Part, measure: str, same: Same) -> Iterator[str]:
    kind = E_VALUE_MEASURES[measure]
    is_rare = kind in ("odds", "hazard") and part["conversion"] == conversion_of(measure, rare=True).name
    yield E_VALUE
    yield same("E-value", f"e_value({RISK_RATIOS['risk' if is_rare else kind]})", part["estimate"])


def _equivalence(part: Part, measure: str, same: Same) -> Iterator[str]:
    df = "Inf" if part["df"] is None else repr(rounded(float(part["df"])))
    low, high = (repr(rounded(float(part[name]))) for name in ("low", "high"))
    tests = f"pt((fit$beta[1] - {low}) / fit$se, {df}, lower.tail = FALSE), pt((fit$beta[1] - {high}) / fit$se, {df})"
    yield same("equivalence", f"max({tests})", part["p"])


def _combined_p(part: Part, measure: str, same: Same) -> Iterator[str]:
    rows = {row["method"]: row["greater"]["p"] for row in part["methods"]}
    yield "p <- with(effects, pnorm(yi / sqrt(vi), lower.tail = FALSE))"
    yield same("Fisher", "pchisq(-2 * sum(log(p)), 2 * length(p), lower.tail = FALSE)", rows["fisher"])
    yield same("Stouffer", "pnorm(sum(qnorm(p)) / sqrt(length(p)))", rows["stouffer"])
    yield same("Simes", "min(length(p) * sort(p) / seq_along(p))", rows["simes"])


LINES: dict[str, Callable[[Part, str, Same], Iterator[str]]] = {
    "e_values": _e_values,
    "equivalence": _equivalence,
    "combined_p": _combined_p,
}
