"""What a figure must have before it is proposed: numbers that agree with one another, and an arm that the text shows.

Each proposal begins with the confidence 1 and loses by every piece of evidence that speaks against it; below
:data:`THRESHOLD` it is listed as seen and left out, with the reason that weighs most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from coppice.tools.draft.context import RATIO_FORMS, Case, Document, Doubt, Proposal, Seen, Value
from coppice.tools.draft.outcomes import no_outcome, of_the_course
from coppice.tools.draft.sentences import Sentence
from coppice.tools.draft.tense import complementary, hypothetical, timeless, two_times

THRESHOLD = 0.5
OF_TABLES = ("row of a table", "contrast of a table")
FACTS = ("sample_size", "follow_up", "allocation", "cluster")


def judge(document: Document, text: str, lines: Sequence[Sentence]) -> None:
    """Keep the proposals whose evidence is enough; the rest are listed with their reasons."""
    kept = []
    starts = [line.start for line in lines]
    for item in document.proposals:
        if item.statistic in FACTS:
            kept.append(item)
            continue
        by_size(document, item)
        if item.rule in OF_TABLES:  # its words are those of a header, not of a sentence
            doubts = list(impossible(Case(document, item, "", "", "")))
            if doubts:
                document.seen.append(Seen(item.start, item.end, max(doubts)[1]))
            else:
                kept.append(item)
            continue
        line = lines[max(0, bisect_right(starts, item.start) - 1)]
        begin = max(line.start, text.rfind(";", line.start, item.start) + 1)
        stop = text.find(";", item.end, line.end)
        stop = max(item.end, line.end) if stop < 0 else stop
        case = Case(document, item, text[begin : item.start], text[item.start : item.end], text[item.end : stop])
        doubts = [doubt for check in CHECKS for doubt in check(case)]
        if 1 - sum(weight for weight, _ in doubts) < THRESHOLD:
            document.seen.append(Seen(item.start, item.end, max(doubts)[1]))
        else:
            kept.append(item)
    document.proposals[:] = kept


def number(value: Value | None) -> float | None:
    """Return the number that a field holds, None where it holds none."""
    if value is None:
        return None
    try:
        return float(str(value))
    except ValueError:
        return None


def pair(item: Proposal, key: str) -> tuple[float | None, float | None]:
    """Return a field of both sides."""
    return number(item.fields.get(f"{key}_e")), number(item.fields.get(f"{key}_c"))


def by_size(document: Document, item: Proposal) -> None:
    """Exchange the arms of a pair where the sizes of the arms show that it was read the other way round."""
    control = document.arms.control
    if document.sizes is None or len(document.arms.arms) != 2 or control is None or item.arm != "both":
        return
    sizes = number(document.sizes[1 - control]), number(document.sizes[control])
    if sizes[0] == sizes[1] or item.statistic not in ("counts", "survival", "means", "mean_change"):
        return
    if pair(item, "n") == sizes[::-1]:
        exchange(item)


def exchange(item: Proposal) -> None:
    """Exchange the sides of a pair."""
    other = {"_e": "_c", "_c": "_e"}
    item.fields = {
        key[:-2] + other[key[-2:]] if key[-2:] in other else key: value for key, value in item.fields.items()
    }


def impossible(case: Case) -> Iterator[Doubt]:
    """Yield numbers that can't be: an estimate outside its limits, more events than patients, limits out of order."""
    item, fields = case.item, case.item.fields
    estimate = number(fields.get("estimate"))
    for key, value in fields.items():
        if not isinstance(value, list):
            continue
        low, high = (number(limit) for limit in value)
        middle = estimate if key == "ci" else number(fields.get(f"{MIDDLE.get(item.statistic, 'mean')}{key[-2:]}"))
        if low is not None and high is not None and low > high:
            yield 1.0, "the limits are out of order"
        elif middle is not None and ((low is not None and middle < low) or (high is not None and middle > high)):
            yield 1.0, "the estimate lies outside its interval"
        if key == "ci" and item.statistic in RATIO_FORMS and low is not None and low < 0:
            yield 1.0, "a ratio below zero"
    yield from impossible_sides(item, fields)


