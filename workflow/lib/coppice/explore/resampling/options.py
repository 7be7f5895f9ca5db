"""The options of the resamplings, with their defaults."""

from __future__ import annotations

MOST_SUBSETS = 1_000_000  # of GOSH: the size of the sample where there are too many studies for every subset
SEED = 20120712  # of the sample and of the clustering
# of cumulative pooling: Lau et al. 1992, doi:10.1056/NEJM199207233270406; the most precise first: Borenstein et al. 2009,
# doi:10.1002/9780470743386, chapter 42
ORDERS = AS_PUBLISHED, PRECISION = "year", "precision"
