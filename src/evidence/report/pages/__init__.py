"""The pages of the site that are written from results: each module one page, or one kind of page, as MyST Markdown."""
