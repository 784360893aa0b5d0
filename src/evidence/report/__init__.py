"""From the trial tables to files: processed tables, figures, notebooks, the site, and the check that all repeat."""
