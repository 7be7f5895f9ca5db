"""How Sphinx builds the site: nothing of another host, warnings are errors, formulas are MathML."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "workflow" / "lib")]

import coppice  # noqa: E402 - found by the line above

project = "Coppice"
author = "The developers of Coppice"
copyright = author  # noqa: A001 - the name is Sphinx's
version = release = coppice.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "docs.site.mathml", "docs.site.entries"]
root_doc = "index"
source_suffix = {".md": "markdown"}
smartquotes = False  # as GitHub shows the pages
nitpicky = True
nitpick_ignore = [("py:mod", "coppice.pool")]  # a package that is a function on the page
nitpick_ignore_regex = [("py:.*", r"(?!coppice\.).*")]  # names of other libraries, whose sites are not asked

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 5
myst_links_external_new_tab = False

autodoc_typehints = "none"  # numpydoc's sections say them
autosummary_generate = False
numpydoc_show_class_members = False
html_math_renderer = "mathml"

html_theme = "furo"
html_title = "Coppice"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = False
html_show_copyright = html_show_sphinx = False
html_use_index = False  # search does that
html_domain_indices = False
html_last_updated_fmt = None  # the same sources give the same pages
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00527a", "color-brand-content": "#00527a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4ee", "color-brand-content": "#7cc4ee"},
}
html_permalinks_icon = "#"
