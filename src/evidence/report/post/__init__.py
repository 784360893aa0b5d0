"""Posts: what is known of one condition, ready for a blog, with its figure.

`content` says what a post holds, `formats` how Markdown, HTML and WordPress write it, `folder` what is written where.
"""
