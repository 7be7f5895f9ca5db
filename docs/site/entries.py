"""The entries of the reference as objects: search finds each by its name and leads to its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# directive, and what search calls such an entry
OBJECTS = {
    "config-key": "key of the configuration",
    "record-key": "key of a record",
    "statistic": "reported statistic",
    "measure": "effect measure",
    "option": "option of a model",
    "profile": "profile",
    "figure-name": "figure",
    "result-field": "field of a result file",
    "command": "command",
    "format": "format of the report",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Declare the directives."""
    for directive, name in OBJECTS.items():
        app.add_object_type(directive, f"{directive}-of", objname=name, indextemplate="")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
