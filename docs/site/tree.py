"""The sources of the site, assembled from pages that GitHub shows as they are and from the registries."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.site import registries, shapes, text

ROOT = Path(__file__).resolve().parents[2]
SOURCE, HTML = ROOT / "build" / "site" / "source", ROOT / "build" / "site" / "html"
REPORTS = "reports"  # folder of the site
FILES = "files"  # folder of the sources: files of the repository that pages link to
PICTURES = {".svg", ".png"}
# pages beside those of docs/, by their path in the repository
BESIDE = {
    "config/README.md": "configuration.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "index.md",
}
GENERATED: Mapping[str, Callable[[], str]] = {
    "config": shapes.config_page,
    "records": shapes.records_page,
    "statistics": shapes.statistics_page,
    "measures": registries.measures_page,
    "options": registries.options_page,
    "profiles": registries.profiles_page,
    "figures": registries.figures_page,
    "commands": registries.commands_page,
    "formats": registries.formats_page,
    "python": registries.python_page,
}
# the contents: caption, and the pages in their order; a star stands for all pages that no line names
CONTENTS = {
    "Learn": ["start", "tutorials/index", "reports", "howto", "coming_from", "comparison", "gallery"],
    "Reference": [
        "configuration", "reference/config", "reference/records", "reference/statistics", "routes", "checks", "bad_input",
        "reference/measures", "reference/options", "reference/profiles", "reference/figures", "reference/formats",
        "reference/results", "reference/commands", "api", "reference/python",
    ],
    "Methods": ["methods", "published", "coverage", "edges"],
    "Using Coppice": ["page", "draft", "running", "reliability", "security", "dependencies", "upgrading"],
    "Project": ["*", "architecture", "rulegraph", "contributing", "changelog"],
}  # fmt: skip
TREE = "\n```{{toctree}}\n:hidden:\n{options}\n{pages}\n```\n"


def pages() -> dict[str, str]:
    """Return the pages that are files of the repository: from their path there to that in the sources."""
    of_docs = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").rglob("*.md"))
    return (
        {path: path.removeprefix("docs/") for path in of_docs if path != "docs/README.md"}
        | BESIDE
        | {"docs/README.md": "index.md"}
    )


def target_of(path: str) -> str | None:
    """Return where a file of the repository is in the sources, copying it where it is no page; none where it is not there."""
    if path in pages():
        return pages()[path]
    file = ROOT / path
    if file.is_dir():
        return target_of(f"{path}/README.md") if (file / "README.md").is_file() else text.FOLDER
    if not file.is_file():
        return None
    place = f"{FILES}/{path}"
    (SOURCE / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, SOURCE / place)
    return place


def reports() -> dict[str, Path]:
    """Return the reports that are there, by name: the one of the shipped review, and those of the examples."""
    found = {"review": ROOT / "results" / "report" / "report.html"}
    found |= {
        folder.name: folder / "results" / "report" / "report.html" for folder in sorted((ROOT / "examples").glob("*"))
    }
    return {name: file for name, file in found.items() if file.is_file()}


def write(place: str, content: str) -> None:
    """Write one page of the sources."""
    (SOURCE / place).parent.mkdir(parents=True, exist_ok=True)
    (SOURCE / place).write_text(content, "utf-8")


def results_index(names: list[str]) -> str:
    """Return the page that leads to the pages of result files."""
    lines = "\n".join(f"- [{name.removeprefix('result_')}]({name}.md)" for name in names)
    head = "# Result files\n\nWhat `results/` holds: a JSON file per study and outcome, and per analysis and verb, with the same fields in every review.\n\n"
    return head + lines + "\n" + TREE.format(options="", pages="\n".join(names))


def contents(have: set[str]) -> str:
    """Return the lists of pages for the sidebar, in their order; pages that no list names come where the star is."""
    listed = {name for names in CONTENTS.values() for name in names}
    rest = sorted(name for name in have - listed if "/" not in name and name != "index")
    trees = []
    for caption, names in CONTENTS.items():
        there = [name for entry in names for name in (rest if entry == "*" else [entry] if entry in have else [])]
        trees.append(TREE.format(options=f":caption: {caption}\n", pages="\n".join(there)))
    return "".join(trees)


def reports_page(names: list[str]) -> str:
    """Return the page that leads to the reports."""
    lines = [
        f'- <a href="{REPORTS}/{name}/index.html">{"The shipped review" if name == "review" else name.replace("_", " ").capitalize()}</a>'
        for name in names
    ]
    return (
        "# Reports\n\nWhat Coppice makes of a review, as it comes from the run: one file each.\n\n"
        + "\n".join(lines or ["No report was made before this site."])
        + "\n"
    )


def assemble() -> dict[str, Path]:
    """Write the sources of all pages; return the reports to publish beside them."""
    have: set[str] = set()

    def add(place: str, content: str) -> None:
        write(place, content)
        have.add(place.removesuffix(".md"))

    for name, make in GENERATED.items():
        add(f"reference/{name}.md", make())
    results = shapes.results_pages()
    for name, content in results.items():
        target_of(f"workflow/schemas/{name.removeprefix('result_')}.schema.json")
        add(f"reference/{name}.md", content)
    add("reference/results.md", results_index(list(results)))
    there = reports()
    add("reports.md", reports_page(list(there)))
    for path, place in pages().items():
        if path in ("README.md", "docs/README.md"):
            continue
        content = text.without_unknown_languages(text.without_mermaid((ROOT / path).read_text("utf-8")))
        name = Path(place).stem
        if place == f"tutorials/{name}.md" and name in there:
            content = content.replace(
                "\n\n", f'\n\n<a href="../{REPORTS}/{name}/index.html">The report that this review makes</a>\n\n', 1
            )
        add(place, text.with_links(content, path, target_of, place))
    tutorials = SOURCE / "tutorials" / "index.md"
    if tutorials.is_file():
        with tutorials.open("a", encoding="utf-8") as file:
            file.write(TREE.format(options=":glob:\n", pages="*"))
    home = text.with_links((ROOT / "docs" / "README.md").read_text("utf-8"), "docs/README.md", target_of, "index.md")
    write("index.md", home + contents(have))
    return there
