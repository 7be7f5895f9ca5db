"""One dose-response analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.contracts.dose_response import (
    DoseAndLine,
    DoseResponseExplored,
    DoseResponseResult,
    OtherShape,
    WithoutStudy,
)
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.values import Skipped
from coppice.core.dose_options import SHAPES, SPLINE
from coppice.explore.options import off, options_of, too_few
from coppice.pool.multivariate.doses.analysis import all_doses, curve_of, drawn, nonlinearity, why_not
from coppice.pool.multivariate.doses.effects import data_of
from coppice.pool.multivariate.doses.model import Fit, fit_curve, has_enough
from coppice.pool.multivariate.doses.shapes import Curve, default_knots

LEAST = 3  # leaving one of two studies out leaves nothing to pool
MOST = 300  # studies, each with a model of its own
NOTHING = "no curve was fitted"
OF_PAIRWISE = "is of pairwise analyses"


def explore_dose_response(
    spec: Mapping[str, Any], pooled: DoseResponseResult, extracts: Iterable[ExtractContent] = ()
) -> DoseResponseExplored:
    """Explore a pooled dose-response analysis, and return the content of its result file."""
    options = options_of(spec, "leave_one_out", default=True)
    return {
        "kind": "dose_response",
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
        "leave_one_out": off("leave_one_out") if options is None else leave_one_out(pooled),
        "shapes": shapes(pooled),
        "multiverse": {"skipped": f"a multiverse {OF_PAIRWISE}; `shapes` has the result for each shape of the curve"},
        "history": {"skipped": f"a history of searches {OF_PAIRWISE}"},
    }


def at_printed(pooled: DoseResponseResult, fit: Fit) -> list[DoseAndLine]:
    """Return the ratios at the printed doses in another model."""
    doses: Sequence[float] = [item["dose"] for item in pooled["predictions"]]
    return list(drawn(fit, doses, pooled["reference"] or 0.0, pooled["level"]))


def leave_one_out(pooled: DoseResponseResult) -> list[WithoutStudy] | Skipped:
    """Return the curve without each study, with the same knots."""
    if not pooled["predictions"]:
        return {"skipped": NOTHING}
    data = data_of(pooled["effects"])
    if not LEAST <= len(data) <= MOST:
        few = too_few(LEAST, len(data))
        return {"skipped": few if len(data) < LEAST else f"not run for {len(data):,} studies (limit {MOST:,})"}
    settings = pooled["settings"]
    rows: list[WithoutStudy] = []
    for effect in pooled["effects"]:
        rest = [item for item in data if item.study != effect["study"]]
        about = {"study": effect["study"], "label": effect["label"]}
        if why_not(rest, curve_of(settings)):
            rows.append({"study": about["study"], "label": about["label"], "predictions": [], "nonlinearity": None})
            continue
        fit = fit_curve(rest, curve_of(settings), stages=settings["stages"], method=settings["tau2"])
        rows.append(
            {
                "study": about["study"],
                "label": about["label"],
                "predictions": at_printed(pooled, fit),
                "nonlinearity": nonlinearity(fit),
            }
        )
    return rows


def shapes(pooled: DoseResponseResult) -> list[OtherShape] | Skipped:
    """Return the result for each shape in one stage, by maximum likelihood, so that their criteria can be compared."""
    if not pooled["predictions"]:
        return {"skipped": NOTHING}
    data, settings = data_of(pooled["effects"]), pooled["settings"]
    knots = tuple(settings["knots"]) or default_knots(all_doses(pooled["effects"]))
    rows: list[OtherShape] = []
    for shape in SHAPES:
        curve = Curve(shape, knots if shape == SPLINE else ())
        if why_not(data, curve) or not any(has_enough(item, curve) for item in data):
            continue
        fit = fit_curve(data, curve, method="ML")
        parameters = curve.size + curve.size * (curve.size + 1) // 2
        rows.append(
            {
                "shape": shape,
                "knots": list(curve.knots),
                "k": len(fit.studies),
                "AIC": 2.0 * parameters - 2.0 * fit.log_likelihood,
                "predictions": at_printed(pooled, fit),
                "nonlinearity": nonlinearity(fit),
            }
        )
    return rows
