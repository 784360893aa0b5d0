"""Ask the evidence: every answer that the page ``ask.html`` can give, computed by the explorer and kept in one file.

`questions` says what can be asked, `answers` what is said, `places` where it is drawn, `file` packs it for the page,
whose script only looks up and shows.
"""
