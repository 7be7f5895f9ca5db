"""Nothing is found where nothing is wrong: 32 datasets, published tables and simulated trials with rounded figures."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.api import PHReg, survdiff

from . import reviews

ROOT = Path(__file__).resolve().parents[4]
PUBLISHED = json.loads((ROOT / "tests/reference/clean_tables.json").read_text("utf-8"))
NORMAL = NormalDist()
STUDIES = 20
Figures = list[dict[str, Any]]
Random = np.random.Generator


def p_printed(p: float) -> float | str:
    return "<0.001" if p < 0.001 else float(f"{p:.2g}") if p < 0.1 else round(p, 2)


def printed_ratio(log: float, se: float, digits: int, level: float = 0.95) -> dict[str, Any]:
    z = NORMAL.inv_cdf(0.5 + level / 2)
    return {
        "estimate": round(math.exp(log), digits),
        "ci": [round(math.exp(log + sign * z * se), digits) for sign in (-1, 1)],
    }


def triples(random: Random) -> Figures:
    """A hazard ratio with its interval and its p, one- or two-sided, at two digits."""
    log, se, sided = random.normal(-0.3, 0.3), random.uniform(0.1, 0.5), int(random.choice([1, 2]))
    tail = 1 - NORMAL.cdf(abs(log / se))
    level = float(random.choice([0.9, 0.95]))
    p = p_printed(sided * tail)
    return [
        {"statistic": "hazard_ratio", "p": p, "sided": sided, "level": level, "se_log": float(f"{se:.2g}")}
        | printed_ratio(log, se, 2, level)
    ]


def kaplan_meier(time: np.ndarray, event: np.ndarray, at: float) -> tuple[float, float]:
    order = np.argsort(time)
    time, event = time[order], event[order]
    at_risk = np.arange(len(time), 0, -1)
    use = (time <= at) & event
    survival = float(np.prod(1 - 1 / at_risk[use]))
    return survival, survival * math.sqrt(float(np.sum(1 / (at_risk[use] * (at_risk[use] - 1.0)))))


def trials(random: Random) -> Figures:
    """A trial with exponential times: Cox hazard ratio, log-rank p of unstated sidedness, survival at two times."""
    n = int(random.integers(60, 300))
    arm = np.repeat([1, 0], n)
    time = random.exponential(1 / (0.3 * np.exp(arm * random.normal(-0.4, 0.25))))
    censoring = random.uniform(1, 6, 2 * n)
    event, time = time <= censoring, np.minimum(time, censoring)
    cox = PHReg(time, arm[:, None], status=event.astype(int)).fit()
    _, p = survdiff(time, event.astype(int), arm)
    figures: Figures = [
        {"statistic": "hazard_ratio", "p": p_printed(float(p)), "sided": None, "n_e": n, "n_c": n}
        | printed_ratio(float(cox.params[0]), float(cox.bse[0]), 2)
    ]
    for years in (1, 2):
        values = {
            name: kaplan_meier(time[arm == value], event[arm == value], years) for name, value in (("e", 1), ("c", 0))
        }
        figure = {"statistic": "survival", "time": years, "unit": "years"}
        figure |= {f"survival_{name}": round(value, 3) for name, (value, _) in values.items()}
        figures.append(figure | {f"se_{name}": round(se, 3) for name, (_, se) in values.items()})
    return figures


def tables(random: Random) -> Figures:
    """A two-by-two table with its percentages, odds ratio, risk difference and chi-squared p."""
    n = random.integers(40, 400, 2)
    events = random.binomial(n, np.clip(random.uniform(0.1, 0.6) + np.array([random.normal(0, 0.1), 0]), 0.05, 0.9))
    events = np.clip(events, 3, n - 3)
    digits = [None, 1][int(random.integers(2))]  # round(x, None) is an int: printed without a point
    (a, c), (n1, n2) = map(int, events), map(int, n)
    p = float(stats.chi2_contingency([[a, n1 - a], [c, n2 - c]], correction=False).pvalue)
    se = math.sqrt(1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c))
    difference, error = a / n1 - c / n2, math.sqrt(a * (n1 - a) / n1**3 + c * (n2 - c) / n2**3)
    return [
        {"statistic": "counts", "events_e": a, "n_e": n1, "events_c": c, "n_c": n2, "percent_e": round(100 * a / n1, digits), "percent_c": round(100 * c / n2, digits)},
        {"statistic": "odds_ratio", "p": p_printed(p), "sided": None} | printed_ratio(math.log(a * (n2 - c) / (c * (n1 - a))), se, 2),
        {"statistic": "risk_difference", "estimate": round(difference, 3), "ci": [round(difference + sign * 1.96 * error, 3) for sign in (-1, 1)]},
    ]  # fmt: skip


def means(random: Random) -> Figures:
    """Two means of whole numbers with SD, standard error, interval, and the t interval and p of their difference."""
    n = random.integers(8, 120, 2)
    values = [
        np.rint(random.normal(20 + shift, 6, size)) for shift, size in zip((random.normal(1, 1), 0), n, strict=True)
    ]
    digits = int(random.choice([1, 2]))
    figure: dict[str, Any] = {"statistic": "means", "step": 1}
    for arm, sample in zip("ec", values, strict=True):
        se = sample.std(ddof=1) / math.sqrt(len(sample))
        half = stats.t.ppf(0.975, len(sample) - 1) * se
        mean = sample.mean()
        figure |= {
            f"mean_{arm}": round(mean, digits),
            f"sd_{arm}": round(sample.std(ddof=1), digits),
            f"se_{arm}": round(se, digits),
            f"n_{arm}": len(sample),
        }
        figure[f"ci_{arm}"] = [round(mean - half, digits), round(mean + half, digits)]
    test = stats.ttest_ind(*values)
    limits = test.confidence_interval()
    difference = {
        "statistic": "mean_difference",
        "estimate": round(float(values[0].mean() - values[1].mean()), 2),
        "ci": [round(float(limits.low), 2), round(float(limits.high), 2)],
    }
    return [
        json.loads(json.dumps(figure, default=float)),
        difference | {"p": p_printed(float(test.pvalue)), "sided": 2},
    ]


SIMULATED: dict[str, tuple[Callable[[Random], Figures], str]] = {
    f"{make.__name__} {seed}": (make, measure)
    for make, measure in ((triples, "HR"), (trials, "HR"), (tables, "OR"), (means, "MD"))
    for seed in range(4)
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_gives_no_finding(name: str) -> None:
    table = PUBLISHED[name]
    figures = [
        dict(zip(table["columns"], row, strict=True)) | {"statistic": table["statistic"]} for row in table["rows"]
    ]
    studies = [reviews.study(f"S{index}", figure) for index, figure in enumerate(figures)]
    assert reviews.findings(*studies, measure=table["measure"]) == []


@pytest.mark.parametrize("name", SIMULATED)
def test_simulated_studies_with_rounded_figures_give_no_finding(name: str) -> None:
    make, measure = SIMULATED[name]
    random = np.random.default_rng(20 + int(name.rsplit(maxsplit=1)[-1]))
    studies = [reviews.study(f"S{index}", *make(random)) for index in range(STUDIES)]
    assert reviews.findings(*studies, measure=measure) == []
