"""The ways from reported rows to an effect, one file each.

Means and SDs, differences, contrasts with an interval or a p value, counts; each yields a `Candidate`.
"""
