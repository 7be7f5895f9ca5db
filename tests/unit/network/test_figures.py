"""The figures of networks: nothing is cut or covered, at 4 and at 40 treatments."""

from __future__ import annotations

import pytest
from tests.unit.draw.rendered import outside, overlapping

from coppice.core.kinds import NETWORK
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.registry import FIGURES
from coppice.pool.kinds import pooling

from .conftest import invented

NAMES = [figure.name for figure in FIGURES.values() if NETWORK in figure.kinds]


@pytest.fixture(scope="module")
def large():
    spec, extracts = invented(40, 90)
    return pooling(spec).pool(spec, extracts)


def draw(name, result):
    return FIGURES[name].draw({"pool": result, "explore": {}}, {"style": DEFAULT, "title": "Help"}, {})


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_small_network_is_cut_or_covered(name, network):
    figure = draw(name, network.pool)
    assert outside(figure) == []
    assert overlapping(figure) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_large_network_is_cut_or_covered(name, large):
    figure = draw(name, large)
    assert outside(figure) == []
    if name != "network_graph":  # whose names lie along the radius: their boxes overlap, they do not
        assert overlapping(figure) == []


def test_a_network_without_loops_has_no_split_evidence():
    spec, extracts = invented(5, 4)
    result = pooling(spec).pool(spec, extracts)
    assert result["inconsistency"] is None
    assert "no comparison has both direct and indirect evidence" in draw("network_split", result).description
