"""What papers leave out, from what they print.

Standard deviations and errors from intervals and p values, means from quantiles, one arm from several, and what can be
said when only p values or directions are printed.
"""
