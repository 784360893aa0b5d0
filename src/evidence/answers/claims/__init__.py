"""Verdicts on the claims of the article.

A row of claims.csv becomes a `question`, its trials `evidence`, the rules of `verdict` judge it, `sentences` say it.
Start at `claims`.
"""
