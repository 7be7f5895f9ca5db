"""Arrays of shape (..., k): estimators of tau2, inference, prediction, heterogeneity."""
