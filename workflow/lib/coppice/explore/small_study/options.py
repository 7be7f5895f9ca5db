"""The tests and models of small-study effects by code, with name, source and defaults, in the order of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coppice.core.contracts.small_study import FILL_ESTIMATORS
from coppice.core.options import Option, by_code


@dataclass(frozen=True, slots=True)
class SmallStudyOption(Option):
    """One test or model; `about` adds to its name what it does, for the configuration."""

    about: str = ""
    default: bool = True  # whether it is used where the configuration does not name it


STEPS = (0.025,)  # one-sided: significant at 5% in the welcome direction, the three-parameter model
EXCESS_ALPHA = 0.05
FAIL_SAFE_ALPHA = 0.05
P_UNIFORM_ALPHA = 0.05  # two-sided: a study is significant at half of it on the welcome side
COPAS_ALPHA = 0.10  # of the test of a remaining small-study effect
COPAS_LARGEST = 0.99  # the chance that the most precise study is published
SIDES = ("left", "right")
ALTERNATIVES = ("greater", "less")
RUECKER = "Rücker et al. 2008, doi:10.1002/sim.2971"
TANG = "Tang & Liu 2000, J Clin Epidemiol 53:477-484; Lin et al. 2018, doi:10.1007/s11606-018-4425-7"

ENTRIES = by_code(
    SmallStudyOption("egger", "Egger's test", "Egger et al. 1997, doi:10.1136/bmj.315.7109.629"),
    SmallStudyOption(
        "egger_mixed", "Egger's test with heterogeneity", "Sterne & Egger 2005, doi:10.1002/0470870168.ch6"
    ),
    SmallStudyOption(
        "egger_smd",
        "Egger's test for standardised mean differences",
        "Pustejovsky & Rodgers 2019, doi:10.1002/jrsm.1332",
        "by Pustejovsky and Rodgers",
    ),
    SmallStudyOption(
        "thompson_sharp",
        "the test of Thompson and Sharp",
        "Thompson & Sharp 1999, doi:10.1002/(SICI)1097-0258(19991030)18:20<2693::AID-SIM235>3.0.CO;2-V",
    ),
    SmallStudyOption("harbord", "Harbord's test", "Harbord et al. 2006, doi:10.1002/sim.2380"),
    SmallStudyOption("peters", "Peters' test", "Peters et al. 2006, doi:10.1001/jama.295.6.676"),
    SmallStudyOption("macaskill", "Macaskill's test", "Macaskill et al. 2001, doi:10.1002/sim.698"),
    SmallStudyOption("deeks", "Deeks' test", "Deeks et al. 2005, doi:10.1016/j.jclinepi.2005.01.016"),
    SmallStudyOption("arcsine", "the arcsine test", RUECKER, "of Rücker and colleagues"),
    SmallStudyOption("arcsine_random", "the arcsine test with heterogeneity", RUECKER, "of Rücker and colleagues"),
    SmallStudyOption("egger_n", "Egger's test with sample sizes", TANG, "on 1/sqrt(n), of Tang and Liu"),
    SmallStudyOption("egger_n_mixed", "Egger's test with sample sizes and heterogeneity", TANG, "on 1/sqrt(n)"),
    SmallStudyOption(
        "inverse_size",
        "the regression on the inverse sample size",
        "Peters et al. 2006, doi:10.1001/jama.295.6.676",
        "weighted by the variances of the effects",
    ),
    SmallStudyOption(
        "size",
        "the regression on the sample size",
        "Macaskill et al. 2001, doi:10.1002/sim.698",
        "weighted by the variances of the effects",
    ),
    SmallStudyOption(
        "begg", "Begg and Mazumdar's test", "Begg & Mazumdar 1994, doi:10.2307/2533446", "a rank correlation"
    ),
    SmallStudyOption(
        "schwarzer", "Schwarzer's test", "Schwarzer et al. 2007, doi:10.1002/sim.2588", "a rank correlation for counts"
    ),
    SmallStudyOption(
        "trim_and_fill",
        "trim and fill",
        "Duval & Tweedie 2000, doi:10.1111/j.0006-341X.2000.00455.x, doi:10.1080/01621459.2000.10473905",
        f"by the estimators {', '.join(FILL_ESTIMATORS)}",
    ),
    SmallStudyOption("pet_peese", "PET-PEESE", "Stanley & Doucouliagos 2014, doi:10.1002/jrsm.1095"),
    SmallStudyOption(
        "selection_step",
        "the step function selection model",
        "Vevea & Hedges 1995, doi:10.1007/BF02294384",
        "of Vevea and Hedges",
    ),
    SmallStudyOption(
        "selection_beta",
        "the beta selection model",
        "Citkowicz & Vevea 2017, doi:10.1037/met0000119",
        "of Citkowicz and Vevea",
    ),
    SmallStudyOption(
        "excess_significance",
        "the test of excess significance",
        "Ioannidis & Trikalinos 2007, doi:10.1177/1740774507079441",
    ),
    SmallStudyOption(
        "fail_safe_n",
        "fail-safe N",
        "Rosenthal 1979, doi:10.1037/0033-2909.86.3.638",
        "of Rosenthal, Orwin, Rosenberg and for the random-effects model",
    ),
    SmallStudyOption(
        "doi_plot", "the Doi plot with the LFK index", "Furuya-Kanamori et al. 2018, doi:10.1097/XEB.0000000000000141"
    ),
    SmallStudyOption(
        "limit",
        "limit meta-analysis",
        "Rücker et al. 2011, doi:10.1093/biostatistics/kxq046",
        "the effect of an infinitely large study, the heterogeneity kept",
        default=False,
    ),
    SmallStudyOption(
        "copas",
        "the Copas selection model",
        "Copas & Shi 2001, doi:10.1177/096228020101000402",
        "the effect for falling chances that a small study is published",
        default=False,
    ),
    SmallStudyOption(
        "p_uniform",
        "p-uniform*",
        "van Aert & van Assen 2026, doi:10.3758/s13423-025-02812-4",
        "of van Aert and van Assen, by maximum likelihood",
        default=False,
    ),
    SmallStudyOption(
        "p_curve",
        "p-curve",
        "Simonsohn et al. 2014, doi:10.1037/a0033242; Simonsohn et al. 2015, doi:10.1037/xge0000104",
        "whether significant p values are as small as a real effect makes them, with the advice against it",
        default=False,
    ),
)
# methods on request that give an adjusted estimate, which a figure shows beside the main one
ADJUSTING = frozenset({"limit", "copas", "p_uniform"})


def requested(options: object) -> set[str]:
    """Return the methods on request that a configuration's `small_study` names."""
    if not isinstance(options, Mapping):
        return set()
    return {code for code, entry in ENTRIES.items() if not entry.default and options.get(code, False) is not False}
