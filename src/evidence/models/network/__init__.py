"""Network meta-analysis: treatments compared through each other.

`network` is the way in; `gls` fits, `inconsistency` asks whether direct and indirect agree, `ranking` orders.
"""
