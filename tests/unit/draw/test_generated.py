"""Figures of generated results: nothing is cut or covered, and every number that is printed is the result's."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import groupby
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coppice.core.kinds import PAIRWISE
from coppice.draw.canvas.save import svg_bytes
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.figures.precisions import PRECISIONS
from coppice.draw.forest.forest import draw_forest
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import MOST_EXCLUDED
from coppice.draw.registry import FIGURES

from .generated import LABELS, RATIOS, explored, forest_options, regressed, results
from .rendered import assert_clean, printed

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"−?\d+(?:[.·]\d+)?")
LOW, HIGH = re.compile(rf"[(\[](?:{NUMBER.pattern}|–),?"), re.compile(rf"(?:{NUMBER.pattern}|–)[)\]]")
OTHERS = sorted(name for name, figure in FIGURES.items() if PAIRWISE in figure.kinds and name != "forest")


def cases(number):
    """Return the settings of a property that is tried on so many results; the same ones in each run of the tests."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=number,
        phases=[Phase.generate],  # the first failing case is shown; to make it smaller would take minutes
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=slow,
    )


def value(text):
    """Return a printed number, and how far it may be from what it was rounded from."""
    found = NUMBER.search(text).group().replace("−", "-").replace("·", ".")
    return float(found), 0.5 * 10.0 ** -len(found.partition(".")[2])


def agrees(text, exact):
    """Return whether a printed number is an exact one, rounded; beyond the range of a float there is none."""
    if exact is None or not math.isfinite(exact):
        return not NUMBER.search(text)
    shown, half = value(text)
    return abs(shown - exact) <= half + 1e-9 * max(1.0, abs(exact))


def back(result, exact):
    if exact is None or result["measure"] not in RATIOS:
        return exact
    return math.exp(exact) if exact < 700 else math.inf


def expected(result, options):
    """Yield what each row of the table must print, from top to bottom: estimate, limits, effect where it is a study."""
    keys = {
        "given": lambda row: 0,
        "year": lambda row: row["year"],
        "effect": lambda row: (row["yi"] is None, row["yi"] or 0.0),
        "weight": lambda row: -(row["weight_random"] or 0.0),
    }
    rows = sorted(result["effects"], key=keys[options["sort"]])

    def study(row):
        return tuple(back(result, row[name]) for name in ("yi", "ci_low", "ci_high")), row

    def total(part):
        return tuple(back(result, part[name]) for name in ("estimate", "ci_low", "ci_high")), None

    for level in (result["subgroups"] or {"levels": [None]})["levels"]:
        inside = [row for row in rows if level is None or row["subgroup"] == level["level"]]
        yield from map(study, inside)
        if level and level["k"] > 1:
            yield total(level["random"])
    out = result["excluded"]
    if options["excluded"] and len(out) <= max(MOST_EXCLUDED, len(rows)):
        yield from (((None, None, None), None) for _ in out)
    if result["random"]:
        yield total(result["random"])
    if result["common"] and (options["common"] or not result["random"]):
        yield total(result["common"])
    if result["prediction"] and options["prediction"]:
        yield (None, *(back(result, result["prediction"][name]) for name in ("low", "high"))), None


def table(figure):
    """Return the cells of each row, without its label: those right of the first column, in reading order."""
    found = [(*text.get_position(), text) for text in figure.texts]
    left = min(x for x, _, text in found if text.get_ha() == "left")
    cells = sorted((round(y, 3), x, text.get_text()) for x, y, text in found if x > left + 10)
    return [[text for *_, text in row] for _, row in groupby(cells, key=lambda cell: cell[0])]


def intervals(rows):
    """Return the rows that print an effect, as (estimate or None, low, high, all cells); or that say why they do not."""
    for row in rows:
        places = [index for index, text in enumerate(row) if LOW.fullmatch(text)]  # the risks in the arms come first
        if {"not estimable", "not pooled"} & set(row):
            yield None, None, None, row
        elif places:
            at = places[-1]
            high = next(text for text in row[at + 1 : at + 3] if HIGH.fullmatch(text))
            yield row[at - 1] if at and NUMBER.fullmatch(row[at - 1]) else None, row[at], high, row


@cases(200)
@given(
    result=results(most=12),
    options=forest_options(),
    title=LABELS,
    favours=st.none() | st.tuples(LABELS, LABELS),
    arm=LABELS,
)
def test_a_forest_plot_is_whole_and_prints_the_numbers_of_the_result(result, options, title, favours, arm):
    arms = {"experimental": arm, "control": "Usual care"}
    figure = draw_forest(result, title=title, favours=favours, arms=arms, **options)
    assert_clean(figure)
    shown, wanted = list(intervals(table(figure))), list(expected(result, options))
    assert len(shown) == len(wanted)
    for (estimate, low, high, cells), (numbers, row) in zip(shown, wanted, strict=True):
        if low is None:
            assert numbers == (None, None, None)
            continue
        assert all(agrees(*pair) for pair in zip((estimate or "", low, high), numbers, strict=True)), cells
        if row and options["columns"] is None and "arms" in PRESETS[options["preset"]].columns:
            tokens = Counter(cells)
            for name, given_value in row["reported"].items():
                assert given_value is None or any(NUMBER.fullmatch(t) and agrees(t, given_value) for t in tokens), name
        if row and row["weight_random"] is not None:
            assert any(NUMBER.match(text) and agrees(text, row["weight_random"]) for text in cells)


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_figure_is_whole(name):
    @cases(40)
    @given(
        result=results().map(regressed),
        title=LABELS,
        favours=st.tuples(LABELS, LABELS),
        y=st.sampled_from(sorted(PRECISIONS)),
    )
    def is_whole(result, title, favours, y):
        common = {"style": DEFAULT, "title": title, "favours": favours, "arms": {"experimental": title, "control": "B"}}
        options = {key: given for key, given in (("labels", True), ("y", y)) if key in FIGURES[name].options()}
        assert_clean(FIGURES[name].draw({"pool": result, "explore": explored(result)}, common, options))

    is_whole()


@cases(10)
@given(result=results(), title=LABELS)
def test_an_svg_has_every_text_as_text_and_no_markup_of_a_label(result, title):
    figure = draw_forest(result, title=title)
    with DEFAULT.applied():
        root = ElementTree.fromstring(svg_bytes(figure))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert sorted(texts) == sorted(printed(figure))
    assert not {f"{SVG}script", f"{SVG}a", f"{SVG}foreignObject"} & {element.tag for element in root.iter()}
