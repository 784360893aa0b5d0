"""The trial tables.

`package` says what they look like, `reading` reads text as people save it, `columns`, `keys` and `rules` check it,
`folder` does so for all of a folder, `tables` holds them, and `scope` chooses among them.
Nothing is computed here.

Examples
--------
>>> import evidence as ev
>>> db = ev.load()
>>> ev.validate(db.root)
[]
>>> {"study_id", "condition"} <= set(db.studies)
True
"""
