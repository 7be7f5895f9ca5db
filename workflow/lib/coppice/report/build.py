"""Execute the report's notebook and write it as a page and as a notebook, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import jupytext
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbformat import NotebookNode, from_dict, writes

from coppice.core.errors import CoppiceError
from coppice.jobs import canonical_json
from coppice.report.contents import contents, title
from coppice.report.report_data import RESULTS, SPEC, read_review

TEMPLATES = Path(__file__).parent / "template"
SECONDS_FOR_A_CELL = 600  # far above any real report, so that a hanging kernel ends a job and not a night


class RunningPython(KernelSpecManager):
    """The python that runs this as the only kernel there is, whatever kernels a user has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of the running python."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


def build_report(spec: Path, *, notebook: Path, results: Path, html: Path, ipynb: Path) -> None:
    """Execute the notebook and write the page and the executed notebook.

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
        If a cell fails; the message names the cell and the error.
    """
    executed = execute(read_source(notebook), spec=spec, results=results)
    review = read_review(canonical_json.read(spec), results)
    canonical_json.write_text(html, to_html(executed, title=title(review), sections=contents(review)))
    canonical_json.write_text(ipynb, writes(executed) + "\n")  # type: ignore[no-untyped-call]


def read_source(notebook: Path) -> NotebookNode:
    """Read the notebook, its cells named by their place, without anything of the machine it was written on."""
    # as text: the name of a module's file from elsewhere ends in its version, which jupytext takes for a format
    source: NotebookNode = jupytext.reads(notebook.read_text("utf-8"), fmt="py:percent")
    for index, cell in enumerate(source.cells):
        cell["id"] = f"cell-{index}"
    source.metadata = from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})  # type: ignore[no-untyped-call]
    source.nbformat, source.nbformat_minor = 4, 5  # the first minor version that keeps cell ids
    return source


def execute(source: NotebookNode, *, spec: Path, results: Path) -> NotebookNode:
    """Run the cells in a kernel of the running python, with nothing of the user's own start-up files."""
    with tempfile.TemporaryDirectory(prefix="coppice-") as folder:
        environment = os.environ | {
            SPEC: os.fspath(spec.resolve()),
            RESULTS: os.fspath(results.resolve()),
            "IPYTHONDIR": folder,
            "JUPYTER_CONFIG_DIR": folder,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        manager = AsyncKernelManager(
            kernel_spec_manager=RunningPython(), transport="ipc", connection_file=str(Path(folder, "kernel.json"))
        )
        client = NotebookClient(
            source,
            km=manager,
            timeout=SECONDS_FOR_A_CELL,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
        )
        try:
            executed: NotebookNode = client.execute(cleanup_kc=True, env=environment, cwd=str(Path.cwd()))
        except CellExecutionError as error:
            raise CoppiceError(f"the report's notebook failed: {error.ename}: {error.evalue}") from error
    executed.metadata.language_info = {"name": "python"}
    for cell in executed.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [
                output for output in cell.outputs if output.output_type != "stream" or output.name != "stderr"
            ]
    return executed


def to_html(notebook: NotebookNode, *, title: str, sections: Any) -> str:
    """Turn the executed notebook into one page that asks no other file and no host for anything."""
    exporter = HTMLExporter(template_name="coppice", extra_template_basedirs=[str(TEMPLATES)], exclude_input=True)  # type: ignore[no-untyped-call]
    style, script = (
        (TEMPLATES / "coppice" / name).read_text(encoding="utf-8").strip() for name in ("style.css", "page.js")
    )
    allowed = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    shown = {"title": title, "contents": sections, "style": style, "script": script, "script_hash": f"sha256-{allowed}"}
    body, _ = exporter.from_notebook_node(notebook, {"coppice": shown})
    return "\n".join(line.rstrip() for line in str(body).splitlines()).strip() + "\n"
