"""The JupyterLab explorer: choose a question, leave trials out, keep the figure.

`analysis` answers a `choices`, `live_forest` draws it, `widget` puts both on a page.
"""
