"""extract against metafor's escalc, live: every measure on at least two datasets of metadat.

Debian's metafor is 3.8. The definitions that metafor has changed since (the reference file of 5.1 in tests/reference has
the new ones) are named in DIFFERENCES, each with the old definition, which must hold exactly.
"""

import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coppice.core.measures import MEASURES
from coppice.extract.registry import routes_from
from coppice.extract.route import Effect, NotEstimable, Options
from coppice.extract.routes.means import hedges_j

HERE = Path(__file__).parent
TOLERANCE = 1e-9  # the answers come as JSON with 15 digits, and differences of logarithms lose a few
METAFOR = Options(zero_cells="constant")
Row = dict[str, float]

MEANS = {"m1i": "mean_e", "sd1i": "sd_e", "n1i": "n_e", "m2i": "mean_c", "sd2i": "sd_c", "n2i": "n_c"}
PAIRED = {"m1i": "mean_e", "sd1i": "sd_e", "m2i": "mean_c", "sd2i": "sd_c", "ni": "n", "ri": "correlation"}
FORMS: list[tuple[str, dict[str, str]]] = [
    ("means", MEANS),
    ("paired_means", PAIRED),
    ("correlation", {"ri": "r", "ni": "n"}),
    ("partial_correlation", {"ti": "t", "ni": "n", "mi": "predictors", "r2i": "r2"}),
    ("partial_correlation", {"ti": "t", "ni": "n", "mi": "predictors"}),
    ("proportion", {"xi": "events", "ni": "n"}),
    ("rate", {"xi": "events", "ti": "time"}),
    ("person_time", {"x1i": "events_e", "t1i": "time_e", "x2i": "events_c", "t2i": "time_c"}),
    ("mean", {"mi": "mean", "sdi": "sd", "ni": "n"}),
]


def figure(measure: str, row: Row) -> dict[str, Any]:
    if "ai" in row:
        a, b, c, d = (row[name] for name in ("ai", "bi", "ci", "di"))
        if measure.startswith("MP"):
            return {"statistic": "matched_pairs", "pairs_both": a, "pairs_e": b, "pairs_c": c, "pairs_neither": d}
        return {"statistic": "counts", "events_e": a, "n_e": a + b, "events_c": c, "n_c": c + d}
    statistic, names = next((statistic, names) for statistic, names in FORMS if set(names) == set(row))
    return {"statistic": statistic} | {names[name]: value for name, value in row.items()}


# -- What 3.8 had ------------------------------------------------------------------------------------------------------


def smdh(row: Row, effect: Effect) -> tuple[float, float]:
    """The variance is multiplied by J^2 once more."""
    return effect.yi, hedges_j(row["n1i"] + row["n2i"] - 2) ** 2 * effect.vi


def smd1h(row: Row, effect: Effect) -> tuple[float, float]:
    """The variance has n in place of n - 1."""
    return effect.yi, row["sd1i"] ** 2 / row["sd2i"] ** 2 / row["n1i"] + (1 + effect.yi**2 / 2) / row["n2i"]


def smcrh(row: Row, effect: Effect) -> tuple[float, float]:
    """The variance is multiplied by J^2 once more."""
    return effect.yi, hedges_j(row["ni"] - 1) ** 2 * effect.vi


def bias_of_means(row: Row) -> float:
    """Half the difference of the squared coefficients of variation: the correction for bias that 3.8 did not make."""
    n1, n2 = row.get("n1i", row.get("ni")), row.get("n2i", row.get("ni"))
    assert n1 is not None
    assert n2 is not None
    return (row["sd1i"] ** 2 / (n1 * row["m1i"] ** 2) - row["sd2i"] ** 2 / (n2 * row["m2i"] ** 2)) / 2


def without_bias(sign: float) -> Callable[[Row, Effect], tuple[float, float]]:
    """The effect is not corrected for the bias of the logarithmic means."""
    return lambda row, effect: (effect.yi - sign * bias_of_means(row), effect.vi)


def pcor(row: Row, effect: Effect) -> tuple[float, float]:
    """The variance has n - m - 1 in place of n - m."""
    df = row["ni"] - row["mi"] - 1
    return effect.yi, effect.vi * (df + 1) / df


def zpcor(row: Row, effect: Effect) -> tuple[float, float]:
    """The variance has n - m - 1 in place of n - m - 2."""
    return effect.yi, 1 / (row["ni"] - row["mi"] - 1)


DIFFERENCES: dict[str, Callable[[Row, Effect], tuple[float, float]]] = {
    "SMDH": smdh,
    "SMD1H": smd1h,
    "SMCRH": smcrh,
    "ROM": without_bias(1),
    "ROMC": without_bias(1),
    "CVR": without_bias(-1),
    "CVRC": without_bias(-1),
    "PCOR": pcor,
    "ZPCOR": zpcor,
}


@pytest.fixture(scope="module")
def escalc() -> dict[str, Any]:
    done = subprocess.run(["Rscript", "escalc.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_every_measure_of_escalc_agrees_on_every_dataset(escalc: dict[str, Any]) -> None:
    is_old = escalc["version"].startswith("3.")
    compared: dict[str, set[str]] = {}
    for answer in escalc["answers"]:
        measure = answer["measure"]
        for index, (yi, vi) in enumerate(zip(answer["yi"], answer["vi"], strict=True)):
            row = {name: values[index] for name, values in answer["inputs"].items()}
            reported = figure(measure, row)
            formula = routes_from(reported["statistic"], measure)[0].gives[measure]
            if yi is None or vi is None:
                with pytest.raises(NotEstimable):
                    formula(reported, METAFOR)
                continue
            effect = formula(reported, METAFOR)
            expected = (
                DIFFERENCES[measure](row, effect) if is_old and measure in DIFFERENCES else (effect.yi, effect.vi)
            )
            assert expected == pytest.approx((yi, vi), rel=TOLERANCE, abs=1e-12), (measure, answer["dataset"], row)
            compared.setdefault(measure, set()).add(answer["dataset"])
    assert all(len(datasets) >= 2 for datasets in compared.values())
    assert len(compared) == 54


def test_each_named_difference_is_one(escalc: dict[str, Any]) -> None:
    """A definition that no longer differs is taken off the list."""
    if not escalc["version"].startswith("3."):
        pytest.skip(f"metafor {escalc['version']} has the definitions of 5.1")
    for answer in escalc["answers"]:
        if answer["measure"] not in DIFFERENCES:
            continue
        row = {name: values[0] for name, values in answer["inputs"].items()}
        reported = figure(answer["measure"], row)
        effect = routes_from(reported["statistic"], answer["measure"])[0].gives[answer["measure"]](reported, METAFOR)
        assert (effect.yi, effect.vi) != pytest.approx((answer["yi"][0], answer["vi"][0]), rel=1e-7), answer["measure"]


def test_the_back_transformation_of_a_pooled_double_arcsine_is_metafors(escalc: dict[str, Any]) -> None:
    pft = escalc["pft"]
    back = MEASURES["PFT"].back
    assert back(pft["value"], pft["size"]) == pytest.approx(pft["back"], rel=1e-10)
    for limit in (pft["low"], pft["high"]):
        assert back(limit[0], pft["size"]) == pytest.approx(limit[1], rel=1e-10)


def test_the_back_transformation_of_freeman_tukey_rates_is_metafors(escalc: dict[str, Any]) -> None:
    irft = escalc["irft"]
    found = [MEASURES["IRFT"].back(value, size) for value, size in zip(irft["value"], irft["size"], strict=True)]
    assert found == pytest.approx(irft["back"], rel=1e-10)
    assert all(math.isfinite(value) for value in found)
