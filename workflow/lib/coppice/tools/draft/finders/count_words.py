"""The words around counts and percentages: whom they count, and what is no count."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.rows import Row
from coppice.tools.draft.lexer import Token, digits

PEOPLE = r"(?:pts?|child|wounds|hips|feet|ears|lesions|grafts|implants|restorations|ulcers|pregnancies|animals|dogs?|cats?|horses?|cows|vaccinees|nurses|users|survivors|households|schools|patients?|participants?|people|persons?|subjects?|wom[ae]n|m[ae]n|children|infants?|adults?|individuals?|recipients?|babies|newborns|neonates|girls|boys|mothers|volunteers|eyes|hernias|limbs|teeth|knees|cases|those|residents|pupils|students|players|runners|workers)"
EVENT = r"(?:events?|deaths?|infections?|relapses?|recurrences?|strokes?|falls?|fractures?|failures?|admissions?|episodes?|complications?|bleeds?|flares?|attacks?|hospitali[sz]ations?|responses?|responders?|remissions?|exacerbations?|reoperations?|losses|conversions?|infarctions?|injur(?:y|ies)|cancers?|births?|miscarriages?|leaks?|hernias?)"
NEAR = 40  # figures back, from which a percentage may follow
UNITED = re.compile(
    r"(?i)^\s*(?:-|\u00d7|mg|g\b|kg|ml|l\b|mm|cm|m\b|ms\b|points?|days?|weeks?|months?|years?|hours?|h\b|min\b|minutes?|seconds?|mmol|U/|IU|beats|kcal|letters|steps|metres|meters|per |dollars|euros|times|cycles|doses|sites|trials|studies|grains|million|billion|thousand|countries|centres|centers|hospitals|\u00b0)"
)
AFFECTED = re.compile(
    r"(?i)\b(?:affected|there (?:was|were)|occurred among|(?:[a-z]+ed|seen|found|given|needed|taken|present|met|done|used|carried out|arose|arisen) (?:in|by|for|among|from)|in)\s*(?:only |just )?$"
)
LISTED = re.compile(r"(?i)(?:^|[.;,]\s*|\band )[A-Za-z][A-Za-z -]{2,60}(?::|\b(?:was|were|numbered|totall?ed))\s*$")
NOT_AN_OUTCOME = re.compile(
    r"(?i)\b(?:randomi[sz]ed|assigned|allocated|enrolled|enrol+ment|recruited|included|received|underwent randomi[sz]ation|comprised|consisted|analy[sz]ed)\b"
)
COMPARATIVE = re.compile(
    r"(?i)\s*(?:lower|higher|less|fewer|more|greater|smaller|reductions?|increases?|decreases?|improvements?|better|worse|faster|longer|shorter)\b(?! than (?:half|one))"
)
CHANGED = re.compile(
    r"(?i)\b(?:lower(?:ed|s)|reduc(?:ed|es|ing)|increas(?:ed|es|ing)|decreas(?:ed|es|ing)|fell|rose|dropped|declined|improv(?:ed|es)|cut|raised|grew|climbed)\b[^.;,%()]{0,60}? by (?:about |an average of |a mean of )?$"
)
HAD_BASELINE = re.compile(
    r"(?i)^\s*(?:of (?:the )?(?:patients|participants)\s+)?(?:had|were|was)\s+(?:a |previous|prior|cirrhosis|diabet|hypertens|metasta|male|female|men|women|white|black|smok|stage|grade|receiving)"
)


def as_count(token: Token) -> dict[str, Value]:
    """Return events, and the denominator beside them."""
    fields: dict[str, Value] = {}
    k = digits(token, "k") if token.kind == "count" else digits(token)
    if k is not None:
        fields["events"] = k
    n = digits(token, "n") or (digits(token.of["size"]) if "size" in token.of and token.kind != "size" else None)
    if n is not None:
        fields["n"] = n
    return fields


def as_percent(token: Token) -> dict[str, Value]:
    """Return a percentage."""
    fields: dict[str, Value] = {"percent": str(digits(token))}
    if "size" in token.of:
        fields["n"] = str(digits(token.of["size"]))
    return fields


def of_arm(context: Context, row: Row, reach: int = 60) -> bool:
    """Return whether an arm is named right beside a percentage."""
    token = row.tokens[0]
    return any(token.end <= m.start < token.end + reach or 0 <= token.start - m.end < reach for m in context.mentions)


FLOW = r"(?:were |was |had been |have been |who )?(?:randomly )?(?:enrol|recruit|start|began|begun|commenc|initiat|enter|join|contribut|undergo|includ|assign|allocat|randomi[sz]|receiv|complet|withdr|screen|exclud|analy[sz]|treat|dos|assess|stopp|discontinu|cross|declin|consent|lost|follow|evaluat|underw|examin|register|eligib|appl|t[oa]k|tak|studied|observed|approached|invited|participat|provid|return|respond to|with|who|in|on|of|from|at|and|or|per|to|for|aged|had (?:a |previous|prior|missing)|were (?:women|men|male|female|available|white|black|in))"
SUFFERED = re.compile(
    rf"(?i)\s*(?:{PEOPLE}) (?!{FLOW})(?:died|[a-z]+ed|had|got|fell|bled|felt|became|underwent|lost|needed|were (?:hospitali[sz]ed|admitted|cured|dead|alive))\b"
)
