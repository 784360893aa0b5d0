"""The ways from reported rows to an effect: means and SDs, contrasts with an interval or a p value, counts, ratios.

A route is one function, marked with `route.route` and named in `registry.ROUTES`: it gets the rows that measure one
thing at one time in one comparison (`route.Reports`) and returns a `candidate.Candidate`, or None with the reason.

Which candidate stands for a trial hangs on what it was read from, not on its effect: effects are computed for all that
were chosen at once (`numbers`).
"""
