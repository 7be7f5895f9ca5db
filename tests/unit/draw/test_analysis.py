"""All figures of one analysis, as the command draws them."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

from coppice.cli import main
from coppice.draw.analysis import draw_analysis, style_of, with_compared_curves, write_figures
from coppice.draw.forest.options import ForestOptions
from coppice.draw.registry import COMMON_OPTIONS, FIGURES
from coppice.jobs import canonical_json

from .fixtures import survival
from .rendered import printed

SPEC = {
    "verb": "draw",
    "analysis": "os",
    "title": "Overall survival",
    "measure": "HR",
    "favours": ["Favours blinatumomab", "Favours chemotherapy"],
    "arms": {"experimental": "Blinatumomab", "control": "Chemotherapy"},
    "figures": {"forest": {"sort": "effect"}, "funnel": {}},
    "style": {},
}


def test_every_figure_of_the_spec_is_drawn_with_its_options():
    figures = draw_analysis(SPEC, survival(), None)
    assert list(figures) == ["forest", "funnel"]
    texts = printed(figures["forest"])
    assert texts.index("20120215 (Locatelli 2021)") < texts.index("E1910 (Litzow 2024)")
    assert "← Favours blinatumomab" in texts


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"forrest": {}}, "did you mean 'forest'"),
        ({"forest": {"sorted": 1}}, "option sorted: no such key; did you mean 'sort'"),
    ],
)
def test_an_unknown_figure_or_option_says_what_is_allowed(figures, message):
    with pytest.raises(ValueError, match=message):
        draw_analysis(SPEC | {"figures": figures}, survival(), None)


def test_files_are_named_by_figure_and_format(tmp_path):
    figures = draw_analysis(SPEC, survival(), None)
    write_figures(figures, [tmp_path / "forest.svg", tmp_path / "funnel.pdf"], style=style_of(SPEC))
    assert {path.name for path in tmp_path.iterdir()} == {"forest.svg", "funnel.pdf"}


def test_the_command_draws_and_a_bad_option_is_one_line(tmp_path, capsys):
    canonical_json.write(tmp_path / "pool.json", survival())
    canonical_json.write(tmp_path / "spec.json", SPEC)
    canonical_json.write(tmp_path / "bad.json", SPEC | {"style": {"ikn": "#000000"}})
    common = ["--pool", str(tmp_path / "pool.json"), "--out", str(tmp_path / "out" / "forest.png")]
    assert main(["draw", "--spec", str(tmp_path / "bad.json"), *common]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "did you mean 'ink'" in error
    assert not (tmp_path / "out").exists()
    assert main(["draw", "--spec", str(tmp_path / "spec.json"), *common]) == 0
    assert (tmp_path / "out" / "forest.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_figure_names_its_options(figure):
    parameters = inspect.signature(figure.load()).parameters.values()
    known = {item.name for item in parameters if item.kind is item.KEYWORD_ONLY}
    known |= {item.name for item in fields(ForestOptions)} if figure.name == "forest" else set()
    assert figure.options() == known - set(COMMON_OPTIONS)
    assert figure.title


def test_only_the_curves_of_the_comparison_are_drawn_each_with_its_experimental_arm_first() -> None:
    named = [{"compares": ["a", "b"], "arms": {"experimental": "A", "control": "B"}}, {"compares": ["a", "c"]}]
    found = with_compared_curves({"study": "ONE", "curves": named}, {"experimental": ["b"], "control": ["a"]})
    assert found["curves"] == [{"compares": ["a", "b"], "arms": {"experimental": "B", "control": "A"}}]
    of_two = {"study": "TWO", "curves": [{"label": None}]}
    assert with_compared_curves(of_two, {"experimental": ["experimental"], "control": ["control"]}) == of_two
