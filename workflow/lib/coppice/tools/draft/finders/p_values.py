"""The p values: which test they are of, and to which figure they belong."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Proposal, Value
from coppice.tools.draft.lexer import MAIN, Token, digits

OTHER = re.compile(
    r"(?i)\bNI\b|noninf|non-inf|interaction|\bint\b|trend|heterogen|equivalence|homogen|subgroup difference|normality|proportional"
)
OTHER_AFTER = re.compile(
    r"(?i)^\)?\s*,?\s*(?:for|of|by|\(for) (?:the )?(?:tests? of |tests? for )?(?:interaction|noninf|non-inf|trend|heterogen|equivalence)"
)
LOGRANK = re.compile(
    r"(?i)^\)?\s*,?\s*(?:\(|by |using |from |in |with )?(?:an? |the )?(?:(?:one|two|1|2)[- ](?:sided|tailed) )?(?:(?:un)?stratified )?log-?\s?rank"
)
LOGRANK_BEFORE = re.compile(r"(?i)log-?\s?rank(?: test)?[^;]{0,45}$")
BARE = re.compile(r"(?i)^\W*(?:the |two-sided |nominal )*p(?:-| )?value\b")
BETWEEN = re.compile(r"[,;.]? (?:the )?")
SIDED = re.compile(r"(?i)^\s*[,(\[]*\s*(?:by )?(?:an? |the )?(one|two|1|2)[- ](?:sided|tailed)\b")
TEST_STATISTIC = re.compile(r"(?:\b[tFzZ] ?(?:\(|=)|\u03c7|[Cc]hi-squared?)[^.;]{0,40}$|\)\s*=\s*-?[\d.]+,\s*$")
SIDED_BEFORE = re.compile(r"(?i)\b(one|two|1|2)[- ](?:sided|tailed)[, ]+$")
TEST_BEFORE = re.compile(r"(?i)\blog[- ]?rank(?: test)?[ ,;:(]*$")
OPERATORS = {"below": "<", "less than": "<", "under": "<", "greater than": ">", "above": ">", "<=": "<", ">=": ">"}


def kind_of(context: Context, token: Token) -> str:
    """Return the kind of a p value: `plain`, `logrank`, or the reason why it is none of a figure."""
    text = context.text
    around = text[token.start : token.end] + text[token.end : token.end + 4]
    if OTHER.search(str(token["what"] or "")) or OTHER_AFTER.match(text[token.end : token.end + 60]) or "NI" in around:
        return "p of an interaction, of noninferiority or of a trend"
    if TEST_BEFORE.search(text, max(0, token.start - 24), token.start) or LOGRANK.match(
        text[token.end : token.end + 50]
    ):
        return "logrank"
    begin = max(0, token.start - 60)
    before = LOGRANK_BEFORE.search(text[begin : token.start])
    if before and not any(
        other.kind in ("p", "number", "label:hazard_ratio") and begin + before.start() < other.start < token.start
        for other in context.line
    ):
        return "logrank"
    return "plain"


def fields_of(token: Token, text: str) -> dict[str, Value]:
    """Return p with its operator and sides."""
    value = digits(token, "p")
    op = OPERATORS.get(str(token["op"] or "=").lower(), str(token["op"] or "="))
    fields: dict[str, Value] = {"p": str(value), "p_op": op if op in "<>" else "="}
    before = SIDED_BEFORE.search(text, max(0, token.start - 16), token.start)
    sided = (before and before[1]) or ((after := SIDED.match(text[token.end : token.end + 30])) and after[1])
    if sided:
        fields["sided"] = {"one": "1", "two": "2"}.get(sided.lower(), sided)
    return fields


def following(
    context: Context, place: int, *, stop: tuple[str, ...] = ("label:",), skip: tuple[str, ...] = ("size",)
) -> dict[str, Value]:
    """Return the p value that belongs to a figure which ends at a place: the next one, before any other number or form."""
    for token in context.line:
        if token.start < place or (token.taken and token.kind != "p"):
            continue
        if token.kind == "p":
            if token.taken:
                return {}
            if kind_of(context, token) == "plain":
                token.taken = True
                return fields_of(token, context.text)
            continue
        if (token.kind in MAIN and token.kind != "word") or token.kind.startswith(stop):
            return {}
    return {}


def just_before(context: Context, place: int) -> dict[str, Value]:
    """Return the p value that stands right before a figure of the same test: t(60) = 3.2, p = .002, d = 0.8."""
    for token in context.line:
        if (
            token.kind == "p"
            and not token.taken
            and BETWEEN.fullmatch(context.text[token.end : place])
            and kind_of(context, token) == "plain"
        ):
            token.taken = True
            return fields_of(token, context.text)
    return {}


def only_before(context: Context, label: int) -> dict[str, Value]:
    """Return the p value that stands right before a figure with its form, where no other figure can own it."""
    owners = [
        token
        for token in context.line
        if token.end <= label and (token.kind.startswith("label:") or token.kind in ("number", "percent", "count"))
    ]
    last = max((token.end for token in owners), default=0)
    own = [token for token in context.line if token.kind == "p" and last <= token.start < label]
    tested = len(own) == 1 and TEST_STATISTIC.search(context.text, max(0, own[0].start - 40), own[0].start)
    return just_before(context, label) if tested or (len(own) == 1 and not owners) else {}


def later(context: Context) -> None:
    """Give the p value of a sentence that is about nothing else to the last figure that lacks one."""
    proposals = context.document.proposals
    if not BARE.match(context.text) or not proposals:
        return
    last: Proposal = proposals[-1]
    for token in context.line:
        if token.kind == "p" and not token.taken and kind_of(context, token) == "plain" and "p" not in last.fields:
            last.fields.update(fields_of(token, context.text))
            token.taken = True


def find(context: Context) -> None:
    """Propose the p values of log-rank tests, with their chi-squared; list those of other tests as left out."""
    for token in context.line:
        if token.kind != "p" or token.taken:
            continue
        kind = kind_of(context, token)
        if kind == "logrank":
            fields = fields_of(token, context.text)
            test = TEST_BEFORE.search(context.text, max(0, token.start - 24), token.start)
            begin = test.start() if test else token.start
            for other in context.line:
                if other.kind == "chi2" and 0 <= token.start - other.end < 30:
                    fields["chi2"] = str(digits(other))
                    begin = other.start
            token.taken = True
            context.propose("logrank", fields, "both", (begin, token.end), "log-rank test")
        elif kind != "plain":
            token.taken = True
            context.seen(token.start, token.end, kind)
