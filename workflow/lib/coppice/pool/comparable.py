"""Whether the effects of one analysis are close enough for reliable computation: in one unit, they always are."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.contracts.pool import SelectedEffect

MOST_APART = 1e12  # largest variance over the smallest: a float has sixteen digits, and the sums of both need some
FARTHEST = 1e12  # range of the effects in standard errors of the most precise one


def check_comparable(effects: Sequence[SelectedEffect]) -> None:
    """Refuse, with the two studies farthest apart, effects of which some would vanish beside others (ValueError)."""
    if not effects:
        return
    low, high = (extreme(effects, key=lambda item: item["vi"]) for extreme in (min, max))
    if high["vi"] > MOST_APART * low["vi"]:
        raise ValueError(
            f"the variances of {low['study']} ({low['vi']:.3g}) and {high['study']} ({high['vi']:.3g}) are too far apart "
            "for reliable computation; check their units, or exclude one"
        )
    least, most = (extreme(effects, key=lambda item: item["yi"]) for extreme in (min, max))
    if most["yi"] - least["yi"] > FARTHEST * low["vi"] ** 0.5:
        raise ValueError(
            f"the effects of {least['study']} ({least['yi']:.3g}) and {most['study']} ({most['yi']:.3g}) are too far apart "
            "for reliable computation; check their units, or exclude one"
        )
