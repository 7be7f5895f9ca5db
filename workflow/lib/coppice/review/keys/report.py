"""The key `report`: the formats of the report, and the style of its numbers."""

from __future__ import annotations

from coppice.core.number_style import STYLES
from coppice.core.schema import Choice, Fixed, Key, Listing
from coppice.report.formats import FORMATS

REPORT = Fixed(
    (
        Key(
            "formats",
            Listing(Choice(lambda: FORMATS)),
            "Formats of the report to be made besides the page and the notebook",
            default=[],
        ),
        Key(
            "style",
            Choice(lambda: STYLES),
            "Whose rules the numbers follow: decimal signs, ranges and p values. Default: Coppice's own",
        ),
    )
)
