"""A reference in one form, whatever the format; identifiers as the record of a study has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^]{1,200}")
PUBMED = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|\bPMID\b\W{0,3})(\d{1,8})\b", re.IGNORECASE)
PMC = re.compile(r"\bPMC\d{4,9}\b")
TRIAL = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|ChiCTR[\w-]{6,20}|DRKS\d{8}|EUCTR\d{4}-\d{6}-\d{2}|UMIN\d{9}|CTRI/\d{4}/\d{2,3}/\d{6})\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d|21\d\d)(?=\D|$)")
INITIALS = re.compile(r"(.*\S)\s+((?:[A-Z]\.?[ -]?){1,4})")
GROUP = re.compile(
    r"\b(?:groups?|investigators|collaborat\w+|consortium|committee|network|society|team|trialists)\b", re.IGNORECASE
)
AUTHORS_OF_A_CITATION = 3
LONGEST = 600  # characters of a title; beyond that a file is not what it seems


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A bibliographic reference.

    Attributes
    ----------
    number : int
        Its position in the file, from 1.
    authors : tuple of str
        As "Surname AB".
    trials : tuple of str
        Numbers of trial registries, in capitals.
    """

    number: int
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    trials: tuple[str, ...] = ()

    @property
    def surname(self) -> str:
        """The first author's surname; empty if there is no author."""
        return re.sub(r"\s+[A-Z]{1,4}$", "", self.authors[0]) if self.authors else ""

    @property
    def label(self) -> str:
        """How a review calls it: surname and year."""
        words = " ".join(re.findall(r"[^\W_]+", self.title)[:3])
        first = self.surname or words or self.doi or f"Reference {self.number}"
        return f"{first} {self.year}" if self.year else first

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing by which it could be looked up."""
        return not (self.title or self.doi or self.pmid or self.pmcid or self.url)

    @property
    def citation(self) -> str:
        """Authors, title, journal, year, pages."""
        authors = ", ".join(self.authors[:AUTHORS_OF_A_CITATION])
        if len(self.authors) > AUTHORS_OF_A_CITATION:
            authors += ", et al"
        issue = f"({self.issue})" if self.issue else ""
        place = ":".join(part for part in (f"{self.volume}{issue}", self.pages) if part)
        when = str(self.year or "")
        where = " ".join(
            part for part in (self.journal, f"{when};{place}" if when and place else when or place) if part
        )
        parts = [part.strip().rstrip(".") for part in (authors, self.title, where)]
        return (
            ". ".join(part for part in parts if part)
            or self.doi
            or (f"PMID {self.pmid}" if self.pmid else self.pmcid or self.url or "")
        )

    @property
    def report(self) -> dict[str, Any]:
        """The entry of `reports:`."""
        ids = {"pmid": self.pmid, "pmcid": self.pmcid, "doi": self.doi, "url": self.url}
        if self.doi or self.pmid or self.pmcid:
            del ids["url"]
        return {"citation": self.citation, **{key: value for key, value in ids.items() if value}}


def plain(text: str) -> str:
    """Return a text's letters and digits in lower case and without accents, for comparison."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold() if letter.isalnum()
    )


def one_line(text: object) -> str:
    """Return a text with single blanks in place of line breaks, tags of HTML removed."""
    words = re.sub(r"</?(?:i|b|em|strong|sub|sup|su[bp]|p|jats:\w+)>", "", str(text), flags=re.IGNORECASE)
    return " ".join(words.split())[:LONGEST]


def doi_in(*texts: object) -> str | None:
    """Return the first DOI of some texts, in lower case, without the address before it."""
    for text in texts:
        if match := DOI.search(str(text or "")):
            doi = match[0].rstrip(".,;:'’")
            while doi.endswith((")", "]")) and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]"):
                doi = doi[:-1].rstrip(".,;:")
            return doi.lower()
    return None


def pmid_in(*texts: object) -> str | None:
    """Return the first PubMed number that is named as one in some texts."""
    return next((match[1] for text in texts if (match := PUBMED.search(str(text or "")))), None)


def pmcid_in(*texts: object) -> str | None:
    """Return the first PubMed Central number of some texts."""
    return next((match[0].upper() for text in texts if (match := PMC.search(str(text or "").upper()))), None)


def year_in(*texts: object) -> int | None:
    """Return the first year of some texts, such as "2014//" or "2018 Apr"."""
    return next((int(match[1]) for text in texts if (match := YEAR.search(str(text or "")))), None)


def trials_in(*texts: object) -> tuple[str, ...]:
    """Return the numbers of trial registries in some texts, each once."""
    return tuple(dict.fromkeys(match.upper() for text in texts for match in TRIAL.findall(str(text or ""))))


def author(name: str, given: str = "") -> str:
    """Return "Surname AB" from "Surname, Anna Berta", from the two parts apart, or from "Anna Berta Surname"."""
    name = one_line(name)
    if not given and GROUP.search(name):
        return name
    if not given and "," in name:
        name, given = (part.strip() for part in name.split(",", 1))
    given = one_line(given).removesuffix(", Jr.")
    if not given and (match := INITIALS.fullmatch(name)):
        return f"{match[1]} {re.sub('[^A-Z]', '', match[2])}"
    if given.isupper() and given.isalpha() and len(given) <= 4:  # initials already, as in "Smith, AB"
        return f"{name} {given}"
    initials = "".join(word[0].upper() for word in re.findall(r"[^\W\d_]+", given))
    return f"{name} {initials}".strip()


def span(first: object, last: object = "") -> str:
    """Return pages as one text: first and last, or the first alone."""
    start, end = one_line(first or "").replace("--", "-").replace("–", "-"), one_line(last or "")
    return f"{start}-{end}" if start and end and end != start and "-" not in start else start or end


def authors(names: Iterable[object]) -> tuple[str, ...]:
    """Return names of authors in one form, empty ones removed."""
    return tuple(name for item in names if (name := author(str(item)).strip(" ,")))
