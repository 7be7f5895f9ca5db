"""What `pool` reads of one analysis."""

from __future__ import annotations

from typing import Any

from coppice.core.kinds import named
from coppice.plan.extract import Unit
from coppice.plan.kinds import planning
from coppice.review.review import Review


def reads(review: Review, analysis: str) -> list[Unit]:
    """Return the units of extract that an analysis pools, in the order of its effects."""
    item = review.analyses[analysis]
    return [
        (study.study, outcome)
        for study in item.members
        for outcome in item.outcomes
        if len(item.outcomes) == 1 or outcome in study.outcomes
    ]


def spec(review: Review, analysis: str) -> dict[str, Any]:
    """Return what `pool` reads of one analysis."""
    item = review.analyses[analysis]
    return planning(item).pool(review, item) | named(item.kind)
