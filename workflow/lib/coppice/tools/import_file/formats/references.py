"""Lists of references: RIS, Web of Science's plain text, MEDLINE (NBIB), BibTeX, CSL-JSON, PubMed's and EndNote's XML.

Each study becomes a record with its reports and without any outcome; `join` adds the reports to studies that are there.
"""

from __future__ import annotations

import re
from typing import Any

from coppice.core.limits import megabytes
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.references import bibtex, csl, medline, ris, xml_references
from coppice.tools.import_file.references.reference import Reference
from coppice.tools.import_file.references.studies import records, without_duplicates
from coppice.tools.import_file.text import decoded

LARGEST_LIST = 50_000_000  # bytes: some 20,000 references with abstracts
SINGULAR = re.compile(r"^1 (\w+)s\b")


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file is a list of references."""
    try:
        text = decoded(content, name)[0]
        return _is_list(text) or ris.is_endnote_tagged(text) or (_is_json(text) and csl.is_csl(csl.parsed(text, name)))
    except NotImported:
        return False


def _is_json(text: str) -> bool:
    """Return whether a text begins as JSON."""
    return text.lstrip()[:1] in ("[", "{")


def _is_list(text: str) -> bool:
    """Return whether a text is one of the formats that are not JSON."""
    tests = (ris.is_web_of_science, medline.is_medline, ris.is_ris, xml_references.is_xml_references, bibtex.is_bibtex)
    return any(test(text) for test in tests)


def _references(text: str, name: str) -> tuple[list[Reference], list[str]]:
    """Return the references of a text by the format that it has, whatever the file is called."""
    if ris.is_endnote_tagged(text):
        ris.refuse_endnote(name)
    if xml_references.is_xml_references(text):
        return xml_references.read_xml(text, name)
    if _is_json(text):
        data: Any = csl.parsed(text, name)
        if not csl.is_csl(data):
            raise NotImported(f"{name}: is JSON, but not a list of references (CSL-JSON)")
        return csl.read_csl(data)
    for test, reader in (
        (ris.is_ris, ris.read_ris),
        (ris.is_web_of_science, ris.read_web_of_science),
        (medline.is_medline, medline.read_medline),
    ):
        if test(text):
            return reader(text)
    if bibtex.is_bibtex(text):
        return bibtex.read_bibtex(text, name)
    raise NotImported(
        f"{name}: has no reference; allowed: RIS (TY  - ...), Web of Science's plain text, MEDLINE (PMID- ...), BibTeX (@article{{...), "
        "CSL-JSON, PubMed's and EndNote's XML"
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 reference"."""
    return SINGULAR.sub(r"1 \1", f"{number:,} {noun}s")


def read(content: bytes, name: str) -> Imported:
    """Read a list of references.

    Raises
    ------
    NotImported
        If it is none, or no reference of it can be looked up.
    """
    if len(content) > LARGEST_LIST:
        raise NotImported(
            f"{name}: has more than {megabytes(LARGEST_LIST)}, the largest list of references that is read"
        )
    text, notes = decoded(content, name)
    references, about = _references(text, name)
    usable = [item for item in references if not item.is_empty]
    if not usable:
        raise NotImported(
            f"{name}: none of its {counted(len(references), 'reference')} has a title, a DOI, a PubMed number or an address"
        )
    left_out = [
        f"reference {item.number}: has no title, DOI, PubMed number or address by which it could be looked up"
        for item in references
        if item.is_empty
    ]
    kept, repeated = without_duplicates(usable)
    studies = records(kept)
    notes.append(
        f"{counted(len(references), 'reference')} read, of {len(studies):,} {'study' if len(studies) == 1 else 'studies'}; "
        f"{counted(sum(len(record['reports']) for record in studies.values()), 'report')}"
    )
    return Imported(file=name, format="references", records=studies, left_out=left_out + repeated, notes=notes + about)
