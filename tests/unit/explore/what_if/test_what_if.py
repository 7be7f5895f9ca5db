"""What if: each number is that of a run without these studies and with this estimator and interval."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.explore.test_degenerate import EVIDENCE, numbers
from tests.unit.pool.fixtures import extract, spec

from coppice.core import number_style
from coppice.core.measures import MEASURES
from coppice.explore.analysis import explore_analysis
from coppice.explore.what_if.packing import FIELDS
from coppice.explore.what_if.part import MOST_MODELS, MOST_STUDIES
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
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


def unpacked(part, choice):
    """Return the numbers of a choice (subsets, fields): row b - 1 is the subset whose studies are the bits of b."""
    columns = (part["columns"][place] for place in part["choices"][choice]["columns"])
    return np.array([[float(text) if text else np.nan for text in column.split(",")] for column in columns]).T


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
    combined = {"dependence": {"method": "aggregate", "rho": 0.5}} if draw(st.integers(0, 4)) == 0 else {}
    return spec(names, measure=measure, model=model, **combined), extracts


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


@settings(max_examples=12, deadline=None)
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
        for code in data.draw(st.sets(st.integers(1, len(models)), min_size=1, max_size=3)) | {len(models)}:
            without = {study for bit, study in enumerate(studies) if not code >> bit & 1}
            kept = {study["study"] for study in asked["studies"]} - without
            expected = run(asked, extracts, kept, choice)
            assert texts(models[code - 1], asked["measure"]) == texts(expected, asked["measure"]), (choice, kept)


def explored(asked, extracts, options=True):
    """Return the part of the result file."""
    main = pool_analysis(asked, extracts)
    result = explore_analysis({"analysis": "os", "explore": QUICK | {"what_if": options}}, main)
    return canonical_json.rounded(result)["what_if"]


def of_many(k, measure="HR", **model):
    """Return the part of an analysis of k heterogeneous studies."""
    generator, names = np.random.default_rng(k), [f"S{index:02}" for index in range(k)]
    values = zip(names, generator.normal(-0.3, 0.5, k), generator.uniform(0.02, 0.2, k), strict=True)
    extracts = [extract(name, float(yi), float(vi), measure=measure) for name, yi, vi in values]
    return explored(spec(names, measure=measure, model={"profile": "cochrane2025"} | model), extracts)


@pytest.mark.parametrize(
    ("model", "labels"),
    [
        ({}, ["REML, HKSJ", "REML, Wald", "common effect, inverse variance", "DL, HKSJ", "PM, HKSJ", "DL, Wald", "PM, Wald"]),
        # Kenward and Roger's interval is defined for REML alone
        ({"inference": "KR"}, ["REML, KR", "REML, Wald", "REML, HKSJ", "common effect, inverse variance", "DL, Wald", "DL, HKSJ", "PM, Wald", "PM, HKSJ"]),
        ({"tau2": 0.3}, ["tau2 = 0.3, HKSJ", "tau2 = 0.3, Wald", "common effect, inverse variance", "REML, HKSJ", "DL, HKSJ", "PM, HKSJ", "REML, Wald", "DL, Wald", "PM, Wald"]),
    ],
)  # fmt: skip
def test_the_first_choice_is_the_analysis_and_the_next_ones_differ_least(model, labels):
    assert [choice["label"] for choice in of_many(3, **model)["choices"]] == labels


def test_twelve_studies_have_every_choice_of_the_default_and_thirteen_none():
    most, more = of_many(MOST_STUDIES), of_many(MOST_STUDIES + 1)
    assert len(most["choices"]) == 7 and most["limits"] == []
    assert sum(map(len, most["columns"])) < 2_000_000
    assert more == {"skipped": "there are 13 studies; every set of them is worked out for at most 12"}


def test_choices_beyond_the_limit_are_left_out_and_the_result_says_so():
    part = of_many(MOST_STUDIES, tau2="SJ", inference="t")
    assert len(part["choices"]) == MOST_MODELS // (2**MOST_STUDIES - 1) == 7
    assert part["limits"] == ["With 12 studies, 7 of the 13 combinations of estimator and interval are worked out."]


def test_a_simulated_prediction_interval_is_left_out_and_the_result_says_so():
    part = of_many(3, prediction="bootstrap")
    assert np.isnan(unpacked(part, 0)[:, FIELDS.index("prediction_low")]).all()
    assert part["limits"] == [
        "The prediction interval by bootstrap is simulated for each set of studies and not worked out."
    ]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"dependence": {"method": "che", "rho": 0.5}}, "not available for models with dependent effects"),
        ({"moderators": "age"}, "not available for models with moderators"),
        ({"overall": False, "subgroups": "setting"}, "the analysis has subgroups without an overall model"),
    ],
)
def test_an_analysis_with_another_model_says_why_there_is_nothing_to_switch(more, reason):
    names = "ABCD"
    asked = spec(names, levels={name: "x" if name < "C" else "y" for name in names}, **more)
    for index, study in enumerate(asked["studies"]):
        study["values"]["age"] = 20.0 + index**2
    assert explored(asked, [extract(name, ord(name) / 100, 0.1) for name in names]) == {"skipped": reason}


def test_one_study_and_an_exploration_that_is_off_are_skipped():
    one = spec("A"), [extract("A", 0.2, 0.1)]
    assert explored(*one) == {"skipped": "there is only one study"}
    assert "explore: {what_if: true}" in explored(*one, options=False)["skipped"]


def test_the_bits_of_a_row_are_the_studies_and_a_study_leaves_with_all_its_effects():
    extracts = [of_estimate("A", [(0.2, 0.1)], "MD"), of_estimate("B", [(1.0, 0.1), (2.0, 0.1)], "MD")]
    part = explored(spec("AB", measure="MD", model={"profile": "metafor"}), extracts)
    assert part["studies"] == ["A", "B"] and part["effects"] == [1, 2]
    estimates = unpacked(part, 0)[:, 0]
    assert estimates[0b01 - 1] == 0.2 and estimates[0b10 - 1] == 1.5


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("evidence", EVIDENCE.values(), ids=EVIDENCE)
def test_degenerate_evidence_gives_finite_numbers_or_none(evidence):
    yi, vi, *_ = evidence
    names = STUDIES[: len(yi)]
    extracts = [extract(name, float(y), float(v), measure="GEN") for name, y, v in zip(names, yi, vi, strict=False)]
    asked = spec(names, measure="GEN")
    part = explored(asked, extracts)
    if len(names) < 2:
        return
    assert all(np.isfinite(value) for _, value in numbers(part))
    for place, choice in enumerate(part["choices"]):
        found = unpacked(part, place)
        for code in (1, len(found)):
            kept = {study for bit, study in enumerate(part["studies"]) if code >> bit & 1}
            assert texts(found[code - 1], "GEN") == texts(run(asked, extracts, kept, choice), "GEN")


def test_a_number_of_the_shipped_review_is_that_of_its_configuration_with_the_lines_that_make_it(monkeypatch):
    monkeypatch.chdir(Path(__file__).resolve().parents[4])

    def pooled(**changes):
        review = plan.load([Path("config/config.yaml")], {"analyses": {"os": changes}} if changes else {})
        units = review.reads("pool", analysis="os")
        extracts = [extract_outcome(review.unit("extract", study=study, outcome=outcome)) for study, outcome in units]
        return pool_analysis(review.unit("pool", analysis="os"), extracts)

    main = pooled()
    part = explore_analysis({"analysis": "os", "explore": QUICK}, main)["what_if"]
    place = [(choice["tau2"], choice["inference"]) for choice in part["choices"]].index(("DL", "wald"))
    without = part["studies"].index("TOWER")
    everything = 2 ** len(part["studies"]) - 1
    found = unpacked(part, place)[(everything ^ 1 << without) - 1]
    changed = pooled(exclude={"TOWER": "as a reader asked"}, model={"tau2": "DL", "inference": "wald"})
    shown = changed["display"]
    assert found[:3] == pytest.approx([shown["random"][name] for name in ("estimate", "ci_low", "ci_high")], rel=1e-11)
    assert found[3:5] == pytest.approx([shown["prediction"][name] for name in ("low", "high")], rel=1e-11)
    assert found[5:] == pytest.approx([changed["heterogeneity"][name] for name in ("tau2", "I2")], rel=1e-11)
