"""Ratios of the arms: hazard, risk, odds and rate ratios, ratios of means, and the relative reductions that stand for them."""

from __future__ import annotations

import re

from coppice.tools.draft.context import ADJUSTED, Context, Value
from coppice.tools.draft.finders.p_values import following, only_before
from coppice.tools.draft.lexer import Token, digits, level, limits
from coppice.tools.draft.printed import complement

FORMS = ("hazard_ratio", "risk_ratio", "odds_ratio", "rate_ratio", "ratio_of_means")
REACH = 130
AGAIN = re.compile(
    r"(?i)^[^.;:\d]{0,90}?\b(?:it|the (?:adjusted one|corresponding|same)|one|that|this) (?:\w+ ){0,2}(?:was|were|became|of|changed)\b|\bthe (?:\w+ )?(?:ratio|estimate) (?:\w+ ){0,2}(?:was|were|became|of|changed|fell|rose)\b|\bcorresponding (?:ratio|estimate|value)s?\b|\badjusted (?:one|estimate|ratio)\b|\b(?:multivariable|multivariate|adjust\w+|regression|model|analysis)\b[^.;:]{0,90}\b(?:gave|returned|yielded|produced|showed|resulted in|was|came to)\b"
)
NOT_THIS = re.compile(
    r"(?i)\b(?:assum\w+|expected|hypothesi[sz]ed|critical|target|margin|to detect|ruled out|rule out|exclude|excluding|upper (?:bound|limit)|threshold)\W+(?:\w+\W+){0,4}$"
)
REDUCED = re.compile(
    r"(?i)\b(?P<efficacy>(?:vaccine |protective |overall )?efficacy|effectiveness)\b|\b(?:relative |relative risk |risk |rate |hazard |odds )?(?:reductions?|decreases?|lower|reduced|cut|lowered|decreased|fell|less likely|fewer|drop|protection)\b"
)
AFTER = re.compile(
    r"(?i)^\s*(?P<less>less likely|less often|lower (?:risk|rate|hazard|odds|chance|likelihood|incidence)|lower relative|reduction in (?:the )?(?:relative |annuali[sz]ed )?(?:risk|rate|hazard|odds|chance|likelihood|incidence)|"
    r"(?:relative )?(?:risk|rate|hazard|odds) reduction|relative (?:risk )?reduction|reduced (?:risk|rate|hazard|odds)|fewer (?:events|deaths|relapses|exacerbations|attacks|infections|admissions|falls|strokes|hospitali[sz]ations)|decrease in (?:the )?(?:risk|rate|hazard|odds)|efficacy|effective)"
    r"|^\s*(?P<more>more likely|more often|higher (?:risk|rate|hazard|odds|chance|likelihood)|increase in (?:the )?(?:relative )?(?:risk|rate|hazard|odds)|increased (?:risk|rate|hazard|odds)|greater (?:risk|odds))"
)
BEFORE = re.compile(
    r"(?i)(?P<less>\b(?:reduc(?:ed|es|ing)|cut(?:s|ting)?|lower(?:ed|s|ing)|decreas(?:ed|es|ing)|slashed) (?:the |their |its )?(?:\w+ ){0,2}?(?:risk|rate|hazard|odds|chance|likelihood|incidence)\b[^.;%()]{0,70}? by (?:an estimated |about )?"
    r"|\b(?:relative risk|risk|hazard|rate|odds|relative) reduction(?: of| was|:|,| =|, of| in [^.;%()]{0,50}? (?:of|was))?\s*|\b(?:reduc(?:ed|es|ing)|cut|lowered|decreased|prevented) (?:the (?:number of )?)?(?:[a-z-]+ ){0,2}?(?:exacerbations|relapses|falls|strokes|deaths|infections|admissions|hospitali[sz]ations|fractures|attacks|infarctions|recurrences?|mortality|bleeds?|seizures)\b[^.;%()]{0,50}? by (?:an estimated |about )?|\breduction (?:in (?:the )?(?:risk|rate|hazard|odds)[^.;%()]{0,60}? )?of\s*|\breduction in (?:the )?(?:relative )?(?:risk|rate|hazard|odds)\b[^.;%()]{0,60}? (?:at|was|to be|as)\s*|\b(?:risk|rate|hazard|odds|incidence) (?:\w+ ){0,5}?(?:was|were) (?:reduced|lowered|cut|decreased) by\s*"
    r"|\bprevented\s*(?:about |an estimated )?|\b(?:vaccine |protective )?(?:efficacy|effectiveness)\b[^.;%]{0,60}?(?:was|of|=|:|,|reached|came to|amounted to|stood at|was put at)\s*)$"
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


def find(context: Context) -> None:  # noqa: C901
    """Propose the ratios that the sentence labels, and those that go on without a label."""
    document = context.document
    form, label, carried = "", None, False
    if document.last_form and AGAIN.search(context.text):
        form, carried = document.last_form, True
    for index, token in enumerate(context.line):
        if token.kind.startswith("label:"):
            form, label, carried = (
                (label_form(token), token, False) if label_form(token) in FORMS else ("", None, False)
            )
            continue
        if not form or token.kind != "number" or token.taken:
            continue
        gap = context.text[label.end : token.start] if label is not None else ""
        has_interval = "ci" in token.of or "bracket" in token.of
        if set(token.of) & {"sd", "se", "iqr", "range", "pm"} or str(token["v"]).startswith("-"):
            continue
        direct = (
            label is not None
            and len(gap) < REACH
            and (
                has_interval
                or re.fullmatch(
                    r"(?i)[\s,:=(\[]*(?:\([A-Za-z]+\)|\[[A-Za-z]+\])?[\s,:=]*(?:(?:for|of|was|is|were|at|a|an|estimated|with|in|on)\b[\s,:]*[^.;%\d]{0,70}?)?[\s,:=]*",
                    gap,
                )
            )
        )
        if (label is not None and not direct) or (label is None and not (carried and has_interval)):
            continue
        if NOT_THIS.search(context.text[: label.start if label is not None else token.start]) or NOT_THIS.search(gap):
            token.taken = True
            context.seen(token.start, token.end, "margin, boundary or assumption")
            continue
        low = number_of(token)
        if low is None or not (0 < low < (1000 if label is not None else 10)):
            continue
        begin = label.start if label is not None else token.start
        fields, end = estimate_fields(token)
        token.taken = True
        if "ci" not in fields and UP_TO.match(context.text, token.end):
            context.seen(token.start, token.end, "range of values")
            continue
        fields |= following(context, end) or (only_before(context, begin) if label is not None else {})
        labels: dict[str, str | bool] = {}
        if label is not None and (inverted(context, label, token) or of_control(context, label, low)):
            fields["inverted"] = True
        is_adjusted = adjusted(context, begin, end)
        if is_adjusted is not None:
            labels["adjusted"] = is_adjusted
        name = which_experimental(context, begin, token.start, end)
        if name:
            labels["experimental"] = name
        tail = [t.end for t in context.line if t.kind == "p" and t.taken and t.start >= end]
        context.propose(
            form,
            fields,
            "both",
            (
                begin if label is not None and len(gap) < 60 else token.start,
                min(tail) if "p" in fields and tail else end,
            ),
            f"{form} by its name",
            **labels,
        )
        document.last_form, carried, label_done = form, True, index
        label = None if label_done else label


UP_TO = re.compile(r"\s*(?:to|-)\s*\d")
MANY_TIMES = re.compile(
    r"(?i)[- ]?(?:times|fold)(?: as (?:likely|high|great|often|many)| (?:higher|greater|more (?:likely|often|frequent)|increase|the (?:risk|odds|rate|hazard)))\b"
)


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
    after = next(
        (m.arm for m in context.mentions if end <= m.start < min([*nexts, end + 60]) and m.arm in several), None
    )
    before = next((m.arm for m in reversed(context.mentions) if begin <= m.start < start and m.arm in several), None)
    earlier = next((m.arm for m in reversed(context.mentions) if m.start < begin and m.arm in several), None)
    chosen = next((arm for arm in (after, before, earlier) if arm is not None), None)
    return "" if chosen is None else arms.arms[chosen].name


def find_reductions(context: Context) -> None:  # noqa: C901
    """Propose the ratio that a relative reduction leaves: 41% less is 0.59, and the limits change places."""
    text = context.text
    last: tuple[int, str] | None = None
    for token in context.line:
        if token.kind != "percent" or token.taken or str(token["v"]).startswith("-"):
            continue
        before, after = (
            BEFORE.search(text[max(0, token.start - 140) : token.start]),
            AFTER.match(text[token.end : token.end + 60]),
        )
        if not (before or after) and re.match(r"(?i)\s*(?:lower|less|smaller)\b", text[token.end : token.end + 12]):
            before = RISK_WAS.search(text[max(0, token.start - 140) : token.start])
        carried = not (before or after) and goes_on(context, token, last)
        if not (before or after or carried):
            continue
        bare = (
            before
            and not after
            and re.search(r"(?i)\breduction of\s*$", before[0])
            and not re.search(r"(?i)risk|rate|hazard|odds|relative", before[0])
        )
        if bare and "ci" not in token.of and "bracket" not in token.of:
            continue
        token.taken = True
        if BOUND.search(text[max(0, token.start - 40) : token.start]):
            context.seen(token.start, token.end, "bound, or what might be")
            continue
        value = str(digits(token))
        more = bool((before and before["more"]) or (after and after["more"]))
        if not more and float(value) >= 100:
            continue
        ratio = rises if more else complement
        fields: dict[str, Value] = {"estimate": ratio(value)}
        end = token.end
        interval = token.of.get("ci") or token.of.get("bracket")
        if interval is not None:
            pair = [None if x is None else ratio(x) for x in limits(interval)]
            fields["ci"] = pair if more else pair[::-1]
            if (at := level(interval)) is not None:
                fields["level"] = at
            interval.taken, end = True, interval.end
        fields |= following(context, end)
        words = (
            cox(text, token.start) + text[max(0, token.start - 100) : token.start] + text[token.end : token.end + 50]
        )
        form = (
            last[1] if carried and last else next((form for form, named in NAMED if named.search(words)), "risk_ratio")
        )
        if any(
            p.statistic in FORMS and abs(float(str(p.fields["estimate"])) - float(str(fields["estimate"]))) < 0.011
            for p in context.document.proposals[-40:]
            if "estimate" in p.fields
        ):
            context.seen(token.start, end, "relative reduction of a ratio that is printed itself")
            continue
        name = which_experimental(context, token.start, token.start, end)
        more_labels: dict[str, str | bool] = {"experimental": name} if name else {}
        last = (end, form)
        context.propose(
            form,
            fields,
            "both",
            (token.start, end),
            "relative reduction",
            note="from a relative reduction",
            **more_labels,
        )


def cox(text: str, place: int) -> str:
    """Return the name of the model, where the sentence names it before a reduction."""
    found = re.search(r"(?i)\bCox\b", text[:place])
    return f"{found[0]} " if found else ""


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
