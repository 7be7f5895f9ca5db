"""PubMed's XML and EndNote's XML; entities and document types with content are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from coppice.core.extras import require
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.references.reference import (
    Reference,
    author,
    authors,
    doi_in,
    one_line,
    pmcid_in,
    pmid_in,
    span,
    trials_in,
    year_in,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405: the type only; defusedxml parses

PUBMED_TAGS = ("PubmedArticle", "PubmedBookArticle")
START = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|xml>\s*<records|records>\s*<record)\b", re.IGNORECASE)
BEGINNING = 5000


def is_xml_references(text: str) -> bool:
    """Return whether a text is PubMed's or EndNote's XML."""
    return text.lstrip().startswith("<") and START.search(text[:BEGINNING]) is not None


def read_xml(text: str, name: str) -> tuple[list[Reference], list[str]]:
    """Read PubMed's or EndNote's XML.

    Raises
    ------
    NotImported
        If it is not complete XML, or declares entities.
    """
    require("xml", "PubMed's and EndNote's XML")
    from xml.etree.ElementTree import ParseError  # nosec B405: the error only

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        )  # the text is decoded: its declaration no longer holds
    except ParseError as error:
        raise NotImported(f"{name}: is not complete XML ({error})") from error
    except DefusedXmlException as error:
        raise NotImported(f"{name}: declares XML entities, which are not read") from error
    articles = [item for item in root.iter() if item.tag in PUBMED_TAGS]
    if articles:
        return [_pubmed(number, item) for number, item in enumerate(articles, 1)], []
    return [_endnote(number, item) for number, item in enumerate(root.iter("record"), 1)], []


def _text(item: Element, path: str) -> str:
    """Return the text of the first element at a path, with that of the elements inside it."""
    element = item.find(path)
    return "" if element is None else one_line("".join(element.itertext()))


def _texts(item: Element, path: str) -> Iterator[str]:
    """Yield the text of each element at a path."""
    for element in item.iterfind(path):
        yield one_line("".join(element.itertext()))


def _pubmed(number: int, item: Element) -> Reference:
    """Return a reference from a PubmedArticle."""
    ids = {
        element.get("IdType", ""): one_line(element.text or "")
        for element in item.iterfind("PubmedData/ArticleIdList/ArticleId")
    }
    names = [
        author(name.findtext("LastName", ""), name.findtext("Initials", "")) or name.findtext("CollectiveName", "")
        for name in item.iterfind(".//Article/AuthorList/Author")
    ]
    title = _text(item, ".//ArticleTitle")
    return Reference(
        number=number,
        title=title,
        authors=tuple(name for name in names if name),
        year=year_in(_text(item, ".//JournalIssue/PubDate"), _text(item, ".//ArticleDate/Year")),
        journal=_text(item, ".//ISOAbbreviation") or _text(item, ".//Journal/Title"),
        volume=_text(item, ".//JournalIssue/Volume"),
        issue=_text(item, ".//JournalIssue/Issue"),
        pages=_text(item, ".//MedlinePgn"),
        doi=doi_in(ids.get("doi"), *_texts(item, ".//ELocationID[@EIdType='doi']")),
        pmid=_text(item, ".//PMID") or ids.get("pubmed"),
        pmcid=pmcid_in(ids.get("pmc")),
        trials=trials_in(*_texts(item, ".//DataBank/AccessionNumberList/AccessionNumber"))
        or trials_in(title, _text(item, ".//Abstract")),
    )


def _endnote(number: int, item: Element) -> Reference:
    """Return a reference from a record of EndNote."""
    title = _text(item, "titles/title")
    database = f"{_text(item, 'remote-database-name')} {_text(item, 'remote-database-provider')}"
    accession = _text(item, "accession-num")
    is_pubmed = re.search(r"pubmed|medline|nlm", database, re.IGNORECASE) and accession.isdigit()
    addresses = list(_texts(item, "urls//url"))
    return Reference(
        number=number,
        title=title,
        authors=authors(_texts(item, "contributors/authors/author")),
        year=year_in(_text(item, "dates/year")),
        journal=_text(item, "periodical/abbr-1")
        or _text(item, "titles/secondary-title")
        or _text(item, "periodical/full-title"),
        volume=_text(item, "volume"),
        issue=_text(item, "number"),
        pages=span(_text(item, "pages")),
        doi=doi_in(_text(item, "electronic-resource-num"), *addresses),
        pmid=accession if is_pubmed else pmid_in(*addresses, _text(item, "notes")),
        pmcid=pmcid_in(_text(item, "custom2")),
        url=addresses[0] if addresses else None,
        trials=trials_in(title, _text(item, "notes"), _text(item, "abstract")),
    )
