"""The options of a multivariate analysis: each by its code, with its name and source."""

from __future__ import annotations

from coppice.core.options import Option, by_code

JACKSON = "Jackson, Riley & White 2011, doi:10.1002/sim.4172"
STRUCTURE_OPTIONS = by_code(
    Option("UN", "a variance of each outcome and a correlation of each pair", JACKSON),
    Option("HCS", "a variance of each outcome and one correlation", "Berkey et al. 1998, doi:10.1002/(SICI)1097-0258(19981130)17:22<2537::AID-SIM953>3.0.CO;2-C"),
    Option("CS", "one variance and one correlation", "Konstantopoulos 2011, doi:10.1002/jrsm.35"),
    Option("DIAG", "a variance of each outcome, no correlation", JACKSON),
    Option("ID", "one variance, no correlation", JACKSON),
)  # fmt: skip
LIKELIHOODS = ("REML", "ML")
ROBUST_CHOICES = ("none", "CR1", "CR2")
