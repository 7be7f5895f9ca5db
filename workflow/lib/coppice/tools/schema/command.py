"""The command `schema`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from coppice.core.kinds import KINDS, PAIRWISE
from coppice.jobs import canonical_json
from coppice.review.keys.config import CONFIG
from coppice.review.record import RECORD
from coppice.tools.schema.key_tables import with_tables
from coppice.tools.schema.results import CONTRACTS, EXTRACT

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def named(verb: str, kind: str) -> str:
    """Return the name of the schema of a verb's results, of analyses of a kind."""
    return verb if kind == PAIRWISE else f"{verb}_{kind}"


def titled(file: str, kind: str) -> str:
    """Return the title of such a schema."""
    return file if kind == PAIRWISE else f"{file} of a {KINDS[kind].title.lower()}"


SCHEMAS = {
    "config": ("The configuration of a review", CONFIG),
    "study": ("The record of one study", RECORD),
    "extract": ("results/extract/<study>/<outcome>.json", EXTRACT),
    **{
        named(verb, kind): (titled(f"results/{verb}/<analysis>.json", kind), shape)
        for kind, shapes in CONTRACTS.items()
        for verb, shape in zip(("pool", "explore"), shapes, strict=True)
    },
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by the name of its file."""
    return {
        f"{name}.schema.json": {"$schema": DIALECT, "title": title} | shape.schema()
        for name, (title, shape) in SCHEMAS.items()
    }


def text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--folder", required=True, help="where to write the schemas")
    parser.add_argument("--readme", type=Path, help="a text whose tables of keys, between markers, are renewed too")


def run(options: argparse.Namespace) -> None:
    """Write the schemas, and renew the tables of keys."""
    for name, schema in schemas().items():
        canonical_json.write_text(Path(options.folder) / name, text(schema))
    if options.readme:
        canonical_json.write_text(options.readme, with_tables(options.readme.read_text("utf-8")))
