"""What the sentence of a figure says of it by its verbs: what was measured stands in the past, what holds anyway in the present."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coppice.tools.draft.context import RATIO_FORMS, Case, Doubt

PASSIVE = re.compile(
    r"(?i)\b(?:is|are|be|been|being) (?:[a-z]+ly |often |usually |commonly |still )*(?:[a-z]+ed|seen|known|thought|taken|given|put|held|cut|found|said|set)\b"
)
BESIDE_NOUN = re.compile(r"(?i)\b(?:the|an?|of|in|with|for|all|most|some|many|\d+) [a-z-]+ed (?=[a-z]+)")
PRESENT = re.compile(
    r"(?i)\b(?:is|are|has|have|does|do|remains?|becomes?|occurs?|affects?|recurs?|relapses|dies?|develops?|gets?|reaches|carries|kills?|strikes?|suffers?|experiences?|lives?|survives?|responds?|yields?|gives?|produces?|runs?|lies|stands?|happen|occur|recur|die|affect|kill|suffer|smoke|live|get|varies|ranges|exceeds|counts?)\b"
)
PAST = re.compile(
    r"(?i)\b(?:was|were|had|did|fell|rose|became|got|lost|bled|felt|stood|came|gave|saw|met|went|ran|made|took|left|grew|led|[a-z]{2,}ed)\b"
)
PERIOD = r"(?:(?:in|within|by|after|during|over|at) (?:the )?(?:first|second|third|next|following|one|two|three|four|five|six|ten|\d+)(?: (?:\d+ )?(?:day|week|month|year)s?)?)"
TWO_PERIODS = re.compile(rf"(?i)[^.;]{{0,30}}\b{PERIOD}\b[^.;]{{0,20}}\band\b")
THEN = re.compile(rf"(?i)\W*(?:[a-z]+ ){{0,2}}?{PERIOD}\b")
TO_FIND = re.compile(
    r"(?i)\b(?:(?:to|would|should|could|might|must|if) (?!be\b|have been\b)(?:have )?(?:[a-z]+ly )?[a-z]+(?: up| out)?|of (?:finding|detecting|seeing|showing|demonstrating|revealing|picking up)) (?:an?|the|any) (?:[a-z]+ ){0,2}$"
)


def timeless(case: Case) -> Iterator[Doubt]:
    """Yield figures of a sentence in the present that names no arm: one child in fifty is allergic."""
    item = case.item
    if item.statistic not in ("counts", "survival", "means", "proportion") or has_interval(case):
        return
    words = case.head + case.words + case.tail
    if case.document.arms.mentions(words):
        return
    bare = BESIDE_NOUN.sub(" ", PASSIVE.sub(" is ", words))
    if PRESENT.search(bare) and not PAST.search(bare):
        yield 0.6, "what holds anyway, in the present and of no arm"


def two_times(case: Case) -> Iterator[Doubt]:
    """Yield a pair that is of two times and no arms: 10% in the first year and 30% within five."""
    words = case.words
    if case.item.arm != "both" or case.item.statistic != "counts" or case.document.arms.mentions(words + case.tail):
        return
    if TWO_PERIODS.search(words) and THEN.match(case.tail):
        yield 0.6, "figures of two times, not of two arms"


def hypothetical(case: Case) -> Iterator[Doubt]:
    """Yield ratios without interval and p value that were to be found, not those that were: to find a hazard ratio of 0.62."""
    fields = case.item.fields
    if case.item.statistic in RATIO_FORMS and not {"ci", "p"} & set(fields) and TO_FIND.search(case.head):
        yield 0.6, "what was to be found, not what was"


def has_interval(case: Case) -> bool:
    """Return whether a figure has limits or a p value of its own."""
    return any(key.startswith(("ci", "se", "sd", "p_op")) for key in case.item.fields)


def complementary(case: Case) -> Iterator[Doubt]:
    """Yield two shares that add up to all patients, where no arm is named: 71% in hospital and 29% at home."""
    fields = case.item.fields
    shares = [float(str(fields[key])) for key in ("percent_e", "percent_c") if key in fields]
    if (
        len(shares) == 2
        and abs(sum(shares) - 100) < 0.05
        and not case.document.arms.mentions(case.head + case.words + case.tail)
    ):
        yield 0.6, "shares of one group that add up to all of it"
