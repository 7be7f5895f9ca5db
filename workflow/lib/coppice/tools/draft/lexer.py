"""The tokens of a sentence: its numbers, what is printed around them, and the words that say which form they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from coppice.tools.draft.patterns import PATTERNS, PERSON
from coppice.tools.draft.prefilter import Prefilter
from coppice.tools.draft.printed import OPEN, plain


@dataclass(slots=True, eq=False)
class Token:
    """A piece of a sentence that rules can use.

    Attributes
    ----------
    kind : str
        What it is: a key of :data:`PATTERNS`, `number`, or `skip` with the reason.
    start, end : int
        Its place in the sentence.
    values : dict
        Its parts by name.
    of : dict
        What was attached to it: intervals, standard errors, sizes.
    taken : bool
        Whether a rule has used it.
    """

    kind: str
    start: int
    end: int
    values: dict[str, str | None]
    of: dict[str, Token] = field(default_factory=dict)
    taken: bool = False

    def __getitem__(self, name: str) -> str | None:
        return self.values.get(name)


QUALIFIERS = ("ci", "se", "sd", "iqr", "range", "pm", "size", "bracket", "bracketed")
MAIN = ("number", "percent", "count", "person_time", "word")
REACH = 90  # characters between a number and what belongs to it


def parts(match: re.Match[str]) -> dict[str, str | None]:
    """Return the named parts of a match, those numbered for alternatives under their plain name."""
    values: dict[str, str | None] = {}
    for name, value in match.groupdict().items():
        if value is not None or name not in values:
            values[name.rstrip("0123456789")] = value if value is not None else values.get(name.rstrip("0123456789"))
    return values


POSSIBLE = Prefilter(compiled for _, compiled in PATTERNS)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a sentence in the order of the text, each place read by the first pattern that fits."""
    busy = bytearray(len(text))
    result: list[Token] = []
    for number in POSSIBLE(text):
        kind, compiled = PATTERNS[number]
        place = 0
        while (match := compiled.search(text, place)) is not None:
            start, end = match.span()
            while start < end and text[start] in " \t":
                start += 1
            if start == end or any(busy[start:end]):
                place = match.start() + 1
                continue
            place = end
            busy[start:end] = b"\x01" * (end - start)
            result.append(Token(kind, start, end, parts(match)))
    result.sort(key=lambda token: token.start)
    return result


PART = re.compile(
    r"(?i)\b(?:among (?:them|these|those|whom|which)|of (?:whom|which|these|them))[, ]+(?:only |were |was )?$"
)


def parts_of_counts(text: str, line: list[Token]) -> None:
    """Leave out numbers that are a part of the count before them: seven, among them two."""
    for token in line:
        if token.kind in ("number", "word") and PART.search(text, max(0, token.start - 24), token.start):
            token.kind = "part"


SHARED = re.compile(r"\s*(?:vs\.?|versus|v\.?|and|or|against|compared (?:with|to))\s*", re.I)


DURING = re.compile(r"(?i)\b(?:during|over|in|per)\s$")
OF_ARM = re.compile(r"\s*(?:(?:in|on|with|under|for|among|of)\b|[.,;)]|$)")


def share_signs(text: str, line: list[Token]) -> None:
    """Give a number the sign or unit of its neighbour: 0.6 vs. 0.7%, 45 during 1,204 patient-years and 70 during 1,190."""
    for one, two in zip(line, line[1:], strict=False):
        if one.kind == "number" and two.kind == "percent" and SHARED.fullmatch(text[one.end : two.start]):
            one.kind = "percent"
        if one.kind == "number" and two.kind == "person_time" and SHARED.fullmatch(text[one.end : two.start]):
            one.kind, one.values = "person_time", {**one.values, "unit": two["unit"]}
    time = next((token for token in line if token.kind == "person_time"), None)
    for token in line:
        if (
            time is not None
            and token.kind == "number"
            and token.start > time.end
            and DURING.search(text, 0, token.start)
            and OF_ARM.match(text, token.end)
        ):
            token.kind, token.values = "person_time", {**token.values, "unit": time["unit"]}


