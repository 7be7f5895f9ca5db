"""What if: each number is that of a run without these studies and with this estimator and interval."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.explore.test_degenerate import EVIDENCE, numbers
from tests.unit.pool.fixtures import extract, spec

from coppice.core import number_style
from coppice.core.measures import MEASURES
from coppice.explore.analysis import explore_analysis
from coppice.explore.what_if.packing import FIELDS, unpacked
from coppice.explore.what_if.part import MOST_MODELS, MOST_STUDIES, what_if
from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.pool.profiles import PROFILES

QUICK = dict.fromkeys(("leave_one_out", "cumulative", "influence", "small_study"), False)
MODELS = (
    {},
    {"prediction": "by inference"},
    {"prediction": "HTS"},
    {"prediction": "HKSJ_k-1"},
    {"prediction": "none", "level": 0.9},
    {"inference": "HKSJ-adhoc"},
    {"inference": "HKSJ-ci", "tau2": "SJ"},
    {"inference": "KR", "tau2": "REML"},
    {"inference": "PL", "tau2": "ML"},
    {"inference": "t", "tau2": "EB"},
    {"tau2": 0.0},
    {"tau2": 0.3},
    {"tau2": "DL", "common": "MH"},
    {"common": "Peto"},
    {"common": "MH", "common_add": 0.5, "common_to": "all-if-zeros"},
)
COMPARED = ("OR", "RR", "RD")
STUDIES = "ABCDE"


def of_counts(name, table, measure):
    """Return an extract of a table: an effect, or counts alone where a ratio has a cell of 0."""
    a, n, c, m = table
    reported = {"events_e": a, "n_e": n, "events_c": c, "n_c": m}
    if measure != "RD" and 0 in (a, c, n - a, m - c):
        figure = {"statistic": "counts", "population": name, "reported": reported, "use": None, "label": None}
        figure |= {"note": None, "report": None, "source": {}, "assumptions": [], "notes": [], "reason": "a zero cell"}
        return extract(name, 0.0, 1.0, measure="none") | {"measures": {}, "unused": [figure]}
    p, q = a / n, c / m
    yi, vi = {
        "OR": lambda: (np.log(a * (m - c) / (c * (n - a))), 1 / a + 1 / (n - a) + 1 / c + 1 / (m - c)),
        "RR": lambda: (np.log(p / q), 1 / a - 1 / n + 1 / c - 1 / m),
        "RD": lambda: (p - q, p * (1 - p) / n + q * (1 - q) / m + 1e-4),
    }[measure]()
    return extract(name, float(yi), float(vi), measure=measure, reported=reported)


def of_estimate(name, values, measure):
    """Return an extract of one or two estimates, of disjoint patients; those of one group have a size."""
    (yi, vi), *more = values
    found = extract(name, yi, vi, measure=measure)
    part = found["measures"][measure]
    if more:
        part["candidates"] = [
            part["candidates"][0] | {"yi": y, "vi": v, "population": f"{name}/{place}"}
            for place, (y, v) in enumerate(values)
        ]
        part["chosen"] = list(range(len(values)))
    for index, candidate in enumerate(part["candidates"]):
        if measure == "PFT":
            candidate["size"] = 20 + 7 * index + ord(name) % 11
    return found


TABLES = st.tuples(st.integers(0, 12), st.integers(13, 60), st.integers(0, 12), st.integers(13, 60))
VALUES = st.tuples(st.floats(-1.5, 1.5), st.floats(0.01, 0.5)).map(lambda pair: tuple(round(x, 4) for x in pair))


@st.composite
def analyses(draw):
    """Return what pool reads of an analysis of two to five studies, and its extracts."""
    model = {"profile": draw(st.sampled_from(sorted(PROFILES)))} | draw(st.sampled_from(MODELS))
    measure = draw(st.sampled_from([*COMPARED, "HR", "MD", "PFT"]))
    names = STUDIES[: draw(st.integers(2, len(STUDIES)))]
    if measure in COMPARED:
        extracts = [of_counts(name, draw(TABLES), measure) for name in names]
    else:
        several = (
            st.lists(VALUES, min_size=1, max_size=2)
            if draw(st.booleans())
            else st.lists(VALUES, min_size=1, max_size=1)
        )
        extracts = [of_estimate(name, draw(several), measure) for name in names]
    return spec(names, measure=measure, model=model), extracts


def texts(values, measure):
    """Print the fields of a model as the report does."""
    estimate, low, high, p_low, p_high, tau2, i2 = (None if x is None or not np.isfinite(x) else x for x in values)
    decimals = 3 if measure in ("RD", "PFT") else 2
    marks = (1.0,) if MEASURES[measure].scale.is_ratio else (0.0,)
    return (
        number_style.together((estimate, low, high), decimals, marks),
        number_style.together((p_low, p_high), decimals, marks),
        number_style.variance(tau2),
        number_style.percent(i2, 0),
    )


def run(asked, extracts, studies, choice):
    """Return what the run without the other studies and with these options has."""
    model = asked["model"]
    if choice["tau2"] is not None:
        model = model | {"tau2": choice["tau2"], "inference": choice["inference"]}
    reduced = asked | {"model": model, "studies": [study for study in asked["studies"] if study["study"] in studies]}
    result = canonical_json.rounded(pool_analysis(reduced, extracts))
    line = result["display"]["common" if choice["tau2"] is None else "random"]
    prediction, spread = result["display"]["prediction"] or {}, result["heterogeneity"] or {}
    if choice["tau2"] is None:
        prediction, spread = {}, {}
    return (
        *(line[name] for name in ("estimate", "ci_low", "ci_high")),
        *(prediction.get(name) for name in ("low", "high")),
        *(spread.get(name) for name in ("tau2", "I2")),
    )


@settings(max_examples=100, deadline=None)
@given(analyses(), st.data())
def test_each_printed_number_is_that_of_a_run_without_these_studies_and_with_these_options(analysis, data):
    asked, extracts = analysis
    main = pool_analysis(asked, extracts)
    options = {"prediction": asked["model"]["prediction"]} if "prediction" in asked["model"] else {}
    part = canonical_json.rounded(
        explore_analysis({"analysis": "os", "explore": QUICK | {"what_if": options or True}}, main)
    )["what_if"]
    studies = list(dict.fromkeys(effect["study"] for effect in main["effects"]))
    if len(studies) < 2:
        assert part["skipped"]
        return
    assert part["studies"] == studies and part["fields"] == list(FIELDS)
    for place, choice in enumerate(part["choices"]):
        models = unpacked(part, place)
        assert models.shape == (2 ** len(studies) - 1, len(FIELDS))
        for code in data.draw(st.sets(st.integers(1, len(models)), min_size=1, max_size=6)) | {len(models)}:
            without = {study for bit, study in enumerate(studies) if not code >> bit & 1}
            kept = {study["study"] for study in asked["studies"]} - without
            expected = run(asked, extracts, kept, choice)
            assert texts(models[code - 1], asked["measure"]) == texts(expected, asked["measure"]), (choice, kept)
