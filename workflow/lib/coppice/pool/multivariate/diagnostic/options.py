"""The choices of a diagnostic meta-analysis, with name and source; it imports no numeric package."""

from __future__ import annotations

from coppice.core.options import Option, by_code

BINOMIAL, NORMAL = "binomial", "normal"
MODELS = by_code(
    Option(
        BINOMIAL,
        "bivariate model with the exact binomial likelihood",
        "Chu & Cole 2006, doi:10.1016/j.jclinepi.2006.06.011",
    ),
    Option(
        NORMAL,
        "bivariate normal model of the logits",
        "Reitsma et al. 2005, doi:10.1016/j.jclinepi.2005.02.022",
    ),
)
ZEROS, IF_ANY, ALL, NOTHING = "zeros", "if_any", "all", "none"
GART = "Gart & Zweifel 1967, doi:10.1093/biomet/54.1-2.181"
ZERO_RULES = by_code(
    Option(ZEROS, "0.5 added to all four cells of each study with an empty cell", GART),
    Option(IF_ANY, "0.5 added to all four cells of every study if any study has an empty cell", GART),
    Option(ALL, "0.5 added to all four cells of every study", GART),
    Option(NOTHING, "nothing added", ""),
)
METHODS = ("REML", "ML")  # of the normal model; the exact one has no restricted likelihood
LEAST_STUDIES = 3  # with 2, the two variances and the correlation between studies are not determined
