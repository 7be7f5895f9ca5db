"""Means, medians and changes of measurements, by arm."""

from __future__ import annotations

import re

from coppice.tools.draft.context import IN_BRACKETS, MEDIAN_WITH, PLUS_MINUS, Context, Value
from coppice.tools.draft.finders.halves import merge
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.finders.survival import MEDIAN, SURVIVAL_TIME
from coppice.tools.draft.lexer import Token, digits, level, limits
from coppice.tools.draft.printed import negated

CHANGE = re.compile(
    r"(?i)\bchang(?:e|es|ed)\b|\b(?:rose|risen|fell|fallen|increased|decreased|improved|declined|dropped|worsened|gained|lost|reduced|lowered|went (?:up|down)|increase|decrease|reduction|improvement|decline|gain|(?<!lumen )(?<!blood )(?<!hearing )loss)\b(?: \w+){0,6}? (?:by|from baseline|of|was|were)\b|\bfrom baseline\b"
)
JUST_CHANGED = re.compile(r"(?i)\b(?:rose|fell|increased|decreased|improved|declined|dropped|worsened|gained|lost)\s*$")
OTHER_WAY = re.compile(r"(?i)\b(?:rises?|rose|increased?|gains?|gained|went up|grew)\b[^.;]{0,20}$")
CHANGED_BY = re.compile(
    r"(?i)\b(?P<verb>rose|risen|fell|fallen|changed|increased|decreased|improved|declined|dropped|worsened|gained|lost|went up|went down|was reduced|were reduced)(?: from baseline)?(?: \w+){0,3}? by(?: a mean of| an average of| about)?\s*$"
)
MEAN_CHANGE = re.compile(
    r"(?i)\b(?:mean|average|least[- ]squares(?: mean)?|LS mean)\s+(?:[\w-]+ ){0,3}?change (?:from baseline )?(?:[^.;()]{2,80}? )?(?:was|were|of)\s*$|\bchange (?:from baseline )?in (?:mean )?[^.;()]{2,80}? (?:was|were)\s*$"
)
FROM = re.compile(r"(?i)\bfrom (?:an? )?(?:mean |median |baseline |average )?(?:of )?$")
DOWN = re.compile(r"(?i)fell|fallen|decreas|declin|drop|lost|went down|reduc")
MEANS_WORD = re.compile(r"(?i)\b(?:means?|average[sd]?|least[- ]squares?|LS|scores?|medians?)\b")
OF_MEASUREMENT = re.compile(
    r"(?i)\b(?:mean|average|median|density|BMD|weight|cholesterol|LDL|HDL|triglycerides?|volume|mass|levels?|concentrations?|pressure|titres?|titers?|fraction|FEV1|ferritin|h(?:a)?emoglobin|creatinine|PSA|CRP|viral load)\b"
)
CI_SPOKEN = re.compile(r"\bCI|[Cc]onfidence|[Cc]redible|\bmeans?\b")
BASELINE = re.compile(r"(?i)^\W*(?:mean |median )?baseline\b|\b(?:at baseline|at entry)\b")


def readings(context: Context) -> dict[str, str]:
    """Return what ± and brackets mean in this sentence."""
    document = context.document
    return {
        "pm": context.meaning(PLUS_MINUS, document.plus_minus),
        "bracketed": context.meaning(IN_BRACKETS, document.bracketed)
        or next((token.kind for token in context.line if token.kind in ("sd", "se")), ""),
        "bracket": context.meaning(MEDIAN_WITH, "") or of_medians(context),
    }


def of_medians(context: Context) -> str:
    """Return what brackets mean after medians: what the text declares, or quartiles where no interval is spoken of."""
    found = MEDIAN.search(context.text)
    if found is None or SURVIVAL_TIME.search(context.text) or CI_SPOKEN.search(context.text):
        return ""
    return context.document.median_with or "iqr"


