"""The options of a generalised linear mixed model, by code, and what goes together; no numeric package is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coppice.core.errors import entry_named
from coppice.core.options import Option, by_code

STIJNEN = "Stijnen, Hamza & Özdemir 2010, doi:10.1002/sim.4040"
JACKSON = "Jackson et al. 2018, doi:10.1002/sim.7588"
LIN_XU = "Lin & Xu 2020, doi:10.1002/hsr2.178"

LIKELIHOODS = by_code(
    Option("binomial", "binomial", STIJNEN),
    Option("poisson", "Poisson", STIJNEN),
)


@dataclass(frozen=True, slots=True)
class GlmmOption(Option):
    """One model of two arms; `measures`, by likelihood, are those that it gives."""

    measures: Mapping[str, tuple[str, ...]]


OF_TWO_ARMS = {"binomial": ("OR",), "poisson": ("IRR",)}
GLMM_MODELS = by_code(
    GlmmOption("UM.FS", "unconditional model with fixed study effects", JACKSON, OF_TWO_ARMS),
    GlmmOption("UM.RS", "unconditional model with random study effects", JACKSON, OF_TWO_ARMS),
    GlmmOption("CM.EL", "conditional model with the exact likelihood", STIJNEN, OF_TWO_ARMS),
    GlmmOption("CM.AL", "conditional model with an approximate likelihood", STIJNEN, {"binomial": ("OR",)}),
)
DEFAULT_MODEL = "UM.FS"
OF_ONE_GROUP = {"binomial": ("PLO",), "poisson": ("IRLN",)}

# what a model without effects and variances can have of the options that all models share
TAU2 = "ML"
INFERENCES = ("wald", "t", "PL")
PREDICTIONS = ("normal", "t_k-1", "HTS")
TAU2_INTERVAL = "PL-ML"
MOVED = {
    "tau2": TAU2,
    "inference": "wald",
    "tau2_interval": TAU2_INTERVAL,
}  # its defaults, whatever those of the profile


def served(likelihood: str) -> tuple[str, ...]:
    """Return the measures that a likelihood gives."""
    of_two = (measures for item in GLMM_MODELS.values() for measures in item.measures.get(likelihood, ()))
    return tuple(dict.fromkeys((*OF_ONE_GROUP[likelihood], *of_two)))


def check_options(
    *,
    likelihood: str | None,
    glmm: str | None,
    tau2: str | float,
    inference: str,
    prediction: str,
    tau2_interval: str,
    subgroup_tau2: str,
) -> None:
    """Raise ValueError for an option that a generalised linear mixed model has not."""
    if likelihood is None:
        if glmm is not None:
            raise ValueError(f"glmm: {glmm} needs `likelihood: binomial` or `likelihood: poisson`")
        return
    entry_named(LIKELIHOODS, likelihood, "likelihood")
    if glmm is not None and likelihood not in entry_named(GLMM_MODELS, glmm, "glmm").measures:
        raise ValueError(
            f"glmm: {glmm} approximates a binomial model, and of {likelihood} counts CM.EL is exact; take CM.EL"
        )
    what = f"a GLMM (likelihood: {likelihood})"
    if isinstance(tau2, str) and tau2 != TAU2:
        raise ValueError(f"{what} estimates tau2 by maximum likelihood, not by {tau2}; remove `tau2`, or write ML")
    if inference not in INFERENCES:
        raise ValueError(f"{what} has no inference {inference}; allowed: {', '.join(INFERENCES)}")
    if prediction not in (*PREDICTIONS, "none"):
        raise ValueError(
            f"{what} has no prediction interval {prediction}; allowed: {', '.join((*PREDICTIONS, 'none'))}"
        )
    if tau2_interval != TAU2_INTERVAL:
        raise ValueError(
            f"{what} has no interval of tau2 by {tau2_interval}; remove `tau2_interval`, or write {TAU2_INTERVAL}"
        )
    if subgroup_tau2 != "separate":
        raise ValueError(f"{what} has a tau2 of its own in each subgroup; remove `subgroup_tau2: {subgroup_tau2}`")


def measure_problem(likelihood: str | None, glmm: str | None, measure: str) -> str | None:
    """Return what is wrong with a likelihood and a model for a measure; None if nothing is."""
    if likelihood is None:
        return None
    if measure not in served(likelihood):
        others = [code for code in LIKELIHOODS if measure in served(code)]
        hint = f"write likelihood: {others[0]}" if others else f"allowed: {', '.join(served(likelihood))}"
        return f"likelihood: {likelihood} gives no {measure}; {hint}"
    if measure in OF_ONE_GROUP[likelihood] and glmm is not None:
        return f"glmm: {glmm} is a model of two arms, and {measure} is of one group, which has a single model; remove `glmm`"
    return None


def model_of(likelihood: str, glmm: str | None, measure: str) -> str | None:
    """Return the model of two arms that an analysis has; None of one group."""
    return None if measure in OF_ONE_GROUP[likelihood] else glmm or DEFAULT_MODEL


def is_glmm(settings: Mapping[str, object]) -> bool:
    """Return whether a result, by its settings, is of a generalised linear mixed model."""
    return settings.get("likelihood") is not None


def keys_of(likelihood: str, measure: str) -> tuple[str, ...]:
    """Return the names of the reported figures that hold the counts of a measure."""
    total = "n" if likelihood == "binomial" else "time"
    if measure in OF_ONE_GROUP[likelihood]:
        return "events", total
    return "events_e", f"{total}_e", "events_c", f"{total}_c"
