"""The sizes of the arms, read from the whole text before its figures: they show whose a count is, and whether it can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coppice.tools.draft.arms import Arms, Mention
from coppice.tools.draft.finders.count_words import EVENT
from coppice.tools.draft.printed import COUNT, plain
from coppice.tools.draft.sentences import Sentence
from coppice.tools.draft.traps import trap_of

WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d%]|\.\d)"
CUE = re.compile(
    r"(?i)\bn\s*=|assign|allocat|randomi|received|were given|\bgiven\b|enrol|recipients|comprised|\bcompared\b|underwent|treated (?:with|by)|\bhad\b|\bput\b|\btook\b|\bgot\b|allotted|were included|entered"
)
AFTER_NAME = re.compile(
    rf"(?i)[^.;()\d]{{0,25}}(?:\((?!\d+\s*m?g\b)[^()]{{0,30}}\)\s*)?[(\[,:\s]*n\s*=\s*(?P<n>{WHOLE})"
)
DOSED = re.compile(rf"(?i)[^;()]{{0,40}}\(\s*n\s*=\s*(?P<n>{WHOLE})")
JUST_AFTER = re.compile(rf"(?:\s*[:,=]?\s+|\s*\()(?P<n>{WHOLE})(?=\s*[),;.]|\s+and\b)")
BEFORE_NAME = re.compile(
    rf"(?i)(?<![\w.,/-])(?P<n>{COUNT})\s+(?!of\b|percent\b|per\b|out\b)(?:(?!and\b|or\b|of \d)[\w'-]+\s+){{0,6}}?(?:\(?the |an? )?$"
)
TAKERS = re.compile(
    rf"(?i)(?<![\w.,/-])(?P<n>{COUNT})(?:\s+(?:other\s+)?(?:patients?|participants|adults|women|men|children|infants|people|subjects|dogs|cats|volunteers)\b[^.;]{{0,90}}?)?\s(?:had|underwent|received|got|took|inhaled|applied|were (?:given|assigned to|allocated to|treated with)|were|wore|used|chose)(?: an?| the)? $"
)
OBSERVED = re.compile(r"(?i)\b(?:died|had|occurred|developed|experienced|reported|events?|deaths?|cases|responded)\b")
OF_EVENTS = re.compile(rf"(?i)\s*(?:[\w-]+ ){{0,2}}?{EVENT}\b")
HAPPENED_IN = re.compile(r"(?i)\b(?:in|among|for|(?<!treated )by) (?:only )?$")
FLOW = re.compile(
    r"(?i)\b(?:assign|allocat|randomi|receiv|given|enrol|recipients|underwent|treated|put on|took|got|allotted|compared)"
)
INTEGERS = re.compile(WHOLE)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes by the number of the arm, and where they stand."""

    by_arm: dict[int, str]
    start: int
    end: int
    total: tuple[int, int] | None = None


def sizes_of(arms: Arms, lines: Sequence[Sentence]) -> Sizes | None:
    """Return the sizes that the first sentence states for every arm; nothing where none does."""
    if len(arms.arms) < 2 or arms.control is None:
        return None
    totals: set[int] = set()
    loose: dict[int, tuple[str, int, int]] = {}
    for line in lines:
        here = {
            int(found[0].replace(",", ""))
            for found in INTEGERS.finditer(line.text)
            if not OF_EVENTS.match(line.text, found.end())
        }
        totals |= here
        if not CUE.search(line.text) and not any(a + b in totals for a in here for b in here if a < 10**7):
            continue
        mentions = arms.mentions(line.text)
        if not mentions or trap_of(line.text) in ("another study", "sample size or power calculation"):
            continue
        named = by_n(line.text, mentions)
        for arm, (value, start, end) in named.items():
            loose.setdefault(arm, (value, line.start + start, line.start + end))
        for found in (
            named,
            takers(line.text, mentions),
            before_names(line.text, mentions, totals),
            after_names(line.text, mentions, totals),
        ):
            if len(found) == len(arms.arms):
                sizes = Sizes(
                    {arm: value for arm, (value, _, _) in found.items()},
                    line.start + min(start for _, start, _ in found.values()),
                    line.start + max(end for _, _, end in found.values()),
                )
                return with_total(sizes, lines)
    if len(loose) == len(arms.arms):
        start, end = min(v[1] for v in loose.values()), max(v[2] for v in loose.values())
        return with_total(Sizes({arm: value[0] for arm, value in loose.items()}, start, end), lines)
    return None


def with_total(sizes: Sizes, lines: Sequence[Sentence]) -> Sizes:
    """Return sizes with the place of the number to which they add up, where the text prints it."""
    total = sum(int(value) for value in sizes.by_arm.values())
    for line in lines:
        for found in INTEGERS.finditer(line.text):
            if int(found[0].replace(",", "")) == total:
                return replace(sizes, total=(line.start + found.start(), line.start + found.end()))
    return sizes


def by_n(text: str, mentions: Sequence[Mention]) -> dict[int, tuple[str, int, int]]:
    """Return sizes of the form X (n = 12)."""
    found: dict[int, tuple[str, int, int]] = {}
    for mention, after in zip(mentions, [*[m.start for m in mentions[1:]], len(text)], strict=True):
        match = AFTER_NAME.match(text, mention.end, after) or DOSED.match(text, mention.end, after)
        if match and mention.arm not in found:
            found[mention.arm] = (str(plain(match["n"])), mention.start, match.end())
    return found


def before_names(text: str, mentions: Sequence[Mention], totals: set[int]) -> dict[int, tuple[str, int, int]]:
    """Return sizes of the form 12 were assigned to X and 13 to Y, in a sentence about who received what."""
    found: dict[int, tuple[str, int, int]] = {}
    flow = FLOW.search(text)
    for mention in mentions:
        begin = max(0, mention.start - 80)
        match = BEFORE_NAME.search(text, begin, mention.start)
        if match is None or mention.arm in found or OBSERVED.search(text, match.start(), mention.start):
            continue
        value = plain(match["n"])
        if HAPPENED_IN.search(text, max(0, match.start() - 30), match.start()):
            continue
        if (
            value is None
            or not value.isdigit()
            or int(value) < 5
            or re.search(r"\d%", text[match.start() : mention.start])
        ):
            continue
        found[mention.arm] = (value, match.start("n"), mention.end)
    places = [start for _, start, _ in found.values()]
    adds_up = len(found) > 1 and sum(int(value) for value, _, _ in found.values()) in totals
    return found if len(set(places)) == len(places) and (flow or adds_up) else {}


def takers(text: str, mentions: Sequence[Mention]) -> dict[int, tuple[str, int, int]]:
    """Return sizes of the form 88 patients with stones had X and 90 had Y: of those who got an arm."""
    found: dict[int, tuple[str, int, int]] = {}
    edge = 0
    for mention in mentions:
        match = TAKERS.search(text, max(edge, mention.start - 140), mention.start)
        if match and mention.arm not in found and (value := plain(match["n"])) and value.isdigit() and int(value) > 4:
            found[mention.arm] = (value, match.start("n"), mention.end)
        edge = mention.end
    return found


def after_names(text: str, mentions: Sequence[Mention], totals: set[int]) -> dict[int, tuple[str, int, int]]:
    """Return sizes of the form (X 12, Y 13) that add up to a number of the text."""
    found: dict[int, tuple[str, int, int]] = {}
    for mention in mentions:
        match = JUST_AFTER.match(text, mention.end)
        if match and mention.arm not in found:
            found[mention.arm] = (str(plain(match["n"])), mention.start, match.end("n"))
    return found if sum(int(value) for value, _, _ in found.values()) in totals else {}
