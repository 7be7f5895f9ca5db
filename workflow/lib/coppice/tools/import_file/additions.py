"""New reports, outcomes and judgements in the text of a record that people wrote: its lines stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coppice.core.errors import BadInput
from coppice.review.strict_yaml import loads
from coppice.tools.import_file.yaml_text import dump

PARTS = ("reports", "outcomes")


def _end_of(lines: list[str], start: int) -> int:
    """Return the index after the last line of the block that begins at a line; comments and blank lines after it are not its own."""
    end = start + 1
    for place in range(start + 1, len(lines)):
        if lines[place].strip() and not lines[place].startswith((" ", "#")):
            break
        if lines[place].startswith(" ") and lines[place].strip():
            end = place + 1
    return end


def with_additions(text: str, present: Mapping[str, Any], merged: Mapping[str, Any]) -> str | None:
    """Return the text of a record with the reports, outcomes and missing keys that were added to it; None if more has changed."""
    lines = text.splitlines()
    for part in [key for key, value in merged.items() if value is not None and present.get(key) is None]:
        null = re.compile(rf"{part}:\s*(?:null|~)?\s*(?:#.*)?$")
        place = next((number for number, line in enumerate(lines) if null.match(line)), len(lines))
        lines[place : place + 1] = dump({part: merged[part]}).splitlines()
    for part in PARTS:
        old, new = present.get(part), merged.get(part)
        if old == new or old is None:
            continue
        start = next(
            (place for place, line in enumerate(lines) if re.match(rf"{part}:\s*(?:\{{\s*\}}\s*)?(?:#.*)?$", line)),
            None,
        )
        if start is None or not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return None
        lines[start] = re.sub(r"\{\s*\}", "", lines[start]).rstrip()
        added = dump({part: {key: value for key, value in new.items() if key not in old}}).splitlines()[1:]
        end = _end_of(lines, start)
        indent = re.match(r" *", lines[start + 1])[0] if end > start + 1 else "  "  # type: ignore[index]
        lines[end:end] = [f"{indent}{line[2:]}" for line in added]
    result = "\n".join(lines) + "\n"
    try:
        return result if loads(result, "record").data == merged else None
    except BadInput:
        return None
