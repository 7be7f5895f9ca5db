"""What a figure needs of the results: each check says in words what is missing, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coppice.draw.figures.adjusted_lines import adjusted
from coppice.draw.figures.robustness_lines import LEAST_LINES, robustness_lines

Results = Mapping[str, Any]  # results by the names that a figure reads them by
Need = Callable[[Results], str]

MOST_ROWS = 200  # of studies or analyses: a figure of more could not be printed on a page, nor read
NO_ESTIMATE = "there is no overall estimate"
MOST_IN_LEAGUE = 20  # treatments of a league table whose cells have room for numbers
MOST_TREATMENTS = 60  # of a network, each with a node and a name
MOST_EFFECTS = 500  # of one analysis, each with a row or a curve of its own: ten printed pages


def _pooled(results: Results, part: str) -> Any:
    return (results.get("pool") or {}).get(part)


def nothing(results: Results) -> str:
    """Of a figure that is drawn whatever the results are."""
    return ""


def effects(results: Results) -> str:
    """At least one effect."""
    has_effect = any(item.get("yi") is not None and item.get("vi") for item in _pooled(results, "effects") or ())
    return "" if has_effect else "no study gives an effect"


def few_effects(results: Results) -> str:
    """Not more effects than a figure can show one by one."""
    number = len(_pooled(results, "effects") or ())
    too_many = f"{number:,} effects are too many to plot individually (limit {MOST_EFFECTS}); see the result files"
    return too_many if number > MOST_EFFECTS else ""


def all_of(*needed: Need) -> Need:
    """Return the check that several checks pass: it says what the first that fails says."""
    return lambda results: next((missing for need in needed if (missing := need(results))), "")


def _reason(results: Results, part: str, default: str) -> str:
    return str((_pooled(results, "reasons") or {}).get(part) or default)


def estimate(results: Results) -> str:
    """An overall estimate."""
    is_there = _pooled(results, "random") or _pooled(results, "common")
    return "" if is_there else _reason(results, "random", NO_ESTIMATE)


def risks(results: Results) -> str:
    """The risk in each arm of some study."""
    has_risks = any(effect.get("risks") for effect in _pooled(results, "effects") or ())
    return "" if has_risks else "no study reports counts in both arms"


def accuracy(results: Results) -> str:
    """Counts of a diagnostic test, and not more studies than have rows."""
    has_counts = any("tp" in effect for effect in _pooled(results, "effects") or ())
    return few_effects(results) if has_counts else "no study gives the counts of a diagnostic test"


def moderators(results: Results) -> str:
    """A meta-regression."""
    return "" if _pooled(results, "moderators") else _reason(results, "moderators", "the analysis has no moderators")


def bayes(results: Results) -> str:
    """A Bayesian model."""
    return "" if _pooled(results, "bayes") else _reason(results, "bayes", "the analysis has no Bayesian model")


def explored(*keys: str) -> Need:
    """Return the check that a part of the explore result is there: keys from the outside in."""

    def need(results: Results) -> str:
        part: Any = results.get("explore") or {}
        for key in keys:
            part = part.get(key) if isinstance(part, Mapping) else None
            if isinstance(part, Mapping) and part.get("skipped"):
                return str(part["skipped"])
        return "" if part else "it was not explored"

    return need


def robustness(results: Results) -> str:
    """A main estimate, and another one beside it."""
    lines = robustness_lines(results.get("pool") or {}, results.get("explore"))
    if not lines:
        return _reason(results, "random", NO_ESTIMATE)
    return "the results hold no other estimate than the main one" if len(lines) < LEAST_LINES else ""


def adjusted_estimates(results: Results) -> str:
    """A main estimate, and one that is adjusted for small-study effects."""
    if not _pooled(results, "random"):
        return _reason(results, "random", NO_ESTIMATE)
    is_there = next(adjusted(results.get("explore") or {}), None)
    return "" if is_there else "no method gave an estimate adjusted for small-study effects"


def one_by_one(*keys: str) -> Need:
    """Return the check that a part of the explore result is there, and has no more rows than a figure holds."""
    return all_of(explored(*keys), few_effects)


def curves(results: Results) -> str:
    """A reconstructed curve."""
    has_curve = any(extract.get("curves") for extract in results.get("extracts") or ())
    return (
        "" if has_curve else "no study reports a curve with the numbers at risk from which times can be reconstructed"
    )


def network(results: Results) -> str:
    """A network, not larger than a figure can show."""
    number = len(_pooled(results, "treatments") or ())
    if number > MOST_TREATMENTS:
        return f"{number:,} treatments are too many for the figure (limit {MOST_TREATMENTS})"
    return "" if _pooled(results, "comparisons") else _reason(results, "comparisons", "there is no network")


def outcomes(results: Results) -> str:
    """Outcomes that were pooled jointly, of no more effects than have rows."""
    return few_effects(results) if _pooled(results, "outcomes") else _reason(results, "outcomes", "nothing was pooled")


def components(results: Results) -> str:
    """Additive effects of components."""
    return "" if _pooled(results, "components") else "the network asks for no components"


def league(results: Results) -> str:
    """Not more treatments than a league table has room for."""
    number = len(_pooled(results, "treatments") or ())
    crowded = f"the cells of a league table of {number:,} treatments have no room for numbers (limit {MOST_IN_LEAGUE}); the report has all comparisons as a table to sort"
    return crowded if number > MOST_IN_LEAGUE else ""


def loops(results: Results) -> str:
    """A comparison with both direct and indirect evidence."""
    has_both = any(item["direct"] and item["indirect"] for item in _pooled(results, "comparisons") or ())
    return "" if has_both else "no comparison has both direct and indirect evidence"


def flow(results: Results) -> str:
    """Counts of the flow of studies."""
    return "" if results.get("flow") else "the configuration gives no counts under `review: flow:`"


def assessments(results: Results) -> str:
    """A study whose risk of bias was judged."""
    judged = any(item.get("domains") or item.get("overall") for item in results.get("assessments") or ())
    return "" if judged else "the risk of bias was not assessed in any study"


def pools(results: Results) -> str:
    """Analyses, and not too many."""
    return _too_many(results, "analyses") or ("" if results.get("pools") else "the review has no analysis")


def extracts(results: Results) -> str:
    """Something to map, and not too much."""
    return _too_many(results, "studies") or (
        "" if results.get("extracts") else "no study reports an outcome of an analysis"
    )


def _too_many(results: Results, what: str) -> str:
    number = (results.get("counts") or {}).get(what) or 0
    return f"{number:,} {what} are too many for the figure (limit {MOST_ROWS})" if number > MOST_ROWS else ""
