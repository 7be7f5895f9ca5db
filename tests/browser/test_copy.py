"""Paragraphs for a manuscript in a browser: each is copied by a button of its own."""

from __future__ import annotations

import pytest

from .conftest import REPORT

WIDTH = 1280


@pytest.mark.parametrize("name", ["methods", "references", "results"])
def test_a_paragraph_is_copied_as_it_stands_on_the_page(opened, name):
    page = opened(WIDTH).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{REPORT.as_uri()}#paragraphs")
    page.get_by_role("button", name=f"Copy the {name}").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.locator(f'.paste[data-name="{name}"]').inner_text().strip()
    assert page.evaluate("navigator.clipboard.readText()") == text
