"""The studies of a dose-response analysis: their ratios at each dose with the covariance, and why others do not enter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.dose_response import DoseEffect
from coppice.core.contracts.extract import Candidate, ExtractContent
from coppice.core.contracts.pool import Excluded
from coppice.core.dose_options import INDEPENDENT
from coppice.core.reported_doses import BY_DOSE
from coppice.extract.choose import entering
from coppice.extract.route import NotEstimable
from coppice.extract.routes.doses import COLUMN, Doses, doses_of
from coppice.pool.effects import of_candidate, unusable
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.multivariate.doses.covariance import NoPseudoCounts, covariance_of, shared_covariance
from coppice.pool.multivariate.doses.model import StudyDoses

STRATA = "several separate strata are reported; a dose-response analysis takes one figure of all patients"
NOT_BY_DOSE = f"no figure by dose ({' or '.join(BY_DOSE)})"
NOT_REPORTED = "not reported"
COUNTS = "counts"  # the covariance of crude ratios, which is exact


def select(
    spec: Mapping[str, Any], extracts: Iterable[ExtractContent], level: float
) -> tuple[list[DoseEffect], list[Excluded]]:
    """Return the studies with their doses, and those without any with reasons."""
    by_study = {extract["study"]: extract for extract in extracts}
    quantile = float(two_sided_quantile(level, np.inf))
    effects: list[DoseEffect] = []
    excluded: list[Excluded] = [item.copy() for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        extract = by_study.get(study["study"])
        part = None if extract is None else extract["measures"].get(spec["effect"])
        candidates, why = ([], NOT_REPORTED) if extract is None else entering(part, spec.get("route"))
        try:
            effects.append(_effect(spec, study, _only(candidates, why), why, quantile))
        except NotEstimable as error:
            excluded.append({"study": study["study"], "label": study["label"], "reason": str(error)})
    return effects, excluded


def _only(candidates: Sequence[Candidate], why: str) -> Candidate:
    """Return the candidate that enters; NotEstimable says why none does."""
    if len(candidates) > 1:
        raise NotEstimable(STRATA)
    if not candidates:
        raise NotEstimable(why)
    if wrong := unusable(candidates[0]):
        raise NotEstimable(wrong)
    if candidates[0]["statistic"] not in BY_DOSE:
        raise NotEstimable(NOT_BY_DOSE)
    return candidates[0]


def _effect(
    spec: Mapping[str, Any], study: Mapping[str, Any], candidate: Candidate, why: str, quantile: float
) -> DoseEffect:
    reported = {"statistic": candidate["statistic"], **(candidate["reported"] or {})}
    data = doses_of(spec["measure"], reported)
    covariance, method = _covariance(data, spec["dose_response"]["covariance"])
    cases, totals = data.cases or [None] * len(data.doses), data.totals or [None] * len(data.doses)
    half = quantile * float(candidate["vi"]) ** 0.5
    effect: DoseEffect = {
        **of_candidate(candidate),
        "study": study["study"],
        "label": study["label"],
        "year": study.get("year"),
        "why": why,
        "ci_low": float(candidate["yi"]) - half,
        "ci_high": float(candidate["yi"]) + half,
        "design": data.design,
        "reference": data.doses[0],
        "points": [
            {
                "dose": dose,
                "yi": yi,
                "se": se,
                "ci_low": yi - quantile * se,
                "ci_high": yi + quantile * se,
                "cases": own,
                "total": total,
            }
            for dose, yi, se, own, total in list(zip(data.doses, data.yi, data.sei, cases, totals, strict=True))[1:]
        ],
        "covariance": [[float(value) for value in row] for row in covariance],
        "method": method,
    }
    return effect


def _covariance(data: Doses, method: str) -> tuple[Array, str]:
    if data.shared is not None:
        return shared_covariance(np.array(data.sei), data.shared), COUNTS
    counted = data.cases is not None and data.totals is not None
    if method != INDEPENDENT and len(data.doses) > 2 and not counted:
        needed = f"`cases` and `{COLUMN[data.design]}`"
        raise NotEstimable(
            f"the covariance of its ratios needs {needed} of each dose; `covariance: {INDEPENDENT}` does without"
        )
    try:
        return covariance_of(
            data.yi, data.sei, data.cases, data.totals, design=data.design, method=method if counted else INDEPENDENT
        )
    except NoPseudoCounts as error:
        raise NotEstimable(f"the covariance of its ratios can't be built: {error}") from error


def data_of(effects: Iterable[DoseEffect]) -> list[StudyDoses]:
    """Return the studies as the model reads them."""
    return [
        StudyDoses(
            effect["study"],
            np.array([point["dose"] for point in effect["points"]]),
            effect["reference"],
            np.array([point["yi"] for point in effect["points"]]),
            np.array(effect["covariance"]),
        )
        for effect in effects
    ]
