"""The studies of a generalised linear mixed model: those with an effect whose counts are reported, and those with counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.pool import Excluded, SelectedEffect
from coppice.core.contracts.values import Figure
from coppice.core.subgroup_levels import level_of
from coppice.pool.effects import CountsOnly, counts_in, without_weight
from coppice.pool.models.glmm.counts import has_counts
from coppice.pool.models.glmm.options import LIKELIHOODS, measure_problem, served
from coppice.pool.profiles import Settings
from coppice.pool.stratified import COMMON_METHODS, counts_of

STATISTICS = {"PLO": "proportion", "IRLN": "rate", "OR": "counts", "IRR": "person_time"}
NO_COUNTS = "its effect is reported without the counts that a GLMM needs"
CLUSTERS = "its clusters make its counts less certain than a GLMM takes them to be"


@dataclass(frozen=True, slots=True)
class CountedStudy:
    """A study whose counts enter: its row in the figures, its counts, and what subgroups and moderators read of it."""

    study: str
    label: str
    population: str
    year: float | None
    subgroup: str | None
    reported: Figure
    values: Mapping[str, Any]
    has_effect: bool = True

    def as_effect(self) -> SelectedEffect:
        """Return the fields of an effect that a meta-regression reads; a study with counts alone has no effect."""
        fields = {"study": self.study, "label": self.label, "year": self.year, "values": dict(self.values)}
        return cast(SelectedEffect, {**fields, "reported": self.reported, "yi": float("nan"), "vi": float("nan")})


def counted_studies(
    spec: Mapping[str, Any],
    extracts: Iterable[ExtractContent],
    effects: list[SelectedEffect],
    excluded: list[Excluded],
    options: Settings,
) -> tuple[list[SelectedEffect], list[CountedStudy]]:
    """Return the effects whose counts enter, and all studies that do, in the order of the analysis.

    Effects without counts move to `excluded`, whose reasons say of every study what becomes of its counts. Without a
    likelihood in the options all effects enter, and no counts. ValueError is raised for a measure that the model of the
    options does not give.
    """
    if options.likelihood is None:
        return effects, []
    if problem := measure_problem(options.likelihood, options.glmm, spec["measure"]):
        raise ValueError(problem)
    return with_counts(spec, extracts, effects, excluded)


def with_counts(
    spec: Mapping[str, Any],
    extracts: Iterable[ExtractContent],
    effects: list[SelectedEffect],
    excluded: list[Excluded],
) -> tuple[list[SelectedEffect], list[CountedStudy]]:
    """Return the same for any measure: no counts enter a measure that no model of counts gives."""
    measure = spec["measure"]
    if measure not in STATISTICS:
        return [], []
    likelihood = next(name for name in LIKELIHOODS if measure in served(name))
    kept: list[SelectedEffect] = []
    counted: dict[str, list[CountedStudy]] = {}
    for effect in effects:
        reported = effect["reported"]
        is_counted = has_counts(reported, likelihood, measure)
        if is_counted and (reported or {}).get("cluster_size") is None:
            kept.append(effect)
            counted.setdefault(effect["study"], []).append(_of_effect(effect))
        else:
            reason = CLUSTERS if is_counted else NO_COUNTS
            excluded.append({"study": effect["study"], "label": effect["label"], "reason": reason})
    members = {study["study"]: study for study in spec["studies"]}
    by_study = {extract["study"]: extract for extract in extracts}
    for item in excluded:
        study, extract = members.get(item["study"]), by_study.get(item["study"])
        if study is None or extract is None or item["study"] in counted or spec.get("route"):
            continue
        figure = counts_in(extract, STATISTICS[measure], lambda reported: has_counts(reported, likelihood, measure))
        if figure is None or figure.get("cluster_size") is not None:
            continue
        item["reason"] += "; its counts enter the GLMM"
        item["reported"] = dict(figure)
        counted[item["study"]] = [row := _of_counts(spec, study, figure)]
        if row.subgroup is not None:
            item["subgroup"] = row.subgroup
    order = [study["study"] for study in spec["studies"]]
    return kept, [row for name in order for row in counted.get(name, ())]


def _of_effect(effect: SelectedEffect) -> CountedStudy:
    assert effect["reported"] is not None
    return CountedStudy(
        effect["study"],
        effect["label"],
        effect["population"],
        effect["year"],
        effect["subgroup"],
        effect["reported"],
        effect.get("values") or {},
    )


def _of_counts(spec: Mapping[str, Any], study: Mapping[str, Any], figure: Figure) -> CountedStudy:
    by, values = spec.get("subgroups"), dict(study.get("values") or {})
    level = None if by is None else level_of(values.get(by), spec.get("levels"))
    return CountedStudy(
        study["study"], study["label"], study["study"], study.get("year"), level, figure, values, has_effect=False
    )


def of_common_effect(rows: Sequence[CountedStudy], options: Settings, measure: str) -> list[CountsOnly]:
    """Return the studies with counts alone that have a weight in the common effect of Mantel-Haenszel or Peto."""
    if measure not in COMMON_METHODS[options.common]:
        return []
    return [
        {"study": row.study, "label": row.label, "subgroup": row.subgroup, "reported": row.reported}
        for row in rows
        if not row.has_effect and without_weight(counts_of([row.reported], measure), measure, options) is None
    ]
