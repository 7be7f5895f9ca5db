"""BibTeX, as reference managers and Covidence write it."""

from __future__ import annotations

import itertools
import logging
import re
from typing import Any

from coppice.core.extras import require
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.references.reference import (
    GROUP,
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
KEY = re.compile(
    r"^(\s*@\s*(?!comment|preamble|string)[A-Za-z]+\s*[{(])\s*[^,{}=\"\s]*\s*,", re.MULTILINE | re.IGNORECASE
)
FIELDS = frozenset(
    {
        "annote", "author", "booktitle", "date", "doi", "issue", "journal", "journaltitle", "keywords", "note", "number", "pages",
        "pmc", "pmcid", "pmid", "publisher", "title", "url", "volume", "year",
    }
)  # fmt: skip
BRACE = re.compile(r"(?<!\\)[{}]")
DEEPEST = 50  # braces within braces
NOT_REFERENCES = ("comment", "preamble", "string")
NUMBER_OF_PUBMED = re.compile(r"\d{1,8}")


def is_bibtex(text: str) -> bool:
    """Return whether a text has an entry of BibTeX."""
    return any(match[0].strip(" \n@{(\t").lower() not in NOT_REFERENCES for match in ENTRY.finditer(text))


def read_bibtex(text: str, name: str) -> tuple[list[Reference], list[str]]:
    """Read BibTeX by bibtexparser; entries that cannot be read are listed."""
    require("bibtex", "BibTeX")
    refuse_nested(text, name)
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    stack = [*middlewares.default_parse_stack(), middlewares.NormalizeFieldKeys()]
    number = itertools.count(1)
    text = KEY.sub(
        lambda match: f"{match[1]}r{next(number)},", text
    )  # of two entries with one key, the second is not read
    library = parse_string(text, parse_stack=stack)
    trials: dict[str, tuple[str, ...]] = {}
    for item in library.entries:  # decoding is slow, and abstracts are long
        trials[item.key] = trials_in(*(field.value for field in item.fields if field.key == "abstract"))
        item.fields = [field for field in item.fields if field.key in FIELDS]
    library = middlewares.LatexDecodingMiddleware().transform(library)
    references: list[Reference] = []
    notes: list[str] = []
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock) else block
        if isinstance(entry, Entry):
            fields = {field.key.lower(): field.value for field in entry.fields}
            references.append(_reference(len(references) + 1, fields, trials.get(entry.key, ())))
        elif block in library.failed_blocks:
            notes.append(f"line {(block.start_line or 0) + 1}: is not a complete entry of BibTeX, and is left out")
    return references, notes


def refuse_nested(text: str, name: str) -> None:
    """Refuse a text whose braces are not closed: reading it to the end again and again would take hours."""
    depth = 0
    for match in BRACE.finditer(text):
        depth = max(depth + (1 if match[0] == "{" else -1), 0)
        if depth > DEEPEST:
            line = text.count("\n", 0, match.start()) + 1
            raise NotImported(f"{name}: line {line}: more than {DEEPEST} braces are open; it is not complete BibTeX")


def _reference(number: int, fields: dict[str, Any], trials: tuple[str, ...]) -> Reference:
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
        trials=trials_in(title, fields.get("note"), fields.get("keywords"), fields.get("number")) or trials,
    )


def _surname_first(name: str) -> str:
    """Return "Surname, Anna" for "Anna Surname"; the name of a group stays as it is."""
    if "," in name or GROUP.search(name) or " " not in name.strip():
        return name
    words = name.split()
    surname = next((place for place, word in enumerate(words[1:], 1) if word[0].islower()), len(words) - 1)
    return f"{' '.join(words[surname:])}, {' '.join(words[:surname])}"
