"""The trial tables.

`schema` says what they look like, `reading` reads text as people save it, `rules` checks it and `tables` holds it.
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
