"""Options as data: every registry that computes has the entries of its options, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from coppice.core import common_methods
from coppice.core.errors import entry_named
from coppice.core.options import Option, bound, by_code
from coppice.draw.options import OPTIONS as OF_FIGURES
from coppice.explore import options as explore_options
from coppice.explore.analysis import EXPLORATIONS
from coppice.explore.small_study import options as small_study_options
from coppice.explore.small_study.part import ENTRIES
from coppice.extract import options as extract_options
from coppice.extract.routes.means import SMD_VARIANCES
from coppice.extract.routes.zero_cells import CORRECTIONS, DOUBLE_ZEROS, ZERO_CELLS, ZERO_IN
from coppice.extract.routes.zero_cells import TO as ZERO_TO
from coppice.pool import options as pool_options
from coppice.pool.dependence.options import HANDLINGS, ROBUST
from coppice.pool.kernel.heterogeneity import TAU2_INTERVALS
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.prediction import PREDICTIONS
from coppice.pool.kernel.tau2 import ESTIMATORS
from coppice.pool.profiles import PROFILES
from coppice.pool.stratified import COMMON_METHODS

BOUND: dict[str, tuple[Mapping[str, Option], Iterable[str]]] = {
    "tau2": (pool_options.TAU2_ESTIMATORS, ESTIMATORS),
    "inference": (pool_options.INFERENCES, INFERENCES),
    "prediction": (pool_options.PREDICTIONS, PREDICTIONS),
    "tau2_interval": (pool_options.TAU2_INTERVALS, TAU2_INTERVALS),
    "common": (common_methods.COMMON_METHODS, COMMON_METHODS),
    "profile": (pool_options.PROFILE_OPTIONS, PROFILES),
    "profile's zero cells": (pool_options.PROFILE_OPTIONS, ZERO_CELLS),
    "dependence": (pool_options.DEPENDENCE_METHODS, HANDLINGS),
    "robust": (pool_options.ROBUST_METHODS, ROBUST),
    "zero_cells": (extract_options.ZERO_CELLS, CORRECTIONS),
    "zero_to": (extract_options.ZERO_TO, ZERO_TO),
    "zero_in": (extract_options.ZERO_IN, ZERO_IN),
    "double_zeros": (extract_options.DOUBLE_ZEROS, DOUBLE_ZEROS),
    "smd_variance": (extract_options.SMD_VARIANCES, SMD_VARIANCES),
    "explore": (explore_options.EXPLORATIONS, EXPLORATIONS),
    "small_study": (small_study_options.ENTRIES, ENTRIES),
}


@pytest.mark.parametrize("name", BOUND)
def test_a_registry_has_the_entries_of_its_options_in_their_order(name: str) -> None:
    options, entries = BOUND[name]
    assert list(options) == list(entries)


@pytest.mark.parametrize("name", BOUND)
def test_an_option_has_a_name_and_a_source(name: str) -> None:
    for code, option in BOUND[name][0].items():
        assert option.code == code
        assert option.name and option.source, code


@pytest.mark.parametrize("registry", [ESTIMATORS, INFERENCES, PREDICTIONS, TAU2_INTERVALS, ENTRIES, EXPLORATIONS])
def test_an_entry_that_computes_says_what_its_option_says(registry: Mapping[str, Option]) -> None:
    options = next(options for options, other in BOUND.values() if other is registry)
    for code, entry in registry.items():
        assert (entry.code, entry.name, entry.source) == (code, options[code].name, options[code].source)


def test_an_option_without_functions_is_refused_and_so_are_functions_without_an_option() -> None:
    options = by_code(Option("a", "first", "nobody"))
    with pytest.raises(ValueError, match="a, b"):
        bound(options, Option, {"b": {}})


def test_an_unknown_code_names_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"unknown tau2 estimator 'REMLL'.*REML"):
        entry_named(ESTIMATORS, "REMLL", "tau2 estimator")


def test_the_figures_that_have_options_have_them_under_names_of_their_own() -> None:
    for name, keys in OF_FIGURES.items():
        assert len({key.name for key in keys}) == len(keys), name
