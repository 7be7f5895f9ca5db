"""The studies of a RevMan 5 file: names, references, characteristics and the risk of bias; and the studies that were excluded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405: the type only; `markup.py` parses

from coppice.core.limits import DOMAINS, NAME_LENGTH
from coppice.tools.import_file.plain_text import made_id, plain, plain_name

ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
YEAR = re.compile(r"(1[89]|20|21)[0-9]{2}")
JUDGEMENTS = {"YES": "low", "NO": "high", "UNKNOWN": "unclear"}
ROB_1 = "Cochrane risk of bias (2011)"
CHARACTERISTICS = {
    "CHAR_METHODS": "methods",
    "CHAR_PARTICIPANTS": "participants",
    "CHAR_INTERVENTIONS": "interventions",
    "CHAR_OUTCOMES": "outcomes",
    "CHAR_NOTES": "notes",
}
SOURCES = {
    "PUB": "published",
    "UNPUB": "unpublished",
    "MIX": "published and unpublished",
    "SOUGHT": "unpublished, sought",
}
PMID_TYPES = ("PUBMED", "MEDLINE")
INLINE = frozenset({"I", "B", "U", "SUB", "SUP", "LINK", "EM", "STRONG"})
NUMBERED_WORDS = re.compile(r"[0-9]{1,9}")


def texts_of(element: Element) -> Iterator[str]:
    """Yield the texts within an element; what its markup sets apart, such as paragraphs, is separated by spaces."""
    separator = "" if element.tag in INLINE else " "
    yield from (separator, element.text or "")
    for part in element:
        yield from texts_of(part)
        yield part.tail or ""
    yield separator


def text_in(element: Element | None, tag: str | None = None) -> str:
    """Return the text of an element, or of a child of it, without its markup."""
    part = element.find(tag) if element is not None and tag else element
    return plain("".join(texts_of(part))) if part is not None else ""


def name_in(element: Element | None, tag: str | None = None) -> str:
    """Return the text of an element as a name."""
    return plain_name(text_in(element, tag))


def unescaped(study_id: str) -> str:
    """Return an id of RevMan with the signs that it escapes: `STD-ISIS_x002d_2` is `STD-ISIS-2`."""
    return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), study_id)


def label_of(study: Element | None, study_id: str) -> str:
    """Return the name of a study, made from its id where the file does not list it."""
    name = plain_name((study.get("NAME") or "") if study is not None else "")
    return name or plain_name(unescaped(study_id).removeprefix("STD-").replace("-", " ")) or "study"


def year_of(study: Element | None, label: str) -> int | None:
    """Return the year of a study, from its name where the file does not give it."""
    given_year = YEAR.search((study.get("YEAR") or "") if study is not None else "")
    match = given_year or YEAR.search(label)
    return int(match.group()) if match else None


def citation(reference: Element) -> str:
    """Return a reference as a citation."""
    part = {tag: text_in(reference, tag).rstrip(".") for tag in ("AU", "TI", "SO", "YR", "VL", "NO", "PG", "PB", "CY")}
    number = f"({part['NO']})" if part["NO"] else ""
    volume = f";{part['VL']}{number}" if part["VL"] or number else ""
    pages = f":{part['PG']}" if part["PG"] else ""
    source = f"{part['SO']} {part['YR']}".strip() + volume + pages
    place = ": ".join(filter(None, (part["CY"], part["PB"])))
    return plain(". ".join(filter(None, (part["AU"], part["TI"], source, place))))


def identifiers(reference: Element) -> dict[str, str]:
    """Return the identifiers of a reference that records have keys for, others as a note."""
    content: dict[str, str] = {}
    others = []
    for item in reference.iterfind("IDENTIFIERS/IDENTIFIER"):
        kind, value = plain(item.get("TYPE") or "").upper(), plain(item.get("VALUE") or item.text or "")
        if not value:
            continue
        number = NUMBERED_WORDS.search(value)
        if kind == "DOI":
            content.setdefault("doi", re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE))
        elif kind in PMID_TYPES and number and (kind == "PUBMED" or value.isdigit()):
            content.setdefault("pmid", number.group())
        else:
            others.append(f"{kind or 'identifier'} {value}")
    return content | ({"note": "; ".join(others)} if others else {})


def references(study: Element | None) -> dict[str, dict[str, str]]:
    """Return the references of a study by a key made of author and year, the primary one first."""
    reports: dict[str, dict[str, str]] = {}
    items = list(study.iterfind("REFERENCE")) if study is not None else []
    for item in sorted(items, key=lambda reference: reference.get("PRIMARY") != "YES"):
        text = citation(item)
        if text:
            author = text_in(item, "AU").split(" ")[0] or "reference"
            key = made_id(f"{author}{text_in(item, 'YR')}".casefold(), reports)
            reports[key] = {"citation": text, **identifiers(item)}
    return reports


def characteristics(root: Element) -> dict[str, dict[str, str]]:
    """Return the table of characteristics of the included studies, by RevMan's id."""
    by_study: dict[str, dict[str, str]] = {}
    for item in root.iter("INCLUDED_CHAR"):
        texts = {name: text_in(item, tag) for tag, name in CHARACTERISTICS.items()}
        by_study[item.get("STUDY_ID") or ""] = {name: text for name, text in texts.items() if text}
    return by_study