def impossible_sides(item: Proposal, fields: dict[str, Value]) -> Iterator[Doubt]:
    """Yield what can't be of one arm: more events than patients, a share above 100%, a median outside its quartiles."""
    for side in ("_e", "_c", ""):
        if f"percent{side}" not in fields and f"n{side}" not in fields and f"q1{side}" not in fields:
            continue
        events, n, percent = (number(fields.get(f"{key}{side}")) for key in ("events", "n", "percent"))
        if events is not None and n is not None and events > n and item.statistic in ("counts", "proportion"):
            yield 1.0, "more events than patients"
        if percent is not None and not 0 <= percent <= 100:
            yield 1.0, "a share above 100%"
        q1, middle, q3 = (number(fields.get(f"{key}{side}")) for key in ("q1", "median", "q3"))
        if q1 is not None and q3 is not None and middle is not None and not q1 <= middle <= q3:
            yield 1.0, "the median lies outside its quartiles"


MIDDLE = {"median_survival": "median", "survival": "survival"}


ALLOTTED = re.compile(r"(?i)[\[(]\s*n\s*=|\b(?:randomi[sz]|assign|allocat|allott|divided|enrol)")


def at_allocation(case: Case) -> Iterator[Doubt]:
    """Yield values inside the statement of who was allocated to what: they describe the arms."""
    item = case.item
    if case.document.sizes_at and item.statistic == "means":
        begin, end = case.document.sizes_at
        if {"n_e", "n_c"} <= set(item.fields) and not ALLOTTED.search(case.head + case.words):
            return
        if begin <= item.start < end and item.end <= end + 60:
            yield 1.0, "description of the arms where they are allocated"


def sizes_agree(case: Case) -> Iterator[Doubt]:
    """Yield events that are more than an arm has patients."""
    document, item = case.document, case.item
    control = document.arms.control
    if document.sizes is None or control is None or item.statistic != "counts" or "n_e" in item.fields:
        return
    for side, indices in (("_e", [i for i in document.sizes if i != control]), ("_c", [control])):
        events = number(item.fields.get(f"events{side}"))
        most = max((number(document.sizes[index]) or 0 for index in indices), default=0)
        if events is not None and most and events > most:
            yield 1.0, "more events than the arm has patients"


OF_PEOPLE = r"(?:patients?|participants?|people|persons?|subjects?|wom[ae]n|m[ae]n|children|infants?|adults?|recipients?|those|individuals?|pts?|volunteers|babies|girls|boys|dogs|pupils|vaccinees|nurses|mothers|cases)"
SAID_OF = re.compile(
    rf"(?i)\W*(?:[\[(][^()\[\]]{{0,25}}[\])]\s*)?(?:of|in|among)? ?(?:the |all |a subset of )?(?:\d+ )?(?:[a-z-]+ )?{OF_PEOPLE} (?:in|on|of|given|with|receiving|taking|treated|assigned|who|after)\b|\W*(?:of|in|among) (?:the )?[\w-]+-(?:treated|assigned|vaccinated) {OF_PEOPLE}\b|\W*(?:of|in) (?:the )?\d"
)
WHOSE = re.compile(
    rf"(?i)\b(?:of|among|in) (?:the |all )?(?:\d+ )?(?:[a-z-]+ )?{OF_PEOPLE} (?:in|on|of|given|with|receiving|taking|treated|assigned)\b[^,;]*,\s*$"
)
VERB = re.compile(
    r"(?i)\)?\s*(?:of (?:patients|participants|children|recipients) )?(?:experienced|developed|reported|suffered)\b"
)
HAPPENED = re.compile(
    r"(?i)\b(?:had|died|occurred|developed|experienced|reported|noted|seen|observed|said|responded|achieved|suffered|relapsed|was|were|rose|fell|adverse|death|relapse)\b"
)


def one_sided(case: Case) -> Iterator[Doubt]:
    """Yield a figure of one arm in a study of two, unless the words around it say of whom it is and what happened."""
    item, head, tail = case.item, case.head, case.tail
    if item.arm not in ("experimental", "control") or case.document.arms.control is None:
        return
    if item.statistic not in ("counts", "means", "person_time", "mean_change"):
        return
    if item.rule in ("no events", "events of an arm", "most common events of an arm"):
        return
    if item.statistic != "counts":
        yield 0.6, "value of one arm without the other's"
        return
    if VERB.match(tail):
        return
    if not (SAID_OF.match(tail) or SAID_OF.match((case.words + tail).lstrip("0123456789.,% ")) or WHOSE.search(head)):
        yield 0.6, "figure of one arm whose patients are not named beside it"
    if not (HAPPENED.search(head) or HAPPENED.search(tail)):
        yield 0.3, "figure of one arm, of which nothing is said to have happened"


CHECKS: tuple[Callable[[Case], Iterator[Doubt]], ...] = (
    impossible,
    at_allocation,
    sizes_agree,
    one_sided,
    no_outcome,
    of_the_course,
    timeless,
    two_times,
    hypothetical,
    complementary,
)
