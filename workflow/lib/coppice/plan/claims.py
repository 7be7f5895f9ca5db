"""What the end of a run says of the authors' own sentences: which of them the results contradict, or do not support."""

from __future__ import annotations

from pathlib import Path

from coppice.plan import report
from coppice.report.claims import may_claim, overclaims
from coppice.report.read import read_review
from coppice.review.review import Review


def at_the_end(review: Review, results: Path) -> list[str]:
    """Return a warning for each sentence, unless the configuration accepts it; only results that are there are read."""
    notes = (analysis.settings.get("note") for analysis in review.analyses.values())
    if not may_claim(review.settings["review"], notes):
        return []
    spec = report.page_spec(review)
    analyses = [entry | {"explore": None} for entry in spec["analyses"] if (results / entry["pool"]).is_file()]
    view = read_review(spec | {"analyses": analyses, "extracts": []}, results)
    return [f"WARNING: {item['check']}: {item['sentence']}" for item in overclaims(view) if item["accepted"] is None]
