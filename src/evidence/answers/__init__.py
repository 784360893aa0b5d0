"""From effects to the statements that may be made.

`context` knows a base (what is worthwhile, what is missing, who was blinded), `results` holds what was computed.
`known_trials` says of each trial whether it gives a number, a direction or nothing that can be read.
The rooms beneath: `grade` (certainty), `claims` (verdicts), `multiverse` (every choice at once), `wording` (sentences).

Examples
--------
>>> import evidence as ev
>>> db = ev.load()
>>> against_sham = db.effects("SMD").query("comparator == 'sham' and outcome == 'pain' and time == 'short'")
>>> graded = ev.certainty(against_sham.query("condition == 'chronic_overuse'"), db)
>>> graded.grade in ("very low", "low", "moderate", "high")
True
"""
