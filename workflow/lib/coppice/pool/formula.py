"""Formulas of moderators, read before anything evaluates them: formulas are Python, and a configuration must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from keyword import iskeyword

from coppice.core.errors import nearest

FUNCTIONS = ("C", "center", "scale", "log")  # of formulaic, and none of them can do more than transform a column
CONTRASTS = ("contr.treatment", "contr.sum", "contr.helmert")
TOKEN = re.compile(
    r"""\s*(?:(?P<number>[01](?![\w.]))|(?P<quoted>`[^`]+`)|(?P<contrast>contr\.(?:treatment|sum|helmert))"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<sign>[-+:(),]|\*(?!\s*\*)))"""
)
ALLOWED = "names of characteristics (in `backticks` where they hold other signs than letters), + - : * ( ), 0, 1"


def tokens(formula: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a formula, each with its kind; ValueError if it holds anything else."""
    position, text = 0, formula.rstrip()
    while position < len(text):
        token = TOKEN.match(text, position)
        if token is None or token.lastgroup is None:
            rest = text[position:].strip()[:1]
            raise ValueError(f"the formula '{formula}' holds '{rest}'; it may hold {ALLOWED}, {', '.join(FUNCTIONS)}")
        yield token.lastgroup, token.group(token.lastgroup)
        position = token.end()


def check_order(formula: str, read: Sequence[tuple[str, str]]) -> None:
    """Refuse a formula whose names and signs do not alternate, or whose parentheses do not match."""
    depth, before, wants = 0, "", True  # whether something to model has to follow
    for kind, word in read:
        leads = word in ("+", "-") and before in ("", "(")
        ends = kind == "end" or (kind == "sign" and word != "(" and not leads)
        if ends and wants:
            place = f"nothing after '{before}'" if before else f"nothing before '{word}'"
            raise ValueError(f"the formula '{formula}' has {place}")
        if not ends and not wants and not (word == "(" and before in (*FUNCTIONS, *CONTRASTS)):
            raise ValueError(f"the formula '{formula}' has '{word}' after '{before}'; put + - : or * between the two")
        depth += (word == "(") - (word == ")")
        if depth < 0 or (kind == "end" and depth > 0):
            raise ValueError(f"the formula '{formula}' has parentheses that do not match")
        before, wants = word, kind == "sign" and word != ")"


def variables(formula: str) -> tuple[str, ...]:
    """Return the characteristics that a formula (a right-hand side such as ``"age + C(setting)"``) names, in order.

    ValueError is raised if it names a function that is not allowed, or holds what is not part of a formula.
    """
    read = [*tokens(formula), ("end", "")]
    names: list[str] = []
    for (kind, word), (_, following), (before_kind, before) in zip(
        read, [*read[1:], ("end", "")], [("start", ""), *read], strict=False
    ):
        called = following == "("
        if kind == "name" and iskeyword(word):
            raise ValueError(f"the formula '{formula}' names '{word}', a word of Python; put it in backticks")
        if kind == "name" and called and word not in FUNCTIONS:
            raise ValueError(f"the formula '{formula}' has no function '{word}': {nearest(word, FUNCTIONS)}")
        if called and (kind in ("number", "quoted", "text") or word == ")"):
            raise ValueError(f"the formula '{formula}' has '{word}(': put + or : between the two")
        if kind == "text" and (before_kind == "start" or before not in ("(", ",")):
            raise ValueError(f"the formula '{formula}' has the text {word}, which is not a reference level")
        if kind == "quoted" or (kind == "name" and not called):
            names.append(word.strip("`"))
    if not names:
        raise ValueError(f"the formula '{formula}' names no characteristic of the studies")
    check_order(formula, read)
    return tuple(dict.fromkeys(names))
