"""HTML as data: every text is escaped unless it is already `Html`."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Mapping

from markupsafe import Markup

LONGEST_PLAIN = 200  # characters: a reader that shows no HTML gets the beginning of a section
# none within an address
DOI = re.compile(r"(?:\bdoi:\s?|(?:https?://)?(?:dx\.)?\bdoi\.org/|(?<![\w./-]))(?P<doi>10\.\d{4,9}/\S+)")
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})  # the elements without an end tag


class Html(Markup):
    """Markup that is safe to print as it is; any other text is escaped before it becomes part of one.

    A notebook shows it as HTML, so a cell that ends in one needs no `display`.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
        start = textwrap.shorten(plain(self)[: 2 * LONGEST_PLAIN], LONGEST_PLAIN, placeholder=" ...")
        return {"text/html": str(self), "text/plain": start}


def plain(markup: str) -> str:
    """Return the text of `markup` without its tags, white space folded, for readers that show no HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def escape(text: object) -> Html:
    """Escape `text`, unless it has an `__html__` of its own."""
    return Html.escape(text)


def join(parts: Iterable[object], between: str = "") -> Html:
    """Join parts, escaping those that are text and leaving out those that are None."""
    return escape(between).join(escape(part) for part in parts if part is not None)


def tag(name: str, *children: object, **attributes: object) -> Html:
    """Build an element.

    Parameters
    ----------
    name : str
        Name of the element.
    *children : object
        Text (escaped), `Html` (kept) or None (left out).
    **attributes : object
        Attributes; a trailing underscore is dropped (``class_``), other underscores become hyphens.
        None and False are left out, True gives an empty value. They are written in alphabetical order.

    Returns
    -------
    Html
    """
    present = {
        key.rstrip("_").replace("_", "-"): "" if value is True else str(value)  # even Html is text in an attribute
        for key, value in attributes.items()
        if value is not None and value is not False
    }
    start = name + "".join(f' {key}="{escape(present[key])}"' for key in sorted(present))
    return Html(f"<{start}/>" if name in VOID else f"<{start}>{join(children)}</{name}>")


def paragraph(*sentences: str | None) -> Html | None:
    """Join sentences to a paragraph; None without any."""
    present = [sentence for sentence in sentences if sentence]
    return tag("p", join(present, " ")) if present else None


def absent(text: str) -> Html:
    """Print that something is missing."""
    return tag("span", text, class_="absent")


def notice(texts: Iterable[object]) -> Html | None:
    """Build a notice of a paragraph for each text; None without any."""
    paragraphs = [tag("p", text) for text in texts]
    return tag("div", *paragraphs, class_="notice", role="note") if paragraphs else None


def lines(texts: Iterable[str]) -> Html | None:
    """Put each text on a line of its own within a cell; None without any."""
    return join(tag("span", text, class_="line") for text in texts) or None


def bullets(items: Iterable[object], **attributes: object) -> Html:
    """Build an unordered list."""
    return tag("ul", *(tag("li", item) for item in items), **attributes)


def terms(pairs: Mapping[str, object], **attributes: object) -> Html:
    """Build a list of terms, each with its text."""
    return tag(
        "dl", *(tag(*part) for pair in pairs.items() for part in zip(("dt", "dd"), pair, strict=True)), **attributes
    )


def anchor(text: object) -> str:
    """Return an id for a heading: lower case, hyphens in place of anything but letters, digits and dots."""
    return re.sub(r"[^\w.]+", "-", str(text).casefold()).strip("-") or "section"


def heading(level: int, text: object, *, id_: str | None = None) -> Html:
    """Build a heading that can be linked to."""
    return tag(f"h{level}", text, id=id_ or anchor(text))


def fold(title: str, *parts: object, id_: str | None = None, needs_script: bool = False) -> Html | None:
    """Fold parts away beneath a title that opens them; None without any.

    A plain `title` becomes a heading of the fourth level, a heading stays as it is. One that needs script is hidden
    until its script shows it.
    """
    content = [part for part in parts if part]
    head = title if isinstance(title, Html) else tag("h4", title)
    kind = "fold scripted" if needs_script else "fold"
    details = tag("details", tag("summary", head), *content, class_=kind, id=id_, hidden=needs_script)
    return details if content else None


def study_link(label: str, study: str) -> Html:
    """Link to the extracted data of a study."""
    return tag("a", label, href=f"#study-{anchor(study)}")


def doi_link(doi: str | None) -> Html | None:
    """Link a DOI; the reader's browser asks the resolver only when the link is followed."""
    if not doi:
        return None
    address = "https://doi.org/" + re.sub(r"[^\w./:;()<>-]", "", doi).replace("<", "%3C").replace(">", "%3E")
    return tag("a", f"doi:{doi}", href=address, rel="noreferrer")


def linked(text: str) -> Html:
    """Escape `text` and link the DOIs in it."""
    parts: list[object] = []
    end = 0
    for match in DOI.finditer(text):
        doi = match["doi"].rstrip(".,;")
        doi = doi[:-1] if doi.endswith(")") and doi.count("(") < doi.count(")") else doi
        parts += [text[end : match.start()], doi_link(doi)]
        end = match.start("doi") + len(doi)
    return join([*parts, text[end:]])


def pmid_link(pmid: object) -> Html | None:
    """Link a PubMed record."""
    if pmid is None or not str(pmid).isdigit():
        return None
    return tag("a", f"PMID {pmid}", href=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", rel="noreferrer")
