"""Lines of a registry: an interval that stands alone belongs to the estimate before it."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context
from coppice.tools.draft.printed import INTERVAL, NUMBER
from coppice.tools.draft.printed import plain as digits

ALONE = re.compile(
    rf"(?i)^\W*(?:estimated )?(?:confidence interval|CI)\s*:?\s*(?:\((?P<sided>[12])-sided\))?\s*(?P<level>{NUMBER})\s*%[:,]?\s*{INTERVAL}\W*$"
)
NEAR = 60  # characters between an estimate and an interval of its own line


def interval_alone(context: Context) -> None:
    """Give the interval of a line without other words to the estimate before it, if that has none."""
    proposals = context.document.proposals
    found = ALONE.match(context.text)
    if found is None or not proposals:
        return
    last = proposals[-1]
    if "estimate" not in last.fields or "ci" in last.fields or context.sentence.start - last.end > NEAR:
        return
    last.fields["ci"] = [digits(found["low"]), digits(found["high"])]
    last.end = context.sentence.start + found.end("high")
    if float(found["level"]) != 95:
        last.fields["level"] = f"{float(found['level']) / 100:g}"
    for token in context.line:
        token.taken = True
