"""Sphinx's settings for the website; `python -m docs` assembles what it reads."""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # the reference imports TensorFlow

import lessons

project = "Lessons"
author = "The Lessons authors"
project_copyright = author
release = lessons.__version__ if hasattr(lessons, "__version__") else ""
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docs.website.mathml",
    "docs.website.docstrings",
    "docs.website.finish",
]

# Notebooks: the stored outputs are the page.
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # would come from another host
nb_render_markdown_format = "myst"
nb_number_source_lines = False
nb_merge_streams = True
myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "dollarmath",
]
myst_heading_anchors = 4
myst_dmath_double_inline = True

# Reference
default_role = "literal"  # single backticks in docstrings
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "none"
autodoc_preserve_defaults = True
add_module_names = False
# Several classes have an attribute `train`; which one a docstring means is no matter.
suppress_warnings = ["ref.python"]
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
toc_object_entries_show_parents = "hide"

# Looks: everything the pages need lies beside them.
html_theme = "sphinx_book_theme"
html_title = "Lessons"
html_css_files = ["site.css"]
html_js_files = [("print.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
html_context = {"default_mode": "auto"}
html_math_renderer = "mathml"
html_copy_source = False
html_domain_indices = False
html_show_sourcelink = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
html_theme_options = {
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_issues_button": False,
    "use_repository_button": False,
}
