"""A small review with hand-made results in the form that the verbs write, for the tests of the report."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.jobs import canonical_json

Z = 1.959963984540054
NASTY = '<script>alert("x")</script> & $\\frac{1}{2}$ =1+1'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'

STUDIES: list[dict[str, Any]] = [
    {
        "study": name,
        "label": f"{name} ({author} {year})",
        "year": year,
        "design": "randomised",
        "population": name,
        "characteristics": {"setting": setting, "age": age},
        "arms": {"experimental": {"name": "Blinatumomab", "n": n_e}, "control": {"name": "Chemotherapy", "n": n_c}},
        "reports": {"main": {"citation": f"{author} et al. {year}", "pmid": 33651090, "doi": "10.1001/jama.2021.0669"}},
        "outcomes": {"os": {"definition": "Survival from randomisation", "note": None}},
        "risk_of_bias": None,
        "note": None,
    }
    for name, author, year, setting, age, n_e, n_c in (
        ("E1910", "Litzow", 2024, "first line", "30-70 years", 112, 112),
        ("TOWER", "Kantarjian", 2017, "relapsed or refractory", "18 years and over", 271, 134),
        ("AALL1331", "Brown", 2021, "first relapse", "1-30 years", 105, 103),
    )
]
HAZARD_RATIOS = {"E1910": (0.44, 0.25, 0.76), "TOWER": (0.71, 0.55, 0.93), "AALL1331": (0.62, 0.39, 0.98)}


def source(report: str = "main") -> dict[str, Any]:
    """Return where a figure was read."""
    return {"report": report, "at": "abstract Results", "read_in": "P-X", "quality": "primary"}


def effect(study: str) -> dict[str, Any]:
    """Return one effect of the overall survival."""
    value, low, high = HAZARD_RATIOS[study]
    yi, vi = math.log(value), ((math.log(high) - math.log(low)) / (2 * Z)) ** 2
    record = next(item for item in STUDIES if item["study"] == study)
    return {
        "study": study,
        "label": record["label"],
        "year": record["year"],
        "population": study,
        "yi": yi,
        "vi": vi,
        "ci_low": yi - Z * vi**0.5,
        "ci_high": yi + Z * vi**0.5,
        "weight_common": 33.3,
        "weight_random": 33.3,
        "route": "hazard_ratio_ci",
        "statistic": "hazard_ratio",
        "reported": {"estimate": value, "ci": [low, high]},
        "report": "main",
        "source": source(),
        "subgroup": record["characteristics"]["setting"],
        "why": "the only figure that gives this measure",
    }


def estimated(value: float, low: float, high: float, inference: str = "HKSJ") -> dict[str, Any]:
    """Return an estimate on the logarithmic scale."""
    return {
        "estimate": math.log(value), "se": 0.1, "ci_low": math.log(low), "ci_high": math.log(high),
        "statistic": -4.0, "df": 2, "p": 0.0123, "inference": inference,
    }  # fmt: skip


def pooled() -> dict[str, Any]:
    """Return the pooled overall survival."""
    effects = [effect(study) for study in HAZARD_RATIOS]
    heterogeneity = {
        "tau2": 0.0142, "tau2_se": 0.04, "tau2_low": 0.0, "tau2_high": 1.93, "I2": 31.4, "I2_low": 0.0, "I2_high": 98.2,
        "I2_q": 20.0, "H2": 1.4, "Q": 2.61, "df": 2, "p": 0.271,
    }  # fmt: skip
    level = {"k": 1, "common": None, "random": None, "heterogeneity": None}
    return {
        "analysis": "os", "measure": "HR", "scale": "log", "k": 3, "level": 0.95,
        "settings": {"tau2": "REML", "inference": "HKSJ", "prediction": "t_k-1", "profile": "cochrane2025"},
        "common": estimated(0.65, 0.53, 0.80, "wald"),
        "random": estimated(0.62, 0.41, 0.94),
        "alternatives": {"wald": estimated(0.62, 0.49, 0.79, "wald"), "HKSJ": estimated(0.62, 0.41, 0.94)},
        "prediction": {"low": math.log(0.29), "high": math.log(1.34), "df": 2, "method": "t_k-1"},
        "heterogeneity": heterogeneity,
        "effects": effects,
        "subgroups": {
            "by": "setting",
            "levels": [level | {"level": item["subgroup"]} for item in effects],
            "test": {"method": "wald", "Q": 2.61, "df": 2, "df2": None, "p": 0.271},
        },
        "moderators": None,
        "excluded": [{"study": "BEIJING", "label": "BEIJING (Qi 2024)", "reason": "control value not reported"}],
        "warnings": ["The interval by HKSJ is narrower than Wald's."],
        "reasons": {},
        "display": {"common": None, "random": None, "prediction": None, "effects": [], "subgroups": [], "size": None},
    }  # fmt: skip


def extracted(study: str) -> dict[str, Any]:
    """Return what was extracted for the overall survival of a study."""
    chosen = effect(study)
    shared = {
        key: chosen[key] for key in ("statistic", "reported", "population", "report", "source", "route", "yi", "vi")
    }
    candidates = [shared | {"rank": 10, "label": None, "use": None, "note": None, "assumptions": [], "notes": []}]
    if study == "E1910":
        other = {"estimate": 0.41, "ci": [0.23, 0.73]}
        candidates.append(copy.deepcopy(candidates[0]) | {"reported": other, "yi": math.log(0.41), "vi": 0.0868})
    unused = {
        "statistic": "median_survival",
        "reported": {"median_e": 7.7, "median_c": 4.0, "unit": "months"},
        "report": "main",
        "source": source(),
        "population": study,
        "label": None,
        "use": None,
        "note": None,
        "reason": "no hazard ratio can be computed from median survival",
    }
    return {
        "study": study, "outcome": "os", "note": None, "unused": [unused] if study == "TOWER" else [],
        "measures": {"HR": {"candidates": candidates, "chosen": [0], "why": "the only figure that gives this measure"}},
    }  # fmt: skip


def explored() -> dict[str, Any]:
    """Return leave-one-out of the overall survival."""
    values = {"E1910": (0.68, 0.50, 0.93), "TOWER": (0.53, 0.31, 1.10), "AALL1331": (0.59, 0.20, 1.70)}
    return {
        "leave_one_out": [
            {
                "study": study,
                "label": effect(study)["label"],
                "k": 2,
                "tau2": 0.01,
                "I2": 12.0,
                "Q": 1.1,
                **estimated(*values[study]),
            }
            for study in HAZARD_RATIOS
        ]
    }


def specification() -> dict[str, Any]:
    """Return what the report is about."""
    return {
        "verb": "report",
        "review": {
            "title": "Blinatumomab versus chemotherapy",
            "question": {"population": "B-ALL", "intervention": "Blinatumomab", "comparator": "Chemotherapy", "outcomes": ["overall survival"]},
            "authors": ["A. Author"], "registration": None, "searched": None, "notes": ["A worked example without a systematic search."],
        },
        "profile": "cochrane2025",
        "analyses": [
            {
                "analysis": "os", "title": "Overall survival", "outcome": "os", "measure": "HR", "favours": ["Favours Blinatumomab", "Favours Chemotherapy"],
                "arms": {"experimental": "Blinatumomab", "control": "Chemotherapy"}, "note": "A remark.", "subgroups": "setting", "overall": True,
                "figures": ["forest"], "pool": "pool/os.json", "explore": "explore/os.json",
            }
        ],
        "studies": copy.deepcopy(STUDIES),
        "extracts": [f"extract/{study}/os.json" for study in HAZARD_RATIOS],
        "sources": {"P-X": "a journal's page"},
        "versions": {"numpy": "2.4.0"},
        "inputs": {"config/config.yaml": "0" * 64},
    }  # fmt: skip


def swapped(pool: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pooled result with the arms exchanged: every number on the scale changes its sign, limits change places."""

    def turn(part: Any, pairs: Sequence[tuple[str, str]] = (("ci_low", "ci_high"), ("low", "high"))) -> Any:
        if not isinstance(part, dict):
            return part
        turned = part | {
            name: -part[name] for name in ("estimate", "yi", "statistic") if isinstance(part.get(name), float)
        }
        for low, high in pairs:
            if part.get(low) is not None and part.get(high) is not None:
                turned |= {low: -part[high], high: -part[low]}
        return turned

    result = copy.deepcopy(dict(pool))
    for name in ("common", "random", "prediction"):
        result[name] = turn(result[name])
    result["effects"] = [turn(item) for item in result["effects"]]
    return result


def write(folder: Path, spec: Mapping[str, Any] | None = None, pool: Mapping[str, Any] | None = None) -> Path:
    """Write the review's results below `folder` and return the file of the specification."""
    results = folder / "results"
    canonical_json.write(results / "pool/os.json", pool or pooled())
    canonical_json.write(results / "explore/os.json", explored())
    for study in HAZARD_RATIOS:
        canonical_json.write(results / f"extract/{study}/os.json", extracted(study))
    canonical_json.write_text(results / "draw/os/forest.svg", SVG)
    canonical_json.write(folder / "spec.json", spec or specification())
    return folder / "spec.json"
