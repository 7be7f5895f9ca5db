"""How results of each kind of analysis are compared: one entry per kind, from a result to the estimates that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE, kind_in
from coppice.core.measures import LOGIT
from coppice.core.network_lines import against_reference, main_line, names_of

Pool = Mapping[str, Any]
LEAST = 1e-15  # a share nearer to 0 or 1 has no logit


def of_pairwise(name: str, pool: Pool) -> dict[str, Pool]:
    """Return a pairwise analysis under its name, then the posterior mean effect of its Bayesian model, if it has one."""
    parts: dict[str, Pool] = {name: pool}
    if bayes := pool.get("bayes"):
        mu, limits = bayes["mu"], bayes["mu"]["shortest"]
        line = {"estimate": mu["median"], "ci_low": limits["low"], "ci_high": limits["high"]}
        shared = {key: pool.get(key) for key in ("measure", "outcome", "k")}
        own = {"random": line, "heterogeneity": {"tau2": bayes["tau"]["median"] ** 2}, "settings": {}}
        parts[f"{name}: Bayesian"] = {**shared, **own, "effects": [], "excluded": []}
    return parts


def of_network(name: str, pool: Pool) -> dict[str, Pool]:
    """Return the studies and settings of a network under its name, then each treatment against the reference."""
    shared = {key: pool[key] for key in ("measure", "outcome")}
    names, spread = names_of(pool), {"tau2": (pool["heterogeneity"] or {}).get("tau2")}
    effects = [
        {**effect, "label": f"{effect['label']}: {' against '.join(effect['treatments'])}"}
        for effect in pool["effects"]
    ]
    settings = {key: value for key, value in pool["settings"].items() if key not in ("draws", "seed")}
    whole = {**shared, "k": pool["k"], "random": None, "heterogeneity": spread, "settings": settings}
    parts: dict[str, Pool] = {name: {**whole, "effects": effects, "excluded": pool["excluded"]}}
    for item in against_reference(pool):
        label = f"{name}: {names[item['treatments'][0]]} against {names[item['treatments'][1]]}"
        part = {"random": main_line(item), "k": item["k"], "settings": {}, "effects": [], "excluded": []}
        parts[label] = {**whole, **part}
    return parts


def of_diagnostic(name: str, pool: Pool) -> dict[str, Pool]:
    """Return the studies and settings of a diagnostic analysis under its name, then its summary sensitivity and specificity."""
    shared = {"outcome": pool["outcome"], "k": pool["k"], "heterogeneity": {"tau2": None}}
    whole = {**shared, "measure": pool["measure"], "random": None, "settings": dict(pool["settings"])}
    parts: dict[str, Pool] = {name: {**whole, "effects": pool["effects"], "excluded": pool["excluded"]}}
    for side in ("sensitivity", "specificity") if pool["point"] else ():
        line = {
            key: LOGIT.forward(min(max(pool["point"][side][key], LEAST), 1 - LEAST))
            for key in ("estimate", "ci_low", "ci_high")
        }
        of_side = {"measure": "PLO", "random": line, "settings": {}, "effects": [], "excluded": []}
        parts[f"{name}: {side}"] = {**shared, **of_side, "heterogeneity": {"tau2": pool["between"][side]}}
    return parts


def of_outcomes(name: str, pool: Pool) -> dict[str, Pool]:
    """Return the studies and settings of a multivariate analysis under its name, then each outcome."""
    effects = [{**effect, "label": f"{effect['label']}: {effect['outcome']}"} for effect in pool["effects"]]
    whole = _whole(pool, effects)
    parts: dict[str, Pool] = {name: whole}
    for item in pool["outcomes"]:
        of_outcome = {"k": item["k"], "random": item["random"], "heterogeneity": {"tau2": item["tau2"]}}
        parts[f"{name}: {item['name']}"] = {**whole, **of_outcome, "settings": {}, "effects": [], "excluded": []}
    return parts


def of_doses(name: str, pool: Pool) -> dict[str, Pool]:
    """Return the studies and settings of a dose-response analysis under its name, then the ratio at each printed dose."""
    whole = _whole(pool, pool["effects"])
    parts: dict[str, Pool] = {name: whole}
    unit = f" {pool['unit']}" if pool["unit"] else ""
    for item in pool["predictions"]:
        of_dose = {"random": item["random"], "settings": {}, "effects": [], "excluded": []}
        parts[f"{name}: at {item['dose']:g}{unit}"] = {**whole, **of_dose}
    return parts


def _whole(pool: Pool, effects: Sequence[Pool]) -> dict[str, Any]:
    shared = {key: pool[key] for key in ("measure", "outcome", "k", "settings", "excluded")}
    return {**shared, "effects": effects, "random": None, "heterogeneity": {"tau2": None}}


PARTS: dict[str, Callable[[str, Pool], dict[str, Pool]]] = {
    PAIRWISE: of_pairwise,
    NETWORK: of_network,
    DIAGNOSTIC: of_diagnostic,
    MULTIVARIATE: of_outcomes,
    DOSE_RESPONSE: of_doses,
}


def parts_of(name: str, pool: Pool) -> dict[str, Pool]:
    """Return what is compared of one result, each by its name."""
    return PARTS[kind_in(pool)](name, pool)
