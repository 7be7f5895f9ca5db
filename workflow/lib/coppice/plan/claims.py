"""What `check` and the end of a run say of the authors' own sentences: which of them the results contradict, or do not support."""

from __future__ import annotations

from pathlib import Path

from coppice.core.contracts.extract import CheckFinding
from coppice.plan import report
from coppice.report.claims import may_claim, overclaims
from coppice.report.read import read_review
from coppice.review.review import Review


def findings(review: Review, results: Path) -> list[CheckFinding]:
    """Return a finding for each sentence; only results that are there are read, and none unless a text may claim something."""
    notes = (analysis.settings.get("note") for analysis in review.analyses.values())
    if not may_claim(review.settings["review"], notes):
        return []
    spec = report.page_spec(review)
    analyses = [entry | {"explore": None} for entry in spec["analyses"] if (results / entry["pool"]).is_file()]
    return overclaims(read_review(spec | {"analyses": analyses, "extracts": []}, results)) if analyses else []


def at_the_end(review: Review, results: Path) -> list[str]:
    """Return a warning for each sentence, unless the configuration accepts it."""
    items = findings(review, results)
    return [f"WARNING: {item['check']}: {item['sentence']}" for item in items if item["accepted"] is None]
