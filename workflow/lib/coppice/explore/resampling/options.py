"""The options of the resamplings by code, with name, source and defaults."""

from __future__ import annotations

from coppice.core.options import Option, by_code

OLKIN = "Olkin, Dahabreh & Trikalinos 2012, doi:10.1002/jrsm.1053"
MOST_SUBSETS = 1_000_000  # of GOSH: the size of the sample where there are too many studies for every subset
SEED = 20120712  # of the sample and of the clustering
CLUSTERS = by_code(
    Option("k_means", "k-means", OLKIN), Option("dbscan", "DBSCAN", OLKIN), Option("mixture", "Gaussian mixture", OLKIN)
)
ORDERS = by_code(
    Option("year", "the order of all results", "Lau et al. 1992, doi:10.1056/NEJM199207233270406"),
    Option("precision", "the most precise first", "Borenstein et al. 2009, doi:10.1002/9780470743386, chapter 42"),
)
AS_PUBLISHED, PRECISION = ORDERS
