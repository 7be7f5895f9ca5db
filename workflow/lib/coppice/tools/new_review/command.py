"""The command `new-review`."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, CoppiceError
from coppice.core.installed import is_installed
from coppice.core.limits import STUDIES_SHOWN
from coppice.jobs.canonical_json import write_bytes
from coppice.review import review
from coppice.review.tables import READERS, is_table
from coppice.tools.import_file import registry
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.write import write
from coppice.tools.import_file.yaml_text import dump
from coppice.tools.new_review import scaffold
from coppice.tools.new_review.guess import Guess, guess

CONFIG = "config/config.yaml"
HEADER = "# Guessed from {file} by `coppice new-review`: read each comment, and correct what is wrong.\n"
Contents = dict[str, bytes]  # of files by their names within the folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of the new review")
    parser.add_argument(
        "--from",
        type=Path,
        dest="file",
        metavar="FILE",
        help="a table of studies, or a file that `coppice import` reads",
    )


def run(options: argparse.Namespace) -> None:
    """Write a review into a folder that has none, and say what was not understood."""
    folder: Path = options.folder
    if any((folder / "config").glob("*.yaml")) or (folder / "Snakefile").exists():
        raise CoppiceError(f"{folder}: holds a review already, which is left as it is; name another folder")
    if options.file is not None and not options.file.is_file():
        raise CoppiceError(f"{options.file}: no such file")
    lines = new_review(folder, options.file)
    how = (
        f"run it: `coppice run {folder}`"
        if is_installed()
        else f"run it there: `cd {folder}`, then `snakemake --cores all`"
    )
    lines.append(f"{folder}: a review; {how}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def new_review(folder: Path, file: Path | None) -> list[str]:
    """Write a review, from a file where one is named; return the lines that say what a person should look at.

    All of it is made beside the folder first: there is a whole review in the end, or nothing.
    """
    texts = {name: text.encode() for name, text in scaffold.files().items()}
    imported = None if file is None else imported_from(file)
    guessed = None if file is None or (imported and imported.config) else guessed_from(file, imported)
    lines: list[str] = []
    if not guessed and not (imported and imported.config):
        texts |= {name: text.encode() for name, text in scaffold.example().items()}
        imported = imported and replace(imported, records=with_outcome(imported.records))
    if file and guessed:
        imported = None
        text = HEADER.format(file=file.name) + dump(guessed.config, guessed.comments)
        texts |= {CONFIG: text.encode(), guessed.config["studies"]: file.read_bytes()}
        lines = [*described(guessed), *problems(texts)]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-review-") as name:
        review_folder = Path(name) / "review"
        write_all(review_folder, texts)
        if imported:
            lines += write(imported, review_folder)
        lines += moved(review_folder, folder)
    return lines


def with_outcome(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return records of studies without figures, such as those of references, with the outcome of the example to be filled in."""
    empty = {scaffold.OUTCOME: {"reported": [], "note": "not yet extracted"}}
    return {study: {**record, "outcomes": record.get("outcomes") or empty} for study, record in records.items()}


def write_all(folder: Path, contents: Contents) -> None:
    """Write files into a folder."""
    for name, content in contents.items():
        write_bytes(folder / name, content)


def moved(made: Path, folder: Path) -> list[str]:
    """Move a review to its place; files that are there already, such as .gitignore, are left as they are and named."""
    if not folder.exists():
        made.rename(folder)
        return []
    lines = []
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        target = folder / file.relative_to(made)
        if target.exists():
            lines.append(f"{target}: is there already, and is left as it is")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, target)
    return lines


def imported_from(file: Path) -> Imported | None:
    """Return the content of a file of another program; None of a table that no program's reader recognises."""
    content = file.read_bytes() if file.stat().st_size <= registry.LARGEST else b""
    if item := registry.recognised(registry.of_suffix(file), content, file.name):
        return registry.read(file, item.name)
    if is_table(file):
        return None
    raise NotImported(f"{file}: is neither a table ({', '.join(READERS)}) nor a file that `coppice import` reads")


def guessed_from(file: Path, imported: Imported | None) -> Guess | None:
    """Return what a table is taken for; None of one without figures that another program's reader recognises, such as judgements."""
    if not is_table(file):
        return None
    try:
        guessed = guess(file, f"config/{file.name}")
    except CoppiceError:
        if imported:
            return None
        raise
    return None if imported and not guessed.config["columns"].keys() - {"only", "study", "year"} else guessed


def described(guessed: Guess) -> list[str]:
    """Return the lines that say what was guessed and what was not understood."""
    columns = ", ".join(f"{name}: {column}" for name, column in guessed.config["columns"].items() if name != "only")
    (name, analysis), *_ = guessed.config["analyses"].items()
    return [
        f"guessed: {columns}",
        f"guessed: analysis {name}, measure {analysis['measure']}",
        *(f"look at: {note}" for note in guessed.notes),
    ]


def problems(contents: Contents) -> list[str]:
    """Return what is wrong with a review that is not yet written: a line for each problem of the first ones."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        write_all(Path(), contents)
        try:
            review.load([Path(CONFIG)], {})
        except BadInput as error:
            shown = [f"to be corrected before the review runs: {problem}" for problem in error.problems[:STUDIES_SHOWN]]
            more = len(error.problems) - len(shown)
            return [*shown, *([f"... and {more} others"] if more else [])]
    return []
