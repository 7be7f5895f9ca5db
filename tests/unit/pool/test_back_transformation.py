"""Back-transformations that depend on the sample size: pooled values take the harmonic mean of the sizes."""

from __future__ import annotations

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.pool.analysis import pool_analysis

# Events and patients of the first five studies of dat.pritz1997 (Pritz 1997, 10.1097/00006123-199712000-00003)
TRIALS = {"A": (21, 50), "B": (15, 22), "C": (8, 14), "D": (17, 18), "E": (7, 12)}
MEASURE = {"measure": "PFT", "options": {}}


def test_a_pooled_double_arcsine_proportion_is_that_of_metafor() -> None:
    """`predict(rma(measure="PFT", xi, ni), transf=transf.ipft.hm, targs=list(ni=ni))` of metafor 3.8."""
    extracts = []
    for study, (events, n) in TRIALS.items():
        figure = {"statistic": "proportion", "events": events, "n": n}
        spec = {"study": study, "outcome": "p", "population": study, "reported": [figure], "measures": {"PFT": MEASURE}}
        extracts.append(extract_outcome(spec))
    studies = [{"study": study, "label": study, "year": None, "values": {}} for study in TRIALS]
    analysis = {"analysis": "p", "outcome": "p", "measure": "PFT", "effect": "PFT", "model": {"profile": "metafor"}}
    result = pool_analysis(
        {**analysis, "subgroups": None, "overall": True, "studies": studies, "excluded": []}, extracts
    )
    shown = result["display"]
    assert shown["size"] == pytest.approx(5 / sum(1 / n for _, n in TRIALS.values()))
    assert [shown["random"][name] for name in ("estimate", "ci_low", "ci_high")] == pytest.approx(EXPECTED, rel=1e-6)
    assert [effect["estimate"] for effect in shown["effects"]] == pytest.approx([x / n for x, n in TRIALS.values()])


EXPECTED = (0.6492999214, 0.4419876518, 0.8330381744)
