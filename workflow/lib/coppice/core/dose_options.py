"""The options of a dose-response analysis: each by its code, with its name and source."""

from __future__ import annotations

from coppice.core.options import Option, by_code

CRIPPA = "Crippa et al. 2019, doi:10.1177/0962280218773122"
ORSINI = "Orsini et al. 2012, doi:10.1093/aje/kwr265"
LINEAR, QUADRATIC, SPLINE = "linear", "quadratic", "spline"
SHAPES = by_code(
    Option(LINEAR, "a log-linear trend", "Greenland & Longnecker 1992, doi:10.1093/oxfordjournals.aje.a116237"),
    Option(QUADRATIC, "a quadratic curve", ORSINI),
    Option(SPLINE, "a restricted cubic spline", ORSINI),
)
ONE, TWO = "one", "two"
STAGES = by_code(
    Option(ONE, "one stage: all studies in one mixed model, with those of a single dose", CRIPPA),
    Option(TWO, "two stages: a curve for each study, then the pooled curve", ORSINI),
)
GREENLAND_LONGNECKER, HAMLING, INDEPENDENT = "greenland_longnecker", "hamling", "independent"
COVARIANCES = by_code(
    Option(GREENLAND_LONGNECKER, "the method of Greenland and Longnecker", "Greenland & Longnecker 1992, doi:10.1093/oxfordjournals.aje.a116237"),
    Option(HAMLING, "the method of Hamling", "Hamling et al. 2008, doi:10.1002/sim.3013"),
    Option(INDEPENDENT, "no correlation, which overstates the precision", "Orsini et al. 2006, doi:10.1177/1536867X0600600103"),
)  # fmt: skip
CASE_CONTROL, CUMULATIVE_INCIDENCE, INCIDENCE_RATE = "case_control", "cumulative_incidence", "incidence_rate"
DESIGNS = (CASE_CONTROL, CUMULATIVE_INCIDENCE, INCIDENCE_RATE)
LIKELIHOODS = ("REML", "ML")
RATIOS = ("OR", "RR", "IRR", "HR")  # measures of a dose-response analysis
