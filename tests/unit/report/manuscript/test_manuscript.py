"""The manuscripts say what the page says: PDF and DOCX, with text as text and every number of the sentences."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import docx
import pypandoc
import pytest
from pypdf import PdfReader
from tests.unit.report import fixtures
from tests.unit.report.conftest import NOTEBOOK

from coppice.draw.canvas import fonts
from coppice.jobs import canonical_json
from coppice.report.contents import SECTIONS
from coppice.report.manuscript.docx import to_docx
from coppice.report.manuscript.manuscript import TURNED, UPRIGHT, manuscript
from coppice.report.manuscript.missing_glyphs import further_fonts, uncommon
from coppice.report.manuscript.pdf import source, to_pdf
from coppice.report.page import sentences, words
from coppice.report.read import read_review

NASTY = fixtures.NASTY + " #import \"x\" @cite *b* _i_ `c` ~ // /* <label> [x] {y} \\u{41} == - + 1. 'q' --- ... ="
PAGE, PAGE_ACROSS = 11906 - 2 * 1134, 16838 - 2 * 1134  # between the margins, in twentieths of a point
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def png() -> bytes:
    """Return a picture of one point."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head, line = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0), zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", line) + chunk(b"IEND", b"")


def written(review, folder):
    """Return the text of both formats."""
    (folder / "results/draw/os").mkdir(parents=True, exist_ok=True)
    (folder / "results/draw/os/forest.png").write_bytes(png())
    pdf, word = to_pdf(review), to_docx(review, folder / "results")
    return pdf, word, text_of_pdf(pdf), text_of_docx(word)


