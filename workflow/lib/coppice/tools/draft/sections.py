"""Sections of a structured abstract: of background and methods no number is a result, where results follow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coppice.tools.draft.sentences import Sentence

BACKGROUND = r"(?:background|introduction|importance|rationale|context|objectives?|aims?|purpose|question|hypothesis|what is (?:already )?known(?: on this topic)?|study question)"
METHODS = r"(?:methods?|materials? and methods?|patients and methods?|design(?:,? setting,?(?: and)? participants)?|setting|participants and power|participants|subjects|sample|procedures?|interventions?|main outcome measures?|main outcomes?(?: and measures?)?|outcome measures?|exposures?|statistical analysis|trial design(?: and sample size)?|sample size|study design)"
RESULTS = r"(?:results?|findings?|main results?|methods and (?:results|findings)|efficacy|safety|conclusions?|interpretation|meaning|discussion|implications|clinical relevance|what this study adds|limitations)"
HEADING = re.compile(
    rf"^[\W\d]*(?:(?P<results>{RESULTS})|(?P<background>{BACKGROUND})|(?P<methods>{METHODS})|(?P<other>(?-i:[A-Z])[a-z]+(?: [a-z]+)?(?=:)))(?:\s*\([A-Za-z ]+\))?(?P<end>\s*(?:[:.,|-]+\s|\n|$)|\s+(?=[A-Z0-9(\"]))",
    re.I,
)
NAMES = ("background", "methods", "results", "other")
REASONS = {"background": "section on the background", "methods": "section on the methods"}


def heading(text: str) -> str:
    """Return the section that a sentence opens: `background`, `methods` or `results`; empty where it opens none."""
    found = HEADING.match(text)
    if found is None or not text.lstrip(" \t\n\r*#0123456789.")[:1].isupper():
        return ""
    if not re.match(r"\s*[:.,|-]+\s|\s*\n|\s*$", found["end"]) and text[found.end() : found.end() + 1].islower():
        return ""
    return next(name for name in NAMES if found[name])


def left_out(lines: Sequence[Sentence]) -> list[str]:
    """Return why each sentence holds no results, empty where it may.

    A section counts only where a heading of results follows it: without one, `Methods` may open the whole text.
    """
    opened = [heading(line.text) for line in lines]
    last = max((place for place, name in enumerate(opened) if name == "results"), default=-1)
    reasons, current = [], ""
    for place, name in enumerate(opened):
        current = name or current
        reasons.append(REASONS.get(current, "") if place < last else "")
    return reasons
