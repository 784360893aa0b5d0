"""The trial tables.

`schema` says what they look like, `reading` reads text as people save it, `rules` checks it and `tables` holds it.
Nothing is computed here.
"""
