"""The models that statsmodels fits, and meta-regression."""
