"""Writing figures: the same bytes at every run, and no label becomes markup."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from tests.unit.draw.fixtures import survival

import coppice
from coppice.draw.canvas.save import FORMATS, save
from coppice.draw.forest.forest import draw_forest

SVG = "{http://www.w3.org/2000/svg}"


def hostile():
    result = survival()
    result["effects"][0]["label"] = "</text><script>alert(1)</script> & $x^2$ \x00"
    return draw_forest(result, title="</title><script>alert(2)</script>")


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_renderings_have_the_same_bytes(suffix, tmp_path):
    for name in ("a", "b"):
        save(draw_forest(survival(), title="Overall survival"), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_a_readers_own_matplotlib_settings_change_nothing(tmp_path):
    save(draw_forest(survival()), tmp_path / "a.svg")
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "lines.linewidth": 9, "path.snap": False}):
        save(draw_forest(survival()), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_hold_no_date_and_no_name_of_the_program(suffix, tmp_path):
    path = tmp_path / f"a.{suffix}"
    save(draw_forest(survival()), path)
    content = path.read_bytes()
    for word in (b"CreationDate", b"ModDate", b"dc:date", b"Software"):
        assert word not in content


def test_the_svg_has_text_as_text_and_a_title_and_a_description(tmp_path):
    save(draw_forest(survival(), title="Overall survival"), tmp_path / "a.svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Overall survival"
    assert root.find(f"{SVG}desc").text.startswith("Forest plot of 5 studies")
    named = {root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")}
    assert set(root.get("aria-labelledby").split()) == named
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"E1910 (Litzow 2024)", "Study", "HR (95% CI)"} <= texts


def test_a_label_can_not_become_markup_or_a_formula(tmp_path):
    save(hostile(), tmp_path / "a.svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert not list(root.iter(f"{SVG}script"))
    words = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    assert "</text><script>alert(1)</script> & $x^2$" in words


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown format 'gif'"):
        save(draw_forest(survival()), tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_drawing_imports_no_package_that_computes():
    code = (
        "import sys, coppice.draw.command, coppice.draw.forest.forest, coppice.draw.figures.funnel; print(*sys.modules)"
    )
    library = str(Path(coppice.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": library},
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"scipy", "statsmodels", "pandas"}
    assert "matplotlib.pyplot" not in done.stdout.split()


def test_a_text_that_begins_from_the_right_runs_from_right_to_left_in_an_svg(tmp_path):
    result = survival()
    result["effects"][0]["label"] = "مطالعة (Smith 2021)"
    save(draw_forest(result), tmp_path / "a.svg")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    turned = [element.text for element in root.iter(f"{SVG}text") if "unicode-bidi: plaintext" in element.get("style")]
    assert turned == ["مطالعة (Smith 2021)"]
