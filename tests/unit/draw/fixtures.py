"""Pool results for the figures' tests: the 13 BCG trials and the shipped review's survival, in the contract's form.

The numbers are a DerSimonian-Laird model worked out here in a few lines, so that the figures can be tested alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Z = 1.959963984540054
T_12, T_4 = 2.178812829667, 2.776445105198  # 97.5% quantiles of Student's t

# Colditz GA et al. JAMA 1994;271:698-702: vaccinated cases and total, unvaccinated cases and total.
BCG = [
    ("Aronson 1948", 1948, "random", 4, 123, 11, 139),
    ("Ferguson & Simes 1949", 1949, "random", 6, 306, 29, 303),
    ("Rosenthal et al 1960", 1960, "random", 3, 231, 11, 220),
    ("Hart & Sutherland 1977", 1977, "random", 62, 13598, 248, 12867),
    ("Frimodt-Moller et al 1973", 1973, "alternate", 33, 5069, 47, 5808),
    ("Stein & Aronson 1953", 1953, "alternate", 180, 1541, 372, 1451),
    ("Vandiviere et al 1973", 1973, "random", 8, 2545, 10, 629),
    ("TPT Madras 1980", 1980, "random", 505, 88391, 499, 88391),
    ("Coetzee & Berjak 1968", 1968, "random", 29, 7499, 45, 7277),
    ("Rosenthal et al 1961", 1961, "systematic", 17, 1716, 65, 1665),
    ("Comstock et al 1974", 1974, "systematic", 186, 50634, 141, 27338),
    ("Comstock & Webster 1969", 1969, "systematic", 5, 2498, 3, 2341),
    ("Comstock et al 1976", 1976, "systematic", 27, 16913, 29, 17854),
]

SURVIVAL = [
    ("AALL1331 high/intermediate risk (Brown 2021)", 2021, "first relapse", 0.62, 0.39, 0.98),
    ("AALL1331 low risk (Hogan 2023)", 2023, "first relapse", 0.65, 0.32, 1.30),
    ("20120215 (Locatelli 2021)", 2021, "first relapse", 0.35, 0.17, 0.70),
    ("E1910 (Litzow 2024)", 2024, "first line", 0.44, 0.25, 0.76),
    ("TOWER (Kantarjian 2017)", 2017, "relapsed or refractory", 0.71, 0.55, 0.93),
]


def effect(label: str, year: int, group: str, yi: float, vi: float, reported: Mapping[str, Any]) -> dict[str, Any]:
    """Return one effect in the contract's form, without weights."""
    se = math.sqrt(vi)
    return {
        "study": label,
        "label": label,
        "year": year,
        "population": label,
        "subgroup": group,
        "yi": yi,
        "vi": vi,
        "ci_low": yi - Z * se,
        "ci_high": yi + Z * se,
        "route": "counts",
        "statistic": "counts",
        "reported": dict(reported),
        "report": "r",
        "source": {},
        "why": "",
    }


def model(effects: Sequence[Mapping[str, Any]], quantile: float) -> dict[str, Any]:
    """Pool effects: DerSimonian-Laird, Wald, prediction on t with k - 1 degrees of freedom."""
    yi, vi = [e["yi"] for e in effects], [e["vi"] for e in effects]
    k = len(yi)
    wi = [1 / v for v in vi]
    mean = sum(w * y for w, y in zip(wi, yi, strict=True)) / sum(wi)
    q = sum(w * (y - mean) ** 2 for w, y in zip(wi, yi, strict=True))
    scale = sum(wi) - sum(w * w for w in wi) / sum(wi)
    tau2 = max(0.0, (q - (k - 1)) / scale) if k > 1 else 0.0
    wr = [1 / (v + tau2) for v in vi]
    centre = sum(w * y for w, y in zip(wr, yi, strict=True)) / sum(wr)
    se, half = 1 / math.sqrt(sum(wr)), quantile * math.sqrt(tau2 + 1 / sum(wr))
    part = {"estimate": centre, "se": se, "ci_low": centre - Z * se, "ci_high": centre + Z * se}
    fixed = 1 / math.sqrt(sum(wi))
    i2 = 100 * max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0
    return {
        "common": {
            "estimate": mean,
            "se": fixed,
            "ci_low": mean - Z * fixed,
            "ci_high": mean + Z * fixed,
            "statistic": mean / fixed,
            "p": 0.0004,
        },
        "random": {**part, "statistic": centre / se, "df": None, "p": 0.0003, "inference": "wald"},
        "prediction": {
            "low": centre - half,
            "high": centre + half,
            "df": k - 1,
            "se": half / quantile,
            "method": "t_k-1",
        },
        "heterogeneity": {
            "tau2": tau2,
            "tau2_low": tau2 / 3,
            "tau2_high": tau2 * 4,
            "I2": i2,
            "I2_low": i2 * 0.8,
            "I2_high": min(i2 * 1.05, 99.0),
            "Q": q,
            "df": k - 1,
            "p": 0.0001,
        },
        "weights": ([100 * w / sum(wi) for w in wi], [100 * w / sum(wr) for w in wr]),
    }


