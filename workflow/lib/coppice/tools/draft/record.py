"""The proposed record: every proposal as a reported figure, with its place, its quote and what it still needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coppice.core.documents import Words
from coppice.core.reported_statistics import STATISTICS
from coppice.extract.registry import ROUTES
from coppice.tools.draft import quotes
from coppice.tools.draft.context import Document, Proposal, Value
from coppice.tools.draft.precision import PRECISION
from coppice.tools.draft.registry import FACTS

HEAD = """\
# Proposed by `coppice draft` from {file}: nothing here enters a review until a person accepts it.
# `python -m coppice accept {study} 1 3` moves the figures 1 and 3, `--all` asks for each.
status: proposed
study: {study}
text: {text}
"""


def scalar(value: Value | int) -> str:
    """Return a value as YAML prints it: numbers with their digits, words in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join('null' if item is None else item for item in value)}]"
    text = str(value)
    return text if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else quoted(text)


def quoted(text: str) -> str:
    """Return words in double quotes, on one line."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return '"' + " ".join(printable.split(" ")).replace("\\", "\\\\").replace('"', '\\"') + '"'


def figure_fields(item: Proposal) -> dict[str, Value]:
    """Return the fields of a figure as a record has them: a bound of p in quotes, a unit with times."""
    fields = dict(item.fields)
    op = str(fields.pop("p_op", "="))
    if "p" in fields and op != "=":
        fields["p"] = f"{op}{fields['p']}"
    names = {key.name for key in STATISTICS[item.statistic].keys} if item.statistic in STATISTICS else set(fields)
    if "unit" in item.labels and "unit" in names:
        fields["unit"] = str(item.labels["unit"])
    return {key: value for key, value in fields.items() if key in names}


def missing(item: Proposal) -> str:
    """Return what the figure lacks for the route that lacks least; nothing where a route can take it."""
    fields = figure_fields(item)
    routes = [tuple(route.missing(fields)) for route in ROUTES.values() if route.statistic == item.statistic]
    return ", ".join(sorted(routes, key=len)[0]) if routes else "a route: no route leads from this form to an effect"


def quote(item: Proposal, text: str) -> str:
    """Return the words of a proposal, with those beside it that hold numbers it lacks."""
    return quotes.quote(text, item.start, item.end, {"statistic": item.statistic, **figure_fields(item)})


def outcome(item: Proposal, text: str) -> str:
    """Return what stands before the figure in its sentence: the words that name its outcome."""
    if isinstance(item.labels.get("outcome"), str):
        return str(item.labels["outcome"])
    begin = max(text.rfind(". ", 0, item.start) + 1, text.rfind("\n", 0, item.start) + 1, item.start - 160, 0)
    return (
        " ".join(text[begin : item.start].split()).strip(" ,;:(") or " ".join(text[item.start : item.end].split())[:80]
    )


def lines(document: Document, words: Words, study: str, file: str) -> Iterator[str]:
    """Yield the lines of the record."""
    yield from HEAD.format(
        file=" ".join(file.split()), study=quoted(study) if study.isdigit() else study, text=quoted(file)
    ).splitlines()
    yield from arm_lines(document)
    facts = [item for item in document.proposals if item.statistic in FACTS]
    figures = [item for item in document.proposals if item.statistic not in FACTS]
    yield "facts:" + ("" if facts else " []")
    for item in facts:
        body = ", ".join(f"{key}: {scalar(value)}" for key, value in {**item.fields, **item.labels}.items())
        yield f"  - {{fact: {item.statistic}, {body}, at: {quoted(words.place(item.start, item.end))}, quote: {quoted(quote(item, words.text))}}}"
    yield "reported:" + ("" if figures else " []")
    for number, item in enumerate(figures, 1):
        yield f"  # {number}"
        yield from figure_lines(item, words, file)
    yield "seen:" + ("" if document.seen else " []")
    for one in document.seen:
        yield f"  - {{at: {quoted(words.place(one.start, one.end))}, words: {quoted(' '.join(words.text[one.start : one.end].split())[:90])}, left_out_as: {quoted(one.reason)}}}"


def arm_lines(document: Document) -> Iterator[str]:
    """Yield the lines of the arms, where there are any."""
    if document.arms.arms:
        yield "arms:"
    for role in ("experimental", "control"):
        names = [arm.name for arm in document.arms.arms if arm.role == role]
        if names:
            yield f"  {role}: [{', '.join(map(quoted, names))}]"


def figure_lines(item: Proposal, words: Words, file: str) -> Iterator[str]:
    """Yield the lines of a proposed figure."""
    yield f"  - statistic: {item.statistic}"
    for key, value in figure_fields(item).items():
        yield f"    {key}: {scalar(value)}"
    yield f"    source: {{report: text, at: {quoted(words.place(item.start, item.end))}, text: {quoted(file)}, quote: {quoted(quote(item, words.text))}}}"
    yield "    proposed:"
    yield f"      read_for: {quoted(outcome(item, words.text))}"
    yield f"      arm: {item.arm}"
    for key in ("experimental", "population", "set", "adjusted", "note"):
        if key in item.labels:
            yield f"      {key}: {scalar(item.labels[key])}"
    lack = missing(item)
    yield f"      missing: {quoted(lack) if lack else 'null'}"
    right, proposed = PRECISION.get(item.rule, (0, 0))
    yield f"      rule: {quoted(item.rule)}"
    yield f"      right_on_gold: {quoted(f'{right} of {proposed}') if proposed else 'null'}"


def proposed_record(document: Document, words: Words, study: str, file: str) -> str:
    """Return the text of the proposed record."""
    return "\n".join(lines(document, words, study, file)) + "\n"
