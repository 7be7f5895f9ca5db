"""Options of figures: what a figure can't have is named before anything is drawn, and without matplotlib."""

from __future__ import annotations

import subprocess
import sys

import pytest

from coppice.core.contracts.explore import CLUSTER_METHODS
from coppice.core.contracts.small_study import FILL_ESTIMATORS
from coppice.draw.analysis import draw_analysis
from coppice.draw.forest.columns import COLUMNS
from coppice.draw.forest.presets import COLUMN_KEYS
from coppice.draw.registry import FIGURES
from coppice.explore.resampling.clusters import METHODS
from coppice.explore.small_study.trim_and_fill import ESTIMATORS
from coppice.plan.fingerprint import modules

from .fixtures import survival

GOOD = {
    "columns": ["study", "plot"],
    "limits": [0.2, 5],
    "decimals": {"effect": 3},
    "headings": {"study": "Trial"},
    "notes": False,
    "sort": "year",
}


def test_options_of_the_right_kind_fit():
    assert list(FIGURES["forest"].shape.findings(GOOD | {"decimals": 3, "columns": None}, ())) == []
    assert list(FIGURES["forest"].shape.findings(GOOD, ())) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decimals": "two"}, "option decimals: 'two' is not allowed; write a whole number from 0 to 12"),
        ({"decimals": {"effect": -1}}, "option decimals.effect: -1 is not allowed; write a whole number"),
        ({"decimals": True}, "option decimals: True is not allowed"),
        ({"columns": "study"}, "option columns: 'study' is not a list"),
        ({"limits": ["low", 2]}, "option limits.0: 'low' is not allowed; write a number"),
        ({"limits": [2, 1]}, "option limits: the limits are swapped"),
        ({"density": 1}, "option density: 1 is not allowed; write true or false"),
        ({"headings": {"study": []}}, "option headings.study: .* is not text"),
        ({"preset": "revman"}, "option preset: 'revman' is not known; did you mean 'revman5'?"),
        ({"sort": "size"}, "option sort: 'size' is not known; allowed: effect, given, label, weight, year"),
    ],
)
def test_an_option_of_another_kind_is_named_with_what_it_must_be(options, message):
    with pytest.raises(ValueError, match=message):
        draw_analysis({"figures": {"forest": options}}, survival())


def test_the_columns_of_a_forest_plot_are_those_that_its_options_name():
    assert set(COLUMNS) == set(COLUMN_KEYS)


def test_options_are_checked_without_importing_matplotlib():
    code = (
        "import sys; from coppice.review.keys import config; from coppice.review.checks import analyses; from coppice.draw.registry import EVERY_FIGURE;"
        "list(EVERY_FIGURE['forest'].shape.findings({'sort': 'year', 'preset': 'bmj'}, ()));"
        "list(EVERY_FIGURE['funnel'].shape.findings({'y': 'se'}, ())); print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_methods_that_options_name_are_those_that_explore_has():
    assert tuple(ESTIMATORS) == FILL_ESTIMATORS
    assert tuple(METHODS) == CLUSTER_METHODS


def test_figures_do_not_depend_on_the_code_that_pools_or_explores():
    assert not [name for name in modules("draw") if name.startswith(("coppice.pool", "coppice.explore"))]
