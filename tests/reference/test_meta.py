"""The profiles `meta` and `revman5` beside the package meta 8.4.0 (with metafor 5.1.12, R 4.2.2), on tables full of zeros.

`meta.json` holds what metabin(), metainc(), metacont(), metacor() and metagen() return with their defaults and, for `revman5`, after
settings.meta("RevMan5"). Where a profile is not the tool, docs/edges.md says how it differs, and why: those analyses are not
in the file. Moment estimates agree to the digits that are stored; meta iterates the others to 1e-5 of its starting scale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.extract.routes.zero_cells import profile_options
from coppice.pool.analysis import pool_analysis

STORED = json.loads((Path(__file__).parent / "meta.json").read_text(encoding="utf-8"))
FIGURES = {  # the statistic of each kind of table, with its fields
    "bin": ("counts", ("events_e", "n_e", "events_c", "n_c")),
    "inc": ("person_time", ("events_e", "time_e", "events_c", "time_c")),
    "cont": ("means", ("n_e", "mean_e", "sd_e", "n_c", "mean_c", "sd_c")),
    "cor": ("correlation", ("r", "n")),
    "gen": ("effect", ("yi", "sei")),
}
EXACT = 1e-9  # the stored digits
ITERATED = 2e-4  # tau2 by iteration; what follows from tau2 moves less
LINE = ("estimate", "se", "ci_low", "ci_high", "p")
SPREAD = ("tau2", "Q", "df", "p", "I2_q", "I2_q_low")
PERCENT = ("I2_q", "I2_q_low")
MOMENTS = ("DL", "HE", "HS", "SJ")


def pooled(case: Mapping[str, Any]) -> dict[str, Any]:
    statistic, names = FIGURES[case["table"].split("_")[0]]
    options = profile_options(case["profile"], case["measure"]) | case["extract"]
    studies, extracts = [], []
    for index, values in enumerate(zip(*STORED["tables"][case["table"]], strict=True)):
        study = f"S{index}"
        figure = {"statistic": statistic, **dict(zip(names, values, strict=True))}
        wanted = {case["measure"]: {"measure": case["measure"], "options": options}}
        spec = {"study": study, "outcome": "o", "population": study, "reported": [figure], "measures": wanted}
        extracts.append(extract_outcome(spec))
        studies.append({"study": study, "label": study, "year": 2000})
    asked = {"analysis": "a", "outcome": "o", "measure": case["measure"], "effect": case["measure"], "studies": studies}
    return pool_analysis(asked | {"model": {"profile": case["profile"], **case["model"]}}, extracts)


def compare(found: Mapping[str, Any] | None, keys: tuple[str, ...], expected: list[Any] | None, close: float) -> None:
    for key, value in zip(keys, expected or [], strict=False):
        if value is not None:
            assert found is not None, key
            wanted = 100.0 * value if key in PERCENT else value
            assert found[key] == pytest.approx(wanted, rel=close, abs=EXACT), key


@pytest.mark.parametrize("index", range(len(STORED["analyses"])))
def test_the_analysis_is_that_of_meta(index: int) -> None:
    case = STORED["analyses"][index]
    found, expected = pooled(case), case["expected"]
    effects = {effect["study"]: effect for effect in found["effects"]}
    for position, (yi, se) in enumerate(zip(expected["yi"] or [], expected["se"] or [], strict=True)):
        effect = effects.get(f"S{position}")
        assert (effect is None) == (yi is None)
        if effect is not None:
            assert [effect["yi"], effect["vi"] ** 0.5] == pytest.approx([yi, se], rel=EXACT, abs=1e-12)
    close = EXACT if found["settings"]["tau2"] in MOMENTS else ITERATED
    compare(found["common"], LINE, expected["common"], EXACT)
    compare(found["random"], LINE, expected["random"], close)
    compare(found["prediction"], ("low", "high"), expected["prediction"], close)
    if found["heterogeneity"] is not None:
        compare(found["heterogeneity"], SPREAD[:1], expected["heterogeneity"][:1], close)
        compare(found["heterogeneity"], SPREAD[1:], expected["heterogeneity"][1:], EXACT)


def test_both_profiles_are_compared_on_every_measure_of_two_arms() -> None:
    compared = {(case["profile"], case["measure"]) for case in STORED["analyses"]}
    assert {(profile, measure) for profile in ("meta", "revman5") for measure in ("OR", "RR", "PETO", "MD")} <= compared
    assert {("meta", measure) for measure in ("RD", "AS", "IRR", "IRD", "COR", "ZCOR", "GEN")} <= compared
