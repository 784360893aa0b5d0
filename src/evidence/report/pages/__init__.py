"""The pages of the site that are written from results, one file each, as Markdown.

`markup` has what they share.
"""
