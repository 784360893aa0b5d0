"""From effects to the statements that may be made.

`context` knows a base (what is worthwhile, what is missing, who was blinded), `results` holds what was computed.
The rooms beneath: `grade` (certainty), `claims` (verdicts), `multiverse` (every choice at once), `wording` (sentences).
"""
