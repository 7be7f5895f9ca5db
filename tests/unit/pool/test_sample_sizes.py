"""The Freeman-Tukey back-transformation is warned of where it misleads (Schwarzer et al. 2019, 10.1002/jrsm.1348)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from coppice.core.measures import MEASURES
from coppice.extract.outcome import extract_outcome
from coppice.pool.analysis import pool_analysis
from coppice.pool.sample_sizes import size_warnings

Counts = Mapping[str, tuple[float, float]]
# Events and patients: with sizes so far apart metafor 3.8 too gives 0 (0 to 0), while each study has an event
NEAR_ZERO = {"A": (30, 250_000), "B": (6, 18_000), "C": (1, 700), "D": (1, 45), "E": (1, 30)}
ALIKE = {"A": (12, 50), "B": (15, 52), "C": (9, 48), "D": (20, 55)}


def pooled(counts: Counts, groups: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Pool proportions by their double arcsines."""
    extracts = []
    for study, (events, n) in counts.items():
        figure = {"statistic": "proportion", "events": events, "n": n}
        measures = {"PFT": {"measure": "PFT", "options": {}}}
        extracts.append(
            extract_outcome(
                {"study": study, "outcome": "p", "population": study, "reported": [figure], "measures": measures}
            )
        )
    studies = [
        {"study": study, "label": study, "year": None, "values": {"dose": (groups or {}).get(study)}}
        for study in counts
    ]
    analysis = {"analysis": "p", "outcome": "p", "measure": "PFT", "effect": "PFT", "model": {"profile": "metafor"}}
    parts = {"subgroups": "dose" if groups else None, "overall": True, "studies": studies, "excluded": []}
    return pool_analysis({**analysis, **parts}, extracts)


def about_sizes(result: Mapping[str, Any]) -> list[str]:
    return [text for text in result["warnings"] if "Freeman-Tukey" in text]


def test_a_pooled_value_outside_all_studies_is_warned_of() -> None:
    result = pooled(NEAR_ZERO)
    assert result["random"]["estimate"] == pytest.approx(0.0250725907027638, rel=1e-6)
    assert result["display"]["random"] == {"estimate": 0.0, "ci_low": 0.0, "ci_high": 0.0}
    (warning,) = about_sizes(result)
    assert "outside the proportions of all its studies" in warning
    assert "10.1002/jrsm.1348" in warning


def test_proportions_near_one_are_warned_of_as_those_near_zero() -> None:
    mirrored = {study: (n - events, n) for study, (events, n) in NEAR_ZERO.items()}
    (warning,) = about_sizes(pooled(mirrored))
    assert "outside the proportions of all its studies" in warning


@pytest.mark.parametrize(
    "counts",
    [ALIKE, {"A": (0, 50), "B": (0, 50), "C": (0, 50)}, {"A": (50, 50), "B": (50, 50)}, {"A": (0, 50)}],
    ids=["ordinary", "no events", "all events", "one study"],
)
def test_sizes_that_are_alike_are_not_warned_of(counts: Counts) -> None:
    assert not about_sizes(pooled(counts))


def test_sizes_that_differ_greatly_are_warned_of_with_their_range() -> None:
    (warning,) = about_sizes(pooled({"A": (12, 50), "B": (150, 520), "C": (9, 48)}))
    assert "run from 48 to 520" in warning
    assert "may mislead" in warning


def test_the_pooled_value_of_a_subgroup_is_warned_of_by_its_name() -> None:
    groups = dict.fromkeys(NEAR_ZERO, "low") | {f"{study}2": "high" for study in ALIKE}
    counts = {**NEAR_ZERO, **{f"{study}2": value for study, value in ALIKE.items()}}
    warnings = about_sizes(pooled(counts, groups))
    assert [text for text in warnings if "of dose low" in text]
    assert not [text for text in warnings if "of dose high" in text]


def test_rates_are_warned_of_by_their_person_times() -> None:
    """Of the Freeman-Tukey transform of 2 in 10 and of 90 in 9,000 the common mean lies between them."""
    effects = [
        {"study": name, "subgroup": None, "size": time, "yi": ((x / time) ** 0.5 + ((x + 1) / time) ** 0.5) / 2}
        for name, x, time in (("A", 2.0, 10.0), ("B", 90.0, 9000.0))
    ]
    line = {"estimate": 0.2}
    result = {"measure": "IRFT", "effects": effects, "random": line, "common": None, "subgroups": None}
    (warning,) = size_warnings(result)
    assert "person-times run from 10 to 9,000" in warning
    assert size_warnings({**result, "measure": "IR"}) == []
    assert MEASURES["IRFT"].scale.back_at is not None
