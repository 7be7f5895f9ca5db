"""What `explore` reads of an analysis."""

from __future__ import annotations

from typing import Any

from coppice.core.kinds import named
from coppice.plan import extract, pool
from coppice.plan.kinds import planning
from coppice.review.review import Review


def reads(review: Review, analysis: str) -> list[extract.Unit]:
    """Return the units of extract that an exploration reads: those that are extracted in other ways, as by a multiverse."""
    item = review.analyses[analysis]
    return pool.reads(review, analysis) if planning(item).reads_again(review, item) else []


def spec(review: Review, analysis: str) -> dict[str, Any]:
    """Return what `explore` reads of one analysis besides its pooled result."""
    item = review.analyses[analysis]
    return planning(item).explore(review, item) | named(item.kind)
