"""A spec and extracts in the contract's form."""

import copy


def extract(study, yi, vi, *, population=None, measure="HR", label=None, reported=None, route="hazard_ratio_ci"):
    candidate = {
        "route": route,
        "rank": 10,
        "statistic": "hazard_ratio",
        "yi": yi,
        "vi": vi,
        "population": population or study,
        "label": label,
        "reported": reported or {"estimate": 0.5},
        "report": "paper",
        "source": {"report": "paper"},
        "use": None,
        "assumptions": [],
        "notes": [],
    }
    return {
        "study": study,
        "outcome": "os",
        "unused": [],
        "note": None,
        "measures": {measure: {"candidates": [candidate], "chosen": [0], "why": "the only figure"}},
    }


def spec(names, *, levels=None, **changes):
    base = {
        "analysis": "os",
        "outcome": "os",
        "measure": "HR",
        "model": {"profile": "cochrane2025"},
        "subgroups": None,
        "moderators": None,
        "overall": True,
        "route": None,
        "excluded": [],
        "studies": [
            {"study": name, "label": f"{name} (2020)", "year": 2020, "values": {"setting": (levels or {}).get(name)}}
            for name in names
        ],
    }
    return copy.deepcopy(base | changes)


FIVE = {"A": (-0.94, 0.063), "B": (-0.36, 0.040), "C": (-0.27, 0.042), "D": (-1.11, 0.097), "E": (-0.63, 0.065)}
EXTRACTS = [extract(name, yi, vi) for name, (yi, vi) in FIVE.items()]
LEVELS = {"A": "first line", "B": "first relapse", "C": "first relapse", "D": "first relapse", "E": "first line"}
