"""Files that are not what they should be, or are more than they seem."""

from __future__ import annotations

import io
import zipfile

from tests.bad_input.examples.case import CONFIGURATION, RECORD, Case, in_file, review, yaml_of

from coppice.core import limits

LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def archive(**members: str | bytes) -> bytes:
    """Return a zip archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in members.items():
            dateless = zipfile.ZipInfo(name.replace("__", "/").replace("_xml", ".xml"))  # the same bytes every time
            made.writestr(dateless, text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def in_configuration_file(name: str, shown: str, content: str | bytes) -> Case:
    """Return a case of a configuration that can't be read."""
    return Case(name, shown, review("", yaml_of(RECORD)) | {"config.yaml": content})


def cases() -> list[Case]:
    """Return the bad files."""
    record, configuration = yaml_of(RECORD), yaml_of(CONFIGURATION)
    deep = limits.YAML_DEPTH + 5
    return [
        in_file("empty record", "(nothing)", ""),
        in_file("record that is a list", "[ONE]", "[ONE]"),
        in_file("record that is a word", "ONE", "ONE"),
        in_file("open bracket", "arms: [", f"{record}arms: [\n"),
        in_file("open quotation mark", "note: 'open", f"{record}note: 'open\n"),
        in_file("tab at the beginning of a line", "⇥note: x", f"{record}arms:\n\texperimental: x\n"),
        in_file("key twice", "design: …, design: …", f"{record}design: randomised\n"),
        in_file("second document", "--- in the middle", f"{record}---\n{record}"),
        in_file("anchor and an alias", "&a …, *a", f"{record}note: &a x\nlabel: *a\n"),
        in_file("YAML bomb", "a: &a [x, x], b: &b [*a, *a], …", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
        in_file("undefined alias", "*a", f"{record}note: *a\n"),
        in_file("tag that calls Python", "!!python/object/apply:os.system [true]", f"{record}note: !!python/object/apply:os.system [true]\n"),
        in_file("tag of another language", "!ruby/object:Gem", f"{record}note: !ruby/object:Gem x\n"),
        in_file("tag of YAML itself", "!!str 5", f"{record}note: !!str 5\n"),
        in_file("key that is a list", "? [a, b]", f"{record}? [a, b]\n: x\n"),
        in_file("lists within lists", f"[ × {deep}", f"{record}note: {'[' * deep}{']' * deep}\n"),
        in_file("mappings within mappings", f"{{a: × {deep}", f"{record}note: {'{a: ' * deep}x{'}' * deep}\n"),
        in_file("too many values", f"[[], × {limits.YAML_VALUES}", f"{record}note: [{'[],' * limits.YAML_VALUES}]\n"),
        in_file("too large a file", limits.megabytes(limits.TEXT_BYTES + 1_000_000), record + "#" * (limits.TEXT_BYTES + 1)),
        in_file("null character", "\\0", f"{record}note: a\0b\n"),
        in_file("another encoding", "Ärzte, in Latin-1", f"{record}note: Ärzte\n".encode("latin-1")),
        in_file("UTF-16", "UTF-16", record.encode("utf-16")),
        in_file("archive in place of a record", "a .zip file", archive(a="x")),
        in_file("another file among the records", "studies/ONE.yml", record, "studies/ONE.yml"),
        in_file("note among the records", "studies/README.md", "# Records", "studies/README.md"),
        in_configuration_file("empty configuration", "(nothing)", ""),
        in_configuration_file("configuration that is a list", "[os]", "[os]"),
        in_configuration_file("open bracket in the configuration", "analyses: [", f"{configuration}model: [\n"),
        in_configuration_file("key of the configuration twice", "studies: …, studies: …", f"{configuration}studies: studies\n"),
        in_configuration_file("merge key in the configuration", "<<: …", f"{configuration}<<: {{profile: metafor}}\n"),
        in_configuration_file("configuration of JSON with a comment", "// a comment", '{"review": {"title": "T"}, // a comment\n}'),
        in_file("places that are a list", "sources.yaml: [P-SPS]", "[P-SPS]\n", "sources.yaml"),
        in_file("place without an address", "sources.yaml: P-SPS:", "P-SPS:\n", "sources.yaml"),
        in_file("place twice", "sources.yaml: P-SPS: …, P-SPS: …", "P-SPS: a\nP-SPS: b\n", "sources.yaml"),
        Case("no configuration", "(no file)", {"studies/ONE.yaml": record}),
        in_file("picture in place of a table", "a picture called studies.csv", b"\x89PNG\r\n\x1a\n\xff\xfe", "studies.csv"),
        in_file("table of another encoding", "Ärzte, in Latin-1", "study,yi,vi\nÄrzte,1,2\n".encode("latin-1"), "studies.csv"),
        in_file("too large a table", limits.megabytes(limits.TABLE_BYTES + 1_000_000), b"study,yi,vi\n" + b"A,1,2\n" * (limits.TABLE_BYTES // 6), "studies.csv"),
        in_file("too large a cell", "one cell of 200 kB", f"study,yi,vi\n{'A' * 200_000},1,2\n", "studies.csv"),
        in_file("text called .xlsx", "studies.xlsx: study,yi,vi", "study,yi,vi\n", "studies.xlsx"),
        in_file("text called .ods", "studies.ods: study,yi,vi", "study,yi,vi\n", "studies.ods"),
        in_file("text called .parquet", "studies.parquet: study,yi,vi", "study,yi,vi\n", "studies.parquet"),
        in_file("archive of nothing", "studies.xlsx", archive(), "studies.xlsx"),
        in_file("zip bomb", "studies.xlsx that unpacks to 101 MB", archive(xl__worksheets__sheet1_xml=b" " * (limits.UNPACKED_BYTES + 1_000_000)), "studies.xlsx"),
        in_file("zip bomb of another program", "studies.ods that unpacks to 101 MB", archive(content_xml=b" " * (limits.UNPACKED_BYTES + 1_000_000)), "studies.ods"),
        in_file("entities that grow", "<!ENTITY b \"&a;&a;\"> in studies.xlsx", archive(xl__workbook_xml=LAUGHS), "studies.xlsx"),
        in_file("entities of another program", "<!ENTITY b \"&a;&a;\"> in studies.ods", archive(content_xml=LAUGHS), "studies.ods"),
        in_file("entity that reads a file", '<!ENTITY f SYSTEM "file:///etc/passwd">', archive(content_xml='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'), "studies.ods"),
        in_file("entities in a part of another name", "<!ENTITY …> in xl/sheet.dat", archive(xl__sheet_dat=LAUGHS), "studies.xlsx"),
        in_file("all cells of a sheet merged", '<mergeCell ref="A1:XFD1048576"/>', archive(xl__sheet1_xml='<worksheet><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'), "studies.xlsx"),
        in_file("all rows of a sheet with one link", '<hyperlink ref="1:1048576"/>', archive(xl__sheet1_xml='<worksheet><hyperlinks><hyperlink ref="1:1048576"/></hyperlinks></worksheet>'), "studies.xlsx"),
        in_file("thousand million spaces", '<text:s text:c="1000000000"/>', archive(content_xml='<x xmlns:text="t"><text:p>A<text:s text:c="1000000000"/></text:p></x>'), "studies.ods"),
        in_file("spans within spans", "<text:span> × 1000", archive(content_xml=f"<x>{'<span>' * 1000}A{'</span>' * 1000}</x>"), "studies.ods"),
        in_file("entities in UTF-16", "<!ENTITY …> in UTF-16", archive(xl__workbook_xml=LAUGHS.encode("utf-16")), "studies.xlsx"),
    ]  # fmt: skip
