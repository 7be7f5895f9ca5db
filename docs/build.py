"""Renew what the documentation shows from a finished run: the README's forest plot and the graph of the rules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from docs import layout, pages, pictures, published

from coppice.draw.registry import EVERY_FIGURE, FIGURES

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "results" / "draw" / "os" / "forest.svg"


def rule_graph() -> str:
    """Return the graph of the rules in Mermaid's language."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "--forceall", "--quiet", "all"]
    graph = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return graph[graph.index("---") :].strip()


def caption(name: str) -> str:
    """Return the caption of a figure in Snakemake's report."""
    figure = EVERY_FIGURE[name]
    of = " of the analysis *{{ snakemake.wildcards.analysis }}*" if name in FIGURES else ""
    return f"{figure.title}{of}: {figure.caption}\n"


def main() -> None:
    """Write what the documentation shows of a finished run, and what the tests of published analyses compute."""
    shutil.copyfile(PICTURE, ROOT / "docs" / "forest.svg")
    page = f"# The rules\n\nWhich rule makes what for which: `make docs` renews this page.\n\n```mermaid\n{rule_graph()}\n```\n"
    (ROOT / "docs" / "rulegraph.md").write_text(page, "utf-8")
    pictures.write()
    pages.write(ROOT / "docs")
    published.write()
    layout.write()
    for name in EVERY_FIGURE:
        (ROOT / "workflow" / "report" / f"{name}.rst").write_text(caption(name), "utf-8")


if __name__ == "__main__":
    main()
