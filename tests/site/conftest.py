"""The site of `make site`, opened from the disk in Chromium with the network refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import browser  # noqa: F401 - a fixture

SITE = Path(__file__).resolve().parents[2] / "build" / "site" / "html"
PAGES = sorted(file.relative_to(SITE).as_posix() for file in SITE.rglob("*.html") if file.parts[-3] != "reports")
OF_SPHINX = {"search.html"}


class Parsed(HTMLParser):
    """The ids of a page, and what it leads to and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.update(filter(None, (values.get("id"), values.get("name") if tag == "a" else None)))
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        elif values.get("src"):
            self.loaded.append(str(values["src"]))
        elif tag == "link" and values.get("href"):
            self.loaded.append(str(values["href"]))


class Site:
    """The pages, each parsed once."""

    @cached_property
    def pages(self) -> dict[str, Parsed]:
        return {name: Parsed((SITE / name).read_text("utf-8")) for name in PAGES}


@pytest.fixture(scope="session")
def site() -> Site:
    return Site()


@dataclass
class Opened:
    """A page, and what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def opened(browser) -> Iterator[Callable[..., Opened]]:  # noqa: F811
    """Return a function that opens a page in a context of its own: width, colour scheme."""
    contexts = []

    def open_(name: str, width: int = 1280, query: str = "", **options: Any) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        shown = Opened(context.new_page())
        shown.page.on("request", lambda request: shown.requests.append(request.url))
        shown.page.on("console", lambda message: shown.complaints.append(message.text))
        shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.page.goto((SITE / name).as_uri() + query)
        return shown

    yield open_
    for context in contexts:
        context.close()
