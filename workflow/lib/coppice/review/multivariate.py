"""What is wrong with the settings of a multivariate analysis: several outcomes of each study at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.kinds import MULTIVARIATE, kind_of
from coppice.core.multivariate_options import LIKELIHOODS, ROBUST_CHOICES, STRUCTURE_OPTIONS
from coppice.core.schema import NAME, Choice, Finding, Key, ListOf, Number, Text
from coppice.core.study import Study
from coppice.review.analysis import outcomes_of
from coppice.review.comparison import Treatments

MULTIVARIATE_KEYS = (
    Key(
        "outcomes",
        ListOf(NAME),
        "Multivariate meta-analysis: several outcomes of the studies at once, of one measure, e.g. [os, efs]; a study enters with those that it has",
    ),
    Key(
        "rho",
        Number(low=-1, high=1, exclusive=True),
        "Of `outcomes`: the correlation of the sampling errors of two outcomes of a study; results for other values are given beside it",
    ),
    Key(
        "structure",
        Choice(lambda: STRUCTURE_OPTIONS),
        "Of `outcomes`: how the true effects of a study vary and correlate: unstructured (UN), one correlation (HCS), one correlation and one variance (CS), or no correlation (DIAG, ID)",
        default="UN",
    ),
    Key(
        "random",
        ListOf(Text()),
        "Of `outcomes`: characteristics of the studies, such as their country, whose values share a random effect; each study still has its own",
    ),
    Key(
        "robust",
        Choice(lambda: ROBUST_CHOICES),
        "Of `outcomes`: intervals that hold if `rho` is wrong, with studies as clusters (CR2, CR1), or the model's (none)",
        default="none",
    ),
)
OWN_KEYS = tuple(key.name for key in MULTIVARIATE_KEYS if key.name != "outcomes")


def settings_of(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a multivariate analysis with their defaults."""
    return {
        "rho": float(analysis.get("rho") or 0.0),
        "structure": str(analysis.get("structure") or "UN"),
        "random": [str(name) for name in analysis.get("random") or ()],
        "robust": str(analysis.get("robust") or "none"),
    }


def misplaced(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the keys of a multivariate analysis that an analysis of another kind has."""
    if kind_of(settings).name != MULTIVARIATE:
        for key in OWN_KEYS:
            if settings.get(key) is not None:
                yield (key,), "is for an analysis of several `outcomes`; leave it out, or name the outcomes"


def findings(
    settings: Mapping[str, Any], model: Mapping[str, Any], treatments: Treatments, members: Sequence[Study]
) -> Iterator[Finding]:
    """Yield what is wrong with the settings of a multivariate analysis, given the studies that enter."""
    outcomes, own = outcomes_of("", settings), settings_of(settings)
    if twice := [outcome for outcome in dict.fromkeys(outcomes) if outcomes.count(outcome) > 1]:
        yield ("outcomes",), f"names '{twice[0]}' {outcomes.count(twice[0])} times; name each outcome once"
        return
    if len(outcomes) < 2:
        yield ("outcomes",), "names one outcome; a multivariate analysis has two or more, and `outcome` names one"
        return
    least = -1.0 / (len(outcomes) - 1)
    if settings.get("rho") is None:
        yield (
            ("outcomes",),
            "needs `rho`, the correlation of the sampling errors of a study's outcomes; where studies do not report it, 0.5, say: results for other values are given beside it",
        )
    elif own["rho"] <= least:
        yield (
            ("rho",),
            f"{own['rho']:g} can't be the correlation of each pair of {len(outcomes)} outcomes; it must be above {least:.3g}",
        )
    if (tau2 := model.get("tau2")) is not None and tau2 not in LIKELIHOODS:
        yield (
            ("model",),
            f"the variances of a multivariate analysis are estimated by {' or '.join(LIKELIHOODS)}, not {tau2}; name one: `model: {{tau2: REML}}`",
        )
    if model.get("likelihood") is not None:
        yield ("model",), "a model of counts is of one outcome; leave out `likelihood` for an analysis of several"
    if own["random"] and own["robust"] != "none":
        yield (
            ("robust",),
            "needs independent studies, and `random` makes some of them share an effect; leave one of the two out",
        )
    for name in own["random"]:
        lacking = [study.study for study in members if study.value(name) is None]
        if lacking:
            known = {each for study in members for each in study.characteristics}
            more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
            yield (
                ("random",),
                f"{', '.join(lacking[:3])}{more}: no characteristic '{name}'; {allowed_values_hint(name, known)}",
            )
