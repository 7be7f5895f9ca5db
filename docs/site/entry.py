"""One entry of the reference as Markdown: a directive of `docs.site.entries` with its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from docs.pages import linked

MARKS = re.compile(r"([\\*_$\[\]|])")
CODE = re.compile(r"(`[^`]*`|\]\([^)]*\)|\[`)")


def plain(text: str) -> str:
    """Return a text without marks of Markdown, those of code apart."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else MARKS.sub(r"\\\1", part).replace("<", "&lt;").replace(">", "&gt;")
        for part in parts
    )


def code(names: Iterable[str]) -> str:
    """Return names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def source(text: str) -> str:
    """Return a source with its DOI as a link."""
    return linked(text.replace("doi:10.", "10."))


def entry(kind: str, name: str, text: str, facts: Mapping[str, str] | None = None) -> str:
    """Return an entry: its text, then the facts that are not empty in one line."""
    line = ". ".join(f"*{key}*: {fact}" for key, fact in (facts or {}).items() if fact)
    return f"`````{{{kind}}} {name}\n{text}\n{f'{chr(10)}{line}.{chr(10)}' if line else ''}`````\n"
