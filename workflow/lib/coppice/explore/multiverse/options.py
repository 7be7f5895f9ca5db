"""What the choices of a multiverse are called."""

BAYESIAN = "Bayesian"  # of a Bayesian model, the estimator of tau2 and the inference
NO_PRIOR = "none"  # the prior of a model that is not Bayesian
MAIN = "as analysed"  # the first value of a choice that has no name of its own: that of the main analysis
