"""How pandoc is called: the markup that it reads, and the same output whatever else is installed on a machine."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from coppice.core.errors import CoppiceError
from coppice.report.manuscript.manuscript import Manuscript
from coppice.report.manuscript.markup import Element, to_html
from coppice.report.manuscript.widths import widths
from coppice.report.page.html_elements import Html, tag

TEMPLATE = Path(__file__).parents[1] / "template" / "manuscript"
KEPT = ("id", "href", "class", "alt", "src")  # the attributes that the filters read
ADDRESS = re.compile(r"https?://")
OPTIONS = ("--from=html-auto_identifiers", "--wrap=none")


def convert(markup: Html, to: str, *options: str, folder: Path | None = None) -> bytes:
    """Return what pandoc makes of markup with our filter of the format.

    Parameters
    ----------
    markup : Html
        What :func:`markup_of` returned.
    to : str
        Pandoc's name of the format, which is the filter's too.
    *options : str
        Further options.
    folder : Path, optional
        Where the pictures lie, if pandoc reads them.

    Raises
    ------
    CoppiceError
        If pandoc fails.
    """
    import pypandoc

    # the one that comes with pypandoc, whose version the lock file records, rather than a newer one of the machine
    bundled = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    program = str(bundled) if bundled.exists() else pypandoc.get_pandoc_path()
    with TemporaryDirectory(prefix="coppice-") as empty:  # in place of the user's own templates and reference document
        own = [f"--to={to}", f"--lua-filter={TEMPLATE / to}.lua", f"--data-dir={empty}", "--output=-"]
        environment = os.environ | {"SOURCE_DATE_EPOCH": "0"}  # no output says when it was made
        run = subprocess.run(
            [program, *OPTIONS, *own, *options],
            input=str(markup).encode("utf-8"),
            capture_output=True,
            check=False,
            cwd=folder,
            env=environment,
        )
    if run.returncode:
        raise CoppiceError(f"pandoc could not write the manuscript: {run.stderr.decode('utf-8', 'replace').strip()}")
    return run.stdout


def markup_of(text: Manuscript, rooms: tuple[int, int], picture: Callable[[Element], str]) -> Html:
    """Return the markup that pandoc reads.

    `rooms` are the characters of a table in a line of the page, upright and turned; `picture` gives a picture's file.
    """
    parts = (text.upright, text.turned)
    ids = {f"#{element.attributes['id']}" for part in parts for element in part.walk() if "id" in element.attributes}
    upright, turned = (
        [to_html(_prepared(child, ids, room, picture)) for child in part.children]
        for part, room in zip(parts, rooms, strict=True)
    )
    head = tag("head", tag("title", text.title), *(tag("meta", name_="author", content=name) for name in text.authors))
    return tag("html", head, tag("body", *upright, tag("div", *turned, class_="turned")), lang="en-GB")


def _prepared(node: Element | str, ids: set[str], room: int, picture: Callable[[Element], str]) -> Element | str:
    """Return an element with what pandoc reads of it: a link that leads nowhere is text, and columns have widths."""
    if isinstance(node, str):
        return node
    attributes = {key: value for key, value in node.attributes.items() if key in KEPT}
    prepared = Element(node.name, attributes, [_prepared(child, ids, room, picture) for child in node.children])
    href = attributes.get("href", "")
    if node.name == "a" and href not in ids and not ADDRESS.match(href):
        return Element("span", {}, prepared.children)
    if node.name == "p" and attributes:  # pandoc keeps no attributes of a paragraph
        return Element("div", attributes, [Element("p", {}, prepared.children)])
    if node.name == "img":
        attributes["src"] = picture(node)
    if node.name == "table":
        shares = widths([[cell.text() for cell in row.named("th", "td")] for row in node.named("tr")], room)
        columns = [Element("col", {"style": f"width: {100 * share:.4f}%"}) for share in shares]
        prepared.children.insert(1, Element("colgroup", {}, [*columns]))
    return prepared
