"""The options of a model by code, with name and source; the numeric modules bind their functions to these entries."""

from __future__ import annotations

from dataclasses import dataclass

from coppice.core.options import Option, by_code


@dataclass(frozen=True, slots=True)
class InferenceOption(Option):
    """One way to get intervals and tests.

    `estimated_scale`: the scale of the covariance is always estimated, so that a single study has no interval. `tau2`:
    the only estimator of tau2 that it is defined for. `is_of_the_mean`: it is defined for a pooled effect, and not for
    the coefficients of moderators.
    """

    estimated_scale: bool = False
    tau2: str | None = None
    is_of_the_mean: bool = False


DERSIMONIAN_KACKER = "DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004"
HARDY_THOMPSON = "Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"
JACKSON = "Jackson 2013, doi:10.1002/jrsm.1081"
PARTLETT_RILEY = "Partlett & Riley 2017, doi:10.1002/sim.7140"
SIDIK_JONKMAN = "Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x"

TAU2_ESTIMATORS = by_code(
    Option("REML", "restricted maximum likelihood", "Patterson & Thompson 1971, doi:10.1093/biomet/58.3.545"),
    Option("ML", "maximum likelihood", HARDY_THOMPSON),
    Option("DL", "DerSimonian-Laird", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2"),
    Option("DLIT", "iterated DerSimonian-Laird", f"{DERSIMONIAN_KACKER}: its fixed point is the Paule-Mandel estimate"),
    Option("DL2", "two-step DerSimonian-Laird", DERSIMONIAN_KACKER),
    Option(
        "GENQ",
        "the generalised method of moments with given weights",
        f"{DERSIMONIAN_KACKER}; Jackson et al. 2014, doi:10.1002/jrsm.1103",
    ),
    Option("PM", "Paule-Mandel", "Paule & Mandel 1982, doi:10.6028/jres.087.022"),
    Option("PMM", "median-unbiased Paule-Mandel", "Viechtbauer 2021, doi:10.1007/978-3-319-56334-3"),
    Option("EB", "empirical Bayes", "Morris 1983, doi:10.1080/01621459.1983.10477920: equal to Paule-Mandel"),
    Option("HE", "Hedges", "Hedges 1983, doi:10.1037/0033-2909.93.2.388"),
    Option("HS", "Hunter-Schmidt", "Hunter & Schmidt 1990"),
    Option("HSk", "Hunter-Schmidt with small-sample correction", "Brannick et al. 2019, doi:10.1016/j.jvb.2019.03.006"),
    Option("SJ", "Sidik-Jonkman", SIDIK_JONKMAN),
)

INFERENCES = by_code(
    InferenceOption("wald", "Wald", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2"),
    InferenceOption("t", "Wald with t quantiles", "Follmann & Proschan 1999, doi:10.1111/j.0006-341X.1999.00732.x"),
    InferenceOption(
        "HKSJ",
        "Hartung-Knapp-Sidik-Jonkman",
        "Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262",
        estimated_scale=True,
    ),
    InferenceOption(
        "HKSJ-adhoc",
        "Hartung-Knapp-Sidik-Jonkman, factor at least 1",
        "Knapp & Hartung 2003, doi:10.1002/sim.1482",
        estimated_scale=True,
    ),
    InferenceOption(
        "HKSJ-ci",
        "the wider of the Hartung-Knapp-Sidik-Jonkman and the Wald interval",
        "Jackson et al. 2017, doi:10.1002/sim.7411",
        estimated_scale=True,
    ),
    InferenceOption(
        "HKSJ-IQWiG",
        "Hartung-Knapp-Sidik-Jonkman, factor at least 1 where its interval is narrower than DerSimonian and Laird's",
        "IQWiG General Methods 6.1 (2022)",
        estimated_scale=True,
    ),
    InferenceOption(
        "KR",
        "Kenward-Roger",
        "Kenward & Roger 1997, doi:10.2307/2533558; Morris et al. 2018, doi:10.1002/sim.7843",
        estimated_scale=True,
        tau2="REML",
        is_of_the_mean=True,
    ),
    InferenceOption(
        "KR-meta",
        "Kenward-Roger with the adjusted variance in the degrees of freedom, as in R's meta",
        f"the R packages meta and pimeta; {PARTLETT_RILEY}",
        estimated_scale=True,
        tau2="REML",
        is_of_the_mean=True,
    ),
    InferenceOption(
        "PL", "profile likelihood", f"{HARDY_THOMPSON}; its standard error is Wald's", tau2="ML", is_of_the_mean=True
    ),
)

NO_PREDICTION = "none"
PREDICTIONS = by_code(
    Option("t_k-1", "t with k - 1 degrees of freedom", "Veroniki et al. 2019, doi:10.1002/jrsm.1319"),
    Option(
        "HTS",
        "t with k - 2 degrees of freedom",
        "Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x",
    ),
    Option("HKSJ_k-1", "t with k - 1 degrees of freedom and the Hartung-Knapp variance", PARTLETT_RILEY),
    Option("HKSJ_k-2", "t with k - 2 degrees of freedom and the Hartung-Knapp variance", PARTLETT_RILEY),
    Option(
        "bootstrap",
        "parametric bootstrap from the confidence distribution of tau2",
        "Nagashima, Noma & Furukawa 2019, doi:10.1177/0962280218773520",
    ),
    Option("normal", "normal", "Skipka 2006; the interval of metafor without t"),
)

TAU2_INTERVALS = by_code(
    Option("QP", "Q-profile", "Viechtbauer 2007, doi:10.1002/sim.2514"),
    Option("PL", "profile likelihood by REML", HARDY_THOMPSON),
    Option("PL-ML", "profile likelihood by ML", HARDY_THOMPSON),
    Option("J", "distribution of Q with the weights 1/SE", JACKSON),
    Option("BJ", "distribution of Q with the weights 1/SE^2", "Biggerstaff & Jackson 2008, doi:10.1002/sim.3428"),
    Option("GENQ", "distribution of Q with the weights of the estimator GENQ", JACKSON),
    Option("SJ", "method of Sidik and Jonkman", SIDIK_JONKMAN),
)

CORRECTED_TABLES = by_code(
    Option("zeros", "tables with a zero cell", "metafor's to = 'only0'"),
    Option("zeros-in-ratios", "tables with a zero cell, for odds and risk ratios only", "RevMan 5.4"),
    Option("zeros-of-patients", "tables with a zero cell, of patients and not of rates", "meta 8"),
    Option("all-if-zeros", "all tables if one has a zero cell", "metafor's to = 'if0all'"),
    Option("all", "all tables", "metafor's to = 'all'"),
)
TO = tuple(CORRECTED_TABLES)
DOUBLE_ZERO_TABLES = by_code(
    Option("keep", "kept", "metafor's drop00 = FALSE"),
    Option("drop", "dropped", "metafor's drop00 = TRUE"),
    Option("drop-in-ratios", "dropped from odds and risk ratios only", "RevMan 5.4"),
    Option("drop-undefined", "dropped where the table has no ratio, so that risk ratios of 1 stay", "meta 8"),
)
KEPT, DROPPED, DROPPED_IN_RATIOS, DROPPED_UNDEFINED = DOUBLE_ZEROS = tuple(DOUBLE_ZERO_TABLES)

SUBGROUP_TAU2_OPTIONS = by_code(
    Option("separate", "each subgroup has its own", "Borenstein et al. 2009, doi:10.1002/9780470743386, chapter 19"),
    Option("common", "all subgroups share one", "Borenstein et al. 2009, doi:10.1002/9780470743386, chapter 19"),
)
SUBGROUP_TAU2 = tuple(SUBGROUP_TAU2_OPTIONS)

PROFILE_OPTIONS = by_code(
    Option("cochrane2025", "Cochrane's methods of 2025", "Cochrane Handbook 6.5, chapter 10; RevMan since 2024"),
    Option("revman5", "RevMan 5.4", "Cochrane Handbook 5.1, section 9.4.4"),
    Option("iqwig6", "IQWiG's methods", "IQWiG General Methods 6.1 (2022)"),
    Option("metafor", "rma() of R's metafor", "Viechtbauer 2010, doi:10.18637/jss.v036.i03"),
    Option("meta", "R's meta 8", "Balduzzi et al. 2019, doi:10.1136/ebmental-2019-300117"),
    Option(
        "dersimonian1986",
        "the method of DerSimonian and Laird",
        "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2",
    ),
)

DEPENDENCE_METHODS = by_code(
    Option("aggregate", "one effect per study", "Borenstein et al. 2009, doi:10.1002/9780470743386, chapter 24"),
    Option(
        "multilevel", "three-level model with independent sampling errors", "Konstantopoulos 2011, doi:10.1002/jrsm.35"
    ),
    Option(
        "che",
        "three-level model with correlated sampling errors",
        "Pustejovsky & Tipton 2022, doi:10.1007/s11121-021-01246-3",
    ),
    Option(
        "ce",
        "correlated-effects model of robust variance estimation",
        "Hedges, Tipton & Johnson 2010, doi:10.1002/jrsm.5",
    ),
    Option(
        "he",
        "hierarchical-effects model of robust variance estimation",
        "Hedges, Tipton & Johnson 2010, doi:10.1002/jrsm.5",
    ),
)
ROBUST_METHODS = by_code(
    Option("CR1", "sandwich with the factor m / (m - p)", "Hedges, Tipton & Johnson 2010, doi:10.1002/jrsm.5"),
    Option("CR2", "bias-reduced linearisation", "Tipton & Pustejovsky 2015, doi:10.3102/1076998615606099"),
)

PERMUTATION_DRAWS = 9_999  # with the observed one 10,000, so that p has four decimals
PERMUTATION_SEED = 20040615


def check_level(level: float) -> None:
    """Raise ValueError if `level` is not a confidence level."""
    if not 0 < level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1 (0.95 for 95 %), not {level}")
