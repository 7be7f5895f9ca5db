"""The explorations of an analysis: each is on or off, or on with options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.values import Skipped
from coppice.core.options import Option, by_code

EQUIVALENCE_ALPHA = 0.05  # of each of the two tests
# the measures that have E-values, by what they compare
E_VALUE_MEASURES = {
    "RR": "risk",
    "IRR": "rate",
    "OR": "odds",
    "PETO": "odds",
    "HR": "hazard",
    **dict.fromkeys(("SMD", "SMDH", "SMD1", "SMD1H"), "difference"),
}
OFF = "switched off; to switch it on, set explore: {%s: true} in the configuration"


@dataclass(frozen=True, slots=True)
class ExplorationOption(Option):
    """One exploration.

    `default` is whether it is on where the configuration does not name it; one that is `on_request` has a part in the
    result only where it is named.
    """

    default: bool = True
    on_request: bool = False


COMBINATIONS = by_code(
    Option("fisher", "Fisher's method", "Fisher 1932, Statistical Methods for Research Workers, 4th ed."),
    Option("stouffer", "Stouffer's method", "Stouffer et al. 1949, The American Soldier, vol. 1"),
    Option("simes", "Simes' method", "Simes 1986, doi:10.1093/biomet/73.3.751"),
)
EXPLORATIONS = by_code(
    ExplorationOption(
        "leave_one_out", "the model without each study", "Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11"
    ),
    ExplorationOption(
        "cumulative", "the model as studies are added", "Lau et al. 1992, doi:10.1056/NEJM199207233270406"
    ),
    ExplorationOption(
        "influence",
        "influence diagnostics and the Baujat plot's coordinates",
        "Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11; Baujat et al. 2002, doi:10.1002/sim.1221",
    ),
    ExplorationOption(  # a million models, and the packages that find clusters: seconds for each analysis
        "gosh",
        "the model in every subset of the studies, and the studies that split the cloud",
        "Olkin, Dahabreh & Trikalinos 2012, doi:10.1002/jrsm.1053",
        default=False,
    ),
    ExplorationOption("small_study", "small-study effects", "Cochrane Handbook 6.5, chapter 13"),
    ExplorationOption(
        "what_if",
        "the model of every subset of up to 12 studies, by other estimators and intervals too, for the report's page",
        "Olkin, Dahabreh & Trikalinos 2012, doi:10.1002/jrsm.1053",
    ),
    ExplorationOption(
        "e_values",
        "E-values: how strong unmeasured confounding would have to be to explain the effect away",
        "VanderWeele & Ding 2017, doi:10.7326/M16-2607",
        default=False,
        on_request=True,
    ),
    ExplorationOption(
        "fragility",
        "the fragility index: how many patients' outcomes separate the result from the other side of significance",
        "Atal et al. 2019, doi:10.1016/j.jclinepi.2019.03.012",
        default=False,
        on_request=True,
    ),
    ExplorationOption(
        "equivalence",
        "two one-sided tests of equivalence, against the effects that are `important`",
        "Schuirmann 1987, doi:10.1007/BF01068419; Lakens 2017, doi:10.1177/1948550617697177",
        default=False,
        on_request=True,
    ),
    ExplorationOption(
        "combined_p",
        f"combined p values, by {', '.join(item.name for item in COMBINATIONS.values())}",
        "Simes 1986, doi:10.1093/biomet/73.3.751; Cochrane Handbook 6.5, chapter 12",
        default=False,
        on_request=True,
    ),
)


def options_of(spec: Mapping[str, Any], name: str, *, default: bool = True) -> dict[str, Any] | None:
    """Return an exploration's options; a spec's `explore` has true, false or options. None if it is off."""
    value = (spec.get("explore") or {}).get(name, default)
    if isinstance(value, Mapping):
        return dict(value)
    return {} if value else None


def off(name: str) -> Skipped:
    """Return the part of the result file of an exploration that is off."""
    return {"skipped": OFF % name}


def too_few(needed: int, k: int) -> str:
    """Return the reason that an exploration needs more effects."""
    return f"at least {needed} effects are needed; there {'is' if k == 1 else 'are'} {k}"
