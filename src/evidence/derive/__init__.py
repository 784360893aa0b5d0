"""From the rows that trials report to one effect per trial, comparator, outcome and window.

`align` turns rows so that higher is better, by the rules of `turning`; `routes` are the ways from rows to an effect,
`hierarchy` chooses among them, `evidence_base` is what `ev.load` returns, and `excluded` says what entered no effect
and why.

Examples
--------
>>> import evidence as ev
>>> stenosis = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability")
>>> stenosis.effects("SMD")["study"].tolist()
['qin-2020', 'zhu-2024']
"""
