"""Whether the title of an analysis reads in a sentence as what happens to a patient."""

from __future__ import annotations

import re

from coppice.core.roles import MAIN

# Measures of an event that each patient has or not; then those of times to an event and of rates of events.
COUNTED = frozenset({"RR", "OR", "RD"})
OF_EVENTS = COUNTED | {
    "HR", "PETO", "AS", "PHI", "YUQ", "YUY", "RTET", "PBIT", "MPRR", "MPOR", "MPRD", "MPORC", "MPPETO", "IRR", "IRD", "IRSD",
}  # fmt: skip

# A title with one of these names an analysis or a comparison: "infection, meta-regression", "drug against placebo".
QUALIFIED = re.compile(
    r"[,;:()\[\]/|_\N{EN DASH}\N{EM DASH}]|\s-\s|\b(?:meta-?\w+|regression|sensitivity|subgroups?|analys[ei]s|models?|main|overall|all|only|"
    r"versus|vs|against|compared|without|excluding|including|stud(?:y|ies)|trials?|randomi[sz]ed|adjusted|primary|secondary|"
    r"outcomes?|ratios?|risks?|odds|rates?|proportions?|effects?|by)\b",
    re.IGNORECASE,
)


def is_event(title: str, role: str) -> bool:
    """Return whether a title reads as an event: that of a main analysis, without a qualification."""
    return role == MAIN and not QUALIFIED.search(title)