def pooled(effects: list[dict[str, Any]], measure: str, quantile: float, *, by: str | None = None) -> dict[str, Any]:
    """Return a whole pool result."""
    parts = model(effects, quantile)
    common, random = parts.pop("weights")
    for item, weight_common, weight_random in zip(effects, common, random, strict=True):
        item.update(weight_common=weight_common, weight_random=weight_random)
    subgroups = None
    if by:
        levels = []
        for level in dict.fromkeys(item["subgroup"] for item in effects):
            inside = [item for item in effects if item["subgroup"] == level]
            part = model(inside, quantile)
            known = {name: part[name] if len(inside) > 1 else None for name in ("common", "random", "heterogeneity")}
            levels.append({"level": level, "k": len(inside), **known})
        subgroups = {"by": by, "levels": levels, "test": {"method": "wald", "Q": 2.5, "df": 2, "df2": None, "p": 0.28}}
    else:
        for item in effects:
            item["subgroup"] = None
    return {
        "analysis": "test",
        "measure": measure,
        "scale": "identity" if measure in ("RD", "MD", "SMD") else "log",
        "k": len(effects),
        "level": 0.95,
        "settings": {"tau2": "DL", "inference": "wald", "prediction": "t_k-1", "profile": "metafor"},
        **parts,
        "effects": effects,
        "subgroups": subgroups,
        "moderators": None,
        "excluded": [],
        "warnings": [],
        "reasons": {},
        "display": None,
    }


def counts(a: int, n1: int, c: int, n2: int) -> dict[str, int]:
    """Return counts as a record reports them."""
    return {"events_e": a, "n_e": n1, "events_c": c, "n_c": n2}


def bcg(*, by: str | None = None) -> dict[str, Any]:
    """Return the 13 BCG trials as risk ratios."""
    effects = [
        effect(label, year, group, math.log(a / n1 / (c / n2)), 1 / a - 1 / n1 + 1 / c - 1 / n2, counts(a, n1, c, n2))
        for label, year, group, a, n1, c, n2 in BCG
    ]
    return pooled(effects, "RR", T_12, by=by)


def survival(*, by: str | None = None) -> dict[str, Any]:
    """Return overall survival of the shipped review as hazard ratios."""
    effects = [
        effect(
            label,
            year,
            group,
            math.log(hr),
            (math.log(high / low) / (2 * Z)) ** 2,
            {"estimate": hr, "ci": [low, high]},
        )
        for label, year, group, hr, low, high in SURVIVAL
    ]
    return pooled(effects, "HR", T_4, by=by)


def harm() -> dict[str, Any]:
    """Return cytokine release syndrome of the shipped review as risk differences, with the exact risks."""
    effects = []
    for label, year, a, n1, c, n2 in (
        ("AALL1731 (Gupta 2025)", 2025, 2, 624, 0, 653),
        ("TOWER (Kantarjian 2017)", 2017, 13, 267, 0, 109),
    ):
        p1, p2 = a / n1, c / n2
        item = effect(label, year, "all", p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, counts(a, n1, c, n2))
        item["risks"] = {
            "experimental": {"risk": p1, "low": p1 / 2, "high": 2 * p1},
            "control": {"risk": p2, "low": 0.0, "high": 3.7 / n2},
        }
        effects.append(item)
    result = pooled(effects, "RD", T_4)
    result["prediction"] = None
    result["reasons"] = {"prediction": "fewer than 3 studies"}
    return result


def bcg_with_risks() -> dict[str, Any]:
    """Return the 13 BCG trials with the risk in each arm."""
    result = bcg()
    for item in result["effects"]:
        found = item["reported"]
        item["risks"] = {
            arm: {"risk": found[f"events_{letter}"] / found[f"n_{letter}"], "low": 0.0, "high": 1.0}
            for arm, letter in (("experimental", "e"), ("control", "c"))
        }
    return result


def resampled(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return rows as `explore` gives them, with made-up numbers near the pooled ones."""
    random = result["random"]
    return [
        {
            "study": item["study"],
            "label": item["label"],
            "population": item["population"],
            "k": result["k"] - 1,
            "inference": "wald",
            "estimate": random["estimate"] + 0.01 * index,
            "se": random["se"],
            "ci_low": random["ci_low"] + 0.01 * index,
            "ci_high": random["ci_high"] + 0.01 * index,
            "p": 0.001 * index + 0.0005,
            "tau2": 0.3 + 0.01 * index,
            "I2": 90.0 - index,
            "Q": 150.0 - index,
        }
        for index, item in enumerate(result["effects"])
    ]
