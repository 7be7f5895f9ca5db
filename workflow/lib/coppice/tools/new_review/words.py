"""The words of a column's name, and what they mean: a quantity, an arm of a trial."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+|%")
PHRASES = (  # in the words of a name, joined by blanks
    (r"\bperson (years|months|days|time)\b|\bpatient (years|months|days)\b", "py"),
    (r"\b(standard|std|st) dev(iation)?\b", "sd"),
    (r"\b(standard|std|st) err(or)?( of the mean)?\b", "se"),
    (r"\b(group|sample|arm) size\b", "n"),
    (r"\b(number|no|num|nr|n)( of)? (events?|deaths|cases|responders)\b", "events"),
    (r"\b(number|no|num|nr)( of)? (patients|participants|subjects|people|randomi[sz]ed|women|children)\b", "n"),
    (r"\b(total|n|sample) (n|number|randomi[sz]ed|patients|participants|sample|size)\b", "n"),
    (r"\b(non|no|not) events?\b", "nonevents"),
    (r"\bq 1\b", "q1"),
    (r"\bq 3\b", "q3"),
)  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list of them, parted by blanks."""
    return frozenset(text.split())


QUANTITIES: Mapping[str, frozenset[str]] = {
    "events": word_set(
        "event events ev evt evts r x e d k count deaths death dead died dths cases case pos positive responders responder "
        "success successes infected infections failures affected"
    ),
    "n": word_set(
        "n total tot totals denom denominator participants patients pts subjects randomised randomized sample number analysed "
        "analyzed enrolled size"
    ),
    "nonevents": word_set("neg negative nonevents nonevent noevents noevent alive survivors"),
    "mean": word_set("mean means m avg average mn"),
    "sd": word_set("sd s std stdev stddev sds"),
    "se": word_set("se sem stderr"),
    "time": word_set("py pyr pyrs pt t personyears exposure"),
    "percent": word_set("percent pct perc percentage %"),
    "median": word_set("median med"),
    "q1": frozenset(("q1", "lq")),
    "q3": frozenset(("q3", "uq")),
}
# words that say what was counted, and stand for the count where nothing else does: in `death_n` they don't
COUNTED = word_set(
    "deaths death dead died dths cases case pos positive responders responder success successes infected infections failures affected"
)
EXPERIMENTAL = word_set(
    "e exp expt experimental experiment t tr trt treat treated treatment treatments tx active int interv intervention i vac vacc vaccine "
    "vaccinated vax exposed drug test new 1"
)
CONTROL = word_set(
    "c ctrl ctl control controls con cont contr comp comparator comparison pla plac placebo pbo usual standard ref reference unexposed "
    "unvaccinated unvacc nonvaccinated untreated sham waitlist wl tau cau no non not without 2 0"
)
CONTROL_TEXT = re.compile(
    r"\b(placebo|control|controls|comparator|sham|usual care|standard care|standard of care|no treatment|untreated|wait(ing)?[- ]?list|"
    r"pbo|tau|cau|wl|observation)\b",
    re.IGNORECASE,
)
TOTAL = re.compile(r"^\W*(sub)?-?(total|overall|pooled|summary)s?\b|^(all studies|sum)\b", re.IGNORECASE)
WHOLE = word_set(
    "id ci se sd md rd ve tp tn fp fn es te"
)  # words that are not two, though their letters are quantities and arms
OF_R = re.compile(r"(n|x|e|m|sd)(t|c)i")  # of treatment and control, with R's index of the study
ARM_LENGTH = 3  # letters of an arm's or a quantity's name, from which it is known within a word: nctrl, tpos


def meanings(word: str) -> set[str]:
    """Return the quantities that a word may stand for."""
    return {name for name, words in QUANTITIES.items() if word in words}


def split(word: str) -> tuple[str, ...]:
    """Return the two words that were written as one, an arm and a quantity: nctrl, tpos, Ne."""
    if meanings(word) or word in EXPERIMENTAL | CONTROL | WHOLE:
        return (word,)
    if match := OF_R.fullmatch(word):
        return match[1], match[2]
    for cut in range(1, len(word)):
        first, last = word[:cut], word[cut:]
        for arm, other in ((first, last), (last, first)):
            is_arm = arm in EXPERIMENTAL | CONTROL
            is_short = len(word) == 2 or (len(word) == ARM_LENGTH and first == other)  # Ne, sdt
            if is_arm and meanings(other) and (max(len(arm), len(other)) >= ARM_LENGTH or is_short):
                return first, last
    return (word,)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: `n.asp`, `meanTrt`, `sd1i`, `Events 1`."""
    text = " ".join(part.casefold() for part in PARTS.findall(name))
    for pattern, word in PHRASES:
        text = re.sub(pattern, word, text)
    words = [part for word in text.split() for part in split(word)]
    if len(words) > 1 and words[-1] == "i" and words[-2].isdigit():  # R's index of the study
        words.pop()
    return tuple(words)


def readings(words: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each quantity that a name may stand for, with the words that say of what."""
    is_counted = any(meanings(word) and word not in COUNTED | EXPERIMENTAL | CONTROL for word in words)
    for index, word in enumerate(words):
        for quantity in () if is_counted and word in COUNTED else meanings(word):
            yield quantity, words[:index] + words[index + 1 :]


def difference(
    first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the words that only one of two has, and those that both have."""
    both = tuple(word for word in first if word in second)
    return tuple(w for w in first if w not in both), tuple(w for w in second if w not in both), both


def contrast(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """Return how clearly two names are those of an experimental and a control arm, in this order; 0 where they are not."""
    own, others, _ = difference(first, second)
    if not others or (not own and others[0] not in ("no", "non", "not", "without")):
        return 0
    is_control = any(word in CONTROL for word in others) and not any(word in CONTROL for word in own)
    is_experimental = any(word in EXPERIMENTAL for word in own) and not any(word in EXPERIMENTAL for word in others)
    return 2 * is_control + is_experimental
