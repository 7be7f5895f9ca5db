"""The keys that say how a table of studies is read: `columns`, `sheet`, `where` and `arms`."""

from __future__ import annotations

from coppice.core.schema import Choice, Flag, Key, ListOf, MapOf, Number, Object, OneOf, Scalar, Text

COMBINE, SPLIT, WHOLE = "combine", "split", "whole"
SEVERAL = (COMBINE, SPLIT, WHOLE)  # what becomes of several experimental arms of one study

ROW = Number(low=1, whole=True)
NAMES = OneOf((ListOf(Text()),), meant=Text())

COLUMNS = MapOf(
    Text(),
    own=(
        Key("study", NAMES, "The column of the studies' names, or several whose texts are joined, as [author, year]"),
        Key("ignore", ListOf(Text()), "Columns of the table that are not read"),
        Key("only", Flag(), "Whether columns that the map does not name are left out", default=False),
    ),
)

OWN_OF_COLUMNS = frozenset(key.name for key in COLUMNS.own)
WHERE = MapOf(OneOf((ListOf(Scalar()),), meant=Scalar()))

ARMS = Object(
    (
        Key("column", Text(), "The column of the table that names the arm of each row", required=True),
        Key(
            "experimental",
            NAMES,
            "What it calls the experimental arm, or several such names. Without it and `control` each row is an arm of its study with its treatment, for a network and for analyses that name two of them by `compare`",
        ),
        Key("control", NAMES, "What it calls the control arm, or several such names"),
        Key(
            "against",
            Text(),
            "The column that names the arm with which each row compares its own, of a table with a row for each comparison: {column: treat1, against: treat2}",
        ),
        Key(
            "several",
            Choice(lambda: SEVERAL),
            "Experimental arms of one study: combine adds them together; split compares each with an equal part of the control arm, whole with all of it, and the model has its covariance. Needed where a study has several",
        ),
    )
)

OF_TABLES = (
    Key(
        "columns",
        COLUMNS,
        "What the columns of a table are called there: from Coppice's names to those of the table, e.g. {events_e: tpos}",
    ),
    Key(
        "header",
        OneOf((ListOf(ROW),), meant=ROW),
        "Row that holds the names of the columns, as a spreadsheet numbers rows, or [1, 2] where a row above names groups of them. Default: the first row that is not blank",
    ),
    Key(
        "sheet",
        Text(),
        "The sheet of a workbook that holds the table. Default: the one called studies, or the only one",
    ),
    Key(
        "where",
        WHERE,
        "The rows of a table that are read: by column, the value or the list of values that they have there; null: empty",
    ),
    Key(
        "arms",
        ARMS,
        "How a table with a row for each arm is read: {column: treatment} takes every arm, and two names make comparisons of two arms",
    ),
)
