"""Text in CSV files: no cell is a formula to a spreadsheet program, whatever a record holds."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")

FORMULA_STARTS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *(
        "\N{FULLWIDTH EQUALS SIGN}",
        "\N{FULLWIDTH PLUS SIGN}",
        "\N{FULLWIDTH HYPHEN-MINUS}",
        "\N{FULLWIDTH COMMERCIAL AT}",
    ),
)  # OWASP, 'CSV Injection'


def escape_formula(value: Value) -> Value | str:
    """Return a text that a spreadsheet would run with an apostrophe before it, and anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
