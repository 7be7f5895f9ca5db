"""`coppice import`: files of other programs become records and a configuration; nothing is pooled here.

`registry` has an entry per format, `imported` what a reader returns, `write` writes it without overwriting what people edited.
"""
