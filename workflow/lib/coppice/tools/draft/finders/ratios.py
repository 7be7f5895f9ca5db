"""Ratios of the arms by their names: hazard, risk, odds and rate ratios, and ratios of means."""

from __future__ import annotations

import re

from coppice.tools.draft.context import ADJUSTED, Context, Value
from coppice.tools.draft.finders.p_values import following, only_before
from coppice.tools.draft.lexer import Token, digits, level, limits

FORMS = ("hazard_ratio", "risk_ratio", "odds_ratio", "rate_ratio", "ratio_of_means")
REACH = 130
AGAIN = re.compile(
    r"(?i)^[^.;:\d]{0,90}?\b(?:it|the (?:adjusted one|corresponding|same)|one|that|this) (?:\w+ ){0,2}(?:was|were|became|of|changed)\b|\bthe (?:\w+ )?(?:ratio|estimate) (?:\w+ ){0,2}(?:was|were|became|of|changed|fell|rose)\b|\bcorresponding (?:ratio|estimate|value)s?\b|\badjusted (?:one|estimate|ratio)\b|\b(?:multivariable|multivariate|adjust\w+|regression|model|analysis)\b[^.;:]{0,90}\b(?:gave|returned|yielded|produced|showed|resulted in|was|came to)\b"
)
NOT_THIS = re.compile(
    r"(?i)\b(?:assum\w+|expected|hypothesi[sz]ed|critical|target|margin|to detect|ruled out|rule out|exclude|excluding|upper (?:bound|limit)|threshold)\W+(?:\w+\W+){0,4}$"
)


def label_form(token: Token) -> str:
    """Return the form that a label names."""
    return token.kind.partition(":")[2]


def inverted(context: Context, label: Token, number: Token) -> bool:
    """Return whether a ratio is printed as control over experimental."""
    arms, text = context.document.arms, context.text[label.start : number.start]
    inside = [m for m in context.mentions if label.end <= m.start < number.start]
    if not inside or arms.control is None:
        return False
    first_control = inside[0].arm == arms.control
    if re.search(r"(?i)\b(?:as|taking|taken as) (?:the )?reference|\breference\b", text):
        word = context.text.lower().index("reference", label.start)
        reference = min(inside, key=lambda mention: abs(mention.end - word))
        other = next((m for m in inside if m.arm != reference.arm), None)
        return first_control if other is None else other.arm == arms.control
    if len(inside) > 1 and inside[1].arm != inside[0].arm and first_control:
        join = context.text[inside[0].end : inside[1].start]
        return bool(
            re.search(r"(?i)\b(?:vs\.?|versus|over|relative to|compared (?:with|to)|against|divided by|to)\b|/", join)
        )
    return False


MORE = re.compile(
    r"(?i)\b(?:(?P<more>higher|greater|more (?:common|frequent|likely|often)|increased|raised)|(?P<less>lower|less (?:common|frequent|likely|often)|rarer|reduced|fewer))\b"
)
HAZARD = re.compile(r"(?i)\b(?:hazard|risk|odds|rates?|incidence|likely|chance|frequent|common|often)\b")
CARRIED = re.compile(
    r"(?i)(?: group| arm| patients| recipients)?(?: \w+){0,2}? (?:carried|had|was|were|showed|conferred|meant|led to|brought|gave|entailed|caused)(?: [^,;.()\d]*)? ?"
)
WITH_ARM = re.compile(r"(?i)\b(?:with|in|on|among|for|under|after|given) (?:the |those (?:on|given) )?$")
BESIDES = re.compile(r"(?i)^\W*(?:as )?(?:compared|relative|in comparison) (?:with|to) (?:the )?$")


def of_control(context: Context, label: Token, value: float) -> bool:
    """Return whether the words say that the risk is that of the control: warfarin carried a higher hazard (HR 1.33)."""
    text, control = context.text, context.document.arms.control
    begin = max(text.rfind(";", 0, label.start) + 1, label.start - 150, 0)
    words = list(MORE.finditer(text, begin, label.start))
    if control is None or len(words) != 1 or not HAZARD.search(text, words[0].start(), label.start):
        return False
    word = words[0]
    after = next((m for m in context.mentions if word.end() <= m.start < label.start), None)
    before = [m for m in context.mentions if begin <= m.start < word.start() and not BESIDES.match(text[: m.start])]
    if after is not None and WITH_ARM.search(text, word.end(), after.start):
        return after.arm == control and (value > 1) == bool(word["more"])
    if not before or before[-1].arm != control or after is not None:
        return False
    return bool(CARRIED.fullmatch(text, before[-1].end, word.start())) and (value > 1) == bool(word["more"])


def adjusted(context: Context, begin: int, end: int) -> bool | None:
    """Return whether the text calls an estimate adjusted, or unadjusted; None where it says neither."""
    near = list(ADJUSTED.finditer(context.text, max(0, begin - 45), begin)) or list(
        ADJUSTED.finditer(context.text, begin, min(len(context.text), end + 30))
    )
    if not near:
        near = [
            match
            for match in ADJUSTED.finditer(context.text, 0, begin)
            if re.match(r"(?i)\W*(?:after|with|following)\b", context.text)
        ][-1:]
    return None if not near else not near[-1][0].lower().startswith("un")


