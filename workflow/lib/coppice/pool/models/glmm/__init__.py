"""Generalised linear mixed models: counts of events pooled as they are, zeros included, without effects and variances."""
