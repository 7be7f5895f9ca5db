"""Build the site into build/site/html: pages of docs/, the reference from the registries, and the reports that are there."""

from __future__ import annotations

import os
import shutil
import sys
import time

from docs.site.tree import HTML, REPORTS, SOURCE, assemble
from sphinx.cmd.build import build_main

CONF = "docs/site"
MISSING = {
    'class="caption" role="heading"': 'aria-level="2"',
    '<aside class="sidebar-drawer"': 'aria-label="All pages"',
    '<aside class="toc-drawer"': 'aria-label="On this page"',
    '<aside class="toc-drawer no-toc"': 'aria-label="On this page"',
}
SCROLLING = (
    '<div class="highlight"><pre',
    '<div class="table-wrapper colwidths-auto docutils container"',
)  # what is wider than a telephone
MAIN = '<article role="main" id="furo-main-content">'


def for_screen_readers(page: str) -> str:
    """Return a page of furo with what it leaves out for keyboards and screen readers."""
    for mark, added in MISSING.items():
        page = page.replace(mark, f"{mark} {added}")
    for mark in SCROLLING:
        page = page.replace(mark, f'{mark} tabindex="0"')
    return page if "<h1" in page else page.replace(MAIN, f"{MAIN}<h1>Search</h1>")


def main() -> int:
    """Assemble the sources, let Sphinx make pages of them, and print where they are."""
    begun = time.monotonic()
    shutil.rmtree(SOURCE.parent, ignore_errors=True)
    reports = assemble()
    jobs = str(min(os.cpu_count() or 1, 4))
    code = build_main(
        ["-b", "html", "-c", CONF, "-W", "--keep-going", "-n", "-q", "-j", jobs, str(SOURCE), str(HTML)],
    )
    if code:
        return code
    for page in HTML.rglob("*.html"):
        page.write_text(for_screen_readers(page.read_text("utf-8")), "utf-8")
    for name, report in reports.items():
        target = HTML / REPORTS / name / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(report, target)
    pages = len(list(HTML.rglob("*.html")))
    sys.stdout.write(
        f"site: {pages} pages, {len(reports)} reports, {time.monotonic() - begun:.0f} s: {HTML}/index.html\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
