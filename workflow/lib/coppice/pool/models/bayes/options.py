"""The priors of a Bayesian model by name, with what each needs; data without numpy, so that planning can read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.options import Option, by_code
from coppice.pool.models.bayes.empirical import (
    ANY,
    RHODES,
    RHODES_COMPARISONS,
    RHODES_DF,
    TURNER,
    TURNER_COMPARISONS,
    rhodes,
    turner,
)

GELMAN = "Gelman 2006, doi:10.1214/06-BA117A"
ROEVER = "Roever et al. 2021, doi:10.1002/jrsm.1475"
SPIEGELHALTER = "Spiegelhalter, Abrams & Myles 2004, doi:10.1002/0470092602"
TURNER_2015 = "Turner et al. 2015, doi:10.1002/sim.6381"
RHODES_2015 = "Rhodes et al. 2015, doi:10.1016/j.jclinepi.2014.08.012"
TAU2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
LARGEST_SCALE = 1000.0


@dataclass(frozen=True, slots=True)
class PriorOption(Option):
    """A prior of the between-study SD tau.

    `parameters`: their names; of one parameter a number alone is enough. `needs`: effects that a proper posterior needs
    with a flat prior of mu, and one fewer with a proper one; 1 for a proper prior.
    """

    parameters: tuple[str, ...] = ("scale",)
    needs: int = 1
    tables: tuple[Sequence[str], Sequence[str]] | None = None  # outcomes and comparisons of an empirical prior
    measures: tuple[str, ...] = ()  # those it is made for; all where empty
    of: str = ""  # what it is a distribution of, where that is not tau

    @property
    def is_proper(self) -> bool:
        """Whether it is a distribution, so that Bayes factors about tau have a meaning."""
        return self.needs == 1


SDS = ("SMD", "SMDH", "SMD1", "SMD1H", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH")
PRIORS = by_code(
    PriorOption("half_normal", "half-normal", f"{SPIEGELHALTER}; {ROEVER}"),
    PriorOption("half_cauchy", "half-Cauchy", f"{GELMAN}; Polson & Scott 2012, doi:10.1214/12-BA730"),
    PriorOption("half_t", "half-t", GELMAN, ("scale", "df")),
    PriorOption("exponential", "exponential", ROEVER, ("mean",)),
    PriorOption("bounded_uniform", "uniform from 0", SPIEGELHALTER, ("upper",)),
    PriorOption("uniform", "improper uniform", GELMAN, (), needs=3),
    PriorOption("jeffreys", "Jeffreys", "Bodnar et al. 2017, doi:10.1002/sim.7156", (), needs=2),
    PriorOption("log_normal", "log-normal", TURNER_2015, ("mean", "sd"), of=TAU2),
    PriorOption("log_student_t", "log-Student-t", RHODES_2015, ("location", "scale", "df"), of=TAU2),
    PriorOption("inverse_gamma", "inverse gamma", f"{GELMAN}: advises against it", ("shape", "scale"), of=TAU2),
    PriorOption(
        "turner2015",
        "Turner et al. 2015",
        TURNER_2015,
        ("outcome", "comparison"),
        tables=((*TURNER, ANY), TURNER_COMPARISONS),
        measures=("OR", "PETO"),
    ),
    PriorOption(
        "rhodes2015",
        "Rhodes et al. 2015",
        RHODES_2015,
        ("outcome", "comparison"),
        tables=((*RHODES, ANY), RHODES_COMPARISONS),
        measures=SDS,
    ),
)
EMPIRICAL = tuple(code for code, option in PRIORS.items() if option.tables is not None)
ANY_SIGN = ("mean", "location")  # parameters that may be 0 or negative, of distributions of ln tau2


@dataclass(frozen=True, slots=True)
class TauPrior:
    """A prior of tau: `code` and parameters of a family; `empirical` is the row of a table that they come from."""

    code: str
    parameters: tuple[float, ...] = ()
    empirical: str = ""

    @property
    def option(self) -> PriorOption:
        """Return its entry."""
        return PRIORS[self.code]

    @property
    def source(self) -> str:
        """Return who proposed it."""
        return (
            next((PRIORS[code].source for code in EMPIRICAL if self.empirical.startswith(PRIORS[code].name)), "")
            or self.option.source
        )

    @property
    def text(self) -> str:
        """Return it as it reads in a sentence: half-normal(0.5)."""
        numbers = f"({', '.join(f'{value:g}' for value in self.parameters)})" if self.parameters else ""
        family = f"{self.option.name}{numbers}{f' of {self.option.of}' if self.option.of else ''}"
        return f"{self.empirical}: {family}" if self.empirical else family


@dataclass(frozen=True, slots=True)
class MuPrior:
    """A normal prior of mu, on the model's scale."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class BayesOptions:
    """The priors of a Bayesian model; `mu` is None where it is flat."""

    tau: TauPrior
    mu: MuPrior | None = None

    @property
    def needs(self) -> int:
        """Return how many effects a proper posterior needs."""
        least = self.tau.option.needs
        return least if self.mu is None else max(1, least - 1)

    def why_improper(self, k: int) -> str | None:
        """Say why k effects give no proper posterior; None where they do."""
        if k >= self.needs:
            return None
        flat = "a flat prior of mu" if self.mu is None else "a normal prior of mu"
        return (
            f"the posterior is improper: the {self.tau.option.name} prior of tau with {flat} needs {self.needs} effects, and "
            f"there {'is' if k == 1 else 'are'} {k or 'none'}; take a proper prior of tau, such as half_normal"
        )


