"""tables: study records from one table, a row for each study and reported statistic.

`files` and `encoding` read the file, `header` and `selection` say which rows and columns of it are the table (`grid`),
`columns` says what each column is, `values` and `reader` read the cells, `arms` pairs the rows of arms, `rows` makes records.
"""

from coppice.review.tables.files import READERS, is_table
from coppice.review.tables.rows import read_table

__all__ = ["READERS", "is_table", "read_table"]
