"""The optimal information size: how many patients or events one trial of adequate power would need.

Guyatt GH et al. GRADE guidelines 6, J Clin Epidemiol 2011;64:1283-1293, doi:10.1016/j.jclinepi.2011.01.012: a two-sided
significance level of 0.05 and a power of 80%, for the smallest difference that matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

from coppice.report.page import words
from coppice.report.page.absolute import WITH_TREATMENT, baselines, risk_with_treatment
from coppice.report.report_data import AnalysisView

ALPHA, POWER = 0.05, 0.80
Z_ALPHA, Z_BETA = NormalDist().inv_cdf(1 - ALPHA / 2), NormalDist().inv_cdf(POWER)
LEAD = f"two-sided \N{GREEK SMALL LETTER ALPHA} {ALPHA:g}, power {POWER:.0%} (z\N{SUBSCRIPT ONE} {Z_ALPHA:.2f}, z\N{SUBSCRIPT TWO} {Z_BETA:.2f}), arms of equal size; Guyatt GH et al., doi:10.1016/j.jclinepi.2011.01.012"
PROPORTIONS = (
    "patients = 2 [z\N{SUBSCRIPT ONE} \N{SQUARE ROOT}(2 p (1 - p)) + z\N{SUBSCRIPT TWO} \N{SQUARE ROOT}(p\N{SUBSCRIPT ZERO} (1 - p\N{SUBSCRIPT ZERO}) + p\N{SUBSCRIPT ONE} (1 - p\N{SUBSCRIPT ONE}))]\N{SUPERSCRIPT TWO} / (p\N{SUBSCRIPT ZERO} - p\N{SUBSCRIPT ONE})\N{SUPERSCRIPT TWO}, "
    "p the mean of both risks (Fleiss JL et al. Statistical Methods for Rates and Proportions. 3rd ed. Wiley, 2003)"
)
EVENTS = "events = 4 (z\N{SUBSCRIPT ONE} + z\N{SUBSCRIPT TWO})\N{SUPERSCRIPT TWO} / (ln HR)\N{SUPERSCRIPT TWO} (Schoenfeld DA. Biometrics 1983;39:499-503, doi:10.2307/2531021), patients = events / mean risk of both arms"
MEANS = "patients = 4 (z\N{SUBSCRIPT ONE} + z\N{SUBSCRIPT TWO})\N{SUPERSCRIPT TWO} SD\N{SUPERSCRIPT TWO} / difference\N{SUPERSCRIPT TWO} (Julious SA. Stat Med 2004;23:1921-1986, doi:10.1002/sim.1783)"
FORMULAS = {"HR": EVENTS, "RR": PROPORTIONS, "OR": PROPORTIONS, "RD": PROPORTIONS, "MD": MEANS, "SMD": MEANS}


@dataclass(frozen=True, slots=True)
class InformationSize:
    """How many patients or events are needed, for which difference."""

    needed: int
    unit: str  # patients or events
    of: str  # the difference, as it is printed


def two_proportions(control: float, experimental: float) -> float:
    """Return the patients in both arms that show a difference of two risks (as `power.prop.test` of R, twice)."""
    mean = (control + experimental) / 2
    variance = control * (1 - control) + experimental * (1 - experimental)
    root = Z_ALPHA * math.sqrt(2 * mean * (1 - mean)) + Z_BETA * math.sqrt(variance)
    return 2 * (root / (control - experimental)) ** 2


def events_of_hazards(log_ratio: float) -> float:
    """Return the events in both arms that show a hazard ratio, given by its logarithm."""
    return 4 * ((Z_ALPHA + Z_BETA) / log_ratio) ** 2


def two_means(difference: float, sd: float) -> float:
    """Return the patients in both arms that show a difference of two means with one standard deviation."""
    return 4 * ((Z_ALPHA + Z_BETA) * sd / difference) ** 2


def information_sizes(analysis: AnalysisView) -> Iterator[InformationSize]:
    """Yield the optimal information size at each baseline risk; nothing where `not_computed` has a reason."""
    if not_computed(analysis) or analysis.important is None:
        return
    code, distance, style = analysis.measure.code, analysis.important.small, analysis.style
    if code == "HR":
        ratio = words.value(analysis, -distance)
        events = events_of_hazards(distance)
        yield InformationSize(math.ceil(events), "events", f"a hazard ratio of {ratio}")
        for baseline in baselines(analysis):
            risk = baseline.risk + risk_with_treatment(code, baseline.risk, analysis.measure.back(-distance))
            of = f"a hazard ratio of {ratio} where the risk is {style.percent(100 * baseline.risk)} ({baseline.name})"
            yield InformationSize(math.ceil(2 * events / risk), "patients", of)
    elif code in WITH_TREATMENT:
        effect = analysis.measure.back(-distance)
        for baseline in baselines(analysis):
            risk = risk_with_treatment(code, baseline.risk, effect)
            pair = style.together([100 * baseline.risk, 100 * risk], 1)
            change = f"a change of the risk from {pair[0]}% ({baseline.name}) to {pair[1]}%"
            yield InformationSize(math.ceil(two_proportions(baseline.risk, risk)), "patients", change)
    else:
        sd = pooled_sd(analysis) if code == "MD" else 1.0
        of = f" with a standard deviation of {style.number(sd)}" if code == "MD" else ""
        change = f"a difference of {style.number(distance)}{of}"
        yield InformationSize(math.ceil(two_means(distance, sd or 1.0)), "patients", change)


def not_computed(analysis: AnalysisView) -> str | None:
    """Say why there is no optimal information size; None where there is one."""
    code = analysis.measure.code
    if code not in FORMULAS:
        return f"no formula is available for {analysis.measure.printed_name.lower()}s"
    if analysis.important is None:
        return "it needs the smallest important difference"
    if code in WITH_TREATMENT and code != "HR" and not baselines(analysis):
        return "no baseline risk is available"
    if code == "MD" and pooled_sd(analysis) is None:
        return "no study reports standard deviations with the numbers of patients"
    risks = [baseline.risk for baseline in baselines(analysis)] if code == "RD" else []
    if risks and min(risks) <= analysis.important.small:
        return "a reduction by the smallest important difference is impossible at the lowest baseline risk"
    return None


def pooled_sd(analysis: AnalysisView) -> float | None:
    """Return the standard deviation within the arms, pooled over those that report it with their size; None without any."""
    squares, degrees = 0.0, 0
    for effect in analysis.effects:
        reported = effect["reported"] or {}
        for arm in ("e", "c"):
            sd, n = reported.get(f"sd_{arm}"), reported.get(f"n_{arm}")
            if sd is not None and n is not None:
                squares, degrees = squares + (n - 1) * sd**2, degrees + int(n) - 1
    return math.sqrt(squares / degrees) if squares > 0 and degrees > 0 else None
