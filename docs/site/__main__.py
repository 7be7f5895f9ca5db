"""Build the site into build/site/html: pages of docs/, the reference from the registries, and the reports that are there."""

from __future__ import annotations

import os
import shutil
import sys
import time

from docs.site.tree import HTML, REPORTS, SOURCE, assemble
from sphinx.cmd.build import build_main

CONF = "docs/site"


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
