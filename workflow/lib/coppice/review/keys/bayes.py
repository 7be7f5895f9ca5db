"""The key `bayes`: a Bayesian model beside the frequentist one, with its priors."""

from __future__ import annotations

from coppice.core.schema import Choice, Key, Nullable, Number, Object, OneOf, Shape
from coppice.pool.models.bayes.options import ANY_SIGN, LARGEST_SCALE, PRIORS, PriorOption

POSITIVE = Number(low=0, high=LARGEST_SCALE, exclusive=True)
REAL = Number(low=-LARGEST_SCALE, high=LARGEST_SCALE)
MEANING = {
    "scale": "Scale",
    "df": "Degrees of freedom",
    "mean": "Mean",
    "sd": "Standard deviation",
    "upper": "Largest value",
    "location": "Location",
    "shape": "Shape",
    "outcome": "Type of the outcome",
    "comparison": "Type of the comparison; not for the outcome `any`",
}


def _parameter(option: PriorOption, name: str) -> Shape:
    if option.tables is not None:
        values = dict(zip(option.parameters, option.tables, strict=True))[name]
        return Choice(lambda: values)
    return REAL if name in ANY_SIGN and option.code.startswith("log_") else POSITIVE


def _prior(option: PriorOption) -> Key:
    keys = [Key(name, _parameter(option, name), MEANING[name]) for name in option.parameters]
    shape: Shape = Object(keys)
    if len(keys) == 1:
        shape = OneOf((Object(keys),), meant=keys[0].shape)
    return Key(option.code, shape, f"{option.name[0].upper()}{option.name[1:]} ({option.source})")


TAU_PRIOR = OneOf(
    (Object([_prior(option) for option in PRIORS.values() if option.parameters]),),
    meant=Choice(lambda: PRIORS),
)
MU_PRIOR = Object(
    (
        Key("mean", REAL, "Mean, on the model's scale: the logarithm of a ratio", required=True),
        Key("sd", POSITIVE, "Standard deviation, on the model's scale", required=True),
    )
)
BAYES = Object(
    (
        Key(
            "tau_prior",
            TAU_PRIOR,
            "Prior of the between-study standard deviation, on the model's scale, such as {half_normal: 0.5}; the improper ones are written by name alone",
        ),
        Key("mu_prior", Nullable(MU_PRIOR), "Normal prior of the mean effect; null: flat", default=None),
    )
)
