"""The figures of the report, as files.

`catalogue` lists them; `condition`, `overview` and `mechanism` draw them; `words` are their captions, `files` writes.
"""
