"""Lists of references become records with their reports, whatever program wrote them."""

import json
from pathlib import Path

import pytest

from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.references.reference import author, doi_in, year_in
from coppice.tools.import_file.registry import read

RIS = """\
TY  - JOUR
AU  - Example, Anna B.
AU  - Sample, Carl
TI  - A made-up trial of drug A against placebo
T2  - Journal of Examples
PY  - 2019
VL  - 4
IS  - 2
SP  - 100
EP  - 109
DO  - https://doi.org/10.1000/EXAMPLE.1
ER  -
"""
MEDLINE = """\

PMID- 11111111
OWN - NLM
VI  - 7
IP  - 3
DP  - 2020 Mar
TI  - Long-term results of a made-up trial of drug A: a title on
      two lines.
PG  - 12-9
LID - 10.1000/example.2 [doi]
AU  - Example AB
TA  - J Exampl
SI  - ClinicalTrials.gov/NCT00000101
SO  - J Exampl. 2020 Mar;7(3):12-9.

PMID- 22222222
DP  - 2021
TI  - Quality of life in a made-up trial of drug A.
AU  - Sample C
TA  - J Exampl
SI  - ClinicalTrials.gov/NCT00000101
"""
BIBTEX = """\
@string{jex = "Journal of Examples"}
@comment{made up}
@article{RN1,
   author = {Example, Anna and M{\\"u}ller, J{\\"o}rg and {The Study Group}},
   title = {A {Made}-up Trial},
   journal = jex,
   ISSN = {0000-0000 (Print)
0000-0001},
   DOI = {10.1000/example.3},
   year = {2018},
   pages = {1--9}
}

@article{RN1,
   author = "Anna van der Sample",
   title = "Another made-up trial with the same key",
   year = 2017
}
"""
CSL = [
    {
        "id": "a",
        "title": "A made-up trial",
        "author": [{"family": "Example", "given": "Anna"}, {"literal": "The Study Group"}],
        "issued": {"date-parts": [["2024", 12]]},
        "container-title": ["Journal of Examples"],
        "note": "PMID: 33333333",
    },
    {"id": "b", "title": "A second made-up trial", "issued": {"raw": "2023-05"}, "DOI": "10.1000/EXAMPLE.4"},
]
PUBMED_XML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">44444444</PMID><Article>
<Journal><JournalIssue><Volume>3</Volume><PubDate><Year>2022</Year></PubDate></JournalIssue>
<ISOAbbreviation>J Exampl</ISOAbbreviation></Journal><ArticleTitle>A made-up <i>trial</i> in XML.</ArticleTitle>
<ELocationID EIdType="doi">10.1000/example.5</ELocationID>
<AuthorList><Author><LastName>Example</LastName><Initials>AB</Initials></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
ENDNOTE_XML = """<xml><records><record><contributors><authors><author><style>Example, A. B.</style></author></authors></contributors>
<titles><title><style>A made-up trial of EndNote</style></title><secondary-title>J Exampl</secondary-title></titles>
<dates><year>2016</year></dates><accession-num>55555555</accession-num><remote-database-name>PubMed</remote-database-name>
</record></records></xml>"""
WEB_OF_SCIENCE = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Example, AB
   Sample, C
TI A made-up trial with a title
   on two lines
SO JOURNAL OF EXAMPLES
PY 2004
VL 43
BP 7003
EP 7016
DI 10.1000/example.6
PM 66666666
ER

