"""Reading a text: its sentences, traps first, then every finder in turn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coppice.tools.draft.arms import Arm, Arms, Mention
from coppice.tools.draft.assignment import order_before
from coppice.tools.draft.context import (
    IN_BRACKETS,
    MEDIAN_WITH,
    PLUS_MINUS,
    Context,
    Document,
    Proposal,
    Seen,
    Value,
    declared_by,
)
from coppice.tools.draft.evidence import judge
from coppice.tools.draft.finders import differences, facts
from coppice.tools.draft.finders import registry_lines as registry
from coppice.tools.draft.finders.table_rows import read_tables
from coppice.tools.draft.lexer import Token, alike, attach, parts_of_counts, share_signs, sizes_after, spreads, tokens
from coppice.tools.draft.pronouns import added
from coppice.tools.draft.registry import CONTRASTS, FACTS, FINDERS
from coppice.tools.draft.sections import left_out
from coppice.tools.draft.sentences import Sentence, normalised, own_part, sentences
from coppice.tools.draft.sizes import Sizes, sizes_of
from coppice.tools.draft.traps import SOFT, clause_of, trap_of

NUMBERS = re.compile(
    r"\d|\b(?:no|none|nil|nobody|neither|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b",
    re.I,
)
CROSSOVER = re.compile(
    r"\bcross-?over\b|\bwash-?out\b|\bin random order\b|\bwithin-(?:person|subject|patient)\b|\bmeasured before and after\b|\bserved as their own control|\bbefore and after (?:contrast|treatment|the intervention)\b|\bpaired\b",
    re.I,
)
LABELLED = re.compile(
    r"(?-i:\b[ap]?(?:HR|RR|OR|IRR)\b)[^.;\d]{0,30}\d[\d.]*[,;]? ?[(\[,;]"
)  # an estimate that names itself: words of completeness beside it tell of the time, not of the estimate
CHANGE_TITLE = re.compile(
    r"(?i)^\W*(?:\w+ ){0,3}?(?:outcome(?: measure)?|endpoint|end point|measure)s?(?: \d+)?(?:, ?\w+)?\s*:.{0,60}\bchange\b|^\W*(?:mean |least squares mean )?change from baseline\b[^.]{0,80}\.?\s*$|^\W*(?:mean |percent(?:age)? |absolute )*change in [^.;:]{3,80}\bbaseline\b[^.;:]{0,80}\.?\s*$|^[^.:;]{3,80}, (?:mean )?change from baseline\b[^.;:]{0,40}\.?\s*$|^\W*brief summary of results"
)
TITLE = re.compile(
    r"(?i)^\W*(?:\w+ ){0,3}?(?:outcome(?: measure)?|endpoint|end point)s?(?: \d+)?(?:, ?\w+)?\s*(?::|\.\s*$)|^\W*(?:serious )?adverse events?\s*:"
)
ANALYSIS_SET = re.compile(r"(?i)^\W*analysis (?:population|set)\s*:\s*(?P<set>[^.;]{3,60})")


def of_names(names: Mapping[str, Sequence[str]]) -> Arms:
    """Return the arms with the names that the user gave, the control last."""
    return Arms([Arm(name, role) for role in ("experimental", "control") for name in names.get(role, ())])


def read(text: str, arms: Arms) -> Document:
    """Read a text.

    Parameters
    ----------
    text : str
        The text as it came.
    arms : Arms
        The arms.

    Returns
    -------
    Document
        What was read, and what was seen and left out.
    """
    plain = normalised(text)
    plain = plain[: own_part(plain)]
    document = Document(arms)
    document.plus_minus = declared_by(PLUS_MINUS, plain)
    document.bracketed = declared_by(IN_BRACKETS, plain)
    document.median_with = declared_by(MEDIAN_WITH, plain)
    document.crossover = bool(CROSSOVER.search(plain))
    for begin, end in read_tables(document, text[: len(plain)]):
        plain = plain[:begin] + re.sub(r"[^\n]", " ", plain[begin:end]) + plain[end:]
    lines = list(sentences(plain))
    stated = sizes_of(arms, lines)
    if stated is not None:
        document.sizes, document.sizes_at = stated.by_arm, (stated.start, stated.end)
    for sentence, reason in zip(lines, left_out(lines), strict=True):
        titles(sentence, document)
        if NUMBERS.search(sentence.text) or arms.mentions(sentence.text):
            read_sentence(sentence, document, reason)
    judge(document, plain, lines)
    if stated is not None:
        sizes_as_facts(document, stated)
    document.proposals.sort(key=lambda item: (item.start, item.end))
    document.seen.sort(key=lambda item: (item.start, item.end))
    return document


def sizes_as_facts(document: Document, stated: Sizes) -> None:
    """Propose the sizes of the arms as a fact where no finder has."""
    control = document.arms.control
    if len(document.arms.arms) != 2 or any(
        "n_c" in item.fields for item in document.proposals if item.statistic == "sample_size"
    ):
        return
    fields: dict[str, Value] = {
        "n_c" if arm == control else "n_e": value for arm, value in sorted(stated.by_arm.items())
    }
    document.proposals.append(
        Proposal("sample_size", fields, "all", stated.start, stated.end, "sample_size by its words")
    )
    total = str(sum(int(value) for value in stated.by_arm.values()))
    if stated.total and not document.total_read:
        document.proposals.append(
            Proposal("sample_size", {"n": total}, "all", *stated.total, "sample_size by its words")
        )


def titles(sentence: Sentence, document: Document) -> None:
    """Note what a title says of the sentences after it: that they are of changes, and of which patients."""
    if CHANGE_TITLE.match(sentence.text):
        document.last_outcome = "change"
    elif TITLE.match(sentence.text):
        document.last_outcome = ""
    document.bracketed = declared_by(IN_BRACKETS, sentence.text) or document.bracketed
    if found := ANALYSIS_SET.match(sentence.text):
        document.last_set = found["set"].strip()


def left_part(text: str, reason: str) -> tuple[str, int, int]:
    """Return why a part of a sentence holds no results, and the part: all of it, or the clause of the words that tell."""
    if reason:
        return reason, 0, len(text)
    if not (reason := trap_of(text)):
        return "", 0, 0
    begin, end = clause_of(text, reason)
    if end - begin == len(text) and reason in SOFT and LABELLED.search(text):
        return "", 0, 0
    return reason, begin, end


def read_sentence(sentence: Sentence, document: Document, reason: str = "") -> None:
    """Read one sentence: a trap as a whole is listed, of others every finder reads what it can."""
    arms = document.arms
    arms.learn(sentence.text)
    mentions = added(arms, arms.mentions(sentence.text), sentence.text)
    reason, begin, end = left_part(sentence.text, reason)
    if reason and end - begin == len(sentence.text):
        if re.search(r"\d", sentence.text):
            document.seen.append(Seen(sentence.start, sentence.start + len(sentence.text.rstrip()), reason))
        facts_of_plan(sentence, mentions, document)
        arms.remember(order_before(mentions, len(sentence.text), sentence.text))
        return
    line = tokens(sentence.text)
    if reason:
        document.seen.append(Seen(sentence.start + begin, sentence.start + end, reason))
        line = [token for token in line if not begin <= token.start < end]
    for token in line:
        name_arm(token, mentions)
    parts_of_counts(sentence.text, line)
    share_signs(sentence.text, line)
    attach(sentence.text, line)
    sizes_after(sentence.text, line)
    spreads(sentence.text, line)
    alike(line)
    for token in line:
        settle(token, sentence, document)
    context = Context(sentence, line, mentions, document)
    begin = len(document.proposals)
    registry.interval_alone(context)
    for finder in FINDERS if arms.arms else CONTRASTS:
        finder(context)
    differences.agree(document, min(begin, len(document.proposals)), sentence)
    contrast_of_several = len(arms.arms) > 2 and any(token.kind.startswith("label:") for token in line)
    if not contrast_of_several:
        arms.remember(order_before(mentions, len(sentence.text), sentence.text))
    document.met |= {mention.arm for mention in mentions}
    if mentions:
        document.spoke_of = mentions[0].arm


def name_arm(token: Token, mentions: list[Mention]) -> None:
    """Take a number that is part of an arm's name."""
    if token.kind in ("number", "time", "word", "percent") and any(
        m.start <= token.start and token.end <= m.end for m in mentions
    ):
        token.kind, token.taken = "name", True


