"""Formulas as MathML, which browsers set by themselves: pandoc translates all formulas of a page at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypandoc
from docutils import nodes
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

MATH = re.compile(r"<math.*?</math>", re.DOTALL)


def translated(formulas: list[tuple[str, bool]]) -> list[str]:
    """Return formulas, each with whether it stands by itself, as MathML."""
    text = "\n\n".join(f"$${formula}$$" if alone else f"${formula}$" for formula, alone in formulas)
    found = MATH.findall(pypandoc.convert_text(text, "html", format="markdown", extra_args=["--mathml"]))
    if len(found) != len(formulas):
        raise ExtensionError(f"pandoc translated {len(found)} of {len(formulas)} formulas")
    return [str(item) for item in found]


def translate(app: Sphinx, document: nodes.document) -> None:
    """Keep the MathML of each formula at its node."""
    found = [*document.findall(nodes.math), *document.findall(nodes.math_block)]
    formulas = [(node.astext().strip(), isinstance(node, nodes.math_block)) for node in found]
    if formulas:
        for node, mathml in zip(found, translated(formulas), strict=True):
            node["mathml"] = mathml


def inline(visitor: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    visitor.body.append(node["mathml"])
    raise nodes.SkipNode


def block(visitor: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands by itself; a wide one scrolls, and can be reached by key for that."""
    visitor.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="Formula">{node["mathml"]}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Declare the renderer."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("doctree-read", translate)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
