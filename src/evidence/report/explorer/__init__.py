"""The JupyterLab explorer: choose a question and a model, leave trials out, see what changes, keep the figure."""
