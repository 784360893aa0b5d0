"""Sphinx settings of the site; the pages are put together by ``evidence report``."""

project = "evidence"
author = "The evidence developers"
copyright = "The evidence developers; text and data CC BY 4.0, code MIT"
language = "en"
extensions = ["myst_nb"]
html_theme = "pydata_sphinx_theme"
html_title = "Acupuncture evidence"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"**": []}
html_static_path = ["_static"]
html_css_files = ["site.css"]
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "deflist"]
exclude_patterns = ["answer.txt"]
