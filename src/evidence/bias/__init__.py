"""Small-study effects and selective publication: tests, adjusted estimates, and how far to trust each."""