def parts(token: Token, meaning: dict[str, str]) -> dict[str, Value]:
    """Return the fields of a measurement without its side; empty where the text does not say how it varies."""
    fields = as_median(token, meaning) or as_mean(token, meaning)
    if fields and "size" in token.of:
        fields["n"] = str(digits(token.of["size"]))
    return fields


def as_median(token: Token, meaning: dict[str, str]) -> dict[str, Value]:
    """Return a median with its quartiles or its range; nothing where it has none."""
    of, fields = token.of, {"median": digits(token) or ""}
    bracket = {meaning["bracket"]: of["bracket"]} if "bracket" in of else {}
    quartiles, extremes = of.get("iqr") or bracket.get("iqr"), of.get("range") or bracket.get("range")
    for keys, spread in ((("q1", "q3"), quartiles), (("min", "max"), extremes)):
        if spread is not None:
            fields |= {key: limit or "" for key, limit in zip(keys, limits(spread), strict=True)}
    return dict(fields) if len(fields) > 1 else {}


def as_mean(token: Token, meaning: dict[str, str]) -> dict[str, Value]:
    """Return a mean with its SD, SE or interval; nothing where it has none."""
    of = token.of
    fields: dict[str, Value] = {key: str(digits(of[key])) for key in ("sd", "se") if key in of}
    for sign in ("pm", "bracketed"):
        if sign in of and meaning[sign]:
            fields[meaning[sign]] = str(digits(of[sign]))
    interval = of.get("ci") or of.get("bracket")
    if interval is not None:
        fields["ci"] = limits(interval)
    return {"mean": str(digits(token))} | fields if fields else {}


def find(context: Context) -> None:
    """Propose values and changes by arm."""
    document, text = context.document, context.text
    meaning = readings(context)

    def usable(token: Token) -> bool:
        if FROM.search(text[max(0, token.start - 20) : token.start]) and re.match(
            r"(?:[^.;]|\.\d){0,60}?\bto\b", text[token.end :]
        ):
            return False
        return (
            token.kind in ("number", "percent")
            and bool(parts(token, meaning))
            and (token.kind == "number" or bool(set(token.of) & {"sd", "se", "pm", "bracketed", "iqr"}))
        )

    for row in rows(context, usable):
        attached = set(row.tokens[0].of)
        if "range" in attached and not {"sd", "se", "iqr"} & attached and not re.search(r"(?i)\bmedian", text):
            continue
        head = text[: row.start]
        if (
            {"ci", "bracket"} & set(row.tokens[0].of)
            and not {"sd", "se", "pm", "iqr", "range"} & set(row.tokens[0].of)
            and not meaning["bracket"]
            and not MEANS_WORD.search(head)
            and not CHANGE.search(head)
            and document.last_outcome != "change"
        ):
            continue
        if (
            not {"sd", "se", "pm", "bracketed", "iqr", "range"} & set(row.tokens[0].of)
            and not meaning["bracket"]
            and re.search(r"(?i)\bmedian", head)
        ):
            continue
        change = bool(CHANGE.search(head) or JUST_CHANGED.search(head)) or (
            document.last_outcome == "change" and not re.search(r"(?i)\b(?:was|were)\b", head) and len(row.tokens) == 1
        )
        found = CHANGED_BY.search(head)
        verb = found["verb"] if found else just[0] if (just := JUST_CHANGED.search(head)) else ""
        flip = bool(DOWN.search(verb))
        statistic = "mean_change" if change else "paired_means" if document.crossover else "means"

        def reading(token: Token, *, turned: bool = flip, first: Token = row.tokens[0]) -> dict[str, Value]:
            fields = parts(token, meaning)
            return (
                turn(fields)
                if turned
                and not (token is not first and OTHER_WAY.search(text[max(0, token.start - 30) : token.start]))
                else fields
            )

        shared: dict[str, Value] = {}
        at = next((level(t.of["ci"]) for t in row.tokens if "ci" in t.of), None)
        if at is not None:
            shared["level"] = at
        shared |= after_row(context, row)
        before = len(document.proposals)
        if document.single and statistic == "means" and not change:
            emit_single(context, row, meaning)
            continue
        emit(context, row, statistic, reading, ("change by arm" if change else "value by arm", shared))
        merge(context, before)
    find_bare_changes(context)
    find_bare_means(context)


