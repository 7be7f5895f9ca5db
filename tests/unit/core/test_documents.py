"""The words of files: plain text, pages, PDFs, PubMed's and ClinicalTrials.gov's records; the sentences were made up for these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coppice.core import extras
from coppice.core.documents import why_not_read, words_in, words_of
from coppice.core.errors import CoppiceError
from coppice.core.text_numbers import comparable, place_of

QUOTE = "the hazard ratio for relapse-free survival was 0.70 (0.47-1.03)"


def pdf(*pages: list[str]) -> bytes:
    """Return a PDF of pages of lines, in the smallest form that readers take."""
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line.replace('(', '[').replace(')', ']')}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown}ET"
        bodies.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents {len(bodies)} 0 R>>"
        )
    bodies[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += f"{number} 0 obj{body}endobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF"
    return content + end.encode("latin-1")


def has_quote(text: str, quote: str = QUOTE) -> bool:
    return place_of(quote, comparable(text)) is not None


def test_a_quote_is_found_in_a_pdf_across_lines_and_hyphens() -> None:
    pytest.importorskip("pypdf")
    words = words_in(
        pdf(["A title"], ["So the haz-", "ard ratio for relapse-", "free survival was 0.70", "(0.47-1.03)."]), ".pdf"
    )
    assert has_quote(words.text, QUOTE.replace("(", "[").replace(")", "]"))
    assert len(words.pages) == 2
    start = words.text.index("So the")
    assert words.place(start, start + 6) == "page 2, characters 1 to 6"


def test_a_pdf_without_words_or_that_is_broken_is_refused() -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(CoppiceError, match="holds pictures of pages and no text; run it through OCR"):
        words_in(pdf([]), ".pdf")
    with pytest.raises(CoppiceError, match="can't be read as PDF"):
        words_in(b"no PDF", ".pdf")


def test_a_pdf_without_the_package_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda module: False)
    lack = "needs the Python package pypdf, which is not installed: run `make extras`"
    assert why_not_read(Path("paper.pdf")).startswith(lack)
    with pytest.raises(CoppiceError, match="needs the Python package pypdf"):
        words_in(b"%PDF-1.7", ".pdf")
    assert why_not_read(Path("paper.txt")) == ""


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".txt", "So the haz-\nard\u00a0ratio for relapse-\nfree survival was 0·70 (0·47–1·03)."),
        (".txt", "The hazard ratio for relapse‐free survival was 0.70 (0.47 − 1.03)"),
        (".html", "<p>So the <i>hazard</i> ratio for<br>relapse-free survival was <b>0</b>.70 (0.47&#8211;1.03)</p>"),
        (".nbib", "PMID- 1\nTI  - A title\nAB  - So the hazard ratio for relapse-free\n      survival was 0.70 (0.47-1.03).\nAU  - Me"),
        (".json", json.dumps({"protocolSection": {"identificationModule": {}, "descriptionModule": {"briefSummary": f"So {QUOTE}."}}})),
        (".TXT", f"\ufeffSo {QUOTE}"),
    ],
)  # fmt: skip
def test_a_quote_is_found_in_every_kind_of_text(suffix: str, content: str) -> None:
    assert has_quote(words_in(content.encode(), suffix).text)


def test_ligatures_and_soft_hyphens_are_read_as_letters() -> None:
    assert has_quote("a signi\ufb01cant bene\ufb01t in e\ufb03\u00adcacy", "a significant benefit in efficacy")


def test_a_file_is_refused_with_its_name_and_the_reason(tmp_path: Path) -> None:
    for name, content, reason in (
        ("a.docx", b"words", r"a\.docx: is not a text that can be searched; save it as one of"),
        ("a.txt", b" \n", r"a\.txt: holds no text"),
        ("a.json", b"[1]", r"a\.json: is no record of ClinicalTrials\.gov"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CoppiceError, match=reason):
            words_of(tmp_path / name)
    with pytest.raises(CoppiceError, match="no such file"):
        words_of(tmp_path / "b.txt")
