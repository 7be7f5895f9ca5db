"""Methods of the common effect by their codes: pool computes them, and figures name them without depending on pool."""

from __future__ import annotations

from coppice.core.options import Option, by_code

INVERSE_VARIANCE = "IV"
COMMON_METHODS = by_code(
    Option(INVERSE_VARIANCE, "inverse variance", "Cochrane Handbook 6.5, 10.3.1"),
    Option("MH", "Mantel-Haenszel", "Mantel & Haenszel 1959, doi:10.1093/jnci/22.4.719"),
    Option("Peto", "Peto", "Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7"),
)
