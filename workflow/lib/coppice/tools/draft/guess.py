"""The arms of a text whose reader has not named them: by the words in which a trial assigns, compares and counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from coppice.tools.draft.arms import Arm, Arms
from coppice.tools.draft.printed import NUMBER
from coppice.tools.draft.sentences import own_part, sentences
from coppice.tools.draft.traps import WHOLE_SENTENCES

FOREIGN = tuple(rule for rule in WHOLE_SENTENCES if rule.reason in ("another study", "background rate"))
WITHOUT = re.compile(r"(?i)\bwithout(?: it)?(?=[,.;)]|$| \()")
MOST = 100_000  # characters from which arms are guessed: they are named early
STOP = (
    r"(?:or|and|and/or|then|versus|vs|v|for|in|at|by|of|to|from|as|than|but|who|that|which|if|when|once|twice|daily|weekly|every|given|compared|with|on|over|during|until|was|were|had|has|is|are|did|the|a|an|all|both|either|each|not|only|after|before|"
    r"against|whereas|while|per|between|among|respectively|patients|participants|people|women|men|children|infants|adults|subjects|pts|those|group|groups|arm|arms|condition|recipients|users|weeks?|months?|days?|years?|improved|reduced|had|this|their|its|we|it)"
)
WORD = rf"(?!{STOP}\b)[A-Za-z0-9][\w+/.-]*[\w+]|(?!{STOP}\b)[A-Za-z0-9]"
PLUS = r"(?: (?:plus|\+) | combined with )"
NAME = rf"(?:(?:{WORD})(?:[ ](?:{WORD})){{0,3}}(?:{PLUS}(?:{WORD})(?: (?:{WORD})){{0,2}})?)"
NO = rf"(?:no {NAME}|{NAME})"
SIZE = r"(?:,? ?[(\[][^()\[\]]{1,60}[)\]])?"
TAKE = r"(?:receive|undergo|take|get|be given|treatment with|continue|start|have)"
ARTICLE = r"(?:an? (?:course|dose) of |the |an? |either |one dose of (?:the |an? )?|oral |intravenous |(?:once|twice)-(?:daily|weekly) )*"
LIST = rf"{ARTICLE}(?P<a>{NO}){SIZE}(?:(?:,|, then) {ARTICLE}(?P<c>{NO}){SIZE})?,? (?:(?:and|or|versus|vs\.?) (?:to )?|then )(?:{NUMBER} (?:\w+ )?(?:to |on |received )?)?{ARTICLE}(?P<b>{NO})"
DOSED = r"(?: \d[\d.]*[ -]?(?:mg|g|ug|mcg|iu|ml|mg/kg|mg/day|gy)\b)?"
ASSIGNED = re.compile(
    rf"\b(?:randomly (?:assigned|allocated|given)|randomi[sz]ed|assigned|allocated|allotted|randomi[sz]ation)(?: [\w-]+){{0,4}}?(?: ?\(?\d ?: ?\d(?: ?: ?\d)?\)?| in a \d:\d(?::\d)? ratio)?,? to (?:{TAKE} )?{LIST}"
    rf"|\brandomi[sz]ed (?:\w+ )?\d[\d,]* (?:\w+ )?(?:patients|adults|participants|people|women|men|children|infants) (?:\d:\d )?to {LIST.replace('?P<a>', '?P<a2>').replace('?P<b>', '?P<b2>').replace('?P<c>', '?P<c2>')}",
    re.I,
)
COMPARED = re.compile(
    rf"\b(?:compar(?:ed|es|ing|e)|tested|evaluated|set) {ARTICLE}(?P<a>{NO}){SIZE} (?:with|to|versus|vs\.?|and|against) {ARTICLE}(?P<b>{NO})"
    rf"|\b(?:favou?red|superiority of) {ARTICLE}(?P<a3>{NAME}) over {ARTICLE}(?P<b3>{NO})"
    rf"|\b(?:with|of|under|on|after|in) {ARTICLE}(?P<a2>{NAME}) (?:versus|vs\.?|as compared with|compared (?:with|to)|than (?:with|on|after|in|those on)) {ARTICLE}(?P<b2>{NO})",
    re.I,
)
NAMED = (
    (3, re.compile(rf"\b(?:in|of|for|from|with) the (?P<a>{NAME}) (?:group|arm|condition|cohort)\b", re.I)),
    (2, re.compile(rf"\b(?P<a>{WORD}(?: {WORD})?) (?:group|arm|condition|recipients|users|schools|villages)\b", re.I)),
    (
        2,
        re.compile(
            rf"\b(?:received|receiving|given|got|treated with|assigned to|allocated to|taking|took|applied|inhaled|randomi[sz]ed to|consolidation with|were on) {ARTICLE}(?P<a>{NO})",
            re.I,
        ),
    ),
    (
        2,
        re.compile(
            rf"(?:\d ?%?|[)\]]|percent|\bpatients|\bparticipants|\bpeople|\bwomen|\bchildren|\bdogs)(?: (?!and\b|or\b|vs\b)[a-z/%-]+){{0,2}} (?:with|on|under|after|receiving|given|for|taking) {ARTICLE}(?P<a>{NO})",
            re.I,
        ),
    ),
    (2, re.compile(rf"(?<![\w-])(?P<a>{NO}) ?[(\[](?:n|N) ?= ?\d")),
    (
        1,
        re.compile(
            r"(?P<a>\b[A-Za-z]{3,}(?:mab|nib|ciclib|parib|statin|gliptin|gliflozin|glutide|sartan|cillin|mycin|floxacin|prazole|leucel|taxel|platin|rubicin|lizumab|zumab|ximab|limus|tinib|trexate|pril|olol|azole|oxaban|setron|triptan|gepant)\b)",
            re.I,
        ),
    ),
    (
        1,
        re.compile(
            rf"(?:^|[.;:|] |, |\| )(?P<a>{WORD}(?: {WORD}){{0,2}})(?::| \||,? \(?n ?=| -?\d[\d.]*%| -?\d+\.\d+ [(\[]| \d+/\d)",
            re.I | re.M,
        ),
    ),
)
CONTROL = re.compile(
    r"(?i)\b(?:placebo|sham|controls?|usual|standard|routine|conventional|observation|vehicle|comparator|best supportive|waiting|wait-list|untreated|saline|dummy)\b|^no |\balone$|\bonly$"
)
NOISE = re.compile(
    r"(?i)^(?:the|a|an|one|either|receive|oral|intravenous|inhaled|subcutaneous|matching|matched|treatment with|treated with|experimental drug,?|new|open|initial|first-line|high-quality|real|study) +"
    r"|[ -]+(?:group|arm|daily|once|twice|weekly|monthly|in|on|at|was|were|and|to|for|with|of|over|during|after|recipients|users|capsules?|tablets?|pills?|injections?|vaccine|treatment|therapy|treated|schools?|villages?|improved|reduced)$|[.,;:]$"
)
GENERIC = re.compile(
    r"(?i)^(?:title|power|type|scale|repair|patch|resection|(?:\d+ )+scale|(?:the |new |study |active |experimental )*(?:drug|vaccine|tablet|pill|injection|shot|medicine|device|product|programme|program|antibody|treatment|combination|latter|former))$"
)
NO_ARM = re.compile(
    r"(?i)^(?:single.*|introduction|.*\berrors?|conclusion|arms?|\W*\d[\d.,]*%?|hazard.*|odds.*|risk.*|95.*|ci|ratio|mean|median|results?|methods?|background|findings|conclusions?|p|n|both.*|each.*|other.*|intention.*|per-protocol.*|two|three|four|same|whole|total|overall|age.*|results?.*|primary.*|secondary.*|safety.*|follow.*|treatment|therapy|study|analysis.*"
    r"|.*\b(?:disease|survival|death|events?|cancer|diabetes|infection|infections|stroke|outcomes?|trial|mutation|metastases|cirrhosis|symptoms|nausea|headache|endpoint|response|rate|age|grade|baseline|randomi[sz]ation|data|stage|adjustment|covariates|subgroup|screening|surgery for|failure|relapse|remission)s?)$"
)
SINGLE = re.compile(r"(?i)\bsingle[- ](?:arm|group)\b|\buncontrolled\b|\barms?: single group\b|\bone-arm\b")
INACTIVE = re.compile(r"(?i)\b(?:placebo|sham|vehicle)\b|\bdummy (?:pill|tablet|injection)")


def guessed(text: str) -> Arms:
    """Return the arms that a text names; none where it leaves them open."""
    text = own_words(text[:MOST])
    flat = flattened(text)
    votes: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for name, weight in candidates(text):
        short = shortened(name, flat)
        key = flattened(short)
        if len(key) > 1 and not NO_ARM.match(key) and not GENERIC.match(key):
            votes[key] += weight
            printed.setdefault(key, short)
    votes = united(votes)
    if SINGLE.search(text):
        best = next((name for name, _ in votes.most_common() if not CONTROL.search(name)), "")
        return Arms([Arm(printed[best], "experimental")] if best else [])
    names = of_list(text) or [printed.get(name, name) for name in of_votes(votes, flat)]
    return Arms([*(Arm(name, "experimental") for name in names[:-1]), *(Arm(name, "control") for name in names[-1:])])


def own_words(text: str) -> str:
    """Return the sentences of a text that are about its own trial."""
    kept = [
        line.text
        for line in sentences(text[: own_part(text)])
        if not any(rule.pattern.search(line.text) for rule in FOREIGN)
    ]
    return "\n".join(kept)


def flattened(text: str) -> str:
    """Return words in small letters without hyphens and plurals, so that forms of one name are the same."""
    return re.sub(r"(?<=[a-z]{3})(?<!plu)s\b", "", re.sub(r"[\s-]+", " ", text.lower())).strip()


def shortened(name: str, flat: str) -> str:
    """Return a name without last words that the text never says again: `the shunt bled again` is the shunt."""
    words = name.split()
    while len(words) > 1:
        if flat.count(flattened(" ".join(words))) > 1:
            return " ".join(words)
        words.pop()
    return words[0] if words and flat.count(flattened(words[0])) > 1 and not words[0].isdigit() else name


def groups(found: re.Match[str]) -> dict[str, str]:
    """Return the named parts of a match, alternatives under their plain names."""
    return {key.rstrip("23"): value for key, value in found.groupdict().items() if value}


def candidates(text: str) -> Iterator[tuple[str, int]]:
    """Yield names that may be of arms, with a weight."""
    for weight, pattern in ((6, ASSIGNED), (3, COMPARED), *NAMED):
        for found in pattern.finditer(text):
            for name in groups(found).values():
                yield cleaned(name), weight


def of_list(text: str) -> list[str]:
    """Return the arms of a sentence that assigns patients to three of them, the control last."""
    for found in ASSIGNED.finditer(text):
        names = [cleaned(groups(found)[key]) for key in ("a", "c", "b") if key in groups(found)]
        controls = [name for name in names if CONTROL.search(name)]
        if len(names) == 3 and len(set(map(str.lower, names))) == 3:
            control = controls[-1] if controls else names[-1]
            return [
                re.sub(r" (?:alone|only)$", "", name)
                for name in [*(name for name in names if name != control), control]
            ]
    return []


def united(votes: Counter[str]) -> Counter[str]:
    """Return the votes with those for a part of a name given to the whole: `CBT` to `internet CBT`."""
    result = Counter(votes)
    for name in sorted(votes, key=len):
        longer = [
            other
            for other in votes
            if other != name
            and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", other)
            and not re.search(r"\b(?:plus|and|no)\b|\+", other)
        ]
        if len(longer) == 1 and votes[longer[0]] >= 2 and len(longer[0].split()) <= 3:
            result[longer[0]] += result.pop(name)
    return result


def of_votes(votes: Counter[str], flat: str) -> list[str]:
    """Return the two arms with the most votes, the control last; nothing where a second arm is in doubt."""
    ranked = [
        name
        for name, count in votes.most_common()
        if count >= 2 or INACTIVE.search(name) or (count and flat.count(name) > 2)
    ]
    controls = sorted((name for name in ranked if CONTROL.search(name)), key=lambda name: not INACTIVE.search(name))
    others = [name for name in ranked if not CONTROL.search(name)]
    if not others:
        return []
    rival = votes[others[1]] if len(others) > 1 else 0
    if controls and (votes[controls[0]] >= 2 or rival < 4) and rival <= 2 * votes[controls[0]]:
        return [others[0], controls[0]]
    if not controls and INACTIVE.search(flat) and rival < 4:
        return [others[0], "placebo"]
    if not controls and rival < 4 and WITHOUT.search(flat):
        return [others[0], f"no {others[0]}"]
    third = votes[others[2]] if len(others) > 2 else 0
    if rival >= 4 or (rival >= 2 and third < rival):
        return sorted(others[:2], key=flat.find)
    return []


def cleaned(name: str) -> str:
    """Return a name without the words around it."""
    last = ""
    while name != last:
        last, name = name, NOISE.sub("", name.strip())
    return name.strip()
