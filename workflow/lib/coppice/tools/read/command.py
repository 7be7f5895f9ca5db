"""The command `read`: figures proposed from one text, as a result file."""

from __future__ import annotations

import argparse
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from coppice.core.contracts.read import Proposal, ReadResult
from coppice.core.documents import words_in
from coppice.core.errors import CoppiceError
from coppice.jobs import canonical_json
from coppice.jobs.batch import Unit
from coppice.jobs.kept_results import make_unit
from coppice.tools.draft import reader
from coppice.tools.draft.quotes import with_neighbours
from coppice.tools.draft.record import quote

NOT_FIELDS = ("statistic", "arm", "quote")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--spec", required=True, help="the text and the arms, as JSON")
    parser.add_argument("--json", required=True, type=Path, help="the result file")


def run(options: argparse.Namespace) -> None:
    """Read one text into its result file."""
    spec = canonical_json.read(options.spec)
    make_unit(Unit(options.json.stem, spec, (options.json,)), lambda: write(spec, options.json))


def write(spec: Mapping[str, object], file: Path) -> None:
    """Write what a text says into a result file.

    Raises
    ------
    CoppiceError
        If the text has changed since the run was planned.
    """
    text = Path(str(spec["text"]))
    content = text.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != spec["sha256"]:
        raise CoppiceError(f"{text} changed while the workflow ran; run it again")
    result: ReadResult = {"text": str(spec["text"]), "sha256": sha256, "problem": None, "proposals": []}
    try:
        result["proposals"] = proposed(words_in(content, text.suffix).text, spec["arms"])  # type: ignore[arg-type]
    except CoppiceError as error:
        result["problem"] = str(error)
    canonical_json.write(file, {**result, "made_from": canonical_json.digest(spec)})


def proposed(text: str, arms: Mapping[str, Sequence[str]]) -> list[Proposal]:
    """Return what the rules of `draft` read in a text: the one place where they are called for a review."""
    document = reader.read(text, reader.of_names(arms))
    return [
        {
            "statistic": str(item["statistic"]),
            "arm": None if item.get("arm") is None else str(item["arm"]),
            "fields": {name: printable(value) for name, value in item.items() if name not in NOT_FIELDS},
            "quote": str(printable(with_neighbours(text, quote(read, text), read.start, read.end))),
        }
        for item, read in zip(reader.as_json(document, text), document.proposals, strict=True)
    ]


def printable(value: object) -> object:
    """Return words of a text without control characters and marks that turn the writing direction."""
    if not isinstance(value, str):
        return value
    return "".join(sign if sign.isprintable() else "" if unicodedata.category(sign) == "Cf" else " " for sign in value)