def risk_of_bias(root: Element) -> dict[str, dict[str, Any]]:
    """Return the judgements of RevMan's risk-of-bias table, by RevMan's id of the study.

    An item that is judged for each class of outcomes is a domain per class.
    """
    by_study: dict[str, dict[str, Any]] = {}
    parts = (part for items in root.iter("QUALITY_ITEMS") for part in items.iter() if part.get("ID"))
    groups = {part.get("ID"): name_in(part, "NAME") or plain_name(part.get("NAME") or "") for part in parts}
    for item in root.iter("QUALITY_ITEM"):
        for entry in item.iter("QUALITY_ITEM_DATA_ENTRY"):
            judgement = JUDGEMENTS.get((entry.get("RESULT") or "").upper())
            if judgement is None:
                continue
            group = groups.get(entry.get("GROUP_ID")) or plain_name(entry.get("GROUP_ID") or "")
            domain = plain_name(": ".join(filter(None, (name_in(item, "NAME") or "item", group))))
            study = by_study.setdefault(
                entry.get("STUDY_ID") or "", {"tool": ROB_1, "domains": {}, "overall": None, "note": []}
            )
            if len(study["domains"]) < DOMAINS:
                study["domains"][domain] = judgement
                reason = text_in(entry, "DESCRIPTION")
                study["note"] += [f"{domain}: {reason}"] if reason else []
    for study in by_study.values():
        study["note"] = plain("; ".join(study["note"])) or None
    return {
        key: {name: value for name, value in study.items() if name != "note" or value}
        for key, study in by_study.items()
    }


def excluded(root: Element) -> list[str]:
    """Return a line for each excluded study with its reason."""
    reasons = {item.get("STUDY_ID"): text_in(item, "CHAR_REASON_FOR_EXCLUSION") for item in root.iter("EXCLUDED_CHAR")}
    return [
        f"Excluded: {label_of(study, study.get('ID') or '')}: {reasons.get(study.get('ID')) or 'no reason is given'}"
        for study in root.iterfind(".//EXCLUDED_STUDIES/STUDY")
    ]


def not_taken_over(root: Element) -> Iterator[str]:
    """Yield a line for the studies without a result yet."""
    for tag, words in (("AWAITING_STUDIES", "awaiting classification"), ("ONGOING_STUDIES", "ongoing")):
        labels = [label_of(study, study.get("ID") or "") for study in root.iterfind(f".//{tag}/STUDY")]
        if labels:
            yield f"studies {words}, which have no results: {', '.join(labels)}"


def record(study: Element | None, label: str, table: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of a study without its outcomes."""
    short = {name: text for name, text in table.items() if len(text) <= NAME_LENGTH}
    long = [f"{name.capitalize()}: {text}" for name, text in table.items() if name not in short]
    source = SOURCES.get((study.get("DATA_SOURCE") or "") if study is not None else "")
    known_facts = short | ({"data_source": source} if source else {})
    return {
        "label": label,
        "year": year_of(study, label),
        "design": None,
        **({"characteristics": known_facts} if known_facts else {}),
        **({"note": plain(" ".join(long))} if long else {}),
    }
