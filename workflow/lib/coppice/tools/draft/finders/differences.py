"""Differences of the arms: of means, of risks, standardised, and of restricted mean survival."""

from __future__ import annotations

import re
from decimal import Decimal

from coppice.tools.draft.context import Context, Document, Proposal, Value
from coppice.tools.draft.finders.p_values import following, just_before, only_before
from coppice.tools.draft.finders.ratios import estimate_fields, label_form, labels_of
from coppice.tools.draft.lexer import Token, digits
from coppice.tools.draft.printed import fraction, negated
from coppice.tools.draft.sentences import Sentence

FORMS = ("mean_difference", "risk_difference", "standardised_mean_difference", "rmst_difference")
POINTS = re.compile(r"(?i)^\s*(?:percentage|percent|%)[- ]?points?|^\s*%")
MEANS = re.compile(
    r"(?i)\b(?:mean|means|least[- ]squares|LS|change|scores?|(?:HbA|A|hemoglobin A)1c|ejection fraction|FEV1?|h(?:a)?ematocrit|time in range|saturation|weight|LDL|cholesterol|MADRS|eGFR)\b|\bfrom [\d.]+\s*%? to [\d.]+\s*%"
)
GAP = re.compile(
    r"(?i)[\s,:=(\[]*(?:(?:of|was|is|were|in|for|at|between|with|versus|vs|from|favou?ring|(?:had |has |have )?[a-z]+ to|came to|estimated|restricted|the|an?|[dg])\b[^.;%\d]{0,90}?|\([^()\d]{0,60}\)\s*(?:was|of|:|,|=)?\s*)?[\s,:=]*"
)
MEAN_CHANGE = re.compile(
    r"(?i)\b(?:mean|average|median|least[- ]squares|LS)\b[^.;]{0,40}\b(?:change|reduction|increase|decrease|loss|gain)\b|\bchange from baseline\b|\bmeans?\b"
)
FROM_TO = re.compile(
    r"(?i)\bfrom (?:an? (?:mean|baseline) of )?[\d.]+\s*%? to [\d.]+\s*%|\b(?:HbA1c|A1C)\b|ejection fraction|\bFEV1?\b|time in range"
)
OTHER_UNIT = re.compile(
    r"(?i)\s?(?!percentage|percent|per|points? percent|in\b|with\b|for\b|and\b|between\b|of\b|to\b|at\b|favou?r|by\b|from\b|on\b|after\b|among\b|P\b|95)[a-z\u00b5\u00b0][a-z/]*\b"
)
UNNAMED_POINTS = re.compile(r"(?i)\s*points\b")


def find(context: Context) -> None:
    """Propose the differences that the sentence labels."""
    form, label, carried = "", None, False
    for token in context.line:
        if token.kind.startswith("label:"):
            carried = False
            form, label = (label_form(token), token) if label_form(token) in FORMS else ("", None)
            continue
        if label is None or token.taken or token.kind not in ("number", "percent"):
            if token.kind in ("count", "person_time"):
                label = None
            continue
        gap = context.text[label.end : token.start]
        if carried:
            gap = gap[max((part.end - label.end for part in label.of.values()), default=0) :]
        if len(gap) > 120 or (not carried and not GAP.fullmatch(gap) and not ("ci" in token.of and len(gap) < 60)):
            label = None
            continue
        if carried and not ("ci" in token.of or "bracket" in token.of):
            label = None
            continue
        if form != "rmst_difference" and re.search(r"(?i)restricted mean|RMST", context.text[: token.start]):
            form = "rmst_difference"
        propose(context, form, label, token)
        label, carried = (token, True) if several(context) else (None, False)


def several(context: Context) -> bool:
    """Return whether more than one arm is compared with the control."""
    return sum(arm.role != "control" for arm in context.document.arms.arms) > 1


