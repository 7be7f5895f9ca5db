"""Where tau2 is taken about the Mantel-Haenszel estimate, that of every subset is too."""

import numpy as np
import pytest

from coppice.explore.analysis import explore_analysis
from coppice.pool.analysis import pool_analysis

# events and patients of both arms; in the last study no event in the experimental arm, so that it has no ratio
TABLES = {
    "A": (4, 120, 11, 123),
    "B": (9, 80, 29, 84),
    "C": (60, 310, 42, 300),
    "D": (12, 90, 10, 88),
    "E": (3, 40, 12, 45),
    "F": (0, 30, 4, 31),
}
MODELS = [
    {"profile": "revman5"},
    {"profile": "meta", "tau2": "DL"},
    {"profile": "cochrane2025", "common": "MH", "tau2": "DL", "inference": "wald"},
    {"profile": "revman5", "common_add": 0.0},
]
KEYS = ("estimate", "se", "ci_low", "ci_high", "p")


def extract(study, a, n, c, m):
    reported = {"events_e": a, "n_e": n, "events_c": c, "n_c": m}
    figure = {"statistic": "counts", "population": study, "reported": reported, "use": None}
    figure |= {"label": None, "note": None, "report": None, "source": {}, "assumptions": [], "notes": []}
    if not a:
        return {"study": study, "measures": {}, "unused": [figure | {"reason": "a zero cell"}]}
    values = {"yi": float(np.log(a / n / (c / m))), "vi": 1 / a - 1 / n + 1 / c - 1 / m}
    candidate = figure | values | {"route": "counts", "label": None}
    return {"study": study, "measures": {"RR": {"candidates": [candidate], "chosen": [0], "why": ""}}, "unused": []}


def spec(names, model):
    studies = [{"study": name, "label": name, "year": 2000} for name in names]
    return {"analysis": "a", "outcome": "a", "measure": "RR", "studies": studies, "excluded": [], "model": model}


def pooled(names, model):
    return pool_analysis(spec(names, model), [extract(name, *TABLES[name]) for name in names])


def same(row, alone):
    assert [row[key] for key in KEYS] == pytest.approx([alone["random"][key] for key in KEYS], rel=1e-10)
    shown = [key for key in ("tau2", "I2", "Q") if key in row]
    assert [row[key] for key in shown] == pytest.approx([alone["heterogeneity"][key] for key in shown], rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("names", ["ABCDE", "ABCDEF"])
def test_each_row_is_the_model_of_the_studies_that_are_left(names, model):
    main = pooled(names, model)
    asked = {"analysis": "a", "explore": {"history": {"searches": [{"searched": "2020", "added": list("ABC")}]}}}
    found = explore_analysis(asked, main)
    for name, row, diagnostics in zip("ABCDE", found["leave_one_out"], found["influence"], strict=True):
        alone = pooled(names.replace(name, ""), model)
        same(row, alone)
        assert [diagnostics["tau2_del"], diagnostics["QE_del"]] == pytest.approx([row["tau2"], row["Q"]], rel=1e-10)
    same(found["cumulative"][-1], main)
    same(found["history"][0], pooled("ABC" + names[5:], model))


def test_each_subgroup_has_one_q_for_tau2_and_its_test():
    names = "ABCDE"
    asked = spec(names, {"profile": "revman5"}) | {"subgroups": "part"}
    for study in asked["studies"]:
        study["values"] = {"part": "first" if study["study"] in "ABC" else "second"}
    found = pool_analysis(asked, [extract(name, *TABLES[name]) for name in names])
    level = found["subgroups"]["levels"][0]
    alone = pooled("ABC", {"profile": "revman5"})
    assert level["heterogeneity"] == alone["heterogeneity"]
    assert level["heterogeneity"]["Q"] == pytest.approx(level["common"]["Q"], rel=1e-12)


def test_the_tau2_about_mantel_haenszel_is_another_one():
    about, plain = (pooled("ABCDE", {"profile": profile, "tau2": "DL"}) for profile in ("meta", "metafor"))
    assert about["heterogeneity"]["tau2"] != pytest.approx(plain["heterogeneity"]["tau2"], rel=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_each_specification_is_the_model_of_its_studies(model):
    asked = {
        "pool": spec("ABCDEF", model) | {"effect": "RR"},
        "effects": [{"measure": "RR", "extract": "as analysed", "effect": "RR"}],
        "studies": {"without A": list("BCDEF"), "without B and the zero": list("ACDE")},
    }
    extracts = [extract(name, *TABLES[name]) for name in "ABCDEF"]
    found = explore_analysis({"analysis": "a", "multiverse": asked}, pooled("ABCDEF", model), extracts)
    rows = {row["choices"]["studies"]: row for row in found["multiverse"]["specifications"]}
    for rule, names in (("as analysed", "ABCDEF"), ("without A", "BCDEF"), ("without B and the zero", "ACDE")):
        same(rows[rule], pooled(names, model))
