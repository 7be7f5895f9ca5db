"""Where the back-transformation at the harmonic mean of the sample sizes misleads (the Freeman-Tukey measures)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coppice.core.contracts.pool import Model, PooledAnalysis, SelectedEffect
from coppice.core.measures import MEASURES, Measure, harmonic_size

SIZES_APART = 10.0  # the largest over the smallest: our choice, no bound is published
CLOSE = 1e-9  # an estimate so close to the end of the studies' range lies within it
SOURCE = "Schwarzer et al. 2019, doi:10.1002/jrsm.1348"


@dataclass(frozen=True, slots=True)
class Transformed:
    """A measure whose back-transformation needs a sample size: what its sizes and values are, and what to use instead."""

    sizes: str
    values: str
    instead: str


TRANSFORMED = {
    "PFT": Transformed("sample sizes", "proportions", "PLO"),
    "IRFT": Transformed("person-times", "rates", "IRLN"),
}


def size_warnings(result: PooledAnalysis) -> list[str]:
    """Warn where a pooled value lies outside the range of its studies, or their sizes differ greatly.

    Schwarzer G, Chemaitelly H, Abu-Raddad LJ, Rücker G. Res Synth Methods 2019;10:476-483, doi:10.1002/jrsm.1348.
    """
    measure, effects = MEASURES[result["measure"]], result["effects"]
    words = TRANSFORMED.get(measure.code)
    if words is None:
        return []
    warnings = list(_about(result, effects, measure, words, "the pooled value"))
    if (subgroups := result["subgroups"]) is not None:
        for level in subgroups["levels"]:
            inside = [effect for effect in effects if effect["subgroup"] == level["level"]]
            pooled = f"the pooled value of {subgroups['by']} {level['level']}"
            warnings += _about(level, inside, measure, words, pooled)
    return warnings


def _about(
    part: Model, effects: Sequence[SelectedEffect], measure: Measure, words: Transformed, pooled: str
) -> Iterator[str]:
    size = harmonic_size(effects)
    lines = [line["estimate"] for line in (part["random"], part["common"]) if line is not None]
    if size is None or len(effects) < 2 or not lines:
        return
    sizes = [float(effect["size"]) for effect in effects]
    values = [measure.back(effect["yi"], effect["size"]) for effect in effects]
    printed = [measure.back(line, size) for line in lines]
    mean = f"the harmonic mean of the {words.sizes}, {size:,.4g}"
    advice = f"({SOURCE}); compare the result with that of the measure {words.instead}."
    if any(value < min(values) - CLOSE or value > max(values) + CLOSE for value in printed):
        yield (
            f"The Freeman-Tukey back-transformation misleads: at {mean}, {pooled} lies outside the {words.values} of all "
            f"its studies {advice}"
        )
    elif max(sizes) > SIZES_APART * min(sizes):
        yield (
            f"The {words.sizes} run from {min(sizes):,.10g} to {max(sizes):,.10g}: the Freeman-Tukey back-transformation "
            f"of {pooled} at {mean}, may mislead {advice}"
        )