MEAN_WAS = re.compile(
    r"(?i)(?:\b(?:means?|average)\b(?! (?:difference|change|age|dose|duration of|follow-up|time to))[^.;()%]{0,90}\b(?:was|were|of|at)|\baveraged)\s*$"
)
JOINED = re.compile(r"(?i)\s*(?:[a-z/%\u00b5]{1,8}\s+)?(?:and|v\.?|vs\.?|versus|against|compared (?:with|to))\s*")
NO_MEASUREMENT = re.compile(
    r"(?i)\b(?:age|aged|baseline|entry|body[- ]mass|follow-up|dose|admission|change[sd]?|differ\w*|reduc\w*|increas\w*|decreas\w*)\b"
)


def find_bare_means(context: Context) -> None:
    """Propose means without a measure of their spread: the mean score was 37 with X and 49 with Y."""
    text = context.text
    for row in rows(context, lambda token: token.kind == "number" and not set(token.of) - {"size"}):
        head = text[max(0, row.head[0]) : row.start]
        if len(row.tokens) < 2 or not MEAN_WAS.search(head) or NO_MEASUREMENT.search(head):
            continue
        first, last = row.tokens[0], row.tokens[-1]
        between = any(first.end <= mention.start < last.start for mention in context.mentions)
        if not between and not JOINED.fullmatch(text[first.end : last.start]):
            continue
        statistic = "paired_means" if context.document.crossover else "means"
        rule = ("value by arm", after_row(context, row))
        emit(context, row, statistic, lambda token: {"mean": str(digits(token))}, rule)


def emit_single(context: Context, row: Row, meaning: dict[str, str]) -> None:
    """Propose the value of a study with one arm."""
    for token in row.tokens:
        token.taken = True
        context.propose("mean", parts(token, meaning), "experimental", (row.start, row.end), "value of the only arm")


def after_row(context: Context, row: Row) -> dict[str, Value]:
    """Return the p value of a row: after it, with its measurement declared between."""
    return following(context, row.end)


def turn(fields: dict[str, Value]) -> dict[str, Value]:
    """Return a change with its sign turned: fell by 3 is -3."""
    turned = dict(fields)
    for key in ("mean", "median"):
        if key in turned:
            turned[key] = str(negated(str(turned[key])))
    for pair in (("q1", "q3"), ("min", "max")):
        if pair[0] in turned:
            turned[pair[0]], turned[pair[1]] = str(negated(str(fields[pair[1]]))), str(negated(str(fields[pair[0]])))
    if isinstance(turned.get("ci"), list):
        turned["ci"] = [negated(x) for x in turned["ci"]][::-1]  # type: ignore[union-attr]
    return turned


def find_bare_changes(context: Context) -> None:
    """Propose changes without a measure of their spread: rose by 5.8 and 5.1 points."""
    text = context.text
    for row in rows(context, lambda token: token.kind in ("number", "percent") and not set(token.of) - {"size"}):
        found = CHANGED_BY.search(text[: row.start])
        named = found or MEAN_CHANGE.search(text[: row.start])
        if row.tokens[0].kind == "percent" and found and not OF_MEASUREMENT.search(text[: row.start]):
            continue
        if named is None or (len(row.tokens) < 2 and not row.whole):
            continue
        flip = bool(found and DOWN.search(found["verb"]))

        def reading(token: Token, *, turned: bool = flip) -> dict[str, Value]:
            value = str(digits(token))
            return {"mean": str(negated(value)) if turned else value}

        emit(context, row, "mean_change", reading, ("change by arm", after_row(context, row)))
