"""Arms that go by no name: the former, the latter, the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coppice.tools.draft.arms import Arms, Mention

FORMER = re.compile(r"(?i)\bthe (?P<former>former)\b|\bthe (?P<latter>latter)\b")
OTHERS = re.compile(
    r"(?i)\b(?:in|of|by|for|among|with|from|on) (?:the )?(?:others\b|other(?=[.,;:)]|$)|other (?:group|arm|one|condition|schools|villages|wards|practices|half)\b|(?:rest|remainder)\b)"
)


def added(arms: Arms, mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the mentions of a sentence with those by a pronoun, of a study with two arms."""
    if len(arms.arms) != 2:
        return list(mentions)
    result = list(mentions)
    for found in FORMER.finditer(text):
        before = list(dict.fromkeys(m.arm for m in mentions if m.start < found.start()))
        order = before if len(before) == 2 else arms.order
        result.append(Mention(*found.span(), order[0] if found["former"] else order[1]))
    for found in OTHERS.finditer(text):
        near = [m for m in mentions if m.start < found.start()]
        if near:
            result.append(Mention(*found.span(), 1 - near[-1].arm))
    return sorted(result, key=lambda mention: mention.start)