def text_of_pdf(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def text_of_docx(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    paragraphs = (
        "".join(node.text or "" for node in item.iter(f"{{{docx.oxml.ns.nsmap['w']}}}t"))
        for item in body.iter(f"{{{docx.oxml.ns.nsmap['w']}}}p")
    )
    return " ".join(" ".join(paragraphs).split())


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    """Return both formats of a review all of whose texts are hostile."""
    folder = tmp_path_factory.mktemp("nasty")
    spec = fixtures.specification()
    spec["review"] |= {"title": NASTY, "notes": [NASTY], "authors": [NASTY]}
    spec["analyses"][0] |= {"title": NASTY, "note": NASTY, "favours": [NASTY, "x"]}
    spec["studies"][0] |= {"label": NASTY, "note": NASTY}
    pool = fixtures.pooled() | {"excluded": [{"study": "X", "label": NASTY, "reason": NASTY}]}
    pool["effects"][0] |= {"label": NASTY, "why": NASTY}
    review = read_review(canonical_json.read(fixtures.write(folder, spec, pool)), folder / "results")
    return written(review, folder)


def test_every_section_of_the_page_is_in_the_manuscript_once_and_in_its_order(review):
    text = manuscript(review)
    ids = [heading.attributes.get("id") for part in (text.upright, text.turned) for heading in part.named("h2")]
    absent = (
        "meaning",
        "selection",
        "bias",
        "about",
        "paragraphs",
        "found-in-texts",
    )  # not stated; and what is made for a manuscript
    assert ids == [name for name in SECTIONS if name not in absent]
    shown = re.findall(r"^page\.(\w+)\(review\)", NOTEBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert [section.__name__ for section in (*UPRIGHT, *TURNED)] == [name for name in shown if name != "to_paste"]


def test_what_the_page_folds_away_has_its_heading_and_is_where_links_lead(review):
    text = manuscript(review)
    titles = [heading.text() for heading in text.upright.named("h4")]
    assert {"Sensitivity analyses", "Results included in the analysis"} <= set(titles)
    assert not text.upright.named("details", "summary") + text.turned.named("details", "summary")
    study = next(heading for heading in text.turned.named("h3") if "E1910" in heading.text())
    assert study.attributes["id"] == "study-e1910"


def test_headings_tables_and_figures_bear_numbers_in_order(review):
    text = manuscript(review)
    chapters = [heading.text() for heading in text.upright.named("h2")]
    assert chapters[:4] == ["1 Summary of findings", "2 Results by outcome", "Appendix", "A Abstract"]
    letters = [chapter[0] for chapter in chapters[3:]]
    assert letters == list("ABCDEF")
    assert [heading.text()[0] for heading in text.turned.named("h2")] == list("GHIJ")
    captions = [caption.text() for part in (text.upright, text.turned) for caption in part.named("caption")]
    assert [caption.split(".")[0] for caption in captions] == [f"Table {n}" for n in range(1, len(captions) + 1)]
    assert text.upright.named("figcaption")[0].text().startswith("Figure 1. Overall survival.")


def test_every_number_of_the_results_is_in_both_formats(review, analysis, tmp_path):
    said = str(sentences.result(review, analysis)) + words.estimate(analysis, analysis.pool["common"])
    _, _, pdf, word = written(review, tmp_path)
    for text in (pdf, word):
        assert set(NUMBER.findall(said)) <= set(NUMBER.findall(text))
        sentence = str(sentences.heterogeneity(analysis, analysis.pool["heterogeneity"]))
        assert set(NUMBER.findall(sentence)) <= set(NUMBER.findall(text))


def test_all_text_of_the_page_is_in_both_formats(review, tmp_path):
    _, _, pdf, word = written(review, tmp_path)
    text = manuscript(review)
    cells = {
        cell.text() for part in (text.upright, text.turned) for cell in part.named("td", "p", "h2", "h3", "h4", "dd")
    }
    for said in (pdf, word):
        letters = "".join(re.findall(r"\w", said))
        missing = [cell for cell in cells if "".join(re.findall(r"\w", cell)) not in letters]
        assert broken_by_pages(missing, said) == missing


def broken_by_pages(cells, said):
    """Return the cells whose words are all there: a page that ends within one puts its number between them."""
    every = set(re.findall(r"\w+", said))
    return [cell for cell in cells if set(re.findall(r"\w+", cell)) <= every]


@pytest.mark.parametrize("place", [2, 3], ids=["pdf", "docx"])
def test_hostile_text_is_text(nasty, place):
    letters = "".join(nasty[place].split())
    assert letters.count("".join(NASTY.split())) >= 8


def test_nothing_of_a_text_is_a_field_or_a_link_of_the_document(nasty):
    with zipfile.ZipFile(io.BytesIO(nasty[1])) as archive:
        document = archive.read("word/document.xml").decode("utf-8")
        links = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    fields = set(re.findall(r"<w:instrText[^>]*>\s*(\w+)", document))
    assert fields == {"TOC"}
    targets = re.findall(r'Target="([^"]+)" TargetMode="External"', links)
    assert all(target.startswith(("https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/")) for target in targets)


def test_both_formats_are_the_same_bytes_every_time(review, tmp_path):
    first, again = written(review, tmp_path / "a"), written(review, tmp_path / "b")
    assert first[:2] == again[:2]


def test_nothing_in_them_says_when_or_where_they_were_made(review, tmp_path):
    pdf, word, _, _ = written(review, tmp_path)
    assert not re.search(rb"CreationDate|ModDate|/tmp/|/home/|/root/", pdf)
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist():
            assert not re.search(rb"/tmp/|/home/|/root/", archive.read(name)), name
        dates = re.findall(rb"<dcterms:[^>]*>([^<]*)", archive.read("docProps/core.xml"))
        assert set(dates) == {b"1970-01-01T00:00:00Z"}


def test_the_pdf_holds_its_fonts_title_contents_and_text_alternatives(review, analysis, tmp_path):
    pdf, _, _, _ = written(review, tmp_path)
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Blinatumomab versus chemotherapy"
    assert reader.metadata.author == "A. Author"
    assert len(reader.outline) > 10
    fonts = [font.get_object() for page_ in reader.pages for font in page_["/Resources"].get("/Font", {}).values()]
    below = [item.get_object() for font in fonts for item in font.get("/DescendantFonts", [font])]
    assert below and all(
        "/FontFile2" in str(font["/FontDescriptor"]) or "/FontFile3" in str(font["/FontDescriptor"]) for font in below
    )
    main = source(manuscript(review))["main"].decode()
    (alternative,) = re.findall(r'alt: "([^"]*)"', main)
    assert alternative.startswith("Forest plot, Overall survival")


def test_the_docx_has_headings_captions_and_tables_whose_heads_repeat(review, tmp_path):
    _, word, _, _ = written(review, tmp_path)
    document = docx.Document(io.BytesIO(word))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Author", "Heading 1", "Heading 2", "Heading 3", "Table Caption", "Image Caption"} <= styles
    assert [section.orientation for section in document.sections] == [0, 1]
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)
    (picture,) = re.findall(r'<wp:docPr descr="([^"]*)"', document.element.xml)
    assert picture.startswith("Forest plot, Overall survival")
    assert "PAGE" in "".join(document.sections[0].footer._element.itertext())


def test_the_columns_of_a_docx_are_measured_by_its_pages(review, tmp_path):
    document = docx.Document(io.BytesIO(written(review, tmp_path)[1]))
    body = list(document.element.body.iter())
    turned = next(index for index, element in enumerate(body) if element.tag.endswith("}sectPr"))
    rooms = {PAGE: body[:turned], PAGE_ACROSS: body[turned:]}
    for room, elements in rooms.items():
        tables = [element for element in elements if element.tag.endswith("}tbl")]
        widths = [sum(column.w for column in table.tblGrid.gridCol_lst) / 635 for table in tables]
        assert tables and max(widths) == pytest.approx(room, abs=20)


def test_the_contents_of_a_docx_name_and_link_every_heading_of_two_levels(review, tmp_path):
    document = docx.Document(io.BytesIO(written(review, tmp_path)[1]))
    headings = [item.text for item in document.paragraphs if item.style.name in ("Heading 1", "Heading 2")]
    lines = document.element.xpath("//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC') and @w:val != 'TOCHeading']]")
    assert ["".join(line.xpath(".//w:t/text()")) for line in lines] == headings
    anchors = set(document.element.xpath("//w:sdt//w:hyperlink/@w:anchor"))
    assert anchors <= set(document.element.xpath("//w:bookmarkStart/@w:name"))


def test_a_link_to_what_is_not_there_is_text(review):
    main = source(manuscript(review))["main"].decode()
    labels = set(re.findall(r'#label\("([^"]*)"\)', main))
    assert set(re.findall(r'#link\(label\("([^"]*)"\)', main)) <= labels


def test_letters_that_the_bundled_fonts_lack_come_from_a_font_of_the_machine(changed, tmp_path, monkeypatch):
    letters = "\N{CJK UNIFIED IDEOGRAPH-767D}\N{CJK UNIFIED IDEOGRAPH-8840}"
    spec = fixtures.specification()
    spec["review"]["title"] = f"Leukaemia ({letters})"
    review = changed(spec=spec)
    # any file will do for a font: what is tested is that it reaches typst by its name
    asked = []
    monkeypatch.setattr(fonts, "families", lambda text, family: asked.append(text) or (family, "STIXGeneral"))
    monkeypatch.setattr(fonts, "lacking", lambda text, family: letters[1])
    with pytest.warns(UserWarning, match=f"no font of this machine has {letters[1]}"):
        made = to_pdf(review)
    assert asked == ["".join(sorted(letters))]
    assert made.startswith(b"%PDF")
    assert '"STIXGeneral", ' in source(manuscript(review), ["STIXGeneral"])["main"].decode()


def test_without_such_letters_no_font_of_the_machine_is_looked_for(review):
    assert (
        uncommon(["\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO} \N{LESS-THAN OR EQUAL TO} 2 \N{EN DASH} \N{DAGGER}"])
        == ""
    )
    assert further_fonts([manuscript(review).upright.text()]) == {}
    assert fonts.path("DejaVu Sans").is_file()


def test_the_docx_is_the_same_whatever_pandoc_and_templates_a_user_has(review, tmp_path, monkeypatch):
    """A newer pandoc on the path and a reference document of one's own are what pandoc and pypandoc would take."""
    ours = written(review, tmp_path)[1]
    bundled = Path(pypandoc.__file__).parent / "files/pandoc"
    reference = tmp_path / "data/pandoc/reference.docx"
    reference.parent.mkdir(parents=True)
    default = subprocess.run([bundled, "--print-default-data-file=reference.docx"], capture_output=True, check=True)
    with zipfile.ZipFile(io.BytesIO(default.stdout)) as source_, zipfile.ZipFile(reference, "w") as own:
        for name in source_.namelist():
            own.writestr(name, source_.read(name).replace(b"Office", b"Others"))
    newer = tmp_path / "bin/pandoc"
    newer.parent.mkdir()
    newer.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "pandoc 99.0" || touch {tmp_path}/called\n', "utf-8")
    newer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{newer.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("PYPANDOC_PANDOC", raising=False)
    monkeypatch.setattr(pypandoc, "__pandoc_path", None)
    assert shutil.which("pandoc") == str(newer)
    assert written(review, tmp_path)[1] == ours
    assert not (tmp_path / "called").exists()
