"""The picture of the library's folders in docs/architecture.md, made from the imports of its modules."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "workflow" / "lib" / "coppice"
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- picture: made by docs/layout.py -->\n", "<!-- end of the picture -->\n"
VERBS = ("extract", "pool", "explore", "draw", "report")
PURPOSE = {
    "core": "the vocabulary that all share",
    "jobs": "runs one job",
    "extract": "figures to effects",
    "pool": "effects to estimates",
    "explore": "what the estimates depend on",
    "draw": "figures",
    "report": "page, manuscript, tables",
    "review": "reads what people write",
    "plan": "which jobs there are, and what each reads",
    "api": "the verbs for Python users",
    "tools": "the commands beside the five verbs",
}


def folders() -> list[str]:
    """Return the names of the library's folders, in the order of `PURPOSE`; one without a purpose is an error."""
    names = {file.parent.name for file in LIBRARY.glob("*/__init__.py")}
    if names != PURPOSE.keys():
        raise ValueError(f"docs/layout.py: describe these folders in PURPOSE: {sorted(names ^ PURPOSE.keys())}")
    return list(PURPOSE)


def imported(file: Path) -> set[str]:
    """Return the folders of the library that a module imports, within functions too."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("coppice.")} & PURPOSE.keys()


def arrows() -> Counter[tuple[str, str]]:
    """Return how many modules of one folder import another folder."""
    return Counter(
        (folder, target)
        for folder in folders()
        for file in sorted((LIBRARY / folder).rglob("*.py"))
        for target in imported(file) - {folder}
    )


def direct(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows that no path of other arrows replaces, so that the picture can be read."""

    def reaches(start: str, goal: str, without: tuple[str, str]) -> bool:
        following = [target for source, target in pairs if source == start and (source, target) != without]
        return any(target == goal or reaches(target, goal, without) for target in following)

    return {pair for pair in pairs if not reaches(*pair, without=pair)}


def picture() -> str:
    """Return the folders and the imports between them as a Mermaid graph."""
    pairs = set(arrows())
    nodes = [f'    {name}["<b>{name}/</b><br>{PURPOSE[name]}"]' for name in folders()]
    drawn = [f"    {source} --> {target}" for source, target in sorted(direct(pairs))]
    verbs = f"    class {','.join(VERBS)} verb"
    style = "    classDef verb stroke-width:3px"
    return "\n".join(["```mermaid", "flowchart TB", *nodes, *drawn, style, verbs, "```", ""])


def with_picture(text: str) -> str:
    """Return the text of the page with the picture renewed."""
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    return f"{head}{START}\n{picture()}\n{END}{tail}"


def write() -> None:
    """Renew the picture in docs/architecture.md."""
    PAGE.write_text(with_picture(PAGE.read_text("utf-8")), "utf-8")