EF
"""


@pytest.fixture
def imported(tmp_path: Path):
    """Return a function that imports a text or bytes under a name."""

    def of(content, name):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(file)

    return of


def reports(result):
    """Return all reports of an import in their order."""
    return [report for record in result.records.values() for report in record["reports"].values()]


def test_a_record_of_ris_becomes_a_study_with_a_report(imported):
    result = imported(RIS, "list.ris")
    assert result.records == {
        "Example-2019": {
            "study": "Example-2019",
            "label": "Example 2019",
            "year": 2019,
            "design": None,
            "reports": {
                "example2019": {
                    "citation": "Example AB, Sample C. A made-up trial of drug A against placebo. Journal of Examples 2019;4(2):100-109",
                    "doi": "10.1000/example.1",
                }
            },
            "outcomes": {},
        }
    }


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + RIS.encode(),
        RIS.encode("utf-16"),
        RIS.replace("\n", "\r\n").encode(),
        ("Record #1 of 1\nProvider: Ovid\n1.\n" + RIS + "\nSearch: drug A\n").encode(),
        RIS.replace("  - ", "\t- ").encode(),
        RIS.replace("ER  -", "").encode(),
        RIS.replace("EP  -", "XX  - of no standard\nEP  -").encode(),
    ],
    ids=["byte-order mark", "UTF-16", "CRLF", "stray text", "tabs", "no end", "unknown tag"],
)
def test_no_record_of_ris_is_lost_to_the_way_in_which_it_was_saved(imported, content):
    assert reports(imported(content, "list.txt")) == reports(imported(RIS, "list.ris"))


def test_a_file_that_is_not_utf_8_is_read_with_a_note(imported):
    result = imported(RIS.replace("Sample", "Müller").encode("cp1252"), "list.ris")
    assert "Müller C" in reports(result)[0]["citation"]
    assert result.notes[0].startswith("read as Windows-1252")


def test_numbers_of_pubmed_come_from_where_each_database_puts_them(imported):
    for lines in (
        "AN  - 12345678\nDB  - PubMed\n",
        "UR  - https://pubmed.ncbi.nlm.nih.gov/12345678/\n",
        "L2  - http://www.ncbi.nlm.nih.gov/pubmed/12345678\n",
        "N1  - PMID: 12345678\n",
    ):
        assert reports(imported(f"TY  - JOUR\nTI  - A title\n{lines}ER  - \n", "a.ris"))[0]["pmid"] == "12345678"
    embase = "TY  - JOUR\nTI  - A title\nAN  - 2012345678\nDB  - Embase\nLK  - https://dx.doi.org/10.1000/x.1\nER  - \n"
    assert reports(imported(embase, "a.ris"))[0] == {"citation": "A title", "doi": "10.1000/x.1"}


def test_reports_of_one_registered_trial_are_one_study(imported):
    result = imported(MEDLINE, "pubmed.txt")
    (study,) = result.records.values()
    assert study["label"] == "Example 2020" and study["characteristics"] == {"registration": "NCT00000101"}
    assert list(study["reports"]) == ["example2020", "sample2021"]
    assert study["reports"]["example2020"] == {
        "citation": "Example AB. Long-term results of a made-up trial of drug A: a title on two lines. J Exampl 2020;7(3):12-9",
        "pmid": "11111111",
        "doi": "10.1000/example.2",
    }


def test_bibtex_keeps_entries_of_one_key_apart_and_reads_names_and_accents(imported):
    result = imported(BIBTEX, "list.bib")
    assert [report["citation"] for report in reports(result)] == [
        "Example A, Müller J, The Study Group. A Made-up Trial. Journal of Examples 2018;1-9",
        "van der Sample A. Another made-up trial with the same key. 2017",
    ]


def test_csl_json_is_read_with_dates_and_numbers_in_any_of_their_forms(imported):
    assert reports(imported(json.dumps(CSL), "zotero.json")) == [
        {"citation": "Example A, The Study Group. A made-up trial. Journal of Examples 2024", "pmid": "33333333"},
        {"citation": "A second made-up trial. 2023", "doi": "10.1000/example.4"},
    ]


def test_xml_of_pubmed_and_endnote_and_text_of_web_of_science_are_read(imported):
    assert reports(imported(PUBMED_XML, "a.xml")) == [
        {
            "citation": "Example AB. A made-up trial in XML. J Exampl 2022;3",
            "pmid": "44444444",
            "doi": "10.1000/example.5",
        }
    ]
    assert reports(imported(ENDNOTE_XML, "b.xml")) == [
        {"citation": "Example AB. A made-up trial of EndNote. J Exampl 2016", "pmid": "55555555"}
    ]
    assert reports(imported(WEB_OF_SCIENCE, "savedrecs.txt")) == [
        {
            "citation": "Example AB, Sample C. A made-up trial with a title on two lines. JOURNAL OF EXAMPLES 2004;43:7003-7016",
            "pmid": "66666666",
            "doi": "10.1000/example.6",
        }
    ]


def test_a_reference_that_is_there_twice_is_one_report_with_all_that_both_have(imported):
    twice = RIS + RIS.replace("https://doi.org/10.1000/EXAMPLE.1", "").replace(
        "VL  -", "AN  - 99999999\nDB  - PubMed\nVL  -"
    )
    result = imported(twice, "list.ris")
    assert [report["pmid"] for report in reports(result)] == ["99999999"]
    assert result.left_out == ["reference 2 repeats 1: the same title and year"]


def test_works_of_one_title_with_other_identifiers_are_kept_apart(imported):
    two = RIS + RIS.replace("EXAMPLE.1", "EXAMPLE.9")
    assert list(imported(two, "list.ris").records) == ["Example-2019", "Example-2019b"]


def test_a_reference_without_anything_to_look_it_up_by_is_left_out_and_counted(imported):
    result = imported(RIS + "TY  - GEN\nN1  - nothing\nER  - \n", "list.ris")
    assert result.left_out == [
        "reference 2: has no title, DOI, PubMed number or address by which it could be looked up"
    ]
    assert "2 references read, of 1 study; 1 report" in result.notes


def test_a_record_that_is_cut_short_is_read_with_a_note(imported):
    assert "reference 2: has no end (ER); the file may be cut short" in imported(RIS + RIS[:60], "list.ris").notes


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("%0 Journal Article\n%A Example\n%T Title\n", "list.ris", "a.*EndNote's own tags"),
        ("", "empty.ris", "is none of the files"),
        ("TY  - GEN\nER  - \n", "list.ris", "none of its 1 reference has a title"),
        ('[{"id": "a", "title": "A"', "half.json", "is none of the files"),
        (PUBMED_XML[:-30], "half.xml", "is not complete XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet>&a;</PubmedArticleSet>', "evil.xml", "declares XML entities"),
        ("[" * 200_000, "deep.json", "is none of the files"),
        (b"TY  - JOUR\nTI  - \0\0\nER  - ", "null.ris", "is none of the files"),
    ],
    ids=["EndNote", "empty", "nothing to look up", "half JSON", "half XML", "entities", "nested", "null"],
)
def test_what_is_not_a_list_of_references_is_refused_in_one_line(imported, content, name, message):
    with pytest.raises(NotImported, match=message) as error:
        imported(content, name)
    assert "\n" not in str(error.value) and name in str(error.value)


def test_identifiers_lose_what_was_written_around_them():
    assert doi_in("doi:10.1002/(SICI)1097-0258(19980815)17:15<1.") == "10.1002/(sici)1097-0258(19980815)17:15"
    assert doi_in("(see 10.1000/182).") == "10.1000/182"
    assert doi_in("PubMed 12345678") is None
    assert (year_in("2014//"), year_in("10 15"), year_in("2018 Apr")) == (2014, None, 2018)
    assert (author("Example, Anna-Berta"), author("Example AB"), author("Example A.B.")) == ("Example AB",) * 3
