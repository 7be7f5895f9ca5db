"""tables: study records from one table, a row for each study and reported statistic.

`grid` reads the file, `columns` says what each column is, `values` reads the cells, `rows` makes records of them.
"""

from coppice.review.tables.grid import READERS, is_table
from coppice.review.tables.rows import read_table

__all__ = ["READERS", "is_table", "read_table"]
