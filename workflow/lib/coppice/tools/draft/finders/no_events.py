"""Events that did not happen, and events that happened in one arm alone."""

from __future__ import annotations

import re

from coppice.tools.draft.arm_words import BOTH
from coppice.tools.draft.context import Context
from coppice.tools.draft.finders.count_words import EVENT, PEOPLE
from coppice.tools.draft.lexer import Token, digits

NO_WORD = re.compile(r"(?i)\bno(?:body|ne|-one)?\b|\bneither\b")
NO_EVENT = re.compile(rf"(?i)\s*(?:[\w-]+ ){{0,3}}?(?:{EVENT}|(?:serious )?adverse events?)\b(?P<rest>[^.;]{{0,80}})")
NOTHING = re.compile(
    r"(?i)\s*(?:[a-z][\w-]*,? ){1,6}?(?=(?:(?:was|were) (?:\w+ )?(?:observed|reported|seen|recorded|noted|found|documented)|occurred|happened|arose|appeared|developed)\b)(?P<rest>[^.;]{0,80})"
)
NO_OUTCOME = re.compile(
    r"(?i)\b(?:significant|differences?|evidence|effects?|benefit|change|interaction|association|correlation|carry-?over|heterogeneity|imbalance|deviations?|signals?)\b"
)
OCCURRED = re.compile(
    r"(?i)\s*(?:(?:were|was) (?:\w+ )?(?:observed|reported|seen|recorded|noted|found|documented)|occurred|happened|arose|appeared|developed|in\b|with\b|among\b|(?P<end>[.,;]?\s*$))"
)
THERE = re.compile(r"(?i)\bthere (?:were|was)\s*$")
NOBODY = re.compile(
    rf"(?i)\bno (?:{PEOPLE}) (?:in|on|of) (?:either|any) (?:group|arm) (?:died|[a-z]+ed|had)\b|\b(?:nobody|no one|no-one|none of (?:the )?(?:{PEOPLE})) (?:in either (?:group|arm) )?(?:died|[a-z]+ed|had)\b|\bthere were no deaths\b|\bneither (?:group|arm|side)(?: of the (?:trial|study))? (?:had|saw|reported|recorded|suffered|experienced) (?:an?|any|a single) (?:[a-z-]+ ){{0,2}}?(?:{EVENT})\b"
)


def none(context: Context) -> None:
    """Propose `no deaths occurred in either group`, and `no deaths` where the text speaks of one arm."""
    if not context.document.arms.arms:
        return
    for token in context.line:
        if token.kind == "word" and not token.taken and str(token["v"]).lower() == "no":
            of_no(context, token)


def of_no(context: Context, token: Token) -> None:
    """Propose the events that the word `no` denies, for the arms of which they are denied."""
    text, document = context.text, context.document
    match = NO_EVENT.match(text, token.end)
    verb = OCCURRED.match(match["rest"]) if match else None
    if verb is None and (match := NOTHING.match(text, token.end)):
        verb = OCCURRED.match(match["rest"])
    if match is None or verb is None or NO_OUTCOME.search(match[0]):
        return
    end = match.start("rest")
    both = BOTH.search(text, token.end, min(len(text), end + 60))
    near = next((m.arm for m in context.mentions if end <= m.start < end + 60), document.spoke_of)
    everybody = not context.mentions and verb["end"] is not None and THERE.search(text[: token.start])
    if document.single:
        fields, arm = {"events": "0"}, "experimental"
    elif both or everybody:
        fields, arm = {"events_e": "0", "events_c": "0"}, "both"
    elif near is not None and match.re is NO_EVENT:
        side = "c" if near == document.arms.control else "e"
        fields, arm = {f"events_{side}": "0"}, "control" if side == "c" else "experimental"
    else:
        return
    token.taken = True
    place = (token.start, both.end() if both and not document.single else end)
    context.propose("proportion" if document.single else "counts", dict(fields), arm, place, "no events")


def nobody(context: Context) -> None:
    """Propose `nobody died` as no events of both arms, where the sentence names none."""
    document = context.document
    found = NOBODY.search(context.text) if NO_WORD.search(context.text) else None
    if (
        found is None
        or context.mentions
        or not document.arms.arms
        or re.search(r"(?i)withdrew|lost|dropped|crossed", found[0])
    ):
        return
    if document.single:
        context.propose("proportion", {"events": "0"}, "experimental", found.span(), "no events")
    else:
        context.propose("counts", {"events_e": "0", "events_c": "0"}, "both", found.span(), "no events")


def all_in_one(context: Context) -> None:
    """Propose `all five were in the placebo group` as none and five."""
    text, document = context.text, context.document
    if len(document.arms.arms) != 2 or document.single:
        return
    for token in context.line:
        if token.kind not in ("number", "word") or token.taken or not (digits(token) or "").isdigit():
            continue
        if re.match(
            r"(?i)\s*(?:\w+ ){0,2}?\w+,? (?:all|both) (?:of (?:whom|them|which) )?(?:were |was )?(?:in|on|with|among|from) ",
            text[token.end :],
        ):
            pass
        elif not re.search(r"(?i)\ball(?: of the)? $", text[: token.start]) or not re.match(
            r"(?i)\s*(?:\w+ ){0,2}?(?:were|was|occurred|being|happened|arose)? ?(?:in|on|with|among|after|under|from|following) ",
            text[token.end :],
        ):
            continue
        near = next((m.arm for m in context.mentions if token.end <= m.start < token.end + 60), None)
        if near is None:
            continue
        here, there = ("c", "e") if near == document.arms.control else ("e", "c")
        token.taken = True
        context.propose(
            "counts",
            {f"events_{here}": str(digits(token)), f"events_{there}": "0"},
            "both",
            (token.start, token.end),
            "all events in one arm",
        )