def by_unit(context: Context, form: str, label: Token, token: Token, *, points: bool) -> str:
    """Return the form that the unit tells: days are of means, percentage points of risks unless a mean is spoken of."""
    head = context.text[: label.start]
    of_means = (
        MEANS.search(context.text[label.start : token.start])
        or FROM_TO.search(head)
        or MEAN_CHANGE.search(head)
        or any(set(other.of) & {"sd", "se", "pm"} for other in context.line)
    )
    if form == "risk_difference" and not points and OTHER_UNIT.match(context.text[token.end : token.end + 20]):
        return "mean_difference"
    if form == "mean_difference" and not points and UNNAMED_POINTS.match(context.text, token.end):
        points = context.document.last_points and not of_means
    return "risk_difference" if form == "mean_difference" and points and not of_means else form


RELATIVE = re.compile(r"(?i)relative")
NAMED_AS_MEANS = re.compile(r"(?i)mean|treatment|group|least|\b(?:ETD|LSMD|EMD|WMD)\b")
UNIT = re.compile(r"\s*(day|week|month|year)s?")


def propose(context: Context, form: str, label: Token, token: Token) -> None:
    """Propose one labelled difference."""
    text = context.text
    points = bool(token.kind == "percent" or POINTS.match(text[token.end : token.end + 20]))
    fields, end = estimate_fields(token)
    if RELATIVE.search(text[max(0, label.start - 12) : label.end]):
        token.taken = True
        context.seen(token.start, end, "relative difference, follows from the values of the arms")
        return
    named = points or NAMED_AS_MEANS.search(text[max(0, label.start - 20) : label.end + 20])
    if form == "mean_difference" and not named and "ci" not in fields and "bracket" not in token.of:
        return
    token.taken = True
    form = by_unit(context, form, label, token, points=points)
    context.document.last_points = form == "risk_difference"
    unnamed = UNNAMED_POINTS.match(text, token.end) or abs(float(str(fields["estimate"]))) > 1
    if form == "risk_difference" and (points or unnamed):
        fields = as_fractions(fields)
    if "se" in token.of:
        fields["se"] = str(digits(token.of["se"]))
    fields |= p_beside(context, form, label, end)
    if control_first(context, label, token):
        turn(fields)
    labels = labels_of(context, label.start, token.start, end)
    if form == "rmst_difference":
        labels.pop("adjusted", None)
        if unit := UNIT.match(text, token.end):
            labels["unit"] = f"{unit[1]}s"
    place = (label.start if token.start - label.end < 60 else token.start, end)
    context.propose(form, fields, "both", place, f"{form} by its name", **labels)


def p_beside(context: Context, form: str, label: Token, end: int) -> dict[str, Value]:
    """Return the p value of a difference: after it, or before its label; that of a log-rank test is of another figure."""
    found = following(context, end, stop=("label:",)) or only_before(context, label.start)
    if not found and form == "standardised_mean_difference":
        return just_before(context, label.start)
    after = context.text[end : end + 60]
    return {} if form == "rmst_difference" and "by" in after[:40] and "log" in after else found


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


def as_fractions(fields: dict[str, Value]) -> dict[str, Value]:
    """Return an estimate and its limits, printed in percent, as fractions."""
    limits = fields.get("ci")
    result: dict[str, Value] = {**fields, "estimate": signed_fraction(str(fields["estimate"]))}
    if isinstance(limits, list):
        result["ci"] = [None if limit is None else signed_fraction(limit) for limit in limits]
    return result


