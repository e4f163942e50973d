"""Word lists and registers as data: one tab-separated table a file, each row with the `source` it was taken from.

`transforms.tagging.lexicon.read_table` reads them. A table's first line names its columns; lists inside a cell are
separated by `|`; an empty cell means "not known" or "none"; lines that start with `#` are comments.
"""
