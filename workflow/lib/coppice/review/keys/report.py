"""The key `report`: the formats of the report, and the style of its numbers."""

from __future__ import annotations

from coppice.core.number_style import STYLES
from coppice.core.schema import Choice, Key, ListOf, Object
from coppice.report.formats import FORMATS

REPORT = Object(
    (
        Key(
            "formats",
            ListOf(Choice(lambda: FORMATS)),
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
