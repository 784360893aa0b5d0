"""Verdicts on the claims of the article.

A row of claims.csv becomes a `question`; `kinds` says how its expectation is judged: by `comparison` with each
comparator, or `between_trials`. `verdict` holds the rules, `sentences` say it. Start at `claims`; a new kind of claim
is one function in `kinds`.
"""
