"""Texts and numbers as R reads them."""

from __future__ import annotations


def r_string(text: str) -> str:
    """Quote a text for R: what it holds is never part of the script."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if " " <= character < "\x7f":
        return character
    return f"\\U{ord(character):08x}" if character != "\0" else " "
