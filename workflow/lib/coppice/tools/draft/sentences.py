"""The words of a text as rules read them: signs that look alike are one, and sentences keep their places in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2009\u202f\u2007\u2002\u2003\t\r\u200b", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        "\u2264": "<",
        "\u2265": ">",
        "\u2a7d": "<",
        "\u2a7e": ">",
        "\uff1d": "=",
        "\u2044": "/",
        "\u2217": "*",
    }
)
THOUSANDS = re.compile(
    r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))|(?<=\d) (?=\d{3} (?:person|patient|participant)[- ](?:years|months|days))"
)
MIDDLE_DOT = re.compile(r"(?:(?<=\d)|(?<=[<>=(\[ ,-]))[\u00b7\u2219\u22c5\u2027](?=\d)")
RUN = re.compile(
    r"\d{16,}|([^\w\s])\1{7,}"
)  # no number and no sentence: a file of digits or brackets takes no longer than words
EM_DASH = re.compile("\u2014")
# headings after which a page speaks of other articles, or of its author
FOREIGN = re.compile(
    r"^[ #*]*(?:similar articles|cited by|references|bibliography|literature cited|trending(?: articles)?|comment in|related"
    r"(?: articles| content| stories)?|recommended(?: reading)?|more from .{1,40}|more on .{1,40}|read next|about the authors?|about dr\b.{0,40}"
    r"|linkout.{0,40}|mesh terms|publication types|conflicts? of interest|competing interests|acknowledge?ments?"
    r"|author contributions|you may also like|most read)[ :]*$",
    re.I | re.M,
)
BULLET = re.compile(r"\s*(?:[-*\u2022\u25cf\u25e6]|\d{1,2}[.)])(?:\s|$)")
STOP = re.compile(r"[.!?](?:[\"')\]]+)?\s+(?=[A-Z0-9\"'(\[<]|[a-z]{1,2}[A-Z])")
ABBREVIATION = re.compile(
    r"(?:\b(?:vs|v|dr|mr|ms|mrs|prof|st|e\.g|i\.e|al|fig|figs|no|nos|approx|ca|cf|resp|ref|refs|inc|ltd|jan|feb|mar|apr|jun|jul|aug|sept?|oct"
    r"|nov|dec)|\b[A-Za-z]\.[A-Za-z]|[ (][A-Z])$",
    re.I,
)
LONGEST = 1500  # characters of a sentence: a table without full stops is read in pieces
FULL_LINE = 60  # characters of a line that is probably wrapped rather than ended


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, with the place of its first character in the text."""

    start: int
    text: str
    paragraph: int

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


def normalised(text: str) -> str:
    """Return the text with signs that look alike made one: a character for each character, so that places stay."""
    plain = RUN.sub(lambda run: " " * len(run[0]), MIDDLE_DOT.sub(".", THOUSANDS.sub(",", text).translate(ALIKE)))
    return EM_DASH.sub(",", plain)


def own_part(text: str) -> int:
    """Return where the page stops to speak of itself: at the first heading of references, or of other articles."""
    cut = FOREIGN.search(text)
    return cut.start() if cut else len(text)


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield paragraphs with their places; lines that a page wrapped are joined by a space."""
    begin, place, pieces, last = 0, 0, "", ""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029")
        wrapped = (
            last.strip()
            and bare.strip()
            and not BULLET.match(bare)
            and (
                (len(last.rstrip()) >= FULL_LINE and (len(last) < 2 * FULL_LINE + 20 or bare.lstrip()[0].islower()))
                or bare.lstrip()[0].islower()
                or last.rstrip().endswith(",")
            )
        )
        if not wrapped and pieces:
            yield begin, pieces
            pieces = ""
        if not pieces:
            begin = place
        pieces += bare + " " * (len(line) - len(bare))
        last, place = bare, place + len(line)
    if pieces:
        yield begin, pieces


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a normalised text; of sentences that a page prints twice only the first."""
    seen: set[str] = set()
    for number, (begin, paragraph) in enumerate(paragraphs(text)):
        whole = " ".join(paragraph.split())
        if len(whole) >= FULL_LINE:
            if whole in seen:
                continue
            seen.add(whole)
        start = 0
        for end in [*stops(paragraph), len(paragraph)]:
            piece = paragraph[start:end]
            words = " ".join(piece.split())
            if words and (len(words) < FULL_LINE or words not in seen or words == whole):
                yield Sentence(begin + start, piece, number)
            if len(words) > 1:
                seen.add(words)
            start = end


def stops(paragraph: str) -> Iterator[int]:
    """Yield where sentences end; what has no end is cut at a space."""
    last = 0
    for end in [*sentence_ends(paragraph), len(paragraph)]:
        while end - last > LONGEST:
            cut = paragraph.rfind(" ", last + 1, last + LONGEST)
            last = cut + 1 if cut > last else last + LONGEST
            yield last
        if end < len(paragraph):
            yield end
        last = end


def sentence_ends(paragraph: str) -> Iterator[int]:
    """Yield the places after full stops that end a sentence."""
    for stop in STOP.finditer(paragraph):
        if not (
            paragraph[stop.start()] == "." and ABBREVIATION.search(paragraph[max(0, stop.start() - 8) : stop.start()])
        ):
            yield stop.end()
