"""How much is read before it is refused: files from strangers must not cost more than a moment and some memory.

A review of ten thousand studies stays below every one of these.
"""

from __future__ import annotations

TEXT_BYTES = 5_000_000  # a record is a few kB, a configuration of a thousand analyses some hundred
YAML_VALUES = 500_000  # keys and values in one file: a small file can hold millions of empty lists
YAML_DEPTH = 20
NUMBER_DIGITS = 300  # Python refuses to read longer integers, with a traceback

TEXT_LENGTH = 20_000  # characters of one text: the longest notes of people are a tenth of it
QUOTE_LENGTH = 1_000  # of the words that hold a figure: a sentence or two
NAME_LENGTH = 300  # of what is printed in one piece, such as a label
MARKS = 8  # on one letter: the scripts of the world need up to four
ID_LENGTH = 200  # of an id, which becomes the name of a file: a file system takes 255 bytes with the ending
FIGURES = 1_000  # of one outcome of one study: the checks compare each with each
FIGURES_IN_ALL = 5_000  # of one study
HITS = 500  # of one check that are listed of one outcome, study or analysis
DOMAINS = 50  # of one tool for the risk of bias, each a column
COORDINATES = 5_000  # of a curve: a good reader takes some hundred
NUMBERS_AT_RISK = 500  # printed beneath it
PATIENTS = 100_000  # of a curve that is reconstructed, each with a time
EVENTS = 10_000_000  # of all tables of which each possible number of events is weighed
SEARCHES = 2_000  # of a living review

PDF_BYTES = 50_000_000  # of a PDF that figures are quoted from, most of which are its pictures
SOURCE_BYTES = 5_000_000  # of a text that figures are quoted from: a long paper with its supplement is 1 MB

TABLE_BYTES = 50_000_000
UNPACKED_BYTES = 100_000_000  # of an .xlsx or .ods file, an archive that may hold a thousand times its size
TABLE_ROWS = 200_000
TABLE_COLUMNS = 20_000  # a spreadsheet has 16,384, and some write all of them
TABLE_CELLS = 2_000_000
TABLE_PROBLEMS = 100_000  # that are kept of one table: a column of another kind has one in each of its cells

LARGEST_NUMBER = 1e100  # in size: squares and products still fit a float
SMALLEST_NUMBER = 1e-300  # apart from 0: smaller ones lose their digits; p values not much larger are reported
LARGEST_SEED = 2**32 - 1  # of scikit-learn
LARGEST_WHOLE = 10**15  # whole numbers up to here are exact as floats
LARGEST_EFFECT, LARGEST_VARIANCE = 1e20, 1e40  # so that sums of products of powers of these, and their inverses, do
LOWEST_LEVEL, HIGHEST_LEVEL = 0.001, 0.999999  # of an interval: beyond, its quantile is 0 or has no digits left

XML_DEPTH = 100  # of the parts of a spreadsheet file
SPACES = 10_000  # that one mark in a cell may stand for

LINE_LENGTH = 2_000  # of a message
FINDINGS = 200  # reported of one file or record
PROBLEMS = 1_000  # reported at once
OPTIONS_SHOWN = 80  # of what is allowed, in a message
OPTIONS_COMPARED = 2_000  # with what was written, to name the nearest
STUDIES_SHOWN = 3  # of those that one message is about
ROWS_SHOWN = 20  # of a table, or records, that have one cause in common
LONGEST_WORD = 100  # of which the nearest spelling is looked for


def megabytes(size: int) -> str:
    """Return a number of bytes in words."""
    return f"{size // 1_000_000} MB"
