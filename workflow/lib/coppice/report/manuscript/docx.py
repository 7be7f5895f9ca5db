"""The manuscript as DOCX, written by pandoc and then given our styles: the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from coppice.report.data.spreadsheet import EPOCH
from coppice.report.manuscript.manuscript import FIGURE, Manuscript, manuscript
from coppice.report.manuscript.markup import Element, to_html
from coppice.report.manuscript.widths import widths
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.report_data import ReviewView

TEMPLATE = Path(__file__).parents[1] / "template" / "manuscript"
HEADINGS = {"h2": "h1", "h3": "h2", "h4": "h3", "h5": "h4"}  # the title is no heading
IN_CONTENTS = ("h1", "h2")
STYLES = {"notice": "Notice", "absent": "Absent", "remark": "Remark"}  # our classes, and the styles of styles.xml
UPRIGHT, ACROSS = 100, 160  # characters of a table in a line of the page, upright and turned
APPENDIX = "Appendix"  # the style of the empty paragraph after which the pages are turned
LONG, SHORT, MARGIN = 16838, 11906, 1134  # A4 and 20 mm, in twentieths of a point
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
COLUMN = re.compile(r'<w:gridCol w:w="(\d+)" />')
ROOM_OF_PANDOC = 7920  # the width that pandoc takes a page to have
TOC = re.compile(r"(<w:sdtContent><w:p>.*?</w:p>).*?(</w:sdtContent>)", re.DOTALL)
LAST_SECTION = re.compile(r"<w:sectPr>.*?</w:sectPr>", re.DOTALL)
FOOTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


def to_docx(review: ReviewView, results: Path) -> bytes:
    """Return the report as a manuscript in DOCX.

    Parameters
    ----------
    review : ReviewView
        The review.
    results : Path
        Folder of the results, in which the figures lie.

    Returns
    -------
    bytes
    """
    import pypandoc

    bundled = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if bundled.exists():  # pypandoc would take a newer one of the machine, whose version is recorded nowhere
        os.environ["PYPANDOC_PANDOC"] = str(bundled)
    text = manuscript(review)
    with tempfile.TemporaryDirectory(prefix="coppice-") as folder:
        made = Path(folder, "manuscript.docx")
        pypandoc.convert_text(
            page(text),
            "docx",
            format="html",
            outputfile=str(made),
            cworkdir=str(results.resolve()),
            # an empty folder in place of the user's own templates and reference document
            extra_args=["--toc", "--metadata=toc-title:Contents", f"--data-dir={folder}"],
        )
        return finished(made.read_bytes(), contents(text))


def page(text: Manuscript) -> Html:
    """Return the markup that pandoc reads: of our classes only what it can turn into styles of Word."""
    elements = [*text.body.walk(), *text.appendix.walk()]
    ids = {f"#{element.attributes['id']}" for element in elements if "id" in element.attributes}
    turned = tag("div", tag("p", "\N{ZERO WIDTH SPACE}"), data_custom_style=APPENDIX)
    body = (to_html(_for_word(part, ids, room)) for part, room in ((text.body, UPRIGHT), (text.appendix, ACROSS)))
    authors = (tag("meta", name_="author", content=author) for author in text.authors)
    head = tag("head", tag("title", text.title), *authors)
    return tag("html", head, tag("body", join(body, turned)), lang="en-GB")


def contents(text: Manuscript) -> list[tuple[int, str, str]]:
    """Return the table of contents: level, id and text of each heading that is in it."""
    headings = (*text.body.named(*HEADINGS), *text.appendix.named(*HEADINGS))
    return [
        (int(level[1]), heading.attributes.get("id", ""), heading.text())
        for heading in headings
        if (level := HEADINGS[heading.name]) in IN_CONTENTS
    ]


def _for_word(element: Element, ids: set[str], room: int) -> Element:
    """Return an element as pandoc is to read it."""
    children = [child if isinstance(child, str) else _for_word(child, ids, room) for child in element.children]
    attributes = {key: value for key, value in element.attributes.items() if key in ("id", "href")}
    made = Element(HEADINGS.get(element.name, element.name), attributes, _on_own_lines(element, children))
    if (
        element.name == "a"
        and element.attributes.get("href", "").startswith("#")
        and made.attributes["href"] not in ids
    ):
        return Element("span", {}, made.children)
    if style := next((STYLES[name] for name in element.classes if name in STYLES), None):
        made.attributes["data-custom-style"] = style
    if "number" in element.classes:
        made.attributes["style"] = "text-align: right"
    if element.name == "table":
        made.children.insert(1, _columns(element, room))
    if element.name == "figure":
        return _figure(element, made)
    return made


def _on_own_lines(element: Element, children: list[Element | str]) -> list[Element | str]:
    """Break the line before each child, but the first, that has a line of its own."""
    broken: list[Element | str] = []
    for old, new in zip(element.children, children, strict=True):
        if broken and isinstance(old, Element) and "line" in old.classes:
            broken.append(Element("br"))
        broken.append(new)
    return broken


def _columns(table: Element, room: int) -> Element:
    rows = [[cell.text() for cell in row.named("th", "td")] for row in table.named("tr")]
    shares = widths(rows, room)
    return Element("colgroup", {}, [Element("col", {"style": f"width: {100 * share:.2f}%"}) for share in shares])


def _figure(figure: Element, made: Element) -> Element:
    """Return a figure as its pictures and, below them, its caption: pandoc's own way is a table."""
    pictures = [
        Element("img", {"src": _file(picture), "alt": picture.attributes.get("alt", "")})
        for picture in figure.named("img")
    ]
    caption = [child for part in made.named("figcaption") for child in part.children]
    return Element(
        "div",
        made.attributes,
        [
            Element("div", {"data-custom-style": "Picture"}, [Element("p", {}, [*pictures])]),
            Element("div", {"data-custom-style": "Image Caption"}, [Element("p", {}, caption)]),
        ],
    )


