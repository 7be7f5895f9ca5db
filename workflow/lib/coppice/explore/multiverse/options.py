"""What the choices of a multiverse are called, and the models that it may put beside one another."""

from coppice.core.common_methods import COMMON_METHODS
from coppice.core.options import Option, by_code
from coppice.core.specifications import RANDOM
from coppice.pool.models.glmm.options import GLMM_MODELS

BAYESIAN = "Bayesian"  # of a Bayesian model, the estimator of tau2 and the inference
NO_PRIOR = "none"  # the prior of a model that is not Bayesian
MAIN = "as analysed"  # the first value of a choice that has no name of its own: that of the main analysis
OF_ONE_GROUP = "GLMM"
OF_THE_MODEL = "of the model"  # the estimator of tau2 where the model leaves no choice
MODELS = by_code(
    Option(RANDOM, "random effects, by inverse variance", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2"),
    *(Option(item.code, f"common effect: {item.name}", item.source) for item in COMMON_METHODS.values()),
    *(Option(item.code, item.name, item.source) for item in GLMM_MODELS.values()),
    Option(OF_ONE_GROUP, "generalised linear mixed model of one group", "Lin & Xu 2020, doi:10.1002/hsr2.178"),
)
