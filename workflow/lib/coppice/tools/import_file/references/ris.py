"""RIS as PubMed's, Ovid's, Embase's, EndNote's and Zotero's users export it, and Web of Science's plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coppice.core.extras import require
from coppice.tools.import_file.imported import NotImported
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

TAG = re.compile(r"^[ \t]*([A-Z][A-Z0-9])[ \t]*-(?:[ \t]+|$)", re.MULTILINE)  # some programs write a tab, or one blank
FIRST = re.compile(r"^[ \t]*TY[ \t]*-(?:[ \t]|$)", re.MULTILINE)
FIRST_OF_WEB_OF_SCIENCE = re.compile(r"^PT [A-Z]\b", re.MULTILINE)
END_OF_WEB_OF_SCIENCE = re.compile(r"^ER[ \t]*$", re.MULTILINE)
TAGS_OF_ENDNOTE = re.compile(r"^%[0A-Z] \S", re.MULTILINE)
PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
NUMBER_OF_PUBMED = re.compile(r"\d{1,8}")


def is_ris(text: str) -> bool:
    """Return whether a text has a record of RIS."""
    return FIRST.search(text) is not None


def is_web_of_science(text: str) -> bool:
    """Return whether a text is Web of Science's plain text."""
    return FIRST_OF_WEB_OF_SCIENCE.search(text) is not None and (
        text.lstrip().startswith("FN ") or END_OF_WEB_OF_SCIENCE.search(text) is not None
    )


def is_endnote_tagged(text: str) -> bool:
    """Return whether a text has EndNote's tags, `%0 Journal Article`."""
    return text.lstrip().startswith("%0 ") or len(TAGS_OF_ENDNOTE.findall(text[:5000])) > 1


def refuse_endnote(name: str) -> None:
    """Refuse EndNote's own tags: they are few files' format, and EndNote writes RIS too."""
    raise NotImported(
        f"{name}: has EndNote's own tags (%0, %A, %T), which are not RIS; in EndNote choose the output style 'RefMan (RIS) Export', "
        "and export again"
    )


def _closed(text: str, first: str, last: str) -> tuple[str, list[int]]:
    """Return the text with each record ended, and which were not: those are lost otherwise."""
    lines: list[str] = []
    records, is_open, unended = 0, False, []
    for line in text.split("\n"):
        if re.match(rf"{first}(?:[ \t]|$)", line):
            if is_open:
                unended.append(records)
                lines.append(last)
            records, is_open = records + 1, True
        elif line.rstrip() == last.rstrip() or line.startswith(last):
            if not is_open:
                continue
            is_open = False
        lines.append(line)
    if is_open:
        unended.append(records)
        lines.append(last)
    return "\n".join(lines), unended


def read_ris(text: str) -> tuple[list[Reference], list[str]]:
    """Read RIS by rispy, which leaves out text between records; tags that no standard has are searched for identifiers."""
    require("ris", "RIS")
    import rispy

    text = re.sub(r"\n\s*\n", "\n", text)  # the parser adds each blank line to the field before
    text, unended = _closed(TAG.sub(r"\1  - ", text), "TY  -", "ER  - ")
    entries = rispy.loads(text)
    return [_reference(number, entry) for number, entry in enumerate(entries, 1)], _unended(unended)


def _unended(numbers: list[int]) -> list[str]:
    """Return a note for records without an end."""
    return [f"reference {number}: has no end (ER); the file may be cut short" for number in numbers]


def _first(entry: Mapping[str, Any], *keys: str) -> str:
    """Return the first of some fields that has content."""
    for key in keys:
        value = entry.get(key)
        if isinstance(value, list):
            value = next((item for item in value if str(item).strip()), "")
        if value and str(value).strip():
            return one_line(value)
    return ""


def _all(entry: Mapping[str, Any], *keys: str) -> list[str]:
    """Return every text of some fields."""
    values = (entry.get(key) for key in keys)
    return [str(text) for value in values if value for text in (value if isinstance(value, list) else [value])]


def _pubmed_number(entry: Mapping[str, Any], unknown: Mapping[str, list[str]]) -> str | None:
    """Return the PubMed number: in a named field, in an address or note, or the accession number in that database."""
    if number := pmid_in(*_all(entry, "urls", "file_attachments2", "notes", "note", "custom2"), *unknown.get("LK", ())):
        return number
    if number := next(
        (text.strip() for text in unknown.get("PM", ()) if NUMBER_OF_PUBMED.fullmatch(text.strip())), None
    ):
        return number
    if PUBMED.search(" ".join(_all(entry, "name_of_database", "database_provider"))):
        for value in _all(entry, "accession_number", "custom2", "id"):
            if NUMBER_OF_PUBMED.fullmatch(value.strip()):
                return value.strip()
    return None


def _reference(number: int, entry: Mapping[str, Any]) -> Reference:
    """Return a reference from what rispy reads."""
    unknown = entry.get("unknown_tag", {})
    addresses = [*_all(entry, "urls", "file_attachments2"), *unknown.get("LK", ())]
    title = _first(entry, "title", "primary_title", "short_title", "translated_title")
    return Reference(
        number=number,
        title=title,
        authors=authors(_all(entry, "authors") or _all(entry, "first_authors")),
        year=year_in(*_all(entry, "year", "publication_year", "date")),
        journal=_first(
            entry, "journal_name", "alternate_title3", "secondary_title", "alternate_title2", "alternate_title1"
        ),
        volume=_first(entry, "volume"),
        issue=_first(entry, "number"),
        pages=span(_first(entry, "start_page"), _first(entry, "end_page")),
        doi=doi_in(*_all(entry, "doi"), *addresses, *_all(entry, "type_of_work"), *unknown.get("L3", ())),
        pmid=_pubmed_number(entry, unknown),
        pmcid=pmcid_in(*_all(entry, "custom2", "custom1"), *addresses),
        url=next((item.strip() for item in addresses if re.match(r"https?://", item.strip())), None),
        trials=trials_in(
            *_all(entry, "accession_number", "custom1", "custom2", "custom3", "notes", "note", "research_notes", "id"),
            title,
            *_all(entry, "abstract", "notes_abstract"),
            *(text for texts in unknown.values() for text in texts),
        ),
    )


def read_web_of_science(text: str) -> tuple[list[Reference], list[str]]:
    """Read Web of Science's plain text by rispy."""
    require("ris", "Web of Science's plain text")
    import rispy

    text, unended = _closed(re.sub(r"^EF[ \t]*$", "", text, flags=re.MULTILINE), "PT", "ER")
    entries = rispy.loads(text, implementation=rispy.WokParser)
    return [
        Reference(
            number=number,
            title=_first(entry, "document_title"),
            authors=authors(_all(entry, "authors") or _all(entry, "book_authors")),
            year=year_in(*_all(entry, "publication_year", "early_access_year", "early_access_date")),
            journal=_first(entry, "publication_name"),
            volume=_first(entry, "volume"),
            issue=_first(entry, "issue"),
            pages=span(_first(entry, "beginning_page", "article_number"), _first(entry, "ending_page")),
            doi=doi_in(*_all(entry, "doi", "book_doi")),
            pmid=next((item for item in _all(entry, "pubmed_id") if NUMBER_OF_PUBMED.fullmatch(item)), None),
            trials=trials_in(*_all(entry, "document_title", "abstract")),
        )
        for number, entry in enumerate(entries, 1)
    ], _unended(unended)
