"""A grammar of reviews, read off the shapes of records and configuration: whatever they allow, and some that they don't."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from coppice.core.measures import MEASURES
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import (
    Choice,
    Date,
    Flag,
    ListOf,
    MapOf,
    Nullable,
    Number,
    Object,
    OneOf,
    Pair,
    Scalar,
    Shape,
    Text,
)
from coppice.core.study import DESIGNS
from coppice.extract.registry import ROUTES
from coppice.pool.profiles import PROFILES
from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.config import CONFIG
from coppice.review.keys.model import MODEL

Drawn = st.SearchStrategy[Any]
Draw = Callable[[Drawn], Any]

EXTREMES = (
    0, 1, -1, -0.0, 0.5, 1e-12, 1e-300, 5e-324, 1 - 1e-16, 1 + 1e-15, 0.05, 100, 1e6, 1e12, 10**15, 10**30, 1e150, 1e300, 1.7e308,
    -1e-9, -3, -1e150, -1.7e308, 0.999999, 1e-5, 709.8, -745.2,
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, True, False, "", " ", "x", "NA", "nan", ".inf", "1e999", "-", "<0.001", "0,5", "12 34", "\u0000", "\u202e", "é" * 300, "=1+1", "../../x",
    "__import__('os').system('true')", "{{ 7 * 7 }}", "<script>", "2021-03-02", [], {}, [[]], [1, 2, 3], {"a": {"b": 1}}, 10**400, -(10**20),
)  # fmt: skip
TEXTS = ("a", "b", "death", "A & B", "<b>", "é", "=1+1", "0.50", "x" * 200)
FORMULAS = (
    "age", "setting", "age + setting", "C(setting)", "age * setting", "0 + setting", "center(age)", "log(age)", "scale(age) + year", "age:weight",
    "C(design)", "year", "weight", "study", "`age`", "1", "age +", "exp(age)", "age ** 2", "C(setting, contr.sum)", "(age)(1)", "nothing",
)  # fmt: skip
CHARACTERISTICS = ("age", "setting", "weight", "design", "year")
SLOW = {"gosh", "permutation", "multiverse"}  # drawn rarely and small: they compute thousands of models
RAREST, RARE, SELDOM, OFTEN = 500, 20, 6, 2  # one in so many
# most reviews refuse them, and would not be computed
OF_OTHER_KINDS = (
    "network",
    "outcomes",
    "rho",
    "structure",
    "random",
    "robust",
    "dose_response",
    "diagnostic",
    "bayes",
    "several_arms",
    "compare",
)
OF_COUNTS = ("likelihood", "glmm")


def one_in(draw: Draw, many: int) -> bool:
    """Draw true once in so many times."""
    return draw(st.integers(0, many - 1)) == many - 1


def numbers(shape: Number, *, odd: bool) -> Drawn:
    """Return the numbers that a shape allows: round ones, or the ends of what a float can be."""
    if odd:
        allowed = [value for value in EXTREMES if not list(shape.findings(value, ()))]
        if allowed:
            return st.sampled_from(allowed)
    if shape.whole:
        low = int(shape.low or 0)
        return st.integers(low, int(shape.high) if shape.high is not None else low + 60)
    if shape.low is None and shape.high is None:
        return st.integers(-300, 300).map(lambda value: value / 100)
    low = shape.low if shape.low is not None else -1.0
    width = (shape.high - low) if shape.high is not None else 5.0
    return st.integers(1 if shape.exclusive else 0, 99).map(lambda step: round(low + width * step / 100, 6))


def values(shape: Shape, *, odd: bool) -> Drawn:  # noqa: C901  # one case a shape
    """Return the values that a shape allows."""
    match shape:
        case Number():
            return numbers(shape, odd=odd)
        case Text(pattern=pattern):
            return st.sampled_from(TEXTS) if pattern is None else st.sampled_from(["<0.001", "< 0.05", "A1", "A/x"])
        case Date():
            return st.sampled_from(["2026-11-20", "2026-02-29"])
        case Flag():
            return st.booleans()
        case Choice(options=options):
            return st.sampled_from(sorted(options()))
        case Pair(item=item):
            return st.lists(numbers(item, odd=odd), min_size=2, max_size=2, unique=True).map(sorted)
        case ListOf(item=item, length=length):
            return st.lists(values(item, odd=odd), min_size=length or 0, max_size=length or 3)
        case MapOf(item=item, key=key):
            names = values(key, odd=odd) if isinstance(key, Choice) else st.sampled_from(["a", "b", *CHARACTERISTICS])
            return st.dictionaries(names, values(item, odd=odd), max_size=2)
        case Nullable(item=item):
            return st.one_of(values(item, odd=odd), st.none())
        case OneOf(items=items):
            return st.one_of(*(values(item, odd=odd) for item in items))
        case Scalar():
            return st.one_of(st.sampled_from(TEXTS), st.integers(0, 9), st.none(), st.booleans())
        case Object(keys=keys):
            required = {key.name: values(key.shape, odd=odd) for key in keys if key.required}
            others = {key.name: values(key.shape, odd=odd) for key in keys if not key.required}
            return st.fixed_dictionaries(required, optional=others)
    raise TypeError(f"the grammar does not know {shape}")


def cached(function: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Keep the strategies: making one takes longer than drawing from it."""
    known: dict[tuple[Any, ...], Drawn] = {}

    def remembered(shape: Shape, *, odd: bool) -> Drawn:
        return known.setdefault((id(shape), odd), function(shape, odd=odd))

    return remembered


