"""The built site: no broken link, nothing of another host, legible on a telephone and in the dark, and for everybody."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from .conftest import OF_SPHINX, PAGES, SITE

PHONE, DESK = 375, 1280
JUDGED = [
    name
    for name in ("index.html", "start.html", "howto.html", "methods.html", "coming_from.html", "comparison.html", "gallery.html",
                 "running.html", "reference/options.html", "reports.html", "tutorials/index.html", "search.html")
    if name in PAGES
]  # fmt: skip
BEYOND = """() => [...document.querySelectorAll("article *")]
  .filter((item) => item.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && item.checkVisibility() && !item.closest(".table-wrapper, pre, .formula"))
  .map((item) => item.tagName + " " + item.textContent.slice(0, 60))"""
LUMINANCE = """(of) => getComputedStyle(document.body)[of].match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3"""


def is_elsewhere(address: str) -> bool:
    return bool(urlsplit(address).scheme or urlsplit(address).netloc)


def test_the_site_has_its_pages() -> None:
    assert len(PAGES) > 40
    assert set(JUDGED) >= {"index.html", "start.html", "howto.html", "methods.html", "search.html"}


def test_no_link_is_broken(site) -> None:
    broken = []
    for name, page in site.pages.items():
        for link in page.links:
            if is_elsewhere(link):
                continue
            path, _, anchor = link.partition("#")
            target = (SITE / name).parent / unquote(path.partition("?")[0]) if path else SITE / name
            other = site.pages.get(Path(target).resolve().relative_to(SITE).as_posix())
            if not target.is_file() or (anchor and other and unquote(anchor) not in other.ids):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_every_link_elsewhere_is_secure_and_no_picture_lacks_its_words(site) -> None:
    elsewhere = {link for page in site.pages.values() for link in page.links if is_elsewhere(link)}
    assert elsewhere and [link for link in elsewhere if not link.startswith(("https://", "mailto:"))] == []
    for name in PAGES:
        pictures = re.findall(r"<img [^>]*>", (SITE / name).read_text("utf-8"))
        assert [picture for picture in pictures if not re.search(r'alt="[^"]+"', picture)] == [], name


def test_every_column_of_a_table_has_a_name() -> None:
    empty = r'<th class="head[^"]*"(?: scope="\w+")?>(?:<p></p>)?</th>'
    assert [name for name in PAGES if re.search(empty, (SITE / name).read_text("utf-8"))] == []


def test_nothing_is_loaded_from_another_host(site) -> None:
    loaded = {address for page in site.pages.values() for address in page.loaded}
    assert loaded and [address for address in loaded if is_elsewhere(address) and not address.startswith("data:")] == []
    for style in SITE.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", style.read_text("utf-8")), style


@pytest.mark.parametrize("name", JUDGED)
def test_a_page_asks_nothing_of_another_host_and_complains_of_nothing(opened, name) -> None:
    shown = opened(name)
    assert [url for url in shown.requests if not url.startswith(("file:", "data:"))] == []
    assert shown.complaints == []


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in JUDGED), *((name, "dark") for name in JUDGED[:4])]
)
def test_axe_finds_nothing(opened, name, scheme) -> None:
    page = opened(name, PHONE if scheme == "dark" else DESK, color_scheme=scheme).page
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    violations = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    assert [f"{item['id']}: {item['help']}: {json.dumps(item['nodes'][0]['target'])}" for item in violations] == []


def test_no_page_scrolls_sideways_on_a_telephone(opened) -> None:
    page = opened("index.html", PHONE).page
    wide = {}
    for name in PAGES:
        page.goto((SITE / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > PHONE or page.evaluate(BEYOND):
            wide[name] = page.evaluate(BEYOND)[:3]
    assert wide == {}


def test_the_dark_scheme_is_dark_and_the_light_one_light(opened) -> None:
    for scheme, is_dark in (("dark", True), ("light", False)):
        page = opened("start.html", color_scheme=scheme).page
        paper, ink = page.evaluate(LUMINANCE, "backgroundColor"), page.evaluate(LUMINANCE, "color")
        assert (paper < ink) is is_dark and abs(paper - ink) > 120


def test_formulas_are_mathml_and_no_source_of_them_is_shown(site) -> None:
    text = (SITE / "methods.html").read_text("utf-8")
    assert text.count("<math") > 20
    assert "$$" not in re.sub(r"<annotation.*?</annotation>|<pre.*?</pre>", "", text, flags=re.DOTALL)


def test_the_report_is_published_with_the_site(site) -> None:
    reports = [link for link in site.pages["reports.html"].links if link.startswith("reports/")]
    assert "reports/review/index.html" in reports
    assert all((SITE / link).stat().st_size > 100_000 for link in reports)


def test_every_page_is_in_the_contents(site) -> None:
    contents = {link for link in site.pages["index.html"].links if not is_elsewhere(link)}
    assert [name for name in PAGES if name not in contents and name not in OF_SPHINX | {"index.html"}] == []
