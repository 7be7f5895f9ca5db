"""What the choices of a multiverse are called, and the models that it may put beside one another."""

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.common_methods import COMMON_METHODS, INVERSE_VARIANCE
from coppice.core.options import Option, by_code
from coppice.pool.models.glmm.options import GLMM_MODELS

BAYESIAN = "Bayesian"  # of a Bayesian model, the estimator of tau2 and the inference
NO_PRIOR = "none"  # the prior of a model that is not Bayesian
MAIN = "as analysed"  # the first value of a choice that has no name of its own: that of the main analysis
RANDOM = "random"
OF_ONE_GROUP = "GLMM"
OF_THE_MODEL = "of the model"  # the estimator of tau2 where the model leaves no choice
MODELS = by_code(
    Option(RANDOM, "random effects, by inverse variance", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2"),
    *(Option(item.code, f"common effect: {item.name}", item.source) for item in COMMON_METHODS.values()),
    *(Option(item.code, item.name, item.source) for item in GLMM_MODELS.values()),
    Option(OF_ONE_GROUP, "generalised linear mixed model of one group", "Lin & Xu 2020, doi:10.1002/hsr2.178"),
)


def without_events(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say which models leave out studies without an event in either arm, beside others that take them; empty without any.

    `rows` are specifications of one measure.
    """
    every = list(rows)
    by_counts = [row for row in every if row["choices"].get("model", RANDOM) not in (RANDOM, INVERSE_VARIANCE)]
    studies = {
        code: max(row["k"] for row in by_counts if row["choices"]["model"] == code) for code in _models(by_counts)
    }
    of_glmm = [k for code, k in studies.items() if code not in COMMON_METHODS]
    fewer = {code: k for code, k in studies.items() if code in COMMON_METHODS and of_glmm and k < max(of_glmm)}
    if not fewer:
        return ""
    named = " and ".join(f"{code} ({k} of {max(of_glmm)} studies)" for code, k in fewer.items())
    verb = "leaves" if len(fewer) == 1 else "leave"
    return f"{named} {verb} out studies without an event, or with events alone, in both arms; the GLMM takes them as they are."


def _models(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(row["choices"]["model"]) for row in rows))
