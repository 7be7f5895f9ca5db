"""Files of other programs that are not imported."""

from __future__ import annotations

from pathlib import Path

from tests.bad_input.examples.case import Case, review_folder
from tests.bad_input.examples.files import LAUGHS, archive

from coppice.core import limits
from coppice.core.errors import CoppiceError
from coppice.tools.import_file.parts_of_review import with_records
from coppice.tools.import_file.registry import read
from coppice.tools.import_file.write import write

REVIEW = (
    '<COCHRANE_REVIEW TYPE="INTERVENTION"><STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES><STUDY ID="STD-A" NAME="A"/>'
    "</INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES></COCHRANE_REVIEW>"
)


class ImportCase(Case):
    """A file that is not imported."""

    def messages(self) -> list[str]:
        """Return the line that `coppice import` prints of its first file; none if it is imported."""
        with review_folder(self.files):
            try:
                imported = read(Path(Path(next(iter(self.files))).parts[0]))
                write(with_records(Path(), imported), Path())
            except CoppiceError as error:
                return str(error).splitlines()
        return []


def of_file(name: str, shown: str, content: str | bytes, file: str = "review.rm5") -> Case:
    """Return a case of one file."""
    return ImportCase(name, shown, {file: content})


def cases() -> list[Case]:
    """Return the files that are not imported."""
    return [
        ImportCase("import of a folder", "review.rm5/", {"review.rm5/a.txt": "x"}),
        of_file("import of an empty file", "(nothing)", ""),
        of_file("half of a RevMan review", "<COCHRANE_REVIEW …", REVIEW[: len(REVIEW) // 2]),
        of_file("other XML called .rm5", "<html/>", "<html/>"),
        of_file("RevMan review of another type", 'TYPE="DIAGNOSTIC"', REVIEW.replace("INTERVENTION", "DIAGNOSTIC", 1)),
        of_file("RevMan review without studies", "<COCHRANE_REVIEW/>", "<COCHRANE_REVIEW/>"),
        of_file("entities in a RevMan review", '<!ENTITY b "&a;&a;">', LAUGHS),
        of_file(
            "RevMan review of great depth",
            f"<P> × {limits.XML_DEPTH + 1}",
            f"<COCHRANE_REVIEW>{'<P>' * limits.XML_DEPTH}",
        ),
        of_file(
            "two RevMan reviews in an archive",
            "a.rm5, b.rm5",
            archive(**{"a.rm5": REVIEW, "b.rm5": REVIEW}),
            "review.zip",
        ),
        of_file(
            "RevMan review that leads out of its archive", "../a.rm5", archive(**{"../a.rm5": REVIEW}), "review.zip"
        ),
        of_file("half of an archive", "PK…", archive(**{"a.rm5": REVIEW})[:60], "review.zip"),
        of_file(
            "archive of very many files",
            "201 files",
            archive(**{f"{number}.rm5": "x" for number in range(201)}),
            "review.zip",
        ),
        of_file(
            "RevMan review that unpacks to too much",
            "101 MB",
            archive(**{"a.rm5": b" " * (limits.UNPACKED_BYTES + 1_000_000)}),
            "review.zip",
        ),
        of_file(
            "RevMan's table that is cut short",
            "1,1,0,Dea",
            "Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Effect Measure,Total 1,Total 2\n1,1,0,Dea",
            "export.csv",
        ),
        of_file(
            "RevMan's table with words for a number",
            "1,1,0,Death,DIC,RR,ten,12",
            "Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Effect Measure,Total 1,Total 2\n1,1,0,Death,DIC,RR,ten,12\n",
            "export.csv",
        ),
        of_file(
            "data package without settings",
            "data-rows.csv alone",
            archive(
                **{"a-data-rows.csv": "Analysis group,Analysis number,Study,Experimental N,Control N\n1,1,A,10,10\n"}
            ),
            "CD1.zip",
        ),
        of_file(
            "data package of diagnostic accuracy",
            "-parameters.csv",
            archive(**{"a-parameters.csv": "Test\nA\n"}),
            "CD1.zip",
        ),
        of_file(
            "judgements without a review", "Study,D1,D2,Overall", "Study,D1,D2,Overall\nA,Low,Low,Low\n", "rob.csv"
        ),
        of_file(
            "judgements of a study in two rows",
            "A, A",
            "Study,D1,D2,Overall\nA,Low,Low,Low\nA,High,Low,Low\n",
            "rob.csv",
        ),
        of_file(
            "extraction without consensus",
            "Reviewer Name: Ann",
            "Study,Reviewer Name,Outcome,Arm,Events,N\nA,Ann,Death,Drug,1,10\nA,Ann,Death,Placebo,2,10\n",
            "results.csv",
        ),
        of_file("flow that nobody filled in", "n: xxx", "data,node,n\nrecords_screened,node10,xxx\n", "flow.csv"),
        of_file("flow with words for a number", "n: many", "data,node,n\nrecords_screened,node10,many\n", "flow.csv"),
        ImportCase(
            "import beside a table",
            "studies: studies.csv",
            {"review.rm5": REVIEW, "config/config.yaml": "review: {title: T}\nstudies: studies.csv\nanalyses: {}\n"},
        ),
        ImportCase(
            "import into another folder of records",
            "studies: ../records",
            {"review.rm5": REVIEW, "config/config.yaml": "review: {title: T}\nstudies: ../records\nanalyses: {}\n"},
        ),
        ImportCase(
            "record of what was imported that is damaged",
            "imports/review.rm5.json: []",
            {"review.rm5": REVIEW, "imports/review.rm5.json": "[]"},
        ),
        of_file("EndNote's own tags", "%0 Journal Article", "%0 Journal Article\n%T Title\n", "list.enw"),
        of_file("references without a title", "TY  - GEN / ER  -", "TY  - GEN\nER  - \n", "list.ris"),
        of_file(
            "braces that are not closed", "@article{a, title = {{{…", "@article{a, title = " + "{" * 100, "list.bib"
        ),
        of_file("half of PubMed's XML", "<PubmedArticleSet><Pub…", "<PubmedArticleSet><PubmedArticle>", "list.xml"),
        of_file(
            "entities in references",
            '<!ENTITY a "b">',
            '<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet>&a;</PubmedArticleSet>',
            "list.xml",
        ),
        of_file("half of a registry's record", '{"protocolSection": {', '{"protocolSection": {', "NCT00000101.json"),
        of_file(
            "registry's record of version 1", '{"FullStudiesResponse": {}}', '{"FullStudiesResponse": {}}', "trial.json"
        ),
        of_file(
            "registry's record without a number", '{"protocolSection": {}}', '{"protocolSection": {}}', "trial.json"
        ),
    ]
