"""Questions about places and stays: one function each, a fixed number of SQL statements, its definition beside it.

`definitions.py` says in Danish what each figure means; the pages show exactly those words.
"""
