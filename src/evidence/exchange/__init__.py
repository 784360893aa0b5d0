"""To and from other tools: RevMan, metapsy, metafor, ClinicalTrials.gov.

`export` gives the effects of a base, with the statistics behind them, in the shape another tool reads. The other way,
`readers.read_drafts` makes draft forms of a file (``evidence import``): each format has a module that reads it, and
whatever a source does not say stays empty and is listed.

Examples
--------
>>> import evidence as ev
>>> stenosis = ev.load().select(condition="spinal_stenosis", comparator="sham", outcome="disability")
>>> frame = ev.export(stenosis, "metafor").set_index("study")
>>> mine = frame.loc["qin-2020"]
>>> mine["escalc"], float(mine["m1i"]), float(mine["m2i"])
('SMD', -4.1, -1.5)
"""
