"""Which explorations an analysis wants: each is on or off, or on with options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.options import Option, by_code

OFF = "it is switched off; explore: {%s: true} in the configuration switches it on"


@dataclass(frozen=True, slots=True)
class ExplorationOption(Option):
    """One exploration; `default` is whether it is on where the configuration does not name it."""

    default: bool = True


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
)


def options_of(spec: Mapping[str, Any], name: str, *, default: bool = True) -> dict[str, Any] | None:
    """Return the options of one exploration, or None where it is off.

    Parameters
    ----------
    spec : mapping
        What `explore` reads of the analysis; its `explore` maps names to true, false or options.
    name : str
        The exploration.
    default : bool
        Whether it is on where nothing is said.
    """
    said = (spec.get("explore") or {}).get(name, default)
    if isinstance(said, Mapping):
        return dict(said)
    return {} if said else None


def off(name: str) -> dict[str, str]:
    """Return what stands in the result file for an exploration that is off."""
    return {"skipped": OFF % name}