def _file(picture: Element) -> str:
    """Return the picture's file in points, which every word processor shows; its content where it has none."""
    figure = picture.attributes.get(FIGURE)
    return f"draw/{figure}.png" if figure else picture.attributes["src"]


def finished(made: bytes, entries: Iterable[tuple[int, str, str]]) -> bytes:
    """Return a document of pandoc with our styles, page numbers, landscape appendix and contents, and without dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {name: source.read(name) for name in source.namelist() if not name.endswith("/")}
        parts |= {f"word/{name}": (TEMPLATE / name).read_bytes() for name in ("styles.xml", "footer.xml")}
        for name, change in CHANGES.items():
            parts[name] = change(parts[name].decode("utf-8")).encode("utf-8")
        document = parts["word/document.xml"].decode("utf-8")
        parts["word/document.xml"] = _document(document, entries).encode("utf-8")
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


CHANGES: dict[str, Callable[[str], str]] = {
    "docProps/core.xml": lambda text: re.sub(r"<dcterms:(created|modified)\b.*?</dcterms:\1>", "", text),
    "[Content_Types].xml": lambda text: text.replace(
        "</Types>", f'<Override PartName="/word/footer.xml" ContentType="{FOOTER}"/></Types>'
    ),
    "word/_rels/document.xml.rels": lambda text: text.replace(
        "</Relationships>", f'<Relationship Id="rIdFooter" Type="{OFFICE}/footer" Target="footer.xml"/></Relationships>'
    ),
}


def _document(text: str, entries: Iterable[tuple[int, str, str]]) -> str:
    upright, mark, turned = text.partition(f'<w:pStyle w:val="{APPENDIX}" />')
    upright, turned = _tables(upright, SHORT - 2 * MARGIN), _tables(turned, LONG - 2 * MARGIN)
    upright = TOC.sub(lambda match: match[1] + _contents(entries) + match[2], upright, count=1)
    return upright + mark + _section(SHORT, LONG) + LAST_SECTION.sub(_section(LONG, SHORT), turned)


def _tables(text: str, room: int) -> str:
    return TABLE.sub(lambda match: _table(match[0], room), text)


def _table(text: str, room: int) -> str:
    """Keep the rows of a table whole, set it in the type of tables, and measure its columns by our page."""
    text = text.replace('<w:pStyle w:val="Compact" />', '<w:pStyle w:val="TableText" />')
    text = text.replace("<w:trPr>", "<w:trPr><w:cantSplit />")
    text = text.replace("<w:tr><w:tc>", "<w:tr><w:trPr><w:cantSplit /></w:trPr><w:tc>")
    return COLUMN.sub(lambda match: f'<w:gridCol w:w="{int(match[1]) * room // ROOM_OF_PANDOC}" />', text)


def _section(width: int, height: int) -> str:
    turned = ' w:orient="landscape"' if width > height else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter" xmlns:r="{OFFICE}"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _contents(entries: Iterable[tuple[int, str, str]]) -> str:
    """Return the table of contents as Word would write it, but for the page numbers, which it adds when asked."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines: list[str] = []
    for level, name, said in entries:
        run = f'<w:r><w:t xml:space="preserve">{escape(said, quote=False)}</w:t></w:r>'
        link = f'<w:hyperlink w:anchor="{escape(name)}">{run}</w:hyperlink>'
        lines.append(f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>{"" if lines else begin}{link}</w:p>')
    return "".join(lines) + '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
