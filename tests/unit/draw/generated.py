"""Results of any content: every length and script of labels, every scale, missing values, subgroups, kinds of data."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from coppice.draw.forest.presets import PRESETS

from .fixtures import effect, pooled, resampled

WORDS = st.text(alphabet="abc XYZ 0123 äß日本語العربية$<&\N{EN DASH}", max_size=60)
SCRIPTS = (
    "مطالعة أولى 2021 (Smith)",
    "מחקר ראשון (Cohen 2020)",
    "日本語の研究（東京 2019）",
    "한국어 연구 2018",
    "हिन्दी अध्ययन",
    "Žluťoučký kůň & Ünïcødé",
    "</text><script>alert(1)</script> $x^2$ \\alpha",
    "AALL1331 high/intermediate risk, a label that goes on and on in many words (Brown 2021)",
    "Anunbrokenlabelwithoutanyspacethatisfarlongerthananycolumncouldeverbeinanyfigureofanykind",
    "\N{RIGHT-TO-LEFT OVERRIDE}reversed\N{ZERO WIDTH JOINER}👩\N{ZERO WIDTH JOINER}🔬 x\N{COMBINING MACRON}",
    "",
)
LABELS = st.sampled_from(SCRIPTS) | WORDS
GROUPS = ("adults", "children and young adults", "أطفال", "成人", "a < b & c", *(f"level {i}" for i in range(5)))
RATIOS = ("RR", "OR", "HR", "IRR", "ROM")
DIFFERENCES = ("RD", "MD", "SMD")
COUNTS = st.none() | st.integers(0, 10**6)
MEASURED = st.none() | st.floats(-1e4, 1e4).map(lambda x: float(f"{x:.3g}"))
ARMS = {
    "counts": {"events": COUNTS, "n": COUNTS},
    "person_time": {"events": COUNTS, "time": st.none() | st.floats(0.1, 1e6).map(lambda x: round(x, 1))},
    "means": {"mean": MEASURED, "sd": MEASURED.map(lambda x: None if x is None else abs(x)), "n": COUNTS},
    "none": {},
}
RISKS = st.floats(0, 1)
JUDGED = st.sampled_from(["low", "some concerns", "high"])
ASSESSED = st.none() | st.fixed_dictionaries(
    {"tool": st.just("RoB 2"), "domains": st.fixed_dictionaries({"D1": JUDGED, "D2": JUDGED}), "overall": JUDGED}
)


@st.composite
def results(draw, *, most=7):
    """Return a pool result: up to `most` studies, effects from 1e-3 to 1e4 as printed."""
    k = draw(st.integers(1, most))
    measure = draw(st.sampled_from((*RATIOS, *DIFFERENCES)))
    scale = draw(st.sampled_from([1e-3, 0.1, 1.0] if measure != "MD" else [1e-3, 1.0, 1e4]))
    shift = draw(st.sampled_from([0.0, math.log(1e-3), math.log(1e4)])) if measure in RATIOS else 0.0
    fields = ARMS[draw(st.sampled_from(sorted(ARMS)))]
    groups = GROUPS[: draw(st.integers(1, len(GROUPS)))]
    rows = []
    for index in range(k):
        yi = shift + scale * draw(st.floats(-3, 3))
        vi = (scale * draw(st.floats(0.05, 3))) ** 2
        reported = {f"{name}_{arm}": draw(values) for arm in "ec" for name, values in fields.items()}
        row = effect(draw(LABELS), 1990 + index, draw(st.sampled_from(groups)), yi, vi, reported)
        row["study"] = row["population"] = f"S{index}"
        row["values"] = {"age": draw(MEASURED), "country": draw(st.none() | LABELS)}
        row["risk_of_bias"] = draw(ASSESSED)
        if "events" in fields:
            row["risks"] = {arm: {"risk": draw(RISKS), "low": 0.0, "high": 1.0} for arm in ("experimental", "control")}
        rows.append(row)
    result = pooled(rows, measure, 2.0, by=draw(st.sampled_from([None, "age_group"])))
    for row in rows:
        if draw(st.integers(0, 9)) == 0:  # one that can't be estimated
            row.update(dict.fromkeys(("yi", "vi", "ci_low", "ci_high", "weight_random", "weight_common")))
    for part in draw(st.sets(st.sampled_from(["random", "common", "prediction", "heterogeneity"]), max_size=2)):
        result[part] = None
        result["reasons"][part] = draw(WORDS)
    labels = draw(st.lists(LABELS, max_size=3))
    result["excluded"] = [{"study": f"X{i}", "label": label, "reason": draw(WORDS)} for i, label in enumerate(labels)]
    return result


@st.composite
def forest_options(draw):
    """Return options of a forest plot, as a configuration may give them."""
    more = draw(st.sets(st.sampled_from(["year", "arms", "age", "country", "risk_of_bias"])))
    left = [name for name in ("year", "age", "country", "arms") if name in more]
    right = ["effect", draw(st.sampled_from(["weight", "weights"])), *(more & {"risk_of_bias"})]
    columns = draw(st.sampled_from([None, ["study", *left, "plot", *right], ["study", *left, *right, "plot"]]))
    return {
        "preset": draw(st.sampled_from(sorted(PRESETS))),
        "columns": columns,
        "sort": draw(st.sampled_from(["given", "year", "effect", "weight"])),
        "decimals": draw(st.none() | st.integers(0, 4) | st.just({"effect": 3, "weight": 0, "mean": 1, "age": 2})),
        "headings": draw(
            st.none() | st.fixed_dictionaries({"study": LABELS, "events": st.just("A|B"), "plot": LABELS})
        ),
        **{name: draw(st.booleans()) for name in ("common", "prediction", "density", "notes", "excluded")},
    }


def regressed(result):
    """Return a pool result with a meta-regression on the age of its studies, as far as they have one."""
    ages = [
        row["values"]["age"] for row in result["effects"] if row["yi"] is not None and row["values"]["age"] is not None
    ]
    middle = next((row["yi"] for row in result["effects"] if row["yi"] is not None), 0.0)
    lines = {"estimate": 0.0, "ci_low": -0.1, "ci_high": 0.1, "pi_low": -0.5, "pi_high": 0.5}
    predictions = [
        {"value": age, **{name: middle + place for name, place in lines.items()}} for age in sorted(set(ages))
    ]
    names = [{"name": "intercept", "estimate": middle}, {"name": "age", "estimate": 0.0}]
    return result | {"moderators": {"coefficients": names, "predictions": predictions or None}}


def explored(result):
    """Return an explore result for a pool result, with numbers near its own."""
    rows = resampled(result) if result["random"] else []
    diagnostics = {"rstudent": -2.0, "dffits": 0.3, "cook_d": 1e-3, "cov_ratio": 1.0, "tau2_del": 0.2, "QE_del": 1e4}
    points = [row for row in result["effects"] if row["yi"] is not None]
    edges = [float(index) for index in range(9)]
    influence = [
        {
            "study": row["study"],
            "label": row["label"],
            "influential": index == 1,
            "hat": 0.1 / (index + 1),
            "baujat_x": 0.1 * index,
            "baujat_y": 1e-3 * index,
            **{name: value + 0.1 * index for name, value in diagnostics.items()},
        }
        for index, row in enumerate(points)
    ]
    moved = [
        {
            **{name: row[name] for name in ("study", "label")},
            "estimate_with": 2.0 + 0.2 * index,
            "estimate_without": 3.0,
            "I2_with": 5.0,
            "I2_without": 3.0 + 0.3 * index,
        }
        for index, row in enumerate(points)
    ]
    cloud = {"estimate": edges, "I2": edges, "counts": [[(i * j) % 7 for j in range(8)] for i in range(8)]}
    doi = [{"effect": index, "yi": row["yi"], "z": index - 3.0} for index, row in enumerate(points)]
    choices = {
        "measure": [result["measure"]],
        "tau2": ["REML", "DL", "PM"],
        "studies": ["as analysed", *(row["label"] or "none" for row in points)],
    }
    specifications = [
        {
            "choices": {"measure": result["measure"], "tau2": tau2, "studies": studies},
            "k": result["k"],
            "estimate": 0.1 * i + 0.01 * j,
            "se": 0.2,
            "ci_low": 0.1 * i - 0.4,
            "ci_high": 0.1 * i + 0.4,
            "p": 0.02 * j,
        }
        for i, tau2 in enumerate(choices["tau2"])
        for j, studies in enumerate(dict.fromkeys(choices["studies"]))
    ]
    shares = {"shares": {"tau2": 0.9, "studies": 0.1}}
    one = {"specifications": len(specifications), "same_direction": 3, "moved_by": shares}
    spread = {"low": 0.0, "median": 0.1, "high": 0.1 * len(choices["tau2"])}
    summary = {
        "specifications": len(specifications),
        "by_measure": {result["measure"]: one},
        "range": {result["measure"]: spread},
    }
    multiverse = {"choices": choices, "specifications": specifications, "impossible": [], "summary": summary}
    return {
        "multiverse": multiverse,
        "leave_one_out": rows or {"skipped": "there is no model"},
        "cumulative": rows or {"skipped": "there is no model"},
        "influence": influence,
        "gosh": {"subsets": 100, "cloud": cloud, "studies": moved},
        "small_study": {
            "doi_plot": {"points": doi, "lfk": -1.0, "asymmetry": "minor", "advice": "None."},
            "trim_and_fill": {"L0": {"missing": 2, "estimate": 0.1, "ci_low": -0.2, "ci_high": 0.4}},
            "pet_peese": {
                "chosen": "PET",
                "estimate": 9.0,
                "ci_low": 8.0,
                "ci_high": 10.0,
                "caution": "It is extrapolated.",
            },
            "selection_step": {"skipped": "no study has a p value above 0.05"},
        },
    }
