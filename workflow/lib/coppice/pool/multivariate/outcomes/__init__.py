"""Multivariate meta-analysis: several outcomes of each study pooled at once.

`analysis` gives the content of a result file, `effects` chooses what enters, `model` fits by the multivariate engine.
"""
