"""Pool again, to see what one change alone does to an estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.pool.analysis import pool_analysis
from coppice.pool.dependence.options import AGGREGATE

# settings of a result that are no options of the model, or do not move its estimate and would cost time
NO_OPTIONS = ("dependence", "rho", "subgroups", "moderators", "prediction", "bayes", "scale_moderators")
# defaults of what an earlier result may lack of a candidate
BLANK: dict[str, Any] = {
    **dict.fromkeys(("label", "use", "population", "route", "statistic", "reported", "report")),
    "source": {},
    "assumptions": [],
    "notes": [],
}
NO_PREDICTION = {"prediction": "none"}


def replay(effects: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], measure: str) -> Mapping[str, Any] | None:
    """Return the random-effects line of effects under settings, both as a result file has them, on the model's scale.

    None where there is no estimate, or the model can't be fitted.
    """
    dependence = _dependence(settings)
    model = {name: value for name, value in settings.items() if value is not None and name not in NO_OPTIONS}
    if dependence:
        model.pop("inference", None)  # that of the three-level model, which is cluster-robust
    studies = dict.fromkeys(str(effect["study"]) for effect in effects)
    spec = {
        "analysis": "replay",
        "outcome": "replay",
        "measure": measure,
        "model": model | NO_PREDICTION,
        "dependence": dependence,
        "studies": [{"study": study, "label": study, "values": _values(effects, study)} for study in studies],
    }
    extracts = [
        _extract(study, [effect for effect in effects if effect["study"] == study], measure) for study in studies
    ]
    try:
        line = pool_analysis(spec, extracts)["random"]
    except (CoppiceError, ValueError):
        return None
    return line if line and line.get("estimate") is not None else None


def _dependence(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how effects of one study are to be handled; aggregated ones have been combined already."""
    method = settings.get("dependence")
    if not method or method == AGGREGATE:
        return None
    options = {"rho": settings.get("rho"), "robust": settings.get("inference")}
    # beside other correlations the estimate costs as much again for each
    return {"method": method, "rhos": (), **{name: value for name, value in options.items() if value is not None}}


def _values(effects: Sequence[Mapping[str, Any]], study: str) -> dict[str, Any]:
    return next((dict(effect.get("values") or {}) for effect in effects if effect["study"] == study), {})


def _extract(study: str, effects: Sequence[Mapping[str, Any]], measure: str) -> Any:
    """Return an extract whose chosen candidates are the effects of a study."""
    candidates = [BLANK | dict(effect) for effect in effects]
    part = {"candidates": candidates, "chosen": list(range(len(effects))), "why": ""}
    return {"study": study, "outcome": "replay", "measures": {measure: part}, "unused": []}
