"""Ratios in words: the relative reductions that stand for them, and `1.9 times higher`."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.ratios import FORMS, estimate_fields, which_experimental
from coppice.tools.draft.lexer import Token, digits, level, limits
from coppice.tools.draft.printed import complement

AFTER = re.compile(
    r"(?i)^\s*(?P<less>less likely|less often|lower (?:risk|rate|hazard|odds|chance|likelihood|incidence)|lower relative|reduction in (?:the )?(?:relative |annuali[sz]ed )?(?:risk|rate|hazard|odds|chance|likelihood|incidence)|"
    r"(?:relative )?(?:risk|rate|hazard|odds) reduction|relative (?:risk )?reduction|reduced (?:risk|rate|hazard|odds)|fewer (?:events|deaths|relapses|exacerbations|attacks|infections|admissions|falls|strokes|hospitali[sz]ations)|decrease in (?:the )?(?:risk|rate|hazard|odds)|efficacy|effective)"
    r"|^\s*(?P<more>more likely|more often|higher (?:risk|rate|hazard|odds|chance|likelihood)|increase in (?:the )?(?:relative )?(?:risk|rate|hazard|odds)|increased (?:risk|rate|hazard|odds)|greater (?:risk|odds))"
)
BEFORE = re.compile(
    r"(?i)(?P<less>\b(?:reduc(?:ed|es|ing)|cut(?:s|ting)?|lower(?:ed|s|ing)|decreas(?:ed|es|ing)|slashed) (?:the |their |its )?(?:\w+ ){0,2}?(?:risk|rate|hazard|odds|chance|likelihood|incidence)\b[^.;%()]{0,70}? by (?:an estimated |about )?"
    r"|\b(?:relative risk|risk|hazard|rate|odds|relative) reduction(?: of| was|:|,| =|, of| in [^.;%()]{0,50}? (?:of|was))?\s*|\b(?:reduc(?:ed|es|ing)|cut|lowered|decreased|prevented) (?:the (?:number of )?)?(?:[a-z-]+ ){0,2}?(?:exacerbations|relapses|falls|strokes|deaths|infections|admissions|readmissions|hospitali[sz]ations|fractures|attacks|infarctions|recurrences?|mortality|bleeds?|seizures|cases|episodes|illness(?:es)?|complications|ulcers|injuries|flares)\b[^.;%()]{0,50}? by (?:an estimated |about )?|\breduction (?:in (?:the )?(?:risk|rate|hazard|odds)[^.;%()]{0,60}? )?of\s*|\breduction in (?:the )?(?:relative )?(?:risk|rate|hazard|odds)\b[^.;%()]{0,60}? (?:at|was|to be|as)\s*|\b(?:risk|rate|hazard|odds|incidence) (?:\w+ ){0,5}?(?:(?:was|were) (?:reduced|lowered|cut|decreased)|fell|dropped|declined|decreased) by\s*"
    r"|\bprevented\s*(?:about |an estimated )?|\b(?:vaccine |protective )?(?:efficacy|effectiveness)\b[^.;%]{0,60}?(?:was|of|=|:|,|reached|came to|amounted to|stood at|was put at)\s*|\b(?:efficacy|effectiveness)\s+)$"
    r"|(?P<more>\b(?:increased|raised) (?:the )?(?:risk|rate|hazard|odds)[^.;%()]{0,60}? by\s*)$"
)
RISK_WAS = re.compile(
    r"(?i)(?P<less>\b(?:risk|rate|hazard|odds|likelihood|incidence)\b[^.;%()]{0,80}? (?:was|were)\s*)$(?P<more>(?!))?"
)
NAMED = (
    ("hazard_ratio", re.compile(r"(?i)\bhazard|\bCox\b")),
    ("odds_ratio", re.compile(r"(?i)\bodds\b")),
    (
        "rate_ratio",
        re.compile(
            r"(?i)\b(?:(?:annuali[sz]ed|event|incidence|relapse|exacerbation|attack|fall|bleed(?:ing)?)\s+rates?|rate)\b|exacerbations\b|relapses\b"
        ),
    ),
    ("risk_ratio", re.compile(r"(?i)\brisk")),
)
BOUND = re.compile(
    r"(?i)\b(?:up to|as much as|at least|more than|nearly|about a|to detect|can|could|may|might)\W*(?:\w+\W+){0,1}$"
)


MANY_TIMES = re.compile(
    r"(?i)[- ]?(?:times|fold)(?: as (?:likely|high|great|often|many)| (?:higher|greater|more (?:likely|often|frequent)|increase|the (?:risk|odds|rate|hazard)))\b"
)
ABSOLUTE = re.compile(r"(?i)\babsolute\b")
LESS = re.compile(r"(?i)\s*(?:lower|less|smaller)\b")
FEWER = re.compile(r"(?i)(?P<less>\s*fewer\b)(?P<more>(?!))?")
REDUCTION_OF = re.compile(r"(?i)\breduction of\s*$")
OF_WHAT = re.compile(r"(?i)risk|rate|hazard|odds|relative")
Found = tuple["re.Match[str] | None", "re.Match[str] | None"]


def find_times(context: Context) -> None:
    """Propose the ratio of `1.9 times higher with X (95% CI 1.2 to 3.0)`, in the form that the sentence names."""
    text = context.text
    for token in context.line:
        found = MANY_TIMES.match(text, token.end) if token.kind == "number" and not token.taken else None
        interval = next((t for t in context.line if t.kind in ("ci", "bracket") and t.start > token.end), None)
        if found is None or interval is None or re.search(r"\d", text[token.end : interval.start]):
            continue
        near = next((m for m in context.mentions if found.end() <= m.start < interval.start), None)
        if (
            near is not None
            and near.arm == context.document.arms.control
            and "than" not in text[found.end() : near.start]
        ):
            continue
        token.of["ci"] = interval
        token.taken = True
        fields, end = estimate_fields(token)
        fields |= following(context, end)
        form = next((form for form, named in NAMED if named.search(text[: interval.start])), "risk_ratio")
        context.propose(form, fields, "both", (token.start, end), "ratio in words")


def find_reductions(context: Context) -> None:
    """Propose the ratio that a relative reduction leaves: 41% less is 0.59, and the limits change places."""
    last: tuple[int, str] | None = None
    for token in context.line:
        if token.kind == "percent" and not token.taken and not str(token["v"]).startswith("-"):
            found = words_around(context, token)
            if any(found) or goes_on(context, token, last):
                last = propose(context, token, found, last) or last


def words_around(context: Context, token: Token) -> Found:
    """Return the words of a reduction before a percentage, and those after it."""
    head, tail = context.text[max(0, token.start - 140) : token.start], context.text[token.end : token.end + 60]
    before, after = BEFORE.search(head), AFTER.match(tail)
    if (before and ABSOLUTE.search(head[: before.end()][max(0, before.start() - 10) :])) or ABSOLUTE.match(
        tail.lstrip()
    ):
        return None, None
    if before is None and after is None and LESS.match(tail):
        before = RISK_WAS.search(head)
    has_interval = "ci" in token.of or "bracket" in token.of
    if before and not after and not has_interval and REDUCTION_OF.search(before[0]) and not OF_WHAT.search(before[0]):
        return None, None
    if not before and not after and has_interval:
        after = FEWER.match(tail)
    return before, after


def propose(context: Context, token: Token, found: Found, last: tuple[int, str] | None) -> tuple[int, str] | None:
    """Propose the ratio of one reduction; return where it ends and its form, nothing where it is none."""
    text = context.text
    token.taken = True
    if BOUND.search(text[max(0, token.start - 40) : token.start]):
        context.seen(token.start, token.end, "bound, or what might be")
        return None
    more = any(words is not None and words["more"] for words in found)
    if not more and float(str(digits(token))) >= 100:
        return None
    fields, end = as_ratio(token, more=more)
    fields |= following(context, end)
    form = last[1] if last and not any(found) else form_of(text, token)
    if printed_itself(context, str(fields["estimate"])):
        context.seen(token.start, end, "relative reduction of a ratio that is printed itself")
        return None
    name = which_experimental(context, token.start, token.start, end)
    labels: dict[str, str | bool] = {"experimental": name} if name else {}
    note = "from a relative reduction"
    context.propose(form, fields, "both", (token.start, end), "relative reduction", note=note, **labels)
    return end, form


def as_ratio(token: Token, *, more: bool) -> tuple[dict[str, Value], int]:
    """Return the ratio of a reduction or a rise with its limits, and where they end."""
    ratio = rises if more else complement
    fields: dict[str, Value] = {"estimate": ratio(str(digits(token)))}
    interval = token.of.get("ci") or token.of.get("bracket")
    if interval is None:
        return fields, token.end
    pair = [None if limit is None else ratio(limit) for limit in limits(interval)]
    fields["ci"] = pair if more else pair[::-1]
    if (at := level(interval)) is not None:
        fields["level"] = at
    interval.taken = True
    return fields, interval.end


def form_of(text: str, token: Token) -> str:
    """Return the form that the words around a reduction name; a risk ratio where they name none."""
    cox = re.search(r"(?i)\bCox\b", text[: token.start])
    words = f"{cox[0]} " if cox else ""
    words += text[max(0, token.start - 100) : token.start] + text[token.end : token.end + 50]
    return next((form for form, named in NAMED if named.search(words)), "risk_ratio")


def printed_itself(context: Context, estimate: str) -> bool:
    """Return whether the text prints the ratio beside its reduction."""
    return any(
        abs(float(str(item.fields["estimate"])) - float(estimate)) < 0.011
        for item in context.document.proposals[-40:]
        if item.statistic in FORMS and "estimate" in item.fields
    )


def goes_on(context: Context, token: Token, last: tuple[int, str] | None) -> bool:
    """Return whether a percentage with an interval goes on with the reductions of its sentence: 62% (25-80) in children and 70% (47-83) in adults."""
    if last is None or not ("ci" in token.of or "bracket" in token.of):
        return False
    gap = re.sub(r"^[^()]*\)", "", context.text[last[0] : token.start])
    return (
        len(gap) < 120
        and bool(re.search(r"(?i)\b(?:and|but|against|versus|vs)\b[^;.%\d]{0,50}$", gap))
        and ";" not in re.sub(r"\([^()]*\)", "", gap)
    )


def rises(percent: str) -> str:
    """Return the ratio that a relative increase in percent means: 20 is 1.20."""
    return complement(percent[1:] if percent.startswith("-") else f"-{percent}")
