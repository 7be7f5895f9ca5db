"""Network meta-analysis: many treatments compared at once, from pairwise contrasts of two-arm and multi-arm studies.

The model is that of weighted least squares on a graph (Ruecker 2012, doi:10.1002/jrsm.1058), which is the same as generalised
least squares on contrasts with a baseline treatment of each study, with the multi-arm studies' covariance.
"""
