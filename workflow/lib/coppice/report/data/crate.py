"""The research object: inputs, workflow, results and how they hang together, in one archive (an RO-Crate)."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from coppice.jobs import canonical_json
from coppice.report.data.crate_graph import METADATA, Packed, graph
from coppice.report.data.provenance import CRATE, result_files
from coppice.report.data.provenance import FILE as PROVENANCE
from coppice.report.data.spreadsheet import EPOCH
from coppice.report.report_data import ReviewView

FILE = CRATE
RESULTS = "results"  # what the folder of the results is called in it
RECORDED = f"report/{PROVENANCE}"


def crate(review: ReviewView, results: Path) -> bytes:
    """Return the archive.

    Parameters
    ----------
    review : ReviewView
        The review, whose specification names the files that are packed beside the results.
    results : Path
        Folder of the results.

    Returns
    -------
    bytes
        A zip file without any time, whose root is that of the research object: unpacked, it is a checkout of the
        workflow with this review, and its results.
    """
    content = {item["name"]: Path(item["file"]).read_bytes() for item in review.spec["packed"]}
    # one that was made by name, and is not asked for, may be older than the rest
    recorded = [RECORDED] if "provenance" in (review.spec.get("formats") or {}) else []
    made = [*result_files(review, results), *recorded]
    content |= {f"{RESULTS}/{name}": (results / name).read_bytes() for name in made}
    files = [Packed(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(content.items())]
    said = canonical_json.dumps(graph(review, files)).encode("utf-8")
    return zipped([(METADATA, said), *sorted(content.items())])


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive of files by name, the same for the same content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