values_of = cached(values)


def in_order(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure whose numbers stand in the order that any true one has, so that it gets past the first checks."""
    if isinstance(figure.get("estimate"), int | float) and figure.get("ci"):
        low, middle, high = sorted([*figure["ci"], figure["estimate"]])
        figure |= {"estimate": middle, "ci": [low, high]}
    for events, total in (("events_e", "n_e"), ("events_c", "n_c"), ("events", "n")):
        if figure.get(events) is not None and figure.get(total) is not None and figure[events] > figure[total]:
            figure |= {events: figure[total], total: figure[events]}
    for arm in ("_e", "_c"):
        if figure["statistic"] == "survival" and figure.get(f"survival{arm}") is not None and figure.get(f"ci{arm}"):
            low, middle, high = sorted([*figure[f"ci{arm}"], figure[f"survival{arm}"]])
            figure |= {f"survival{arm}": middle, f"ci{arm}": [low, high]}
    for times, names in (("times", ("survival_e", "survival_c")), ("at_risk_times", ("at_risk_e", "at_risk_c"))):
        lists = [name for name in (times, *names) if isinstance(figure.get(name), list)]
        length = min((len(figure[name]) for name in lists), default=0)
        for name in lists:
            figure[name] = sorted(figure[name], reverse=name != times)[:length]
    return figure


@st.composite
def figures(draw: Draw, measure: str, *, odd: bool) -> dict[str, Any]:
    """Return a reported figure that some route may lead to the measure, with some of its other fields."""
    routes = [route for route in ROUTES.values() if measure in route.gives]
    route = draw(st.sampled_from(routes if routes and not one_in(draw, SELDOM) else list(ROUTES.values())))
    figure: dict[str, Any] = {"statistic": route.statistic, "source": {"report": "p"}}
    for key in STATISTICS[route.statistic].keys:
        if key.name in route.needs or one_in(draw, SELDOM):
            figure[key.name] = draw(values_of(key.shape, odd=odd and one_in(draw, OFTEN)))
    if figure.get("measure"):
        figure["measure"] = measure
    if one_in(draw, SELDOM):
        figure |= {"use": "chosen", "population": draw(st.sampled_from(["S/a", "S/b", "S"]))}
    return in_order(figure)


@st.composite
def records(draw: Draw, name: str, measure: str, *, odd: bool) -> dict[str, Any]:
    """Return a record of one study."""
    reported = [draw(figures(measure, odd=odd)) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3])))]
    for figure in reported:
        if "population" in figure:
            figure["population"] = figure["population"].replace("S", name, 1)
    number = numbers(Number(low=0), odd=odd and one_in(draw, OFTEN))
    characteristics = {
        "age": draw(st.one_of(number, number, st.none())),
        "setting": draw(st.sampled_from(["first", "second", "third"])),
        "weight": draw(numbers(Number(low=0, exclusive=True), odd=odd and one_in(draw, SELDOM))),
    }
    arms = {
        arm: {"name": draw(st.sampled_from(TEXTS)), "n": draw(st.integers(1, 300))}
        for arm in ("experimental", "control")
    }
    return {
        "study": name,
        "year": draw(st.one_of(st.integers(1990, 2025), st.none())),
        "design": draw(st.sampled_from([*DESIGNS, None])),
        "characteristics": characteristics,
        "arms": arms,
        "reports": {"p": {"citation": "C", "doi": draw(st.sampled_from(["10.1/x", None]))}},
        "outcomes": {"o": {"reported": reported}},
        "risk_of_bias": draw(st.sampled_from([None, {"tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"}])),
    }


def explorations(draw: Draw, *, odd: bool) -> dict[str, Any]:
    """Return the key `explore`, with what takes seconds left out."""
    shape = ANALYSIS.names["explore"].shape
    asked = draw(values_of(shape, odd=odd))
    asked.pop("gosh", None)
    if isinstance(asked.get("cumulative"), dict):
        asked["cumulative"] = {"by": draw(st.sampled_from(["year", "precision", "age", "setting", "nothing"]))}
    return asked


def models(draw: Draw, *, odd: bool) -> dict[str, Any]:
    """Return the key `model`, mostly not one of counts."""
    model = draw(values_of(MODEL, odd=odd)) | {"tau2_weights": "weight"}
    return model if one_in(draw, RARE) else {key: value for key, value in model.items() if key not in OF_COUNTS}


@st.composite
def analyses(draw: Draw, measure: str, *, odd: bool) -> dict[str, Any]:
    """Return the settings of one analysis."""
    content: dict[str, Any] = {"measure": measure, "outcome": "o"}
    special = {
        "model": lambda: models(draw, odd=odd),
        "subgroups": lambda: draw(st.sampled_from(CHARACTERISTICS)),
        "moderators": lambda: draw(st.sampled_from(FORMULAS)),
        "explore": lambda: explorations(draw, odd=odd),
        "include": lambda: {"setting": draw(st.sampled_from([["first", "second"], "first", ["fourth"]]))},
        "exclude": lambda: {"S1": "reason"},
        "route": lambda: draw(st.sampled_from([name for name, route in ROUTES.items() if measure in route.gives] or ["counts"])),
        "multiverse": lambda: draw(st.sampled_from([False, {"tau2": ["DL", "REML"], "inference": ["wald", "HKSJ"]}])),
    }  # fmt: skip
    often = dict.fromkeys(OF_OTHER_KINDS, RAREST)
    often |= {"model": OFTEN, "subgroups": SELDOM, "moderators": SELDOM, "explore": SELDOM, "extract": SELDOM}
    for key in ANALYSIS.keys:
        if key.name in content or not one_in(draw, often.get(key.name, RARE)):
            continue
        make = special.get(key.name)
        content[key.name] = make() if make else draw(values_of(key.shape, odd=odd))
    return content


@st.composite
def configurations(draw: Draw, measure: str, *, odd: bool) -> dict[str, Any]:
    """Return a configuration with one or two analyses."""
    content: dict[str, Any] = {"review": {"title": "T"}, "studies": "studies"}
    content["analyses"] = {
        name: draw(analyses(measure, odd=odd)) for name in draw(st.sampled_from([["a"], ["a"], ["a"], ["a", "b"]]))
    }
    if one_in(draw, OFTEN):
        content["profile"] = draw(st.sampled_from(sorted(PROFILES)))
    if not one_in(draw, SELDOM):  # most of the time of a case, for what mostly does not apply to few studies
        content["explore"] = {"small_study": False}
    for name in ("review", "report", "extract", "figures", "style", "columns"):
        if one_in(draw, RARE):
            content[name] = content.get(name, {}) | (draw(values_of(CONFIG.names[name].shape, odd=odd)) or {})
    return content


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container within a value with each of its keys."""
    if isinstance(value, Mapping):
        return [found for key, item in value.items() for found in [(value, key), *places(item)]]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in [(value, index), *places(item)]]
    return []


def spoil(draw: Draw, content: dict[str, Any]) -> None:
    """Put something anywhere that does not belong there, take something away, or misspell a key."""
    container, key = draw(st.sampled_from(places(content)))
    kind = draw(st.sampled_from(["junk", "junk", "odd", "gone", "misspelt"]))
    if kind == "junk":
        container[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))  # it may be spoilt in its turn
    elif kind == "odd":
        container[key] = draw(st.sampled_from(EXTREMES))
    elif kind == "gone":
        del container[key]
    elif isinstance(container, dict):
        container[f"{key}s"] = container.pop(key)


@st.composite
def reviews(draw: Draw) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a configuration and the records of its studies: sound, odd, or spoilt."""
    odd, spoilt = draw(st.sampled_from([*[(False, False), (True, False)] * 3, (False, True), (True, True)]))
    measure = draw(st.sampled_from(sorted(MEASURES)))
    count = draw(st.integers(1, 6))
    studies = [draw(records(f"S{number}", measure, odd=odd)) for number in range(1, count + 1)]
    configuration = draw(configurations(measure, odd=odd))
    if spoilt:
        for _ in range(draw(st.integers(1, 3))):
            spoil(draw, draw(st.sampled_from([configuration, *studies])))
    return configuration, studies
