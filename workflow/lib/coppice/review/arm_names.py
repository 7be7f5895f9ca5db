"""What the arms of an analysis are called, and the sides of its null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coppice.core.reported_fields import ARMS
from coppice.core.study import Study
from coppice.core.text import in_sentence
from coppice.review.analysis import Analysis
from coppice.review.review import Review

FAVOURS = "Favours "


def common_name(studies: Sequence[Study], arm: str) -> str:
    """Return the name of an arm where all studies agree on it, and its role otherwise."""
    names = {study.arms[arm]["name"] for study in studies if arm in study.arms}
    return str(names.pop()) if len(names) == 1 else arm


def arms_of(review: Review, analysis: Analysis) -> dict[str, str]:
    """Return the arms' names, as far as the studies of an analysis agree on them."""
    if analysis.comparison:
        return {arm: analysis.comparison.printed(side, analysis.members) for side, arm in enumerate(ARMS.values())}
    return {arm: common_name(analysis.members or review.studies, arm) for arm in ARMS.values()}


def favours_of(review: Review, analysis: Analysis) -> list[str] | None:
    """Return the labels of the two sides of the null, ready to print."""
    favours = analysis.settings.get("favours")
    if favours is None:
        return None
    names = arms_of(review, analysis)
    arms = {name.casefold(): name for name in names.values()} | names
    return [_side(str(text), arms) for text in favours]


def _side(text: str, arms: Mapping[str, str]) -> str:
    """Return the label of a side: an arm's name, by itself or after `Favours`, is printed as in a sentence."""
    named = text[len(FAVOURS) :] if text.casefold().startswith(FAVOURS.casefold()) else text
    return f"{FAVOURS}{in_sentence(arms[named.casefold()])}" if named.casefold() in arms else text
