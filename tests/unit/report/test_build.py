"""The page is one file that asks nothing of anyone, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
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
    assert page.count("<script>") == 1  # the report's own
    blocks = re.findall(r"<script (.*?)>(.*?)</script>", page, re.DOTALL)
    assert all('type="application/json"' in attributes and "<" not in text for attributes, text in blocks)
    assert page.count("<script") == 1 + len(blocks)
    assert page.count("&lt;script&gt;") > 10


def test_a_failing_cell_is_one_clear_line(tmp_path):
    spec = fixtures.write(tmp_path)
    notebook = tmp_path / "broken.py"
    notebook.write_text("# %%\nraise ValueError('what went wrong')\n", encoding="utf-8")
    with pytest.raises(
        CoppiceError, match=r"the report's notebook failed: ValueError: what went wrong \(broken.py, code cell 1\)"
    ):
        build_report(
            spec, notebook=notebook, results=tmp_path / "results", html=tmp_path / "r.html", ipynb=tmp_path / "r.ipynb"
        )
    assert not (tmp_path / "r.html").exists()


def test_a_reader_may_add_prose_and_cells_of_their_own(tmp_path):
    spec = fixtures.write(tmp_path)
    notebook = tmp_path / "own.py"
    notebook.write_text(
        "# %% [markdown]\n# A *remark*.\n\n# %%\nprint('a < b')\nnumber = 6\n\n# %%\nnumber * 7\n", encoding="utf-8"
    )
    html, ipynb = tmp_path / "r.html", tmp_path / "r.ipynb"
    build_report(spec, notebook=notebook, results=tmp_path / "results", html=html, ipynb=ipynb)
    page = html.read_text(encoding="utf-8")
    assert "<p>A <em>remark</em>.</p>\n<pre>a &lt; b\n</pre>\n<pre>42</pre>" in page
    outputs = [cell["outputs"] for cell in json.loads(ipynb.read_text(encoding="utf-8"))["cells"][1:]]
    assert [output["output_type"] for (output,) in outputs] == ["stream", "execute_result"]


def test_a_notebook_leaves_the_environment_as_it_was(tmp_path):
    before = dict(os.environ)
    build(tmp_path)
    assert dict(os.environ) == before


def test_the_page_has_one_spelling_of_each_element(built):
    """Attributes in alphabetical order, each with a value; quotes as themselves in texts."""
    page = (built / "report.html").read_text(encoding="utf-8")
    body = page[page.index("<body>") : page.index("<script>")]
    assert "&#39;" not in body
    for attributes in re.findall(r"<\w+((?: [\w-]+=\"[^\"]*\")*)/?>", body):
        names = re.findall(r" ([\w-]+)=", attributes)
        assert names == sorted(names)
