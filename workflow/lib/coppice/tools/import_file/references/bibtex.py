"""BibTeX, as reference managers and Covidence write it."""

from __future__ import annotations

import logging
import re
from typing import Any

from coppice.core.extras import require
from coppice.tools.import_file.references.reference import (
    Reference,
    authors,
    doi_in,
    one_line,
    pmcid_in,
    pmid_in,
    span,
    trials_in,
    year_in,
)

ENTRY = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)
NOT_REFERENCES = ("comment", "preamble", "string")
NUMBER_OF_PUBMED = re.compile(r"\d{1,8}")


def is_bibtex(text: str) -> bool:
    """Return whether a text has an entry of BibTeX."""
    return any(match[0].strip(" \n@{(\t").lower() not in NOT_REFERENCES for match in ENTRY.finditer(text))


def read_bibtex(text: str) -> tuple[list[Reference], list[str]]:
    """Read BibTeX by bibtexparser; entries with one key are kept apart, those that cannot be read are listed."""
    require("bibtex", "BibTeX")
    import bibtexparser
    from bibtexparser import middlewares
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    stack = [*middlewares.default_parse_stack(), middlewares.NormalizeFieldKeys(), middlewares.LatexDecodingMiddleware()]
    library = bibtexparser.parse_string(text, parse_stack=stack)
    references, notes = [], []
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock) else block
        if isinstance(entry, Entry):
            fields = {field.key.lower(): field.value for field in entry.fields}
            references.append(_reference(len(references) + 1, fields))
        elif block in library.failed_blocks:
            notes.append(f"line {(block.start_line or 0) + 1}: is not a complete entry of BibTeX, and is left out")
    return references, notes


def _reference(number: int, fields: dict[str, Any]) -> Reference:
    """Return a reference from the fields of an entry."""

    def first(*keys: str) -> str:
        return next((one_line(fields[key]).strip("{}") for key in keys if fields.get(key)), "")

    names = re.split(r"\s+and\s+", one_line(fields.get("author", "")))
    title = re.sub(r"[{}]", "", first("title"))
    pmid = first("pmid")
    return Reference(
        number=number,
        title=title,
        authors=authors(re.sub(r"[{}]", "", _surname_first(name)) for name in names if name.lower() != "others"),
        year=year_in(first("year"), first("date")),
        journal=first("journal", "journaltitle", "booktitle", "publisher"),
        volume=first("volume"),
        issue=first("number", "issue"),
        pages=span(first("pages")),
        doi=doi_in(first("doi"), first("url")),
        pmid=pmid if NUMBER_OF_PUBMED.fullmatch(pmid) else pmid_in(first("note"), first("annote"), first("url")),
        pmcid=pmcid_in(first("pmcid"), first("pmc")),
        url=first("url") or None,
        trials=trials_in(title, fields.get("note"), fields.get("keywords"), fields.get("abstract"), fields.get("number")),
    )


def _surname_first(name: str) -> str:
    """Return "Surname, Anna" for "Anna Surname"; a name in braces is that of a group."""
    if "," in name or name.startswith("{") or " " not in name.strip():
        return name
    words = name.split()
    surname = next((place for place, word in enumerate(words[1:], 1) if word[0].islower()), len(words) - 1)
    return f"{' '.join(words[surname:])}, {' '.join(words[:surname])}"
