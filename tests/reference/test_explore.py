"""Influence, cumulative pooling and GOSH against metafor's influence(), baujat(), cumul() and gosh().

explore.json is written by explore.R, with metafor's tolerances tightened: the analyses `efs` and `os` of the shipped
review, the 13 BCG trials (Colditz et al. 1994, metadat's dat.bcg) and the first six of them.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.resampling.cumulative import PRECISION, added_in, order_by
from coppice.explore.resampling.gosh import gosh
from coppice.explore.resampling.influence import influence
from coppice.explore.resampling.resample import pool_subsets
from coppice.pool.profiles import settings

CASES = json.loads((Path(__file__).parent / "explore.json").read_text(encoding="utf-8"))["cases"]
SAME = {"rel": 1e-7, "abs": 1e-9}
DIAGNOSTICS = (
    "rstudent",
    "dffits",
    "cook_d",
    "cov_ratio",
    "tau2_del",
    "QE_del",
    "hat",
    "dfbetas",
    "baujat_x",
    "baujat_y",
)


@pytest.mark.parametrize("inference", ["wald", "HKSJ"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_diagnostics_of_every_study_are_those_of_metafor(case, inference):
    found, expected = (
        influence(case["yi"], case["vi"], settings({"profile": "metafor", "inference": inference})),
        case[inference],
    )
    for name in DIAGNOSTICS:
        assert getattr(found, name) == pytest.approx(np.array(expected[name], dtype=float), **SAME), name
    assert list(found.is_influential()) == expected["influential"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_cumulative_models_are_those_of_metafor_in_either_order(case):
    effects = [{"study": str(index), "vi": v} for index, v in enumerate(case["vi"])]
    for by, expected in (("year", case["cumulative"]), (PRECISION, case["precision"]["rows"])):
        order = order_by(effects, by)
        found = pool_subsets(
            case["yi"], case["vi"], added_in(order), settings({"profile": "metafor", "inference": "HKSJ"})
        )
        for step, row in enumerate(expected, start=1):
            for key, value in row.items():
                assert found[key][step] == pytest.approx(value, **SAME), (by, step, key)
    assert [position + 1 for position in order_by(effects, PRECISION)] == case["precision"]["order"]


@pytest.mark.parametrize("case", [case for case in CASES.values() if case["gosh"]])
def test_every_subset_is_the_model_of_metafor(case):
    found = gosh(case["yi"], case["vi"]).fits
    for key, values in case["gosh"].items():
        assert getattr(found, key) == pytest.approx(np.array(values), **SAME), key
