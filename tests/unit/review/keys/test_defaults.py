"""The defaults of keys: declared once, allowed, shown, and those that the computing functions have."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from coppice.core.schema import NO_DEFAULT, Key, ListOf, MapOf, Nullable, Object, OneOf, Shape
from coppice.draw.forest.options import ForestOptions
from coppice.draw.registry import EVERY_FIGURE
from coppice.extract.route import Options
from coppice.pool.dependence.options import Dependence
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.profiles import PROFILES, settings
from coppice.review.keys.config import CONFIG
from coppice.review.keys.explore import GOSH
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import MODEL
from coppice.review.keys.requests import DEPENDENCE, PERMUTATION
from coppice.review.record import RECORD
from coppice.tools.schema.command import schemas


def keys_of(shape: Shape, name: str = "") -> Iterator[tuple[str, Key]]:
    """Yield every key within a shape, with its place."""
    if isinstance(shape, Object):
        for key in shape.keys:
            yield f"{name}.{key.name}", key
            yield from keys_of(key.shape, f"{name}.{key.name}")
    elif isinstance(shape, OneOf):
        for item in shape.items:
            yield from keys_of(item, name)
    elif isinstance(shape, MapOf | ListOf | Nullable):
        yield from keys_of(shape.item, name)
        if isinstance(shape, MapOf):
            yield from keys_of(Object(shape.own), name)


KEYS = dict([*keys_of(CONFIG, "config"), *keys_of(RECORD, "record")])
WITH_DEFAULT = {place: key for place, key in KEYS.items() if key.default is not NO_DEFAULT}


@pytest.mark.parametrize("place", WITH_DEFAULT)
def test_a_default_is_a_value_that_its_key_allows(place: str) -> None:
    key = WITH_DEFAULT[place]
    assert not key.required
    assert list(key.shape.findings(key.default, ())) == []
    assert json.loads(json.dumps(key.default)) == key.default


@pytest.mark.parametrize("place", KEYS)
def test_a_description_leaves_the_default_to_the_declaration(place: str) -> None:
    key = KEYS[place]
    assert "not said" not in key.description
    assert "by default" not in key.description
    assert key.default is NO_DEFAULT or "Default:" not in key.description


def defaults_of(shape: Object) -> dict[str, Any]:
    return {key.name: key.default for key in shape.keys if key.default is not NO_DEFAULT}


def test_the_defaults_of_a_model_are_those_of_the_default_profile() -> None:
    of_profile = asdict(settings())
    declared = defaults_of(MODEL)
    assert declared == {name: of_profile[name] for name in declared}
    assert set(declared) == {key.name for key in MODEL.keys} - {"tau2_weights", "likelihood", "glmm"}


def test_the_default_profile_is_the_one_that_the_configuration_declares() -> None:
    assert settings() == PROFILES[CONFIG.names["profile"].default]


def test_the_defaults_of_extract_are_those_of_the_routes() -> None:
    of_routes = asdict(Options())
    assert defaults_of(EXTRACT) == {name: value for name, value in of_routes.items() if value is not None}


def test_the_defaults_of_dependence_are_those_of_the_model() -> None:
    of_model = Dependence("multilevel")
    assert defaults_of(DEPENDENCE) == {"rhos": list(of_model.rhos), "robust": of_model.robust}


def test_the_defaults_of_a_permutation_test_are_those_of_its_function() -> None:
    parameters = inspect.signature(permutation_test).parameters
    assert defaults_of(PERMUTATION) == {name: parameters[name].default for name in ("draws", "seed")}


def test_the_defaults_of_gosh_are_those_of_its_function() -> None:
    from coppice.explore.resampling.gosh import gosh

    parameters = inspect.signature(gosh).parameters
    assert GOSH.names["subsets"].default == parameters["most"].default
    assert GOSH.names["seed"].default == parameters["seed"].default


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_the_defaults_of_a_figure_are_those_of_the_function_that_draws_it(name: str) -> None:
    figure = EVERY_FIGURE[name]
    parameters = inspect.signature(ForestOptions if name == "forest" else figure.load()).parameters
    for option, default in defaults_of(figure.shape).items():
        assert parameters[option].default == default, option
    computed = [key.name for key in figure.shape.keys if key.default is NO_DEFAULT]
    assert all(not parameters[option].default for option in computed)  # None or empty: found by the function itself


def test_a_schema_shows_the_defaults() -> None:
    properties = schemas()["config.schema.json"]["properties"]
    assert properties["model"]["properties"]["tau2"]["default"] == "REML"
    assert properties["extract"]["properties"]["zero_value"]["default"] == 0.5
    assert properties["explore"]["properties"]["gosh"]["default"] is False
    assert properties["figures"]["properties"]["forest"]["default"] is True
    analysis = properties["analyses"]["additionalProperties"]["properties"]
    assert "default" not in analysis["title"] and "Default: its name" in analysis["title"]["description"]
