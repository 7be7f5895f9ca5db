"""Mean and standard deviation of one arm, from whatever was reported in their place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from coppice.core.reported_fields import ARMS
from coppice.core.special_functions import t_quantile
from coppice.extract.route import DEFAULT_LEVEL, Figure, NotForThisFigure
from coppice.extract.routes.means import Arm
from coppice.extract.summaries.medians import Summary, equal_weights, normal_data, skewness
from coppice.extract.summaries.skewed_medians import box_cox_estimation, quantile_estimation


def whose(suffix: str) -> str:
    """Return the words for an arm, by the ending of its fields: "_e", "_c", or none for a single group."""
    return f"the {ARMS[suffix[1:]]} arm" if suffix else "the group"


def sd_of(figure: Figure, suffix: str) -> tuple[float, tuple[str, ...]] | None:
    """Return the standard deviation of an arm: as reported, from the SE or from the CI of its mean; None without any.

    Notes
    -----
    SD = SE sqrt(n); SE = (upper - lower) / (2 t), t on n - 1 df. Handbook 6.5.2.2, 10.1002/9781119536604.ch6.
    """
    sd, error, limits, n = (figure.get(f"{name}{suffix}") for name in ("sd", "se", "ci", "n"))
    if sd is not None:
        return float(sd), ()
    if n is None:
        return None
    if error is not None:
        return error * math.sqrt(n), (f"SD of {whose(suffix)} from its standard error",)
    if limits is None or n <= 1:
        return None
    level = figure.get("level") or DEFAULT_LEVEL
    sd = (limits[1] - limits[0]) / (2 * t_quantile(0.5 + level / 2, n - 1)) * math.sqrt(n)
    return sd, (f"SD of {whose(suffix)} from the confidence interval of its mean (t, {n - 1:g} df)",)


def reported_arm(figure: Figure, suffix: str) -> Arm | None:
    """Return an arm whose mean is reported with its SD, SE or CI; None if it is not."""
    mean, n, spread = figure.get(f"mean{suffix}"), figure.get(f"n{suffix}"), sd_of(figure, suffix)
    return None if mean is None or n is None or spread is None else Arm(float(mean), spread[0], float(n), spread[1])


def summary_of(figure: Figure, suffix: str) -> Summary | None:
    """Return an arm's median with what goes with it; None without one."""
    median, n = figure.get(f"median{suffix}"), figure.get(f"n{suffix}")
    if median is None or n is None:
        return None
    summary = Summary(n, median, *(figure.get(f"{name}{suffix}") for name in ("q1", "q3", "min", "max")))
    summary.check()
    return summary


def skewness_note(summary: Summary, suffix: str) -> str:
    """Say what the test for skewness finds in an arm."""
    test = skewness(summary)
    verdict = "skewed" if test.is_skewed else "no sign of skewness"
    return f"{whose(suffix)}: {verdict} (Shi 2023: {test.statistic:.3f}, critical value {test.critical:.3f})"


def by_normal(summary: Summary) -> tuple[float, float, str]:
    """Return mean and SD of normal data, and how."""
    has_both = summary.range and summary.quartiles
    return *normal_data(summary), "Luo 2018, Shi 2020" if has_both else "Luo 2018, Wan 2014"


def by_equal_weights(summary: Summary) -> tuple[float, float, str]:
    """Return mean and SD of normal data by equal weights, and how."""
    return *equal_weights(summary), "Wan 2014"


def by_quantiles(summary: Summary) -> tuple[float, float, str]:
    """Return mean and SD by quantile estimation, and how."""
    mean, sd, family = quantile_estimation(summary)
    return mean, sd, f"McGrath 2020, quantile estimation, {family}"


def by_box_cox(summary: Summary) -> tuple[float, float, str]:
    """Return mean and SD by the Box-Cox method, and how."""
    mean, sd, exponent = box_cox_estimation(summary)
    return mean, sd, f"McGrath 2020, Box-Cox, {exponent}"


def by_skewness(summary: Summary) -> tuple[float, float, str]:
    """Return mean and SD by the Box-Cox method where the data are skewed and that is better, of normal data elsewhere.

    Notes
    -----
    Better where the range is reported and all is positive. Quartiles alone do not show the tail that decides on the
    mean and the SD of skewed data; there both of McGrath's methods overstate the SD, in small samples by far. The
    simulations are in tests/unit/extract/test_medians.py.
    """
    is_better = summary.range is not None and summary.range[0] > 0 and skewness(summary).is_skewed
    return by_box_cox(summary) if is_better else by_normal(summary)


Method = Callable[[Summary], tuple[float, float, str]]
METHODS: Mapping[str, Method] = {
    "medians": by_skewness,
    "medians_luo": by_normal,
    "medians_wan": by_equal_weights,
    "medians_qe": by_quantiles,
    "medians_bc": by_box_cox,
}


def arm_from_median(figure: Figure, suffix: str, method: Method) -> Arm:
    """Return an arm by way of its median; as reported where it has a mean with a spread."""
    reported = reported_arm(figure, suffix)
    if reported is not None:
        return reported
    summary = summary_of(figure, suffix)
    if summary is None:
        raise NotForThisFigure(f"neither mean and spread nor a median of {whose(suffix)} is reported")
    mean, sd, how = method(summary)
    note = f"mean {mean:.4g} and SD {sd:.4g} of {whose(suffix)} from its median ({how})"
    return Arm(mean, sd, summary.n, (note, skewness_note(summary, suffix)))
