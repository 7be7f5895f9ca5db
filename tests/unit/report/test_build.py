"""The page is one file that asks nothing of anyone, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from coppice.core.errors import CoppiceError
from coppice.report.build import build_report

from . import fixtures
from .conftest import build

ROOT = Path(__file__).resolve().parents[3]


def test_two_builds_in_two_folders_are_the_same_bytes(built, tmp_path):
    again = build(tmp_path / "\N{LATIN SMALL LETTER U WITH DIAERESIS} 2")
    for name in ("report.html", "report.ipynb"):
        assert (again / name).read_bytes() == (built / name).read_bytes()


def test_the_page_loads_nothing_and_runs_nothing(built):
    page = (built / "report.html").read_text(encoding="utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)  # the report's own, allowed by its hash alone
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in page
    assert not re.search(r"fetch|XMLHttpRequest|import|eval|innerHTML|document\.write|https?:", script)
    assert not re.search(r"(?:src|srcset|data|action)=[\"'](?!data:image/svg\+xml;base64,)", page)
    assert not re.search(r"<link|@import|url\(", page)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src" in page


def test_nothing_of_the_machine_is_in_the_outputs(built):
    for name in ("report.html", "report.ipynb"):
        text = (built / name).read_text(encoding="utf-8")
        assert not re.search(r"/tmp/|/home/|/root/|0x[0-9a-f]{6,}", text)
        assert str(ROOT) not in text
    assert json.loads((built / "report.ipynb").read_text(encoding="utf-8"))["metadata"]["language_info"] == {
        "name": "python"
    }


def test_the_page_shows_no_code_and_has_every_section(built):
    page = (built / "report.html").read_text(encoding="utf-8")
    assert "review_of_the_notebook" not in page
    for link in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{link}"' in page


def test_ids_are_unique_and_figures_have_a_text_alternative(built):
    page = (built / "report.html").read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all('alt="' in image for image in re.findall(r"<img [^>]*>", page))


def test_text_of_a_record_stays_text(tmp_path):
    spec = fixtures.specification()
    spec["review"] |= {"title": fixtures.NASTY, "notes": [fixtures.NASTY], "authors": [fixtures.NASTY]}
    spec["analyses"][0] |= {"title": fixtures.NASTY, "note": fixtures.NASTY, "favours": [fixtures.NASTY, "x"]}
    spec["studies"][0] |= {"label": fixtures.NASTY, "note": fixtures.NASTY}
    pool = fixtures.pooled() | {
        "warnings": [fixtures.NASTY],
        "excluded": [{"study": "X", "label": fixtures.NASTY, "reason": fixtures.NASTY}],
    }
    pool["effects"][0] |= {"label": fixtures.NASTY, "why": fixtures.NASTY}
    page = (build(tmp_path, spec, pool) / "report.html").read_text(encoding="utf-8")
    assert page.count("<script") == 1  # the report's own
    assert page.count("&lt;script&gt;") > 10


def test_a_failing_cell_is_one_clear_line(tmp_path):
    spec = fixtures.write(tmp_path)
    notebook = tmp_path / "broken.py"
    notebook.write_text("# %%\nraise ValueError('what went wrong')\n", encoding="utf-8")
    with pytest.raises(CoppiceError, match="the report's notebook failed: ValueError: what went wrong"):
        build_report(
            spec, notebook=notebook, results=tmp_path / "results", html=tmp_path / "r.html", ipynb=tmp_path / "r.ipynb"
        )
    assert not (tmp_path / "r.html").exists()
