"""Data within the page, for its scripts: JSON that no browser runs and no reader sees."""

from __future__ import annotations

import json
from collections.abc import Mapping

from coppice.report.page.html_elements import Html, tag

ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})  # no text ends the element or looks like one


def data_block(kind: str, content: Mapping[str, object], **attributes: object) -> Html:
    """Build a block of data; `kind` is the class by which a script finds it."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return tag("script", Html(text.translate(ESCAPES)), type="application/json", class_=kind, **attributes)
