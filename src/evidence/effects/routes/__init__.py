"""The routes from reported numbers to one effect: arm means, contrasts, exact p values, counts, ratios.

A route looks at the rows that measure one thing at one time in one comparison and returns what they give, a `Piece`,
or says through ``fail`` why they give nothing. A higher value is better and group 1 is acupuncture throughout.
"""
