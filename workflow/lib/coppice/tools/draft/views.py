"""The text with what was read marked: in a terminal, and as a page beside the record."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator

from coppice.core.documents import Words
from coppice.tools.draft.context import Document
from coppice.tools.draft.registry import FACTS

COLOURS = {"figure": "\033[1;30;42m", "fact": "\033[1;30;46m", "seen": "\033[2m"}
PLAIN = "\033[0m"
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }}
header {{ padding: .8rem 1.5rem; border-bottom: 1px solid #ccc; }}
h1 {{ font-size: 1.1rem; margin: 0; }}
main {{ display: grid; grid-template-columns: 1fr 1fr; height: calc(100vh - 5.5rem); }}
main > * {{ overflow: auto; padding: 1rem 1.5rem; margin: 0; }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; border-right: 1px solid #ccc; }}
pre {{ font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }}
mark {{ border-radius: .2em; padding: 0 .1em; color: inherit; }}
mark.figure {{ background: #bfe8c5; }}
mark.fact {{ background: #c6e2f7; }}
mark.seen {{ background: #eee; border-bottom: 1px dotted #666; border-radius: 0; }}
mark sup {{ font-weight: bold; text-decoration: none; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #e8e8e8; background: #161616; }}
  header, .text {{ border-color: #444; }}
  mark.figure {{ background: #1f5130; }}
  mark.fact {{ background: #1d4666; }}
  mark.seen {{ background: #303030; border-color: #999; }}
}}
@media (max-width: 60rem) {{ main {{ grid-template-columns: 1fr; height: auto; }} }}
</style>
</head>
<body>
<header><h1>{title}</h1><mark class="figure">proposed figure</mark> <mark class="fact">fact of the study</mark> <mark class="seen">seen and left out</mark></header>
<main>
<div class="text" tabindex="0" role="region" aria-label="Text">{text}</div>
<pre tabindex="0" role="region" aria-label="Proposed record">{record}</pre>
</main>
</body>
</html>
"""


def marks(document: Document) -> Iterator[tuple[int, int, str, str]]:
    """Yield places with their kind and a note: figures with their number, what was left out with its reason."""
    number = 0
    for item in document.proposals:
        kind = "fact" if item.statistic in FACTS else "figure"
        number += kind == "figure"
        yield item.start, item.end, kind, f"{number} {item.statistic}" if kind == "figure" else item.statistic
    for one in document.seen:
        yield one.start, one.end, "seen", one.reason


def marked(document: Document, text: str, mark: Callable[[str, str, str], str], escape: Callable[[str], str]) -> str:
    """Return the text with marks; of places that overlap the first is marked, figures before all else."""
    rank = {"figure": 0, "fact": 1, "seen": 2}
    chosen: list[tuple[int, int, str, str]] = []
    busy = bytearray(len(text))
    notes: dict[tuple[int, int], list[str]] = {}
    for start, end, kind, note in sorted(marks(document), key=lambda item: (rank[item[2]], item[0])):
        notes.setdefault((start, end), []).append(note)
        if start < end and not any(busy[start:end]):
            busy[start:end] = b"\x01" * (end - start)
            chosen.append((start, end, kind, note))
    pieces, place = [], 0
    for start, end, kind, _ in sorted(chosen):
        pieces += [escape(text[place:start]), mark(text[start:end], kind, "; ".join(notes[start, end]))]
        place = end
    return "".join([*pieces, escape(text[place:])])


def terminal(document: Document, words: Words, *, colour: bool) -> str:
    """Return the text for a terminal: marks in colour, or in brackets."""

    def mark(piece: str, kind: str, note: str) -> str:
        shown = "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in piece)
        if kind == "seen":
            return f"{COLOURS[kind]}{shown}{PLAIN}" if colour else shown
        return f"{COLOURS[kind]}{shown}{PLAIN}[{note}]" if colour else f"[[{shown}]]({note})"

    return marked(
        document,
        words.text,
        mark,
        lambda piece: "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in piece),
    )


def page(document: Document, words: Words, record: str, title: str) -> str:
    """Return a page with the text and the record side by side."""

    def mark(piece: str, kind: str, note: str) -> str:
        number = note.split(maxsplit=1)[0] if kind == "figure" else ""
        raised = f"<sup>{html.escape(number)}</sup>" if number else ""
        return f'<mark class="{kind}" title="{html.escape(note)}">{html.escape(piece)}{raised}</mark>'

    return PAGE.format(
        title=html.escape(title), text=marked(document, words.text, mark, html.escape), record=html.escape(record)
    )
