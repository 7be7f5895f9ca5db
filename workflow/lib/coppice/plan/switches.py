"""Which explorations an analysis has, with their options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.explore.resampling.options import ORDERS
from coppice.review.analysis import Analysis
from coppice.review.checks.models import model_of
from coppice.review.config_file import merge
from coppice.review.review import Review


def switches(review: Review, item: Analysis) -> dict[str, Any]:
    """Return the explorations of an analysis with their options.

    They have also the searches, what a cumulative one is ordered by, and the prediction interval that the model names: a
    result has the one that followed from it.
    """
    settings = merge(review.settings.get("explore") or {}, item.settings.get("explore") or {})
    prediction = model_of(review.settings, item.settings).get("prediction")
    if prediction is not None and settings.get("what_if", True):
        settings = merge(settings, {"what_if": {"prediction": prediction}})
    if review.searches:
        members = {study.study for study in item.members}
        searches = [
            {"searched": search.searched, "added": [study for study in search.added if study in members]}
            for search in review.searches
        ]
        settings = merge(settings, {"history": {"searches": searches}})
    options = settings.get("cumulative")
    by = options.get("by") if isinstance(options, Mapping) else None
    if by is None or by in ORDERS:
        return settings
    return merge(settings, {"cumulative": {"values": {study.study: study.value(by) for study in item.members}}})
