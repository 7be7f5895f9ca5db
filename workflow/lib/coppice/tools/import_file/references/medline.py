"""PubMed's MEDLINE format (.nbib).

Forty lines in place of the package nbib, which has had no release since 2021: a tag of up to four letters, a hyphen, and
continuation lines that begin with six blanks (https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format).
"""

from __future__ import annotations

import re
from collections import defaultdict

from coppice.tools.import_file.references.reference import (
    Reference,
    author,
    doi_in,
    one_line,
    pmcid_in,
    trials_in,
    year_in,
)

FIRST = re.compile(r"^(?:PMID|PMC |OWN )- ?", re.MULTILINE)
LINE = re.compile(r"^([A-Z]{2,4})\s*- ?(.*)$")
CONTINUATION = re.compile(r"^\s{4,}\S")

Fields = dict[str, list[str]]


def is_medline(text: str) -> bool:
    """Return whether a text has a record of MEDLINE."""
    return re.search(r"^PMID- ?\d", text, re.MULTILINE) is not None


def records(text: str) -> list[Fields]:
    """Return each record's texts by tag; a blank line, or a second PMID, begins a record."""
    items: list[Fields] = []
    current: Fields = defaultdict(list)
    last: list[str] | None = None
    for line in (*text.split("\n"), ""):
        if match := LINE.match(line):
            tag, content = match.groups()
            if tag == "PMID" and "PMID" in current:
                items.append(current)
                current = defaultdict(list)
            last = current[tag]
            last.append(content.strip())
        elif last is not None and CONTINUATION.match(line):
            last[-1] = f"{last[-1]} {line.strip()}"
        elif not line.strip():
            if current:
                items.append(current)
            current, last = defaultdict(list), None
    if current:
        items.append(current)
    return [item for item in items if "PMID" in item or "TI" in item]


def read_medline(text: str) -> tuple[list[Reference], list[str]]:
    """Read PubMed's MEDLINE format."""
    return [_reference(number, item) for number, item in enumerate(records(text), 1)], []


def _reference(number: int, item: Fields) -> Reference:
    """Return a reference from the fields of a record."""

    def first(*tags: str) -> str:
        return next((one_line(item[tag][0]) for tag in tags if item.get(tag)), "")

    pmid = re.match(r"\d{1,8}", first("PMID"))
    return Reference(
        number=number,
        title=first("TI", "BTI", "TT"),
        authors=tuple(one_line(name) for name in item.get("AU", ()))
        or tuple(author(name) for name in item.get("FAU", ())),
        year=year_in(first("DP"), first("DEP"), first("EDAT")),
        journal=first("TA", "JT"),
        volume=first("VI"),
        issue=first("IP"),
        pages=first("PG"),
        doi=doi_in(*(text for text in (*item.get("LID", ()), *item.get("AID", ())) if "[doi]" in text), first("SO")),
        pmid=pmid[0] if pmid else None,
        pmcid=pmcid_in(first("PMC")),
        trials=trials_in(*item.get("SI", ())) or trials_in(first("TI"), first("AB")),
    )
