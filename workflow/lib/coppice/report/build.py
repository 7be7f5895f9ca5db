"""The page and its notebook, made by running the notebook's cells in this process: the same bytes every time."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from string import Template
from typing import Any

import jupytext
from nbformat import NotebookNode, from_dict, v4, writes

from coppice.core.errors import CoppiceError
from coppice.jobs import canonical_json
from coppice.report.contents import Entry, contents, title
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.read import RESULTS, SPEC, read_review

TEMPLATE = Path(__file__).parent / "template" / "coppice"
NOTEBOOK_ONLY = "notebook-only"  # the tag of a cell of prose that the page leaves out


def build_report(spec: Path, *, notebook: Path, results: Path, html: Path, ipynb: Path) -> None:
    """Run the notebook's cells and write the page and the notebook with its outputs.

    Parameters
    ----------
    spec : Path
        The report's specification, as JSON.
    notebook : Path
        The source, a jupytext notebook.
    results : Path
        Folder of the results that the specification names.
    html, ipynb : Path
        The files to write.

    Raises
    ------
    CoppiceError
        If a cell fails; the message names the error and the cell.
    """
    with _environment({SPEC: os.fspath(spec), RESULTS: os.fspath(results)}):
        executed = execute(read_source(notebook), notebook.name)
    review = read_review(canonical_json.read(spec), results)
    canonical_json.write_text(html, to_html(executed, title=title(review), sections=contents(review)))
    canonical_json.write_text(ipynb, writes(executed) + "\n")  # type: ignore[no-untyped-call]


def read_source(notebook: Path) -> NotebookNode:
    """Read the notebook; its cells have ids by their place, and its metadata say nothing of a machine."""
    # as text: the name of a module's file from elsewhere ends in its version, which jupytext takes for a format
    source: NotebookNode = jupytext.reads(notebook.read_text("utf-8"), fmt="py:percent")
    for index, cell in enumerate(source.cells):
        cell["id"] = f"cell-{index}"
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}  # what Jupyter opens it with
    source.metadata = from_dict({"kernelspec": kernelspec, "language_info": {"name": "python"}})  # type: ignore[no-untyped-call]
    source.nbformat, source.nbformat_minor = 4, 5  # the first minor version that keeps cell ids
    return source


def execute(source: NotebookNode, name: str) -> NotebookNode:
    """Run the cells one after the other and give each its outputs; `name` is what an error calls the notebook."""
    namespace: dict[str, Any] = {"__name__": "__main__"}  # as in Jupyter
    code_cells = (cell for cell in source.cells if cell.cell_type == "code")
    for number, cell in enumerate(code_cells, start=1):
        place = f"{name}, code cell {number}"
        try:
            value, printed = run_cell(cell.source, namespace, place)
        except CoppiceError:
            raise
        except Exception as error:
            raise CoppiceError(f"the report's notebook failed: {type(error).__name__}: {error} ({place})") from error
        stream = [v4.new_output("stream", name="stdout", text=printed)] if printed else []  # type: ignore[no-untyped-call]
        result = [] if value is None else [v4.new_output("execute_result", display(value), execution_count=number)]  # type: ignore[no-untyped-call]
        cell.update(execution_count=number, outputs=stream + result)
    return source


def run_cell(code: str, namespace: dict[str, Any], place: str) -> tuple[Any, str]:
    """Return the value of the expression that a cell ends in, or None, and what the cell printed."""
    statements = ast.parse(code, place).body
    last = statements.pop() if statements and isinstance(statements[-1], ast.Expr) else None
    printed = StringIO()
    # the source is part of the workflow, like its rules
    with redirect_stdout(printed):
        exec(compile(ast.Module(statements, []), place, "exec"), namespace)  # nosec B102
        expression = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        value = eval(compile(expression, place, "eval"), namespace) if expression else None  # nosec B307
    return value, printed.getvalue()


def display(value: object) -> dict[str, str]:
    """Return what a notebook shows of a value, by media type."""
    if isinstance(value, Html):
        return value._repr_mimebundle_()
    html = {"text/html": value._repr_html_()} if hasattr(value, "_repr_html_") else {}
    return html | {"text/plain": repr(value)}


def to_html(notebook: NotebookNode, *, title: str, sections: list[Entry]) -> str:
    """Turn the executed notebook into one page that needs no other file and no host."""
    style = (TEMPLATE / "style.css").read_text(encoding="utf-8").strip()
    # page.js, which begins with what all of them need, then the others
    scripts = sorted(TEMPLATE.glob("*.js"), key=lambda file: (file.name != "page.js", file.name))
    script = "\n".join(file.read_text(encoding="utf-8").strip() for file in scripts)
    allowed = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    main = _with_plain_quotes("\n".join(part for cell in notebook.cells for part in _parts(cell)))
    page = Template((TEMPLATE / "page.html").read_text(encoding="utf-8")).substitute(
        title=join([title]),
        style=style,
        script=script,
        script_hash=f"sha256-{allowed}",
        contents="\n".join(_entry(*section) for section in _present(sections, main)),
        main=main,
    )
    return "\n".join(line.rstrip() for line in page.splitlines()).strip() + "\n"


def _present(sections: Iterable[Entry], main: str) -> list[Entry]:
    """Leave out the entries of the table of contents whose section has nothing to say and is not on the page."""
    return [
        (id_, title, [entry for entry in below if f'id="{entry[0]}"' in main])
        for id_, title, below in sections
        if f'id="{id_}"' in main
    ]


def _with_plain_quotes(page: str) -> str:
    """Write quotes as themselves wherever they need no escape: not within the quotes of an attribute."""
    return re.sub(r"(>[^<]*)", lambda text: text[0].replace("&#34;", '"'), page.replace("&#39;", "'"))


def _entry(id_: str, title: str, below: list[tuple[str, str]]) -> Html:
    """Return an entry of the table of contents; each link is on a line of its own."""
    lines = ["\n", tag("ul", "\n", join((_entry(*entry, []) for entry in below), "\n"), "\n")] if below else []
    return tag("li", tag("a", title, href=f"#{id_}"), *lines)


def _parts(cell: NotebookNode) -> Iterator[str]:
    """Yield what the page shows of a cell: its outputs, never its code."""
    if cell.cell_type == "markdown" and NOTEBOOK_ONLY not in cell.metadata.get("tags", []):
        from markdown_it import MarkdownIt  # only for a notebook to which a reader adds prose

        yield MarkdownIt().render(cell.source).strip()
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        yield data.get("text/html") or tag("pre", output.get("text") or data["text/plain"])


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for as long as the notebook runs."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