def estimate_fields(number: Token) -> tuple[dict[str, Value], int]:
    """Return estimate, interval and level of a number, and where they end."""
    fields: dict[str, Value] = {"estimate": str(digits(number))}
    end = number.end
    interval = number.of.get("ci") or number.of.get("bracket")
    if interval is not None:
        fields["ci"] = limits(interval)
        if (at := level(interval)) is not None:
            fields["level"] = at
        interval.taken = True
        end = interval.end
    return fields, end


DIRECT = re.compile(
    r"(?i)[\s,:=(\[]*(?:\([A-Za-z]+\)|\[[A-Za-z]+\])?[\s,:=]*(?:(?:for|of|was|is|were|at|a|an|estimated|with|in|on)\b[\s,:]*[^.;%\d]{0,70}?)?[\s,:=]*"
)
OTHERWISE = {"sd", "se", "iqr", "range", "pm"}  # what no ratio has beside it


def find(context: Context) -> None:
    """Propose the ratios that the sentence labels, and those that go on without a label."""
    document = context.document
    form, label = "", None
    if document.last_form and AGAIN.search(context.text):
        form = document.last_form
    for token in context.line:
        if token.kind.startswith("label:"):
            form, label = (label_form(token), token) if label_form(token) in FORMS else ("", None)
        elif (
            form
            and token.kind == "number"
            and not token.taken
            and belongs(context, label, token)
            and propose(context, form, label, token)
        ):
            document.last_form, label = form, None


def belongs(context: Context, label: Token | None, token: Token) -> bool:
    """Return whether a number is the estimate of a label, or one with an interval that goes on without a label."""
    has_interval = "ci" in token.of or "bracket" in token.of
    if set(token.of) & OTHERWISE or str(token["v"]).startswith("-"):
        return False
    if label is None:
        return has_interval
    gap = context.text[label.end : token.start]
    return len(gap) < REACH and (has_interval or bool(DIRECT.fullmatch(gap)))


def propose(context: Context, form: str, label: Token | None, token: Token) -> bool:
    """Propose one ratio, unless it is a bound, a range or no ratio at all; return whether it was proposed."""
    text, value = context.text, number_of(token)
    begin = label.start if label is not None else token.start
    gap = text[label.end : token.start] if label is not None else ""
    if NOT_THIS.search(text[:begin]) or NOT_THIS.search(gap):
        token.taken = True
        context.seen(token.start, token.end, "margin, boundary or assumption")
        return False
    if value is None or not (0 < value < (1000 if label is not None else 10)):
        return False
    fields, end = estimate_fields(token)
    token.taken = True
    if "ci" not in fields and UP_TO.match(text, token.end):
        context.seen(token.start, token.end, "range of values")
        return False
    fields |= following(context, end) or (only_before(context, begin) if label is not None else {})
    if label is not None and (inverted(context, label, token) or of_control(context, label, value)):
        fields["inverted"] = True
    tail = [t.end for t in context.line if t.kind == "p" and t.taken and t.start >= end]
    place = (
        begin if label is not None and len(gap) < 60 else token.start,
        min(tail) if "p" in fields and tail else end,
    )
    context.propose(form, fields, "both", place, f"{form} by its name", **labels_of(context, begin, token.start, end))
    return True


def labels_of(context: Context, begin: int, start: int, end: int) -> dict[str, str | bool]:
    """Return whether a contrast is adjusted, and of which experimental arm it is, where the text says so."""
    labels: dict[str, str | bool] = {}
    if (is_adjusted := adjusted(context, begin, end)) is not None:
        labels["adjusted"] = is_adjusted
    if name := which_experimental(context, begin, start, end):
        labels["experimental"] = name
    return labels


NEXT_CLAUSE = re.compile(r"(?i)[;,] (?:and|but|while|whereas)\b")  # what follows is of the next estimate
UP_TO = re.compile(r"\s*(?:to|-)\s*\d")


def number_of(token: Token) -> float | None:
    """Return the value of a number."""
    value = digits(token)
    return None if value is None else float(value)


def which_experimental(context: Context, begin: int, start: int, end: int) -> str:
    """Return which of several experimental arms a contrast is of: the one named right after it, or else before."""
    arms = context.document.arms
    several = [index for index, arm in enumerate(arms.arms) if arm.role != "control"]
    if len(several) < 2:
        return ""
    nexts = [token.start for token in context.line if token.kind in ("number", "percent") and token.start > end]
    inside = next((m.arm for m in context.mentions if start <= m.start < end and m.arm in several), None)
    following_arm = next(
        (m for m in context.mentions if end <= m.start < min([*nexts, end + 60]) and m.arm in several), None
    )
    goes_on = following_arm is not None and NEXT_CLAUSE.search(context.text, end, following_arm.start)
    after = None if following_arm is None or goes_on else following_arm.arm
    before = next((m.arm for m in reversed(context.mentions) if begin <= m.start < start and m.arm in several), None)
    earlier = next((m.arm for m in reversed(context.mentions) if m.start < begin and m.arm in several), None)
    chosen = next((arm for arm in (inside, after, before, earlier) if arm is not None), None)
    return "" if chosen is None else arms.arms[chosen].name
