"""Differences of the arms: of means, of risks, standardised, and of restricted mean survival."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.ratios import adjusted, estimate_fields, label_form, which_experimental
from coppice.tools.draft.lexer import Token, digits
from coppice.tools.draft.printed import fraction, negated

FORMS = ("mean_difference", "risk_difference", "standardised_mean_difference", "rmst_difference")
POINTS = re.compile(r"(?i)^\s*(?:percentage|percent|%)[- ]?points?|^\s*%")
MEANS = re.compile(r"(?i)\b(?:mean|means|least[- ]squares|LS|change|scores?|HbA1c|weight|LDL|cholesterol|MADRS|eGFR)\b")
GAP = re.compile(
    r"(?i)[\s,:=(\[]*(?:(?:of|was|is|were|in|for|at|between|with|versus|vs|from|favou?ring|estimated|restricted|the|an?)\b[^.;%\d]{0,90}?|\([^()\d]{0,60}\)\s*(?:was|of|:|,|=)?\s*)?[\s,:=]*"
)
MEAN_CHANGE = re.compile(
    r"(?i)\b(?:mean|average|median|least[- ]squares|LS)\b[^.;]{0,40}\b(?:change|reduction|increase|decrease|loss|gain)\b|\bchange from baseline\b|\bmeans?\b"
)
COMPARED = re.compile(
    r"(?i)^(?P<unit>\s?%?(?:\s(?!on\b|in\b|with\b|and\b)[A-Za-z%\u00b0/\u00b2\u00b5]{1,12}){0,3}?)\s+(?P<word>lower|fewer|less|smaller|shorter|slower|farther|further|faster|earlier|later|sooner|higher|more|greater|longer|larger|better)\b(?! than (?:expected|baseline|at))"
)
LOWER = {"lower", "fewer", "less", "smaller", "shorter", "slower", "earlier", "sooner"}


def find(context: Context) -> None:
    """Propose the differences that the sentence labels."""
    form, label = "", None
    for token in context.line:
        if token.kind.startswith("label:"):
            form, label = (label_form(token), token) if label_form(token) in FORMS else ("", None)
            continue
        if label is None or token.taken or token.kind not in ("number", "percent"):
            if token.kind in ("count", "person_time"):
                label = None
            continue
        gap = context.text[label.end : token.start]
        if len(gap) > 120 or (not GAP.fullmatch(gap) and not ("ci" in token.of and len(gap) < 60)):
            label = None
            continue
        if form != "rmst_difference" and re.search(
            r"(?i)restricted mean|RMST", context.text[label.start - 40 if label.start > 40 else 0 : token.start]
        ):
            form = "rmst_difference"
        propose(context, form, label, token)
        label = None


def propose(context: Context, form: str, label: Token, token: Token) -> None:  # noqa: C901
    """Propose one labelled difference."""
    text = context.text
    points = token.kind == "percent" or POINTS.match(text[token.end : token.end + 20])
    fields, end = estimate_fields(token)
    if re.search(r"(?i)relative", text[max(0, label.start - 12) : label.end]):
        token.taken = True
        context.seen(token.start, end, "relative difference, follows from the values of the arms")
        return
    if (
        form == "mean_difference"
        and "ci" not in fields
        and "bracket" not in token.of
        and not re.search(r"(?i)mean|treatment|group|least", text[max(0, label.start - 20) : label.end + 20])
        and not points
    ):
        return
    token.taken = True
    of_means = (
        MEANS.search(text[label.start : token.start])
        or MEAN_CHANGE.search(text[: label.start])
        or any(set(other.of) & {"sd", "se", "pm"} for other in context.line)
    )
    if form == "mean_difference" and points and not of_means:
        form = "risk_difference"
    if form == "risk_difference" and (points or abs(float(str(fields["estimate"]))) > 1):
        fields["estimate"] = signed_fraction(str(fields["estimate"]))
        if "ci" in fields:
            fields["ci"] = [None if x is None else signed_fraction(str(x)) for x in fields["ci"]]  # type: ignore[union-attr]
    for key in ("se",):
        if key in token.of:
            fields["se"] = str(digits(token.of[key]))
    fields |= following(context, end, stop=("label:",))
    if control_first(context, label, token):
        turn(fields)
    labels: dict[str, str | bool] = {}
    if form == "rmst_difference":
        unit = re.match(r"\s*(day|week|month|year)s?", text[token.end :])
        if unit:
            labels["unit"] = f"{unit[1]}s"
        fields = (
            {key: value for key, value in fields.items() if not key.startswith(("p", "sided"))}
            if "by" in text[end : end + 40] and "log" in text[end : end + 60]
            else fields
        )
    elif (is_adjusted := adjusted(context, label.start, end)) is not None:
        labels["adjusted"] = is_adjusted
    name = which_experimental(context, label.start, token.start, end)
    if name:
        labels["experimental"] = name
    context.propose(
        form,
        fields,
        "both",
        (label.start if token.start - label.end < 60 else token.start, end),
        f"{form} by its name",
        **labels,
    )


def signed_fraction(percent: str) -> str:
    """Return a percentage with its sign as a fraction."""
    return f"-{fraction(percent[1:])}" if percent.startswith("-") else fraction(percent)


def turn(fields: dict[str, Value]) -> None:
    """Turn the sign of an estimate, and with it its limits."""
    fields["estimate"] = str(negated(str(fields["estimate"])))
    if isinstance(fields.get("ci"), list):
        fields["ci"] = [negated(value) for value in fields["ci"]][::-1]  # type: ignore[union-attr]


def control_first(context: Context, label: Token, token: Token) -> bool:
    """Return whether a difference is printed as control minus experimental."""
    inside = [m for m in context.mentions if label.start <= m.start < token.start]
    control = context.document.arms.control
    if len(inside) < 2 or inside[0].arm != control or inside[1].arm == control:
        return False
    return bool(re.search(r"(?i)\bminus\b|\bversus\b|\bvs\b", context.text[inside[0].end : inside[1].start]))


def find_compared(context: Context) -> None:  # noqa: C901
    """Propose differences in words: 2.2 points lower with one arm."""
    text, arms = context.text, context.document.arms
    for token in context.line:
        if token.kind not in ("number", "percent") or token.taken or str(token["v"]).startswith("-"):
            continue
        words = COMPARED.match(text[token.end : token.end + 60])
        if not words:
            continue
        points = token.kind == "percent" or re.search(r"(?i)percentage", words["unit"])
        if token.kind == "percent" or (not words["unit"].strip() and "ci" not in token.of):
            continue
        end = token.end + words.end()
        interval = next(
            (
                t
                for t in context.line
                if t.kind == "ci"
                and t.start >= end
                and not any(
                    o.kind in ("number", "percent", "count") and not is_scale(text, o) and end < o.start < t.start
                    for o in context.line
                )
            ),
            None,
        )
        near = [m for m in context.mentions if end <= m.start < end + 90]
        subject = [m for m in context.mentions if m.start < token.start]
        if interval is None and not near:
            continue
        than = re.search(r"(?i)\bthan\b", text[end : near[0].start]) if near else None
        who = (
            near[0].arm
            if near and not than
            else subject[-1].arm
            if subject
            else (1 - near[0].arm if near and len(arms.arms) == 2 else None)
        )
        if who is None:
            continue
        if interval is not None:
            token.of["ci"] = interval
        token.taken = True
        fields, finish = estimate_fields(token)
        if interval is not None and interval.start - end > 60:
            finish = end
        if (words["word"].lower() in LOWER) == (who != arms.control):
            turn(fields)
        form = "mean_difference"
        if points:
            form = "risk_difference"
            fields["estimate"] = signed_fraction(str(fields["estimate"]))
            if "ci" in fields:
                fields["ci"] = [None if x is None else signed_fraction(str(x)) for x in fields["ci"]]  # type: ignore[union-attr]
        fields |= following(context, finish)
        context.propose(form, fields, "both", (token.start, finish), "difference in words")


def is_scale(text: str, token: Token) -> bool:
    """Return whether a number is a time or the length of a scale."""
    return bool(re.match(r"(?i)[- ]?(?:point|month|week|day|year)", text[token.end : token.end + 8]))
