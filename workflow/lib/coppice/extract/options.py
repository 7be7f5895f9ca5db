"""The options of the ways from figures to effects by code, with name and source."""

from __future__ import annotations

from coppice.core.options import Option, by_code

SWEETING = "Sweeting et al. 2004, doi:10.1002/sim.1761"
METAFOR = "metafor's escalc()"
REVMAN = "Deeks & Higgins 2010, Statistical algorithms in Review Manager 5"
META = "metabin() of R's meta"

ZERO_CELLS = by_code(
    Option("none", "nothing is added", "Cochrane Handbook 6.5, 10.4.4"),
    Option("constant", "a constant is added to each cell", "Gart & Zweifel 1967, doi:10.1093/biomet/54.1-2.181"),
    Option("treatment-arm", "in proportion to the reciprocal of the other arm's size", SWEETING),
    Option("reciprocal", "the reciprocal of the other arm's size", SWEETING),
)
ZERO_TO = by_code(
    Option("zeros", "to tables with a zero cell", METAFOR),
    Option("needed", "to tables that give no effect without it", REVMAN),
    Option("all", "to every table", METAFOR),
)
ZERO_IN = by_code(
    Option("cells", "in each cell", METAFOR),
    Option("events", "for risk ratios in the events alone, (a + c)/(n + c)", META),
    Option("variance", "for differences in the variance alone", META),
)
DOUBLE_ZEROS = by_code(
    Option("correct", "corrected as any other table", METAFOR),
    Option("exclude", "no relative effect", REVMAN),
    Option("exclude-undefined", "no relative effect, but for risk ratios of 1", META),
)
SMD_VARIANCES = by_code(
    Option("LS", "large-sample variance", "Hedges 1981, doi:10.3102/10769986006002107"),
    Option("UB", "unbiased variance", "Hedges 1983, doi:10.1037/0033-2909.93.2.388"),
    Option("LS2", "large-sample variance before the correction", METAFOR),
    Option("RevMan", "large-sample variance and the approximate correction of RevMan 5", REVMAN),
)
