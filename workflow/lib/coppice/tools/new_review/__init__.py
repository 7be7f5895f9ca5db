"""new-review: a review of one's own, empty or from a file.

`table` finds the sheet and the header, `words` and `effects` read the names of columns, `forms` the figures that they make, `studies` the rows;
`guess` makes a configuration of these, `scaffold` has the files beside it, `command` writes them.
"""
