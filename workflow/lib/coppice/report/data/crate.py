"""The research object: inputs, workflow, results and how they hang together, in one archive (an RO-Crate)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from coppice.jobs import canonical_json
from coppice.jobs.stable_zip import zipped
from coppice.report.data.crate_graph import METADATA, Packed, graph
from coppice.report.data.provenance import CRATE, result_files
from coppice.report.data.provenance import FILE as PROVENANCE
from coppice.report.report_data import ReviewView

FILE: str = CRATE
RESULTS = "results"  # what the folder of the results is called in it
RECORDED = f"report/{PROVENANCE}"


def crate(review: ReviewView, results: Path) -> bytes:
    """Return the archive of a review and the folder of its results: a zip file without any time.

    The specification names the files that are packed with the results. Unpacked, it is a checkout of the workflow with
    this review, and its results.
    """
    content = {item["name"]: Path(item["file"]).read_bytes() for item in review.spec["packed"]}
    # one that was made by name, and is not asked for, may be older than the rest
    recorded = [RECORDED] if "provenance" in (review.spec.get("formats") or {}) else []
    made = [*result_files(review, results), *recorded]
    content |= {f"{RESULTS}/{name}": (results / name).read_bytes() for name in made}
    files = [Packed(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(content.items())]
    metadata = canonical_json.dumps(graph(review, files)).encode("utf-8")
    return zipped([(METADATA, metadata), *sorted(content.items())])
