"""Bayes by quadrature: the normal-normal model, with the posterior as a mixture over the between-study SD."""