def tau_prior(value: Any) -> TauPrior:
    """Return the prior that a configuration names; ValueError with one line if it can't be one."""
    code, given = value, None
    if isinstance(value, Mapping):
        (code, given), *more = value.items()
        if more:
            raise ValueError(f"one prior of tau is needed, not {len(more) + 1}")
    if code not in PRIORS:
        raise ValueError(f"there is no prior '{code}': {allowed_values_hint(code, PRIORS)}")
    option = PRIORS[code]
    values = _values(option, given)
    if option.tables is not None:
        return _empirical(option, values)
    numbers = tuple(float(values[name]) for name in option.parameters)
    for name, number in zip(option.parameters, numbers, strict=True):
        free = name in ANY_SIGN and code.startswith("log_")
        if not math.isfinite(number) or abs(number) > LARGEST_SCALE or (number <= 0 and not free):
            allowed = f"from -{LARGEST_SCALE:g} to" if free else "above 0, up to"
            raise ValueError(f"{code} has {name} {number:g}; write a number {allowed} {LARGEST_SCALE:g}")
    return TauPrior(code, numbers)


def _values(option: PriorOption, given: Any) -> Mapping[str, Any]:
    """Return the parameters by name: of one alone, a number is enough."""
    names = option.parameters
    values: dict[str, Any] = {} if given is None else {names[0] if len(names) == 1 else "": given}
    if isinstance(given, Mapping):
        values = dict(given)
    optional = {"comparison"} if option.tables is not None and values.get("outcome") == ANY else set()
    unknown, missing = [name for name in values if name not in names], set(names) - set(values) - optional
    if unknown or missing:
        wanted = f"needs {' and '.join(names)}" if names else "has no parameters; write its name alone"
        raise ValueError(f"the prior {option.code} {wanted}")
    return values


def _empirical(option: PriorOption, values: Mapping[str, Any]) -> TauPrior:
    """Return an empirical prior as a member of its family."""
    for name, allowed in zip(("outcome", "comparison"), option.tables or (), strict=True):
        if name in values and values[name] not in allowed:
            hint = allowed_values_hint(str(values[name]), allowed)
            raise ValueError(f"{option.code} has no {name} '{values[name]}': {hint}")
    outcome, comparison = str(values["outcome"]), values.get("comparison")
    row = f"{option.name} ({', '.join(filter(None, (outcome, comparison)))})"
    if option.code == "turner2015":
        return TauPrior("log_normal", turner(outcome, comparison), row)
    return TauPrior("log_student_t", (*rhodes(outcome, comparison), RHODES_DF), row)


def bayes_of(request: Mapping[str, Any] | None) -> BayesOptions | None:
    """Return the priors that an analysis requests; None without a Bayesian model, ValueError if one can't be."""
    if request is None:
        return None
    if request.get("tau_prior") is None:
        raise ValueError("a Bayesian model needs `tau_prior`, such as {half_normal: 0.5}")
    mu = request.get("mu_prior")
    return BayesOptions(tau_prior(request["tau_prior"]), MuPrior(float(mu["mean"]), float(mu["sd"])) if mu else None)
