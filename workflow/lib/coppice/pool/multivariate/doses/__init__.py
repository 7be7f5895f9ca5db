"""Dose-response meta-analysis: one curve through the ratios that studies report at several doses.

The covariance of the ratios of a study, which share its reference dose, is rebuilt (`covariance`); the shape of the
curve (`shapes`) is fitted in one or two stages by the multivariate engine (`model`).
"""
