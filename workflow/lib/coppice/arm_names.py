"""What the arms of an analysis are called, and the sides of its null."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.analysis import Analysis
from coppice.records import Study
from coppice.review import Review
from coppice.statistic_fields import ARMS


def common_name(studies: Sequence[Study], arm: str) -> str:
    """Return the name of an arm where all studies agree on it, and its role otherwise."""
    names = {study.arms[arm]["name"] for study in studies if arm in study.arms}
    return str(names.pop()) if len(names) == 1 else arm


def arms_of(review: Review, analysis: Analysis) -> dict[str, str]:
    """Return the arms' names, as far as the studies of an analysis agree on them."""
    return {arm: common_name(analysis.members or review.studies, arm) for arm in ARMS.values()}


def favours_of(review: Review, analysis: Analysis) -> list[str] | None:
    """Return the labels of the two sides of the null, ready to print."""
    favours = analysis.settings.get("favours")
    if favours is None:
        return None
    names = arms_of(review, analysis)
    arms = {name.casefold(): name for name in names.values()} | names
    return [
        f"Favours {in_sentence(arms[text.casefold()])}" if text.casefold() in arms else text
        for text in map(str, favours)
    ]


def in_sentence(name: str) -> str:
    """Return an arm's name as it stands within a sentence: a capital that only begins a word becomes small."""
    return name[0].lower() + name[1:] if name[1:].islower() else name
