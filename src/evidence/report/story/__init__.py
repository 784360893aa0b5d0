"""What a notebook shows: prose, tables and figures with their words, in one style.

Whatever comes out of a data file is shown as text, whatever it holds: none of these reads markup.

Examples
--------
>>> import evidence as ev
>>> db = ev.load()
>>> ev.say(ev.safety(db))  # in a notebook: a paragraph  # doctest: +ELLIPSIS
With acupuncture ...
>>> ev.table(db.conditions, {"in_text": "Condition", "headline": "In the article"}).cells.shape[1]
2
"""