def settle(token: Token, sentence: Sentence, document: Document) -> None:
    """Say what a token is beyond its own signs: a percentage by its error, or left out."""
    error = token.of.get("pm")
    if token.kind == "number" and error is not None and sentence.text[error.start : error.end].rstrip().endswith("%"):
        token.kind = "percent"
    elif token.kind in ("date", "identifier") or token.kind.startswith("skip:"):
        reason = token.kind.removeprefix("skip:")
        document.seen.append(Seen(sentence.start + token.start, sentence.start + token.end, reason))


def facts_of_plan(sentence: Sentence, mentions: list[Mention], document: Document) -> None:
    """Read the facts of a sentence that holds no results: a protocol has its sizes too."""
    if not re.search(r"(?i)randomi|enrol|assign|follow", sentence.text) or re.search(
        r"(?i)screened|in a previous|earlier trial", sentence.text
    ):
        return
    line = tokens(sentence.text)
    attach(sentence.text, line)
    facts.find(Context(sentence, line, mentions, document))


def as_json(document: Document, text: str) -> list[dict[str, object]]:
    """Return the proposals as plain mappings, each with its quote as the text prints it."""
    return [
        {
            "statistic": item.statistic,
            **item.fields,
            **({} if item.statistic in FACTS else {"arm": item.arm}),
            **item.labels,
            "quote": text[item.start : item.end].strip(),
        }
        for item in document.proposals
    ]
