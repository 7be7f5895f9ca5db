"""The arms of a text whose reader was not told them: from the sentence that assigns patients to them."""

from __future__ import annotations

import re

from coppice.tools.draft.arms import Arm, Arms

NAME = r"(?:(?!or\b|and then\b|versus\b|vs\b|for\b|in a\b|at a\b|compared\b)[A-Za-z0-9][\w+/-]*[ ]?){1,5}"
PATTERNS = tuple(
    re.compile(text, re.I)
    for text in (
        rf"(?:randomly assigned|randomi[sz]ed|assigned|allocated)(?: [\w ]{{0,40}})?(?: \(?\d:\d\)?| in a \d:\d ratio)?,? to (?:receive |undergo )?(?:either )?(?P<a>{NAME})(?:\([^)]*\) ?)?(?:or|versus|vs\.?) (?P<b>{NAME})",
        rf"\bcompared (?P<a>{NAME})(?:with|to|versus|and) (?P<b>{NAME})",
        rf"\bin the (?P<a>{NAME})(?:group|arm)\b.{{1,80}}?\bin the (?P<b>{NAME})(?:group|arm)",
        rf"\d%? (?:\([^)]*\) )?(?:with|on|for) (?P<a>{NAME})(?:and|vs\.?|versus|,) [\d.]+%? (?:\([^)]*\) )?(?:with|on|for) (?P<b>{NAME})",
    )
)
CONTROL = re.compile(
    r"(?i)placebo|sham|control|usual|standard|observation|no |vehicle|comparator|best supportive|alone$"
)
NOISE = re.compile(
    r"(?i)^(?:the|a|an|one|receive|dose of|oral|treatment with)\s+|\s+(?:group|arm|daily|once|twice|weekly|in|on|at|was|were|and|to|for|with|of|over|during|after)$|\s+\d+\s?(?:mg|ug).*$"
)


def guessed(text: str) -> Arms:
    """Return the arms that a text names where it assigns or compares; none where it does neither."""
    for pattern in PATTERNS:
        if found := pattern.search(text):
            names = [cleaned(found["a"]), cleaned(found["b"])]
            if all(len(name) > 2 for name in names) and names[0].lower() != names[1].lower():
                if CONTROL.search(names[0]) and not CONTROL.search(names[1]):
                    names.reverse()
                return Arms([Arm(names[0], "experimental"), Arm(names[1], "control")])
    return Arms([])


def cleaned(name: str) -> str:
    """Return a name without the words around it."""
    last = ""
    while name != last:
        last, name = name, NOISE.sub("", name.strip())
    return name.strip()