def agree(document: Document, begin: int, sentence: Sentence) -> None:
    """Give the differences of a sentence the sign of experimental minus control that the values beside them show."""
    inside = [item for item in document.proposals[begin:] if item.start >= sentence.start]
    before = [item for item in document.proposals[max(0, begin - 2) : begin] if sentence.start - item.end < 200]
    pairs = [pair for item in [*before, *inside] if (pair := values(item)) is not None]
    for item in inside:
        if item.statistic == "risk_difference" and of_changes(item, [*before, *inside]):
            item.statistic = "mean_difference"
            item.fields = {**item.fields, **in_percent(item.fields)}
        if item.statistic == "mean_difference" and (
            of_shares(item, inside, sentence) or goes_on_in_points(item, inside, sentence)
        ):
            item.statistic, item.fields = "risk_difference", as_fractions(item.fields)
        if item.statistic not in ("mean_difference", "risk_difference") or str(item.fields["estimate"]).startswith("-"):
            continue
        size = float(str(item.fields["estimate"]))
        room = 0.5 * 10.0 ** -len(str(item.fields["estimate"]).partition(".")[2]) + 0.1 * size
        matches = [e - c for e, c in pairs if abs(abs(e - c) - size) <= room]
        if matches and all(value < 0 for value in matches):
            turn(item.fields)


WITHOUT_UNIT = re.compile(r"\s*(?:[(;,.]|for\b|with\b|$)")


def goes_on_in_points(item: Proposal, inside: list[Proposal], sentence: Sentence) -> bool:
    """Return whether a difference without a unit goes on with those in percentage points before it: 12.8 points for A and 26.4 for B."""
    place = sentence.text.find(str(item.fields["estimate"]), max(0, item.start - sentence.start))
    first = next((other for other in inside if other is not item and other.start <= item.start), None)
    return bool(
        first
        and first.statistic == "risk_difference"
        and first.labels.get("experimental")
        and place >= 0
        and WITHOUT_UNIT.match(sentence.text, place + len(str(item.fields["estimate"])))
    )


def of_changes(item: Proposal, near: list[Proposal]) -> bool:
    """Return whether a difference in percentage points is that of mean changes in percent beside it."""
    size = 100 * abs(float(str(item.fields["estimate"])))
    changes = [
        other.fields for other in near if other.statistic == "mean_change" and {"mean_e", "mean_c"} <= set(other.fields)
    ]
    return any(abs(abs(float(str(f["mean_e"])) - float(str(f["mean_c"]))) - size) < 0.15 for f in changes)


def in_percent(fields: dict[str, Value]) -> dict[str, Value]:
    """Return an estimate and its limits, fractions, in percent with their digits."""
    limits = fields.get("ci")
    result: dict[str, Value] = {"estimate": percent_of(str(fields["estimate"]))}
    if isinstance(limits, list):
        result["ci"] = [None if limit is None else percent_of(limit) for limit in limits]
    return result


def percent_of(share: str) -> str:
    """Return a fraction in percent: -0.193 is -19.3."""
    return f"{Decimal(share).scaleb(2):f}"


def of_shares(item: Proposal, inside: list[Proposal], sentence: Sentence) -> bool:
    """Return whether a difference in points is that of percentages, or of counts, in the same sentence."""
    after = str(item.fields["estimate"]).lstrip("-")
    found = re.search(rf"{re.escape(after)} points?\b", sentence.text[item.start - sentence.start :])
    shares = [
        100 * abs(pair[0] - pair[1])
        for other in inside
        if other.statistic == "counts" and (pair := values(other)) is not None
    ]
    return found is not None and any(abs(share - float(after)) < 0.15 for share in shares)


def values(item: Proposal) -> tuple[float, float] | None:
    """Return the values of the two arms, of shares as fractions; nothing where one is missing or its sign is open."""
    fields = item.fields
    for key, scale in (("mean", 1.0), ("median", 1.0), ("percent", 100.0), ("survival", 1.0)):
        if f"{key}_e" in fields and f"{key}_c" in fields:
            return float(str(fields[f"{key}_e"])) / scale, float(str(fields[f"{key}_c"])) / scale
    if all(key in fields for key in ("events_e", "n_e", "events_c", "n_c")):
        return tuple(float(str(fields[f"events_{s}"])) / max(1.0, float(str(fields[f"n_{s}"]))) for s in "ec")  # type: ignore[return-value]
    return None
