"""Diagnostic accuracy: sensitivity and specificity pooled together, by the exact binomial or the normal model.

Macaskill et al. 2022, Cochrane Handbook for Systematic Reviews of Diagnostic Test Accuracy 2.0, chapter 10.
"""
