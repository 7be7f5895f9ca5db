"""The terms of a formula as a reader knows them."""

from __future__ import annotations

import re

LEVEL = re.compile(r"(?:C\((\w+)[^\[\]]*\)|(\w+))\[T\.([^\]]*)\]")  # formulaic's name of a level of a category


def term(name: str) -> str:
    """Print a term of a formula: ``C(type, ...)[T.overt]`` reads `type: overt`, in an interaction too."""
    return LEVEL.sub(lambda match: f"{match[1] or match[2]}: {match[3]}", name)
