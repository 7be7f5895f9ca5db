"""Each row is the analysis of its studies, by whatever rule of inference the profile has for them."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from tests.unit.pool.fixtures import extract, spec

from coppice.explore.analysis import explore_analysis
from coppice.explore.resampling.rule import infer_each
from coppice.pool.analysis import pool_analysis
from coppice.pool.kernel.kernel import studies
from coppice.pool.profiles import PROFILES, settings

LINE = ("estimate", "se", "ci_low", "ci_high", "p")
SPREAD = ("tau2", "I2", "H2", "Q")
STUDIES = {
    # without F the others agree, so that tau2 is 0
    "one far away": {"A": (0.5, 0.1), "B": (0.52, 0.08), "C": (0.49, 0.12), "D": (0.47, 0.1), "E": (0.55, 0.2), "F": (3.0, 0.1)},
    # without one of them two are left
    "three": {"A": (-0.94, 0.063), "B": (-0.1, 0.040), "C": (-0.27, 0.042)},
    "no heterogeneity": {"A": (0.31, 0.1), "B": (0.30, 0.2), "C": (0.33, 0.3), "D": (0.29, 0.4)},
    "heterogeneous": {"A": (-0.9, 0.02), "B": (0.4, 0.04), "C": (-0.2, 0.03), "D": (1.1, 0.09), "E": (-0.6, 0.06)},
}  # fmt: skip
OPTIONS = [
    {"profile": "cochrane2025", "inference": "HKSJ-adhoc"},
    {"profile": "cochrane2025", "tau2": "PM"},
    {"profile": "cochrane2025", "tau2": 0.0},
    {"profile": "cochrane2025", "tau2": 0.2, "level": 0.9},
    {"profile": "cochrane2025", "inference": "KR"},
    {"profile": "metafor", "inference": "HKSJ"},
    {"profile": "metafor", "inference": "KR"},
    {"profile": "metafor", "tau2": "ML", "inference": "PL"},
    {"profile": "metafor", "tau2": "SJ", "inference": "HKSJ-ci"},
]
OTHERS = {
    "alone": {},
    "with subgroups": {"subgroups": "setting"},
    "with a moderator": {"moderators": "age"},
    "with several effects of a study": {"dependence": {"method": "aggregate", "rho": 0.5}},
}
PROFILE_MODELS = [{"profile": name} for name in PROFILES]
QUICK = {"small_study": False}


def members(effects, names, more):
    asked = spec(names, levels={name: "first" if name < "C" else "second" for name in names}, **more)
    for index, study in enumerate(asked["studies"]):
        study["values"] |= {"age": 20.0 + 7.0 * ord(study["study"]) + index % 2}
    return asked


def extracts(effects, more):
    found = []
    for name, (yi, vi) in effects.items():
        item = extract(name, yi, vi, measure="HR")
        if "dependence" in more:
            part = item["measures"]["HR"]
            part["candidates"].append(part["candidates"][0] | {"yi": yi + 0.1, "vi": 1.5 * vi, "label": f"{name} too"})
            part["chosen"] = [0, 1]
        found.append(item)
    return found


def same(row, alone):
    assert row["inference"] == alone["random"]["inference"] and row["k"] == alone["k"]
    assert [row[key] for key in LINE] == pytest.approx([alone["random"][key] for key in LINE], rel=1e-9, abs=1e-12)
    statistic = alone["random"]["statistic"]  # null by profile likelihood
    assert row["statistic"] == (None if statistic is None else pytest.approx(statistic, rel=1e-9, abs=1e-12))
    spread = alone["heterogeneity"] or dict.fromkeys(SPREAD)
    if alone["k"] > 1:
        assert [row[key] for key in SPREAD] == pytest.approx([spread[key] for key in SPREAD], rel=1e-8, abs=1e-10)


@pytest.mark.parametrize(
    ("more", "model"), [(OTHERS["alone"], model) for model in OPTIONS] + list(product(OTHERS.values(), PROFILE_MODELS))
)
@pytest.mark.parametrize("effects", STUDIES.values(), ids=STUDIES)
def test_each_row_is_the_analysis_of_its_studies(effects, more, model):
    more = more | {"model": model}
    given, names = extracts(effects, more), list(effects)

    @cache
    def analysis_of(kept):
        return pool_analysis(members(effects, kept, more), given)

    def analysed(kept):
        return analysis_of(tuple(kept))

    searches = [
        {"searched": f"202{at}", "added": list(added)} for at, added in enumerate((names[:1], names[1:2], names[2:]))
    ]
    result = explore_analysis(
        {"analysis": "os", "explore": QUICK | {"history": {"searches": searches}}}, analysed(names)
    )
    for name, row, diagnostics in zip(names, result["leave_one_out"], result["influence"], strict=True):
        same(row, analysed(other for other in names if other != name))
        same(diagnostics, analysed(other for other in names if other != name))
    for count, row in enumerate(result["cumulative"], start=1):
        same(row, analysed(names[:count]))
    for count, row in zip((1, 2, len(names)), result["history"], strict=True):
        same(row, analysed(names[:count]))


def test_a_deletion_that_removes_the_heterogeneity_has_the_interval_that_its_profile_defines():
    effects = {"A": (0.5, 0.1), "B": (0.52, 0.1), "C": (0.49, 0.1), "D": (3.0, 0.1)}
    pooled = pool_analysis(spec("ABCD"), extracts(effects, {}))
    left = explore_analysis({"analysis": "os", "explore": QUICK}, pooled)
    assert pooled["random"]["inference"] == "HKSJ"
    assert [row["inference"] for row in left["leave_one_out"]] == ["HKSJ", "HKSJ", "HKSJ", "wald"]
    last = left["influence"][3]
    # rma() and rstudent() of metafor 3.8, by REML without test="knha"
    assert [last[key] for key in ("estimate", "ci_low", "ci_high")] == pytest.approx(
        [0.503333333333, 0.145494504590, 0.861172162077], abs=1e-9
    )
    assert last["rstudent"] == pytest.approx(6.837403259523, abs=1e-6)


def test_a_specification_of_a_multiverse_has_the_inference_of_an_analysis_with_its_choices():
    effects = {"A": (0.5, 0.1), "B": (0.52, 0.1), "C": (0.49, 0.1), "D": (3.0, 0.1)}
    given, asked = extracts(effects, {}), spec("ABCD")
    multiverse = {
        "pool": asked | {"effect": "HR"},
        "effects": [{"measure": "HR", "extract": "as analysed", "effect": "HR"}],
        "studies": {"without D": ["A", "B", "C"], "without C and D": ["A", "B"]},
        "inference": ["HKSJ-adhoc"],
    }
    found = explore_analysis({"analysis": "os", "multiverse": multiverse}, pool_analysis(asked, given), given)[
        "multiverse"
    ]
    rows = {(row["choices"]["studies"], row["choices"]["inference"]): row for row in found["specifications"]}
    assert {key: row["inference"] for key, row in rows.items()} == {
        ("as analysed", "HKSJ"): "HKSJ",
        ("as analysed", "HKSJ-adhoc"): "HKSJ-adhoc",
        ("without D", "HKSJ"): "wald",
        ("without D", "HKSJ-adhoc"): "wald",
        ("without C and D", "HKSJ"): "wald",
        ("without C and D", "HKSJ-adhoc"): "wald",
    }
    for rule, names in (("as analysed", "ABCD"), ("without D", "ABC"), ("without C and D", "AB")):
        alone = pool_analysis(spec(names), given)["random"]
        assert [rows[rule, "HKSJ"][key] for key in LINE] == pytest.approx([alone[key] for key in LINE], rel=1e-9)


def test_subsets_with_different_inference_are_each_what_they_are_alone():
    yi, vi = np.array([0.5, 0.52, 0.49, 3.0]), np.full(4, 0.1)
    used = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 0, 0, 1], [0, 0, 1, 0]], dtype=bool)
    tau2 = np.array([1.5, 0.0, 3.0, 0.0])
    together, codes = infer_each(studies(yi, vi, used=used), tau2, settings())
    assert codes == ("HKSJ", "wald", "wald", "wald")
    for index, row in enumerate(used):
        alone, _ = infer_each(studies(yi[row], vi[row]), tau2[index : index + 1], settings())
        assert together.ci_low[index, 0] == pytest.approx(alone.ci_low[0, 0], rel=1e-12)
