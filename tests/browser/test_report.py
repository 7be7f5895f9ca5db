"""The page in a real browser: nothing refused, nothing asked of another host, and it fits a phone."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = 375  # CSS pixels, the width of a small phone
MEASURE = """<!doctype html><iframe id="page" src="{page}" style="width:{width}px;height:3000px;border:0"></iframe><script>
document.getElementById("page").onload = (event) => {{
  const page = event.target.contentDocument;
  const heading = page.querySelector("#table-effects-os thead button");
  const order = () => [...page.querySelectorAll("#table-effects-os tbody th")].map((cell) => cell.textContent);
  const found = {{width: page.documentElement.scrollWidth, before: order(), buttons: page.querySelectorAll("thead button").length}};
  heading.click(); found.up = order(); heading.click(); found.down = order();
  const out = document.createElement("pre"); out.id = "found"; out.textContent = JSON.stringify(found); document.body.append(out);
}};
</script>"""

REPORT = Path(__file__).resolve().parents[2] / "results" / "report" / "report.html"


def browse(address: Path, profile: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page with the network refused and return what the browser printed."""
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--allow-file-access-from-files",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", "--enable-logging=stderr", *options, address.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Return what the page says of itself on a phone, and what the browser logged."""
    folder = tmp_path_factory.mktemp("browser")
    frame = folder / "frame.html"
    frame.write_text(MEASURE.format(page=REPORT.as_uri(), width=PHONE), encoding="utf-8")
    done = browse(frame, folder / "profile", "--virtual-time-budget=5000", "--dump-dom")
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout)
    assert found, done.stdout[-2000:]
    return json.loads(html.unescape(found[1])), done.stderr


def test_the_page_fits_a_phone_without_sideways_scrolling(measured: tuple[dict[str, Any], str]) -> None:
    assert measured[0]["width"] <= PHONE


def test_tables_sort_by_the_heading_that_is_pressed(measured: tuple[dict[str, Any], str]) -> None:
    found, _ = measured
    assert found["buttons"] > 0
    assert found["up"] == sorted(found["before"])
    assert found["down"] == sorted(found["before"], reverse=True)


def test_the_browser_refuses_nothing_and_reports_no_error(measured: tuple[dict[str, Any], str]) -> None:
    assert not re.search(r"CONSOLE.*(?:error|refused|violat)", measured[1], re.IGNORECASE)


def test_printing_gives_a_document(tmp_path: Path) -> None:
    browse(
        REPORT,
        tmp_path / "profile",
        "--no-pdf-header-footer",
        f"--print-to-pdf={tmp_path / 'report.pdf'}",
    )
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
