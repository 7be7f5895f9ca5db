"""The works that the methods cite: one registry, numbered in the order in which a report cites them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """One work: its text and its DOI."""

    text: str
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the methods and the works it cites."""

    text: str
    cites: tuple[str, ...] = ()


REFERENCES: dict[str, Reference] = {
    "prisma": Reference("Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement. BMJ 2021;372:n71.", "10.1136/bmj.n71"),
    "reitsma2005": Reference("Reitsma JB, Glas AS, Rutjes AWS, et al. Bivariate analysis of sensitivity and specificity produces informative summary measures in diagnostic reviews. J Clin Epidemiol 2005;58:982-990.", "10.1016/j.jclinepi.2005.02.022"),
    "chu2006": Reference("Chu H, Cole SR. Bivariate meta-analysis of sensitivity and specificity with sparse data: a generalized linear mixed model approach. J Clin Epidemiol 2006;59:1331-1332.", "10.1016/j.jclinepi.2006.06.011"),
    "harbord2007": Reference("Harbord RM, Deeks JJ, Egger M, Whiting P, Sterne JAC. A unification of models for meta-analysis of diagnostic accuracy studies. Biostatistics 2007;8:239-251.", "10.1093/biostatistics/kxl004"),
    "dta_handbook10": Reference("Macaskill P, Takwoingi Y, Deeks JJ, Gatsonis C. Understanding meta-analysis. In: Cochrane Handbook for Systematic Reviews of Diagnostic Test Accuracy, version 2.0. Cochrane, 2023."),
    "ruecker2012": Reference("Rücker G. Network meta-analysis, electrical networks and graph theory. Res Synth Methods 2012;3:312-324.", "10.1002/jrsm.1058"),
    "ruecker2014": Reference("Rücker G, Schwarzer G. Reduce dimension or reduce weights? Comparing two approaches to multi-arm studies in network meta-analysis. Stat Med 2014;33:4353-4369.", "10.1002/sim.6236"),
    "ruecker2020": Reference("Rücker G, Petropoulou M, Schwarzer G. Network meta-analysis of multicomponent interventions. Biom J 2020;62:808-821.", "10.1002/bimj.201800167"),
    "efthimiou2019": Reference("Efthimiou O, Rücker G, Schwarzer G, Higgins JPT, Egger M, Salanti G. Network meta-analysis of rare events using the Mantel-Haenszel method. Stat Med 2019;38:2992-3012.", "10.1002/sim.8158"),
    "greenland1992": Reference("Greenland S, Longnecker MP. Methods for trend estimation from summarized dose-response data, with applications to meta-analysis. Am J Epidemiol 1992;135:1301-1309.", "10.1093/oxfordjournals.aje.a116237"),
    "hamling2008": Reference("Hamling J, Lee P, Weitkunat R, Ambühl M. Facilitating meta-analyses by deriving relative effect and precision estimates for alternative comparisons from a set of estimates presented by exposure level or disease category. Stat Med 2008;27:954-970.", "10.1002/sim.3013"),
    "orsini2012": Reference("Orsini N, Li R, Wolk A, Khudyakov P, Spiegelman D. Meta-analysis for linear and nonlinear dose-response relations: examples, an evaluation of approximations, and software. Am J Epidemiol 2012;175:66-73.", "10.1093/aje/kwr265"),
    "discacciati2017": Reference("Discacciati A, Crippa A, Orsini N. Goodness of fit tools for dose-response meta-analysis of binary outcomes. Res Synth Methods 2017;8:149-160.", "10.1002/jrsm.1194"),
    "crippa2019": Reference("Crippa A, Discacciati A, Bottai M, Spiegelman D, Orsini N. One-stage dose-response meta-analysis for aggregated data. Stat Methods Med Res 2019;28:1579-1596.", "10.1177/0962280218773122"),
    "jackson2011": Reference("Jackson D, Riley R, White IR. Multivariate meta-analysis: potential and promise. Stat Med 2011;30:2481-2498.", "10.1002/sim.4172"),
    "jackson2012": Reference("Jackson D, White IR, Riley RD. Quantifying the impact of between-study heterogeneity in multivariate meta-analyses. Stat Med 2012;31:3805-3820.", "10.1002/sim.5453"),
    "jackson2017": Reference("Jackson D, White IR, Price M, Copas J, Riley RD. Borrowing of strength and study weights in multivariate and network meta-analysis. Stat Methods Med Res 2017;26:2853-2868.", "10.1177/0962280215611702"),
    "ruecker2015": Reference("Rücker G, Schwarzer G. Ranking treatments in frequentist network meta-analysis works without resampling methods. BMC Med Res Methodol 2015;15:58.", "10.1186/s12874-015-0060-8"),
    "dias2010": Reference("Dias S, Welton NJ, Caldwell DM, Ades AE. Checking consistency in mixed treatment comparison meta-analysis. Stat Med 2010;29:932-944.", "10.1002/sim.3767"),
    "koenig2013": Reference("König J, Krahn U, Binder H. Visualizing the flow of evidence in network meta-analysis and characterizing mixed treatment comparisons. Stat Med 2013;32:5414-5429.", "10.1002/sim.6001"),
    "krahn2013": Reference("Krahn U, Binder H, König J. A graphical tool for locating inconsistency in network meta-analyses. BMC Med Res Methodol 2013;13:35.", "10.1186/1471-2288-13-35"),
    "higgins2012": Reference("Higgins JPT, Jackson D, Barrett JK, et al. Consistency and inconsistency in network meta-analysis: concepts and models for multi-arm studies. Res Synth Methods 2012;3:98-110.", "10.1002/jrsm.1044"),
    "davies2022": Reference("Davies AL, Papakonstantinou T, Nikolakopoulou A, et al. Network meta-analysis and random walks. Stat Med 2022;41:2091-2114.", "10.1002/sim.9346"),
    "jackson2013moments": Reference("Jackson D, White IR, Riley RD. A matrix-based method of moments for fitting the multivariate random effects model for meta-analysis and meta-regression. Biom J 2013;55:231-245.", "10.1002/bimj.201200152"),
    "patterson1971": Reference("Patterson HD, Thompson R. Recovery of inter-block information when block sizes are unequal. Biometrika 1971;58:545-554.", "10.1093/biomet/58.3.545"),
    "hartung2001": Reference("Hartung J, Knapp G. A refined method for the meta-analysis of controlled clinical trials with binary outcome. Stat Med 2001;20:3875-3889.", "10.1002/sim.1009"),
    "sidik2002": Reference("Sidik K, Jonkman JN. A simple confidence interval for meta-analysis. Stat Med 2002;21:3153-3159.", "10.1002/sim.1262"),
    "veroniki2019": Reference("Veroniki AA, Jackson D, Bender R, et al. Methods to calculate uncertainty in the estimated overall effect size from a random-effects meta-analysis. Res Synth Methods 2019;10:23-43.", "10.1002/jrsm.1319"),
    "sterne2011": Reference("Sterne JAC, Sutton AJ, Ioannidis JPA, et al. Recommendations for examining and interpreting funnel plot asymmetry in meta-analyses of randomised controlled trials. BMJ 2011;343:d4002.", "10.1136/bmj.d4002"),
    "grade12": Reference("Guyatt GH, Oxman AD, Santesso N, et al. GRADE guidelines: 12. Preparing summary of findings tables - binary outcomes. J Clin Epidemiol 2013;66:158-172.", "10.1016/j.jclinepi.2012.01.012"),
    "grade27": Reference("Skoetz N, Goldkuhle M, van Dalen EC, et al. GRADE guidelines 27: how to calculate absolute effects for time-to-event outcomes in summary of findings tables and Evidence Profiles. J Clin Epidemiol 2020;118:124-131.", "10.1016/j.jclinepi.2019.10.015"),
    "gleser2009": Reference("Gleser LJ, Olkin I. Stochastically dependent effect sizes. In: Cooper H, Hedges LV, Valentine JC, eds. The Handbook of Research Synthesis and Meta-Analysis. 2nd ed. Russell Sage Foundation, 2009:357-376."),
    "borenstein2021": Reference("Borenstein M, Hedges LV, Higgins JPT, Rothstein HR. Introduction to Meta-Analysis. 2nd ed. Wiley, 2021, chapter 24."),
    "konstantopoulos2011": Reference("Konstantopoulos S. Fixed effects and variance components estimation in three-level meta-analysis. Res Synth Methods 2011;2:61-76.", "10.1002/jrsm.35"),
    "hedges2010": Reference("Hedges LV, Tipton E, Johnson MC. Robust variance estimation in meta-regression with dependent effect size estimates. Res Synth Methods 2010;1:39-65.", "10.1002/jrsm.5"),
    "pustejovsky2022": Reference("Pustejovsky JE, Tipton E. Meta-analysis with robust variance estimation: expanding the range of working models. Prev Sci 2022;23:425-438.", "10.1007/s11121-021-01246-3"),
    "tipton2015": Reference("Tipton E, Pustejovsky JE. Small-sample adjustments for tests of moderators and model fit using robust variance estimation in meta-regression. J Educ Behav Stat 2015;40:604-634.", "10.3102/1076998615606099"),
    "handbook10": Reference("Deeks JJ, Higgins JPT, Altman DG, et al. Analysing data and undertaking meta-analyses. In: Cochrane Handbook for Systematic Reviews of Interventions, version 6.5. Cochrane, 2024."),
    "ml": Reference("Hardy RJ, Thompson SG. A likelihood approach to meta-analysis with random effects. Stat Med 1996;15:619-629.", "10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"),
    "qprofile": Reference("Viechtbauer W. Confidence intervals for the amount of heterogeneity in meta-analysis. Stat Med 2007;26:37-52.", "10.1002/sim.2514"),
    "jackson2013": Reference("Jackson D. Confidence intervals for the between-study variance in random effects meta-analysis using generalised Cochran heterogeneity statistics. Res Synth Methods 2013;4:220-229.", "10.1002/jrsm.1081"),
    "biggerstaff2008": Reference("Biggerstaff BJ, Jackson D. The exact distribution of Cochran's heterogeneity statistic in one-way random effects meta-analysis. Stat Med 2008;27:6093-6110.", "10.1002/sim.3428"),
    "i2": Reference("Higgins JPT, Thompson SG. Quantifying heterogeneity in a meta-analysis. Stat Med 2002;21:1539-1558.", "10.1002/sim.1186"),
    "cochran": Reference("Cochran WG. The combination of estimates from different experiments. Biometrics 1954;10:101-129.", "10.2307/3001666"),
    "inthout2016": Reference("IntHout J, Ioannidis JPA, Rovers MM, Goeman JJ. Plea for routinely presenting prediction intervals in meta-analysis. BMJ Open 2016;6:e010247.", "10.1136/bmjopen-2015-010247"),
    "handbook23": Reference("Higgins JPT, Eldridge S, Li T. Including variants on randomized trials. In: Cochrane Handbook for Systematic Reviews of Interventions. 2nd ed. Wiley, 2019:569-593.", "10.1002/9781119536604.ch23"),
    "handbook2019": Reference("Deeks JJ, Higgins JPT, Altman DG. Analysing data and undertaking meta-analyses. In: Cochrane Handbook for Systematic Reviews of Interventions. 2nd ed. Wiley, 2019:241-284.", "10.1002/9781119536604.ch10"),
    "parmar1998": Reference("Parmar MKB, Torri V, Stewart L. Extracting summary statistics to perform meta-analyses of the published literature for survival endpoints. Stat Med 1998;17:2815-2834.", "10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8"),
    "williamson2002": Reference("Williamson PR, Smith CT, Hutton JL, Marson AG. Aggregate data meta-analysis with time-to-event outcomes. Stat Med 2002;21:3337-3351.", "10.1002/sim.1303"),
    "clopper": Reference("Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 1934;26:404-413.", "10.1093/biomet/26.4.404"),
    "stijnen2010": Reference("Stijnen T, Hamza TH, Özdemir P. Random effects meta-analysis of event outcome in the framework of the generalized linear mixed model with applications in sparse data. Stat Med 2010;29:3046-3067.", "10.1002/sim.4040"),
    "jackson2018": Reference("Jackson D, Law M, Stijnen T, Viechtbauer W, White IR. A comparison of seven random-effects models for meta-analyses that estimate the summary odds ratio. Stat Med 2018;37:1059-1085.", "10.1002/sim.7588"),
    "linxu2020": Reference("Lin L, Xu C. Arcsine-based transformations for meta-analysis of proportions: pros, cons, and alternatives. Health Sci Rep 2020;3:e178.", "10.1002/hsr2.178"),
    "amrhein": Reference("Amrhein V, Greenland S, McShane B. Scientists rise up against statistical significance. Nature 2019;567:305-307.", "10.1038/d41586-019-00857-9"),
    "higgins2004": Reference("Higgins JPT, Thompson SG. Controlling the risk of spurious findings from meta-regression. Stat Med 2004;23:1663-1682.", "10.1002/sim.1752"),
    "metafor": Reference("Viechtbauer W. Conducting meta-analyses in R with the metafor package. J Stat Softw 2010;36(3):1-48.", "10.18637/jss.v036.i03"),
    "statsmodels": Reference("Seabold S, Perktold J. statsmodels: econometric and statistical modeling with Python. Proc 9th Python in Science Conf 2010:92-96.", "10.25080/Majora-92bf1922-011"),
    "roever2020": Reference("Röver C. Bayesian random-effects meta-analysis using the bayesmeta R package. J Stat Softw 2020;93(6):1-51.", "10.18637/jss.v093.i06"),
    "roever2021": Reference("Röver C, Bender R, Dias S, et al. On weakly informative prior distributions for the heterogeneity parameter in Bayesian random-effects meta-analysis. Res Synth Methods 2021;12:448-474.", "10.1002/jrsm.1475"),
    "turner2015": Reference("Turner RM, Jackson D, Wei Y, Thompson SG, Higgins JPT. Predictive distributions for between-study heterogeneity and simple methods for their application in Bayesian meta-analysis. Stat Med 2015;34:984-998.", "10.1002/sim.6381"),
    "rhodes2015": Reference("Rhodes KM, Turner RM, Higgins JPT. Predictive distributions were developed for the extent of heterogeneity in meta-analyses of continuous outcome data. J Clin Epidemiol 2015;68:52-60.", "10.1016/j.jclinepi.2014.08.012"),
    "gelman2006": Reference("Gelman A. Prior distributions for variance parameters in hierarchical models. Bayesian Anal 2006;1:515-534.", "10.1214/06-BA117A"),
    "snakemake": Reference("Mölder F, Jablonski KP, Letcher B, et al. Sustainable data analysis with Snakemake. F1000Res 2021;10:33.", "10.12688/f1000research.29032.2"),
}  # fmt: skip


PARTS = re.compile(r";\s+(?=[^;]*\b10\.\d{4})")  # before each further work with a DOI


def numbered(keys: Iterable[str]) -> dict[str, int]:
    """Number works in the order of their first citation, from 1."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def works(source: str) -> list[str]:
    """Return the keys of the works that a source names: those of this registry by their DOI, others by their text.

    The source is a key, or what a registry of the library gives: works with their DOIs, joined by semicolons.
    """
    if source in REFERENCES:
        return [source]
    parts = [part.strip() for part in PARTS.split(source) if part.strip()]
    return [next((key for key, known in REFERENCES.items() if known.doi and known.doi in part), part) for part in parts]


def cited_by(statement: Statement) -> list[str]:
    """Return the keys of the works that a statement cites."""
    return [key for source in statement.cites for key in works(source)]


def work(key: str) -> Reference:
    """Return the work of a key, or one made of a source that a registry of the library gives as text."""
    return REFERENCES.get(key) or Reference(key)
