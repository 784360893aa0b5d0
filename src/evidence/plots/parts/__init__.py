"""What figures share: canvas, theme, axes, tables and text that is measured before it is drawn.

Nothing here is a figure; nothing here computes statistics.
"""