def attach(text: str, line: list[Token]) -> None:
    """Attach intervals, errors and sizes to the number before them, and sizes that stand first to the number after."""
    main: Token | None = None
    ahead: Token | None = None
    for token in line:
        if token.kind in MAIN:
            if token.kind == "word" and "size" not in token.of:
                continue
            main = token
            if ahead is not None and token.start - ahead.end < REACH:
                token.of.setdefault("size", ahead)
            ahead = None
        elif token.kind in QUALIFIERS:
            gap = text[main.end : token.start] if main is not None else ""
            if (
                main is None
                or len(gap) > REACH
                or token.kind in main.of
                or (token.kind == "size" and token["v"] and re.search(r"[;.] ", gap))
            ):
                ahead = (
                    token if token.kind == "size" and not text.startswith(("among", "Among"), token.start) else ahead
                )
            elif token.kind in ("bracket", "bracketed") and (
                len(gap) > 25 or set(main.of) & {"ci", "sd", "se", "iqr", "range"}
            ):
                continue
            else:
                main.of[token.kind] = token


SIZE_AFTER = re.compile(
    rf"(?i)[\])]?(?: [a-z\u00b5][\w/\u00b5%]{{0,9}}| %)?,? (?:in|among|for|of|from) (?:the |all )?(?P<n>\d[\d,]*)(?: [a-z-]+)? ?(?=\b(?:{PERSON}|adults|men|eyes|teeth|knees|who|given|treated|on|receiving|with|randomi[sz]ed|assigned|allocated)\b)"
)


def sizes_after(text: str, line: list[Token]) -> None:
    """Attach to a measurement the number of those in whom it was taken: 4.1 (SD 1.2) mm in 28 patients."""
    for main in line:
        if (
            main.kind not in ("number", "percent")
            or "size" in main.of
            or not {"sd", "se", "pm", "bracketed"} & set(main.of)
        ):
            continue
        found = SIZE_AFTER.match(text, max(part.end for part in main.of.values()))
        if found is None:
            continue
        for token in line:
            if token.kind in ("number", "count") and token.start == found.start("n"):
                token.kind, token.values = "size", {"v": found["n"]}
                main.of["size"] = token


def spreads(text: str, line: list[Token]) -> None:
    """Give the numbers of a pair the errors that are printed for both: 18.1 against 18.9 (SDs 3.3 and 3.1)."""
    for token in line:
        if token.kind == "nested":
            main = next((t for t in reversed(line) if t.end <= token.start and t.kind in ("number", "percent")), None)
            if main is not None and not text[main.end : token.start].strip():
                main.of["iqr"] = token
                inner = {"low": token["inner_low"], "high": token["inner_high"]}
                main.of["range"] = Token("range", token.start, token.end, inner)
        if token.kind != "spreads":
            continue
        pair = [t for t in line if t.kind in ("number", "percent") and 0 <= token.start - t.end < REACH][-2:]
        kind = "se" if token["se"] else "sd"
        if len(pair) == 2 and not any({"sd", "se", "ci"} & set(t.of) for t in pair):
            for one, name in zip(pair, ("v", "second"), strict=True):
                one.of[kind] = Token(kind, token.start, token.end, {"v": token[name]})


def alike(line: list[Token]) -> None:
    """Read a bracket after a number as what the number before it has by name: 3.1 days (IQR 1.9-6.0) and 5.4 days (3.2-9.1)."""
    last: Token | None = None
    for token in line:
        if token.kind in ("number", "percent"):
            if last is not None and "bracket" in token.of and set(token.of) == {"bracket"}:
                kind = next((kind for kind in ("iqr", "range") if kind in last.of), None)
                if kind is not None:
                    token.of[kind] = token.of.pop("bracket")
            last = token if token.of else None
        elif token.kind.startswith("label:"):
            last = None


def digits(token: Token, name: str = "v") -> str | None:
    """Return a part of a token as plain digits."""
    return plain(token[name])


def limits(token: Token) -> list[str | None]:
    """Return the limits of an interval as plain digits; None where one was not reached."""
    return [None if re.fullmatch(OPEN, str(token[name]), re.I) else plain(token[name]) for name in ("low", "high")]


def level(token: Token) -> str | None:
    """Return the level of an interval as a fraction, with its digits; None for 95%."""
    printed = plain(token["level"])
    if printed is None or float(printed) == 95:
        return None
    places = len(printed.partition(".")[2]) + 2
    return f"{float(printed) / 100:.{places}f}"


def between(line: list[Token], start: int, end: int, kinds: tuple[str, ...]) -> Iterator[Token]:
    """Yield tokens of some kinds that begin in a part of the sentence."""
    return (token for token in line if start <= token.start < end and token.kind.startswith(kinds))
