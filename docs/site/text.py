"""Pages that GitHub shows, as Sphinx takes them: links between pages, and graphs of Mermaid as lists."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import PurePosixPath

FENCE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)\)")
FOLDER = ""  # in place of a target: the site has no page of a folder, so that the words stay without the link
MERMAID = re.compile(r"^```mermaid\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
NODE = re.compile(r'^\s*(\w+)\[(?:"?)(.*?)(?:"?)\]\s*$', re.MULTILINE)
ARROW = re.compile(r"^\s*(\w+) --> (\w+)\s*$", re.MULTILINE)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return a text with a change made to all of it but its code blocks."""
    parts, end = [], 0
    for match in FENCE.finditer(text):
        parts += [change(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, change(text[end:])])


def with_links(text: str, page: str, target_of: Callable[[str], str | None], place: str) -> str:
    """Return a page with its links to files of the repository as links of the site.

    Parameters
    ----------
    text, page : str
        The page, and its path in the repository.
    target_of : callable
        From a path in the repository to one in the site's sources; `FOLDER` for a folder, none where there is neither.
    place : str
        Path of the page in the site's sources.
    """

    def changed(match: re.Match[str]) -> str:
        words, (link, mark, anchor) = match[1], match[2].partition("#")
        if not link or "://" in link or link.startswith("mailto:"):
            return match[0]
        path = os.path.normpath(PurePosixPath(page).parent / link)
        target = target_of(path)
        if target is None:
            raise ValueError(f"{page}: the link {match[2]} leads to {path}, which is not there")
        return f"[{words}]({os.path.relpath(target, PurePosixPath(place).parent)}{mark}{anchor})" if target else words

    return outside_code(text, lambda part: LINK.sub(changed, part))


def graph_as_list(source: str) -> str:
    """Return a graph in Mermaid's language as a list: each node with the nodes that it leads to."""
    names = {
        node: re.sub(r"<b>(.*?)</b>", r"`\1`", label).replace("<br>", ": ") for node, label in NODE.findall(source)
    }
    lines = []
    for node, label in names.items():
        targets = [names[target].split(": ")[0] for origin, target in ARROW.findall(source) if origin == node]
        lines.append(f"- {label}" + (f" → {', '.join(targets)}" if targets else ""))
    return "\n".join(lines) + "\n"


def without_mermaid(text: str) -> str:
    """Return a page with its graphs as lists, since drawing them would need a script of another host."""
    return MERMAID.sub(lambda match: graph_as_list(match[1]), text)


def without_unknown_languages(text: str) -> str:
    """Return a page whose code blocks name no language that Pygments does not know."""
    return re.sub(r"^```csv$", "```text", text, flags=re.MULTILINE)
