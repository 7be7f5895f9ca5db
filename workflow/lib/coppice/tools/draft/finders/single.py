"""Correlations."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.lexer import digits
from coppice.tools.draft.printed import SIGNED, plain

CORRELATION = re.compile(
    rf"(?:\b(?-i:r)(?:\s?s)?\s*=\s*|\b(?:pearson|spearman)[^.;\d]{{0,60}}?(?:was|of|=|,|:)\s*|\bcorrelation coefficients?[^.;\d]{{0,40}}?(?:was|of|=|,|:)?\s*|\brho\s*(?:=|was|of|,)?\s*|\u03c1\s*=\s*)(?P<r>{SIGNED})(?!\s*%)",
    re.I,
)
WITHIN = re.compile(r"(?i)intra-?(?:class|cluster)\s*$|\bICC\b")


def find(context: Context) -> None:
    """Propose correlation coefficients, with the number of pairs beside them."""
    for found in CORRELATION.finditer(context.text):
        value = plain(found["r"])
        if (
            value is None
            or abs(float(value)) > 1
            or WITHIN.search(context.text[max(0, found.start() - 20) : found.start()])
        ):
            continue
        fields: dict[str, Value] = {"r": value}
        end = found.end()
        for token in context.line:
            if found.start() <= token.start < found.end():
                token.taken = True
            elif token.kind == "size" and 0 <= token.start - found.end() < 30:
                fields["n"] = str(digits(token))
                end = token.end
        context.propose("correlation", fields, "all", (found.start(), end), "correlation coefficient")
