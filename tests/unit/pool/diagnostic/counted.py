"""Studies of test accuracy by their counts, pooled as `pool` does."""

from coppice.core.contracts.diagnostic import DiagnosticResult
from coppice.jobs.canonical_json import rounded
from coppice.pool.multivariate.diagnostic.analysis import pool_diagnostic
from coppice.tools.schema.results import fixed_of

TABLES = [(12, 0, 0, 20), (30, 4, 3, 55), (8, 1, 2, 33), (45, 6, 5, 80), (20, 2, 5, 41), (17, 3, 1, 60), (9, 2, 1, 25)]
SOUND = [(40, 7, 5, 90), (22, 12, 8, 48), (61, 20, 4, 70), (15, 3, 6, 52), (33, 9, 7, 88), (27, 4, 9, 39)]
NAMES = ("tp", "fp", "fn", "tn")


def pooled(tables, *, values=None, **spec):
    """Pool tables of counts; `values` are characteristics of the studies."""
    studies, extracts = [], []
    for number, counts in enumerate(tables):
        reported = dict(zip(NAMES, counts, strict=False)) | ({"threshold": counts[4]} if len(counts) > 4 else {})
        candidate = {
            "yi": 1.0, "vi": 1.0, "label": None, "population": f"S{number}", "route": "diagnostic_counts", "use": None, "note": None,
            "statistic": "diagnostic_counts", "reported": reported, "report": None, "source": {}, "assumptions": [],
            "notes": [], "rank": 10,
        }  # fmt: skip
        measures = {"DTA": {"measure": "DTA", "candidates": [candidate], "chosen": [0], "why": "the only one"}}
        extracts.append({"study": f"S{number}", "measures": measures})
        own = {name: column[number] for name, column in (values or {}).items()}
        studies.append({"study": f"S{number}", "label": f"Study {number}", "year": 2000 + number, "values": own})
    about = {"model": "binomial", "test": "the test", "condition": "the condition", "prevalences": []}
    content = {
        "analysis": "a", "outcome": "a", "measure": "DTA", "effect": "DTA", "model": {"profile": "cochrane2025"},
        "diagnostic": about | spec.pop("diagnostic", {}), "subgroups": None, "moderators": None, "studies": studies,
        "excluded": [],
    }  # fmt: skip
    result = pool_diagnostic(content | spec, extracts)
    assert list(fixed_of(DiagnosticResult).findings(rounded(result), ())) == []
    return result
